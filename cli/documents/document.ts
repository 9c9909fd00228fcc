import { z } from "zod";

/**
 * The shape of a document that a command prints with `--json`. Commands take only its type, so that
 * nobody waits for the schema.
 *
 * @param name Name of the document in its `$id`.
 * @param title What it is called.
 */
export const commandDocument = <Properties extends z.ZodRawShape>(
  name: string,
  title: string,
  properties: Properties,
) =>
  z
    .strictObject({
      version: z
        .literal(1)
        .describe("Raised whenever a property is renamed, removed or changes its meaning."),
      ...properties,
    })
    .meta({ $id: `urn:apponly:${name}:1`, title });
