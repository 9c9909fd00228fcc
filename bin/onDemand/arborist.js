module.exports = require("./module")(() => require("@npmcli/arborist/lib/index.js"));
