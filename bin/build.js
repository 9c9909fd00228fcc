/**
 * Builds what the package publishes into `dist`: JavaScript, types and source maps in the folders of
 * their sources, with the files beside them that are read or run. `npm pack` calls it.
 */
const { execFileSync } = require("node:child_process");
const { cpSync, existsSync, readdirSync, renameSync, rmSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const dist = join(root, "dist");

function copyAssets(folder) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const isSource = ({ name }) => name.endsWith(".ts");
  // Tests, and what nothing imports.
  if (entries.some(isSource) && !existsSync(join(dist, folder))) return;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      copyAssets(path);
    } else if (!isSource(entry) && !entry.name.endsWith(".md")) {
      cpSync(join(root, path), join(dist, path));
    }
  }
}

rmSync(dist, { recursive: true, force: true });
const compiler = join(root, "node_modules/typescript-native/bin/tsc");
for (const project of ["tsconfig.build.json", "tsconfig.types.json"]) {
  execFileSync(process.execPath, [compiler, "-p", project], { cwd: root, stdio: "inherit" });
}
readdirSync(dist, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .forEach(({ name }) => copyAssets(name));
const entries = ["apponly.js", "newerNode.js", "preload.js", "typescript.js", "onDemand"];
const asTheyAre = entries.map((name) => join("bin", name));
for (const path of ["package.json", "template", ...asTheyAre]) {
  cpSync(join(root, path), join(dist, path), { recursive: true });
}
// npm publishes no file of the first name.
renameSync(join(dist, "template/.gitignore"), join(dist, "template/gitignore"));
