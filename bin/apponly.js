#!/usr/bin/env node
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { isNewEnough, runInNewerNode } = require("./newerNode");

// A package is built; a checkout runs from its sources, which a build may be older than.
const root = existsSync(join(__dirname, "../cli")) ? ".." : "../dist";
const missing = root === ".." ? missingPackage() : undefined;

if (missing !== undefined) {
  console.error(
    `The package ${missing} is not installed in ${dirname(__dirname)}. Install what is missing, in that folder: npm ci`,
  );
  process.exitCode = 1;
} else if (isNewEnough) {
  require(root === ".." ? "./typescript.js" : "../dist/bin/preload.js");
  require(`${root}/cli/main`);
} else {
  runInNewerNode(process.argv.slice(1));
}

/** A package that is needed and not installed: all of them in a fresh clone, one after a pull. */
function missingPackage() {
  const { dependencies } = require("../package.json");
  const isInstalled = (name) =>
    require.resolve.paths(name).some((folder) => existsSync(join(folder, name)));
  return Object.keys(dependencies).find((name) => !isInstalled(name));
}
