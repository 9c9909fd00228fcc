import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Io } from "../../cli/io";
import { recordingIo } from "./recordingIo";

/** What a command would be run with, without running it. */
export async function parsedOptions<Options>(
  make: (io: Io, run: (options: Options) => Promise<void>) => CommandUnknownOpts,
  line: string,
): Promise<Options> {
  let parsed: Options | undefined;
  const run = (options: Options) => {
    parsed = options;
    return Promise.resolve();
  };
  await make(recordingIo(), run).exitOverride().parseAsync(line.split(" ").filter(Boolean), {
    from: "user",
  });
  return parsed!;
}
