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
  const folder = mkdtempSync(join(realpathSync(tmpdir()), "apponly-tests-"));
  Object.assign(process.env, { TMPDIR: folder, TEMP: folder, TMP: folder });
  // A few that are asked for by name may not need the toolchain at all.
  if (nonFlagArgs.length === 0) {
    await shareToolchain();
  }
  // Not before: a toolchain that is not there yet is fetched as the machine fetches.
  enterSurroundingsOfTests();
};

export = globalSetup;
