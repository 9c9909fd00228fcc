/**
 * What `npm run sdks` runs: the tests that build programs with Go the first time, for minutes, which
 * `npm test` leaves out.
 */
const config = require("../../jest.config.js");

module.exports = {
  ...config,
  rootDir: "../..",
  testMatch: ["<rootDir>/tests/languages/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/"],
};
