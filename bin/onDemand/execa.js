const { createRequire } = require("node:module");

// A dependency of the SDK, found from where the SDK is.
const fromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

module.exports = require("./module")(() => fromSdk("execa/index.js"));
