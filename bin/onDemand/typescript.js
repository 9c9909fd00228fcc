module.exports = require("./module")(() => require("typescript/lib/typescript.js"));
