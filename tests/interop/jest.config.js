/**
 * What `npm run interop` runs: the tests whose other half is somebody else's program, which is started
 * for each of hundreds of files and pages: readers of .pfx files, a browser, and npm, which packs, for the action too. `npm test`
 * leaves them out.
 */
const config = require("../../jest.config.js");

module.exports = {
  ...config,
  rootDir: "../..",
  testMatch: ["<rootDir>/tests/interop/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
