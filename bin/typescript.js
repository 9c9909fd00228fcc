const { join } = require("node:path");

require("./newerNode").restartInNewerNode();

// Compiled code is kept between runs; where that folder cannot be written, it is compiled anew.
// https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
require("node:module").enableCompileCache?.(join(__dirname, "../node_modules/.cache/apponly"));

// The project is TypeScript and needs no build step: its own files are compiled as they are loaded,
// in this process. Packages are left as they are. Types are checked by `npm run typecheck`.
require("sucrase/dist/register").addHook(".ts", {
  transforms: ["imports", "typescript"],
  disableESTransforms: true,
  // Packages that are only ES modules are imported as such.
  preserveDynamicImport: true,
});

require("./onDemand");
