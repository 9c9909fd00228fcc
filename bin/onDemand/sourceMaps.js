/**
 * Stands for `source-map-support/register`, with which the SDK's host maps where an error was made to the
 * lines of the sources. The SDK takes the stack of every promise that it makes, whose maps take a twelfth
 * of a preview to read: what was made in the SDK stays as it is.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/runtime/debuggable.ts
 */
const { createRequire } = require("node:module");

const inSdk = /[\\/]node_modules[\\/]@(pulumi|grpc)[\\/]/;
let mapped;

function mapper() {
  const fromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
  const own = Error.prepareStackTrace;
  fromSdk("source-map-support").install();
  const installed = Error.prepareStackTrace;
  Error.prepareStackTrace = own;
  return installed;
}

Error.prepareStackTrace = (error, frames) => {
  if (!inSdk.test(frames[0]?.getFileName() ?? "")) {
    mapped ??= mapper();
    return mapped(error, frames);
  }
  return [`${error.name}: ${error.message}`, ...frames.map(String)].join("\n    at ");
};
