const fromSdk = require("./fromSdk");

module.exports = require("./module")(() => fromSdk("@npmcli/arborist/lib/index.js"));
