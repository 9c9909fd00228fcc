module.exports = require("./module")(() =>
  require("@microsoft/microsoft-graph-client/lib/src/index.js"),
);
