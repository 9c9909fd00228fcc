// The project is TypeScript and needs no build step: its own files are compiled as they are loaded.
// Packages are left alone, which halves the time a command takes to start.
require("esbuild-register/dist/node").register({
  target: "node22",
  // Pulumi wants `module.exports` beside imports. A warning of it would be printed on standard
  // output, in front of what a program reads there.
  logOverride: { "commonjs-variable-in-esm": "silent" },
});
