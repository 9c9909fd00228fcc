import { z } from "zod";
import { count } from "../../review/documentShape";
import { commandDocument } from "./document";

/** What `apponly record` prints with `--json`. */
export const recordedShape = commandDocument("recorded", "Recording of a run", {
  output: z.string().describe("File that holds the recording."),
  calls: count.describe("Number of different calls in it."),
  programExitCode: z.int().describe("With which the recorded program ended."),
});

/** What {@link recordedShape} describes. */
export type RecordedDocument = z.infer<typeof recordedShape>;
