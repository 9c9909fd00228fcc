import { z } from "zod";

const chosenNames = z.array(z.string()).readonly();

/** What `apponly stacks` prints with `--json`: a bare list, which pipelines take as their matrix. */
export const stacksShape = z
  .union([
    chosenNames,
    z.strictObject({
      stacks: chosenNames,
      waves: z.strictObject({ canary: chosenNames, tenth: chosenNames, rest: chosenNames }),
      shards: z.array(z.int().min(1)).readonly().describe("Numbers of the parts."),
      of: z.int().min(1).describe("Number of parts."),
    }),
  ])
  .meta({
    $id: "urn:apponly:stacks:1",
    title: "Stacks of a project",
    description:
      "Names of stacks; with --fleet also the waves and parts in which pipelines take them.",
  });

/** What {@link stacksShape} describes. */
export type StacksDocument = z.infer<typeof stacksShape>;
