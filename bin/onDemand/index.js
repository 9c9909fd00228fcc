/**
 * Packages, and parts of them, that are loaded when something of them is used. The Pulumi SDK loads a
 * TypeScript compiler and npm's dependency tree to serialize functions, which takes longer than all of
 * its rest, and its host a debugger, a tracer and maps of sources; most commands ask Microsoft Graph nothing.
 *
 * What loads a CommonJS module is replaced, and not how its name is resolved: Node's hooks for that make
 * finding a command's several hundred modules slower by a tenth of what they take to load.
 *
 * @see https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions
 */
const Module = require("node:module");
const { join } = require("node:path");
const partsOf = require("./parts");

const standing = new Map([
  ["typescript", "typescript.js"],
  ["@npmcli/arborist", "arborist.js"],
  ["normalize-package-data", "packageData.js"],
  // Only commands run the engine, and they load it by its own name.
  ["./automation", "automation.js"],
  // The SDK starts the CLI with it, and we do that in another way.
  ["execa", "execa.js"],
  ["semver", "semver.js"],
  // Messages in forty languages, all of which zod loads before its first schema.
  ["../locales/index.cjs", "zodLocales.js"],
  ["@microsoft/microsoft-graph-client", "graphClient.js"],
  ["undici", "undici.js"],
  ["./debuggable", "debuggable.js"],
  // What only the SDK's host loads, before the program.
  ["source-map-support/register", "sourceMaps.js"],
  ["../../runtime/closure/v8Hooks", "v8Hooks.js"],
  ["./v8Hooks", "v8Hooks.js"],
]);
/** What the host traces with, where it is told to. */
const tracing = new Set(
  [
    "exporter-zipkin",
    "instrumentation",
    "instrumentation-grpc",
    "resources",
    "sdk-trace-base",
    "sdk-trace-node",
  ].map((name) => `@opentelemetry/${name}`),
);
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
  const asIs = () => load.call(this, request, parent, isMain);
  if (tracing.has(request) && importers.test(importer)) {
    return partsOf(asIs);
  }
  return stands ? load.call(this, join(__dirname, file), parent, isMain) : asIs();
};
