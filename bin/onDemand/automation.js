const fromSdk = require("./fromSdk");

module.exports = require("./module")(() => fromSdk("./automation/index.js"));
