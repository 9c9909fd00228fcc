import { z } from "zod";
import { commandDocument } from "./document";

/** What `apponly pipeline` prints with `--json`. */
export const pipelineShape = commandDocument("pipeline", "Ready pipeline", {
  kind: z.string(),
  files: z
    .array(
      z.strictObject({
        path: z
          .string()
          .describe("Below the folder it belongs in; with --out, where it was written."),
        content: z.string(),
        executable: z.boolean(),
      }),
    )
    .readonly(),
  written: z.boolean().describe("Whether --out has had them written."),
});

/** What {@link pipelineShape} describes. */
export type PipelineDocument = z.infer<typeof pipelineShape>;
