/**
 * The Pulumi SDK loads a TypeScript compiler and npm's dependency tree to serialize functions, which
 * nothing here asks it to do. They take longer to load than all of its rest, so they are loaded when
 * something of them is used.
 *
 * https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions
 */
const { registerHooks } = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const standing = new Map([
  ["typescript", "typescript.js"],
  ["@npmcli/arborist", "arborist.js"],
]);

// Node before 22.15 lacks the function, and loads them at once.
registerHooks?.({
  resolve(specifier, context, next) {
    const file = standing.get(specifier);
    return file !== undefined && context.parentURL?.includes("/node_modules/@pulumi/pulumi/")
      ? { url: pathToFileURL(join(__dirname, file)).href, format: "commonjs", shortCircuit: true }
      : next(specifier, context);
  },
});
