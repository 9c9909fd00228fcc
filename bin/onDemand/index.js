/**
 * Packages, and parts of them, that are loaded when something of them is used. The Pulumi SDK loads a
 * TypeScript compiler and npm's dependency tree to serialize functions, which takes longer than all of
 * its rest; most commands ask Microsoft Graph nothing.
 *
 * https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions
 */
const { registerHooks } = require("node:module");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const standing = new Map([
  ["typescript", "typescript.js"],
  ["@npmcli/arborist", "arborist.js"],
  ["normalize-package-data", "packageData.js"],
  // Messages in forty languages, all of which zod loads before its first schema.
  ["../locales/index.cjs", "zodLocales.js"],
  ["@microsoft/microsoft-graph-client", "graphClient.js"],
  ["undici", "undici.js"],
]);
const importers = /\/node_modules\/(@pulumi\/pulumi|zod)\//;
const own = pathToFileURL(join(__dirname, "../..")).href;
/** Our own files, which are in a checkout or in the package's folder; the packages are below both. */
const isOwn = (url) => url.startsWith(own) && !/\/(node_modules|bin)\//.test(url.slice(own.length));

// Node before 22.15 lacks the function, and loads them at once.
registerHooks?.({
  resolve(specifier, context, next) {
    const file = standing.get(specifier);
    const { parentURL = "" } = context;
    return file !== undefined && (importers.test(parentURL) || isOwn(parentURL))
      ? { url: pathToFileURL(join(__dirname, file)).href, format: "commonjs", shortCircuit: true }
      : next(specifier, context);
  },
});
