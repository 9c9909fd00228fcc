/**
 * Parts of packages that nothing here uses, loaded when something of them is. The Pulumi SDK loads a
 * TypeScript compiler and npm's dependency tree to serialize functions, which takes longer than all of
 * its rest.
 *
 * https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions
 */
const { registerHooks } = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const standing = new Map([
  ["typescript", "typescript.js"],
  ["@npmcli/arborist", "arborist.js"],
  // Messages in forty languages, all of which zod loads before its first schema.
  ["../locales/index.cjs", "zodLocales.js"],
]);
const importers = /\/node_modules\/(@pulumi\/pulumi|zod)\//;

// Node before 22.15 lacks the function, and loads them at once.
registerHooks?.({
  resolve(specifier, context, next) {
    const file = standing.get(specifier);
    return file !== undefined && importers.test(context.parentURL ?? "")
      ? { url: pathToFileURL(join(__dirname, file)).href, format: "commonjs", shortCircuit: true }
      : next(specifier, context);
  },
});
