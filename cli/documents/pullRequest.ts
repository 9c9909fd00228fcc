import { z } from "zod";
import { count, risk, stackReviewShape } from "../../review/documentShape";
import { commandDocument } from "./document";

const stackNames = z.array(z.string()).readonly();

/** What `apponly pull-request` prints with `--json`: the outputs of the pipeline's step, and the reviews. */
export const pullRequestReviewShape = commandDocument("pullrequest", "Review of a pull request", {
  risk: z.union([risk, z.literal("none")]).describe("The worst."),
  changes: count.describe("Number of permission changes."),
  stacks: stackNames.describe("Those that were to be reviewed."),
  notPreviewed: stackNames.describe("Those that could not be previewed."),
  removed: stackNames.describe("Those whose settings the pull request removes."),
  code: z
    .array(
      z.strictObject({
        path: z.string(),
        kind: z.string(),
        detail: z.string().optional(),
        content: z.string().optional(),
      }),
    )
    .readonly()
    .describe("Changed files that decide what a review shows."),
  commentUrl: z.string().describe("Empty where there is no comment."),
  gate: z.enum(["passed", "tripped", "off"]),
  acceptedBy: z.string().describe("Who has accepted what would have tripped the gate, or empty."),
  reviews: z.array(stackReviewShape).readonly(),
});

/** What {@link pullRequestReviewShape} describes. */
export type PullRequestDocument = z.infer<typeof pullRequestReviewShape>;
