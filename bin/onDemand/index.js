/**
 * Packages, and parts of them, that are loaded when something of them is used. The Pulumi SDK loads a
 * TypeScript compiler and npm's dependency tree to serialize functions, which takes longer than all of
 * its rest; most commands ask Microsoft Graph nothing.
 *
 * What loads a CommonJS module is replaced, and not how its name is resolved: Node's hooks for that make
 * finding a command's several hundred modules slower by a tenth of what they take to load.
 *
 * @see https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions
 */
const Module = require("node:module");
const { join } = require("node:path");

const standing = new Map([
  ["typescript", "typescript.js"],
  ["@npmcli/arborist", "arborist.js"],
  ["normalize-package-data", "packageData.js"],
  // The SDK starts the CLI with it, and we do that in another way.
  ["execa", "execa.js"],
  ["semver", "semver.js"],
  // Messages in forty languages, all of which zod loads before its first schema.
  ["../locales/index.cjs", "zodLocales.js"],
  ["@microsoft/microsoft-graph-client", "graphClient.js"],
  ["undici", "undici.js"],
]);
const importers = /[\\/]node_modules[\\/](@pulumi[\\/]pulumi|zod)[\\/]/;
const own = join(__dirname, "../..");
/** Our own files, which are in a checkout or in the package's folder; the packages are below both. */
const isOwn = (file) =>
  file.startsWith(own) && !/[\\/](node_modules|bin)[\\/]/.test(file.slice(own.length));

const load = Module._load;
Module._load = function (request, parent, isMain) {
  const file = standing.get(request);
  const importer = parent?.filename ?? "";
  const stands = file !== undefined && (importers.test(importer) || isOwn(importer));
  return load.call(this, stands ? join(__dirname, file) : request, parent, isMain);
};
