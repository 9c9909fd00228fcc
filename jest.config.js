const { availableParallelism } = require("node:os");

require("./bin/newerNode").restartInNewerNode();

const transform = "<rootDir>/tests/support/transform.js";

// Published only as ES modules, which jest does not load from CommonJS.
const esModules = [
  "@actions/[^/]+",
  "jose",
  "@octokit/[^/]+",
  "before-after-hook",
  "content-type",
  "json-with-bigint",
  "universal-user-agent",
];

// The official plugins wait for seconds after every write, as a real tenant needs it. Tests run on the
// stand-ins, which send the same requests; `APPONLY_PLUGINS=official npm test` runs them on those.
process.env.APPONLY_PLUGINS ??= "stand-in";

// The engine runs hundreds of times, each for so short a time that collecting garbage is a third of it.
// The limit leaves room for the linter, which holds 2 GiB of types and would collect without an end below it.
process.env.GOGC ??= "off";
process.env.GOMEMLIMIT ??= "3GiB";

/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "<rootDir>/tests/support/environment.js",
  // What hangs is to end; how fast something is, a busy machine does not say, and no test by itself.
  testTimeout: 300_000,
  // The Pulumi SDK keeps its store on the global object; jest's clean-up would warn about it after every file.
  testEnvironmentOptions: { globalsCleanup: "off" },
  testMatch: ["<rootDir>/tests/**/*.test.ts", "<rootDir>/policy/tests/**/*.test.ts"],
  // They build programs with Go, which takes minutes: `npm run sdks`; they start other people's readers
  // and a browser for every file and page: `npm run interop`.
  testPathIgnorePatterns: [
    "/node_modules/",
    "<rootDir>/tests/languages/",
    "<rootDir>/tests/interop/",
  ],
  moduleNameMapper: {
    // As the commands load them: only when something of them is used.
    "^typescript$": "<rootDir>/bin/onDemand/typescript.js",
    "^@npmcli/arborist$": "<rootDir>/bin/onDemand/arborist.js",
    "^normalize-package-data$": "<rootDir>/bin/onDemand/packageData.js",
    "^execa$": "<rootDir>/bin/onDemand/execa.js",
    "^semver$": "<rootDir>/bin/onDemand/semver.js",
    "^\\.\\./locales/index\\.cjs$": "<rootDir>/bin/onDemand/zodLocales.js",
    "^@microsoft/microsoft-graph-client$": "<rootDir>/bin/onDemand/graphClient.js",
    "^undici$": "<rootDir>/bin/onDemand/undici.js",
    // They export their files only to ES modules.
    "^@actions/(workflow-parser|expressions)$": "<rootDir>/node_modules/@actions/$1/dist/index.js",
    "^@actions/(workflow-parser|expressions)/(.+)$":
      "<rootDir>/node_modules/@actions/$1/dist/$2.js",
  },
  modulePathIgnorePatterns: ["<rootDir>/.apponly/", "<rootDir>/dist/"],
  transform: {
    "^.+\\.ts$": transform,
    [`node_modules/(${esModules.join("|")})/.+\\.js$`]: transform,
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esModules.join("|")})/)`],
  reporters: ["default", "<rootDir>/tests/support/summaryReporter.js"],
  globalSetup: "<rootDir>/tests/support/globalSetup.ts",
  globalTeardown: "<rootDir>/tests/support/globalTeardown.ts",
  setupFiles: ["<rootDir>/tests/support/setup.js"],
  setupFilesAfterEnv: ["<rootDir>/tests/support/setupAfterEnv.js"],
  testSequencer: "<rootDir>/tests/support/sequencer.js",
  // One more than there are cores: a test waits while the engine starts its plugins.
  maxWorkers: availableParallelism() + 1,
};
