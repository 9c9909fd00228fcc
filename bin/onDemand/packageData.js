const fromSdk = require("./fromSdk");

module.exports = require("./module")(() => fromSdk("normalize-package-data/lib/normalize.js"));
