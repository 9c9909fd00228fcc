// The project is TypeScript and needs no build step: its own files are compiled as they are loaded,
// in this process. Packages are left alone. Types are checked by `npm run typecheck`.
require("sucrase/dist/register").addHook(".ts", {
  transforms: ["imports", "typescript"],
  disableESTransforms: true,
  // Packages that are ES modules alone are imported as such.
  preserveDynamicImport: true,
});
