import { z } from "zod";

/**
 * What a command prints with `--json` where it works on several stacks: one entry for each. A bare
 * list, because its readers take it as one.
 */
export const severalStacksShape = z
  .array(
    z.strictObject({
      stack: z.string(),
      exitCode: z.int().min(0).max(255).describe("As of the command for this stack only."),
      failure: z.string().describe("Why it failed; absent where it did not.").optional(),
      document: z
        .unknown()
        .describe(
          "What the command prints of one stack, by its own schema; absent where it failed before.",
        )
        .optional(),
    }),
  )
  .meta({ $id: "urn:apponly:severalstacks:1", title: "A command for several stacks" });

/** One of what {@link severalStacksShape} describes. */
export type StackDocument = z.infer<typeof severalStacksShape>[number];
