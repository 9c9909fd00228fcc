#!/usr/bin/env node
require("./typescript.js");
require("../cli/main.ts");
