module.exports = require("./module")(() => require("zod/v4/locales"));
