import { mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shareToolchain } from "./preparedToolchain";
import { enterSurroundingsOfTests } from "./surroundings";

/**
 * Before everything: one folder for what tests leave lying about, which `globalTeardown` removes, and
 * the same surroundings for all workers.
 */
const globalSetup = async ({ nonFlagArgs }: { readonly nonFlagArgs: readonly string[] }) => {
  const ofMachine = realpathSync(tmpdir());
  // Lines of commands are split at blanks, and a socket's path has at most a hundred characters.
  const isPlain = /^[\w/.-]{1,60}$/.test(ofMachine) || process.platform === "win32";
  const folder = mkdtempSync(join(isPlain ? ofMachine : "/tmp", "apponly-tests-"));
  Object.assign(process.env, { TMPDIR: folder, TEMP: folder, TMP: folder });
  // A few that are asked for by name may not need the toolchain at all.
  if (nonFlagArgs.length === 0) {
    await shareToolchain();
  }
  // Not before: a toolchain that is not there yet is fetched as the machine fetches.
  enterSurroundingsOfTests();
};

export = globalSetup;
