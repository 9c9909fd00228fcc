import { z } from "zod";
import { diagnosisCodes } from "../../access/verify/errorTable";
import { failureClasses } from "../../fleet/record";
import { commandDocument } from "./document";

/** What `apponly explain` prints with `--json`. */
export const explainShape = commandDocument("explain", "What is behind a message", {
  explanations: z
    .array(
      z.strictObject({
        code: z.enum([...new Set([...diagnosisCodes, ...failureClasses])]),
        cause: z.string(),
        remedy: z.string(),
        propagating: z.boolean().describe("Whether waiting may heal it."),
        numbers: z.array(z.int()).readonly().describe("Of Entra: AADSTS and this."),
        symptoms: z.array(z.string()).readonly().describe("Texts by which it is known."),
        source: z.string().describe("Page that says more."),
      }),
    )
    .min(1)
    .readonly(),
});

/** What {@link explainShape} describes. */
export type ExplainDocument = z.infer<typeof explainShape>;
