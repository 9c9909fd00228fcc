/**
 * Loaded into a process by `node --require`: writes the program and the arguments of every process
 * that it starts to the file in APPONLY_TEST_SPAWNS, one JSON text per line.
 */
const { appendFileSync } = require("node:fs");
const { ChildProcess } = require("node:child_process");

const file = process.env.APPONLY_TEST_SPAWNS;
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function recorded(options) {
  appendFileSync(file, `${JSON.stringify([options.file, ...(options.args ?? [])])}\n`);
  return spawn.call(this, options);
};
