#!/usr/bin/env node
const { isNewEnough, runInNewerNode } = require("./newerNode");

if (isNewEnough) {
  require("./typescript.js");
  require("../cli/main.ts");
} else {
  runInNewerNode(process.argv.slice(1));
}
