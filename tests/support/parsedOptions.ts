import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Io } from "../../cli/io";
import { recordingIo } from "./recordingIo";

/**
 * What a command would be run with, without running it.
 *
 * @param line Its words, between blanks; those of a path are given as a list.
 */
export async function parsedOptions<Options>(
  make: (io: Io, run: (options: Options) => Promise<void>) => CommandUnknownOpts,
  line: string | readonly string[],
): Promise<Options> {
  let parsed: Options | undefined;
  const run = (options: Options) => {
    parsed = options;
    return Promise.resolve();
  };
  const words = typeof line === "string" ? line.split(" ").filter(Boolean) : [...line];
  await make(recordingIo(), run).exitOverride().parseAsync(words, { from: "user" });
  return parsed!;
}
