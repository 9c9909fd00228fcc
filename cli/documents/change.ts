import { z } from "zod";
import { verifyShape } from "../../access/verify/documentShape";
import { count, stackReviewShape } from "../../review/documentShape";
import { commandDocument } from "./document";

/** What `apponly up`, `destroy` and `start` print with `--json`. */
export const changeShape = commandDocument("change", "Change of a stack", {
  stack: z.string(),
  change: z.enum(["update", "destroy"]),
  changed: z.boolean().describe("Whether anything was changed in the tenant."),
  operations: z
    .record(z.string(), count)
    .describe(
      "Number of resources by what the engine did with them; `same` for those that stayed.",
    ),
  review: stackReviewShape.describe("What was shown before the change."),
  verification: verifyShape
    .describe("Proof that the access works, as `apponly verify --json` prints it.")
    .optional(),
});

/** What {@link changeShape} describes. */
export type ChangeDocument = z.infer<typeof changeShape>;
