import { z } from "zod";
import { commandDocument } from "./document";

const generationName = z.string().describe("Name of the generation.");

/** What `apponly rotate` prints with `--json`. */
export const rotateShape = commandDocument("rotate", "Rotation of a certificate", {
  stack: z.string(),
  planned: z.boolean().describe("Whether the change was only written to the settings: --plan."),
  settingsFile: z.string(),
  phases: z
    .array(
      z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("add"), name: generationName, like: z.string() }),
        z.strictObject({ kind: z.literal("activate"), name: generationName, instead: z.string() }),
        z.strictObject({ kind: z.literal("remove"), name: generationName }),
        z.strictObject({
          kind: z.literal("wait"),
          name: generationName,
          until: z.string().describe("First day on which it may be removed, YYYY-MM-DD."),
        }),
      ]),
    )
    .readonly()
    .describe("What was done, in order; `wait` is what the next run goes on with."),
  notes: z.array(z.string()).readonly().describe("What is worth knowing, in full sentences."),
});

/** What {@link rotateShape} describes. */
export type RotateDocument = z.infer<typeof rotateShape>;
