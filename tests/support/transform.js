/**
 * Compiles the tests and what they load as `bin/typescript.js` does, and packages that are published
 * only as ES modules. Types are checked once, by `npm run lint`.
 */
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { transform } = require("sucrase");

const options = (filePath) => ({
  transforms: filePath.endsWith(".ts") ? ["imports", "typescript", "jest"] : ["imports"],
  disableESTransforms: true,
  filePath,
});

module.exports = {
  // Without a source map: every line stays where it was.
  process: (source, path) => ({ code: transform(source, options(path)).code }),
  getCacheKey: (source, path) =>
    createHash("sha256")
      .update([path, source, readFileSync(__filename, "utf8")].join("\0"))
      .update(require("sucrase/package.json").version)
      .digest("hex"),
};
