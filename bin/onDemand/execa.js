const fromSdk = require("./fromSdk");

module.exports = require("./module")(() => fromSdk("execa/index.js"));
