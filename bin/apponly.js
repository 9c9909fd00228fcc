#!/usr/bin/env node
// The command is TypeScript; tsx compiles it on load, so that a checkout needs no build step.
require("tsx/cjs");
require("../cli/main.ts");
