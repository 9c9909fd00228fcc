const { createRequire } = require("node:module");

/** Loads parts and dependencies of the SDK, found from where the SDK is. */
module.exports = createRequire(require.resolve("@pulumi/pulumi/package.json"));
