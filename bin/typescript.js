const { hash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");
const { cache } = require("./preload");

const options = {
  transforms: ["imports", "typescript"],
  disableESTransforms: true,
  // Packages that are only ES modules are imported as such.
  preserveDynamicImport: true,
};
/**
 * A file's JavaScript, which is kept as well: compiling the files takes longer than everything else
 * that a short command does. Each line stays where it was, so that no source map is needed.
 */
function javascriptOf(file) {
  const source = readFileSync(file, "utf8");
  const kept = join(cache, "typescript", `${hash("sha1", file)}.js`);
  const compiler = JSON.stringify([require("sucrase/package.json").version, options]);
  const mark = `\n//# ${hash("sha1", compiler + source)}`;
  try {
    const code = readFileSync(kept, "utf8");
    if (code.endsWith(mark)) return code;
  } catch {
    // It was not compiled yet.
  }
  const { code } = require("sucrase").transform(source, { ...options, filePath: file });
  try {
    mkdirSync(join(cache, "typescript"), { recursive: true });
    // Others compile it at the same time.
    writeFileSync(`${kept}.${process.pid}`, code + mark);
    renameSync(`${kept}.${process.pid}`, kept);
  } catch {
    // Where nothing can be written, it is compiled anew.
  }
  return code;
}

// The project is TypeScript and needs no build step: its own files are compiled as they are loaded,
// in this process. Packages are left as they are. Types are checked by `npm run lint`.
const native = Module._extensions[".ts"];
Module._extensions[".ts"] = (module, file) =>
  /[\\/]node_modules[\\/]/.test(file)
    ? native(module, file)
    : module._compile(javascriptOf(file), file);
