const { createRequire } = require("node:module");

// Part of the SDK, found from where the SDK is.
const fromSdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));

module.exports = require("./module")(() => fromSdk("./automation/index.js"));
