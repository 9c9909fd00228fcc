import { shareToolchain } from "./preparedToolchain";

/** Before a run of every test; a few that are asked for by name may not need the toolchain at all. */
const globalSetup = async ({
  nonFlagArgs,
}: {
  readonly nonFlagArgs: readonly string[];
}): Promise<void> => {
  if (nonFlagArgs.length === 0) {
    await shareToolchain();
  }
};

export = globalSetup;
