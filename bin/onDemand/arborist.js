const { dirname } = require("node:path");

// A dependency of the SDK, found from where the SDK is.
const paths = [dirname(require.resolve("@pulumi/pulumi/package.json"))];

module.exports = require("./module")(() =>
  require(require.resolve("@npmcli/arborist/lib/index.js", { paths })),
);
