/** @type {import("jest").Config} */
module.exports = {
  testEnvironment: "node",
  // The Pulumi SDK keeps its store on the global object; jest's clean-up would warn about it after every file.
  testEnvironmentOptions: { globalsCleanup: "off" },
  testMatch: ["<rootDir>/tests/**/*.test.ts", "<rootDir>/policy/tests/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.apponly/"],
  transform: {
    "^.+\\.ts$": [
      "ts-jest",
      {
        // Types are checked once, by `npm run typecheck`; here each file is only transpiled.
        tsconfig: {
          target: "ES2022",
          module: "commonjs",
          moduleResolution: "bundler",
          isolatedModules: true,
          esModuleInterop: true,
          resolveJsonModule: true,
          strict: true,
          skipLibCheck: true,
          types: ["node", "jest"],
        },
      },
    ],
  },
  reporters: ["default", "<rootDir>/tests/support/summaryReporter.js"],
  maxWorkers: 2,
};
