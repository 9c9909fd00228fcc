// What Pulumi runs: the program, compiled as the command compiles it. Pulumi's own compiler takes longer
// to load than the program to run, and compiles every file in each preview and update anew.
require("./bin/typescript.js");

module.exports = require("./cli/hostedProgram.ts");
