module.exports = require("./module")(() => require("@microsoft/microsoft-graph-client"));
