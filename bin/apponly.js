#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { isNewEnough, runInNewerNode } = require("./newerNode");

if (isNewEnough) {
  // A package is built; a checkout runs from its sources, which a build may be older than.
  const root = existsSync(join(__dirname, "../cli")) ? ".." : "../dist";
  require(`${root}/bin/typescript.js`);
  require(`${root}/cli/main`);
} else {
  runInNewerNode(process.argv.slice(1));
}
