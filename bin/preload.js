/**
 * What runs before any package is loaded: a Node that is new enough, V8's cache of compiled code, and
 * parts of packages that are loaded when they are used.
 *
 * @example node --require ./bin/preload.js program.js
 */
const Module = require("node:module");
const { join, sep } = require("node:path");

require("./newerNode").restartInNewerNode();

/** Beside the packages: those of the checkout, or those among which this one is installed. */
const above = __dirname.lastIndexOf(`${sep}node_modules${sep}`);
const folder = above === -1 ? join(__dirname, "..") : __dirname.slice(0, above);
const cache = join(folder, "node_modules/.cache/apponly");

// Compiled code is kept between runs; where that folder cannot be written, it is compiled anew.
// https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
Module.enableCompileCache?.(cache);
require("./onDemand");

module.exports = { cache };
