import { z } from "zod";
import { permissionChangeActions, permissionChangeKinds, risks } from "./model";

export const count = z.int().min(0).meta({ id: "count" });
export const risk = z.enum(risks).meta({ id: "risk" });

/** A secret is never written out; an unknown value is decided by the update; an absent one is not set. */
const value = z
  .discriminatedUnion("state", [
    z.strictObject({ state: z.literal("known"), text: z.string() }),
    z.strictObject({ state: z.enum(["secret", "unknown", "absent"]) }),
  ])
  .meta({ id: "value" });

const change = z
  .strictObject({
    kind: z.enum(permissionChangeKinds),
    action: z.enum(permissionChangeActions),
    // May hold text out of the stack, as the target may.
    subject: z.string().describe("What changes."),
    name: z.string().describe("Name of whom the subject is the id, where it is known.").optional(),
    target: z
      .string()
      .describe("Whom it concerns: an application's display name, or an id.")
      .optional(),
    resource: z.string().describe("URN of the resource."),
    before: value.optional(),
    after: value.optional(),
    risk,
    reason: z.string().describe("Why it has this risk."),
    source: z.string().describe("Page the reason rests on.").optional(),
    consequence: z.string().describe("What stops working.").optional(),
    origin: z
      .strictObject({
        actor: z.string().describe("User principal name, or name or id of an application."),
        time: z.string().describe("Instant, ISO 8601."),
        activity: z.string().describe("Microsoft's name for what was done."),
      })
      .describe("Of drift: who did it besides the stack, where the tenant tells.")
      .optional(),
    id: z.string().describe("Of drift: by which id a command can be told of it.").optional(),
    remedies: z.array(z.string()).readonly().describe("Of drift: what to do about it.").optional(),
  })
  .meta({ id: "change" });

const shownViolation = z
  .strictObject({
    policy: z.string().describe("Name of the policy."),
    displayName: z.string().describe("Title of the policy."),
    severity: z.enum(risks).exclude(["info"]),
    enforcementLevel: z.enum(["mandatory", "advisory"]).describe("A mandatory one trips the gate."),
    resource: z.string().describe("URN of the resource that violates it."),
    message: z.string().describe("What is wrong."),
    remediation: z.string().describe("What to do about it."),
    source: z.string().describe("Page the policy rests on."),
  })
  .meta({ id: "violation" });

/** What a preview of one stack would change in the tenant. */
export const stackReviewShape = z
  .strictObject({
    stack: z.string(),
    project: z.string().optional(),
    tenant: z
      .string()
      .describe("Initial domain or id of the tenant, where the preview names it.")
      .optional(),
    tenantId: z.string().describe("Id of the tenant, where the preview names it.").optional(),
    deployer: z
      .string()
      .describe("Object id of whom an update signs in as, where a change names it.")
      .optional(),
    decision: z
      .string()
      .describe(
        "What the changes come to where they are one decision: an application's first access, or its end.",
      )
      .optional(),
    changes: z.array(change).readonly().describe("Worst first."),
    violations: z
      .array(shownViolation)
      .readonly()
      .describe("Policies that the stack violates, changed or not; worst first."),
    rest: z
      .record(z.string(), count)
      .describe("Number of resources that carry no permission change, by operation."),
    replacements: z
      .array(
        z.strictObject({
          resource: z.string().describe("URN of the resource."),
          consequence: z.string().describe("What the replacement breaks."),
        }),
      )
      .readonly(),
    warnings: z.array(z.string()).readonly(),
    unread: z
      .array(z.string())
      .readonly()
      .describe("Of drift: what of the tenant could not be read, so that it was not compared.")
      .optional(),
    complete: z
      .boolean()
      .describe("Whether the preview was complete; if not, changes may be missing."),
  })
  .meta({ id: "stack" });

/** A stack of several that a command could not look at. */
export const failedStack = z
  .strictObject({
    stack: z.string(),
    exitCode: z.int().min(0).max(255).describe("As of the command for this stack only."),
    failure: z.string().describe("Why, and what to do."),
  })
  .meta({ id: "failedStack" });

/** What {@link failedStack} describes. */
export type FailedStack = Readonly<z.infer<typeof failedStack>>;

/** What `apponly review --format json` prints; published as `review/review.schema.json`. */
export const reviewShape = z
  .strictObject({
    version: z
      .literal(1)
      .describe("Raised whenever a property is renamed, removed or changes its meaning."),
    summary: z
      .strictObject({ critical: count, high: count, medium: count, low: count, info: count })
      .describe("Number of changes by risk, of all stacks."),
    complete: z
      .boolean()
      .describe("Whether every stack was looked at, and every preview complete."),
    about: z
      .strictObject({
        createdAt: z.string().describe("When the review was made, UTC."),
        toolVersion: z.string().describe("Version of apponly."),
        commit: z.string().describe("Commit that was reviewed, where it is known.").optional(),
        gate: z
          .strictObject({
            failOn: z.enum(risks),
            verdict: z.enum(["passed", "failed"]),
            text: z.string().describe("The verdict and what led to it, one line."),
          })
          .optional(),
      })
      .describe("What makes it evidence: by what, when and of what it was made.")
      .optional(),
    stacks: z.array(stackReviewShape).readonly(),
    failed: z
      .array(failedStack)
      .readonly()
      .describe("Stacks that could not be looked at, of which nothing else is told.")
      .optional(),
    drift: z
      .array(stackReviewShape)
      .readonly()
      .describe("What was changed in the tenants besides the stacks, where that was asked for.")
      .optional(),
  })
  .meta({
    $id: "urn:apponly:review:1",
    title: "Review of permission changes",
    description:
      "What previews of stacks would change in their tenants. Texts are as they are in the stacks and must be escaped where they are shown.",
  });

/** What {@link reviewShape} describes. */
export type ReviewDocument = z.infer<typeof reviewShape>;

/** What {@link stackReviewShape} describes. */
export type StackReview = Readonly<z.infer<typeof stackReviewShape>>;

/** One change of what an application may do, or of who may act as it. */
export type PermissionChange = Readonly<z.infer<typeof change>>;

/** When, of what and by what a review was made, and what the gate said. */
export type ReviewAbout = Readonly<NonNullable<ReviewDocument["about"]>>;

/** One side of a change. */
export type ShownValue = Readonly<z.infer<typeof value>>;

/** A policy that the stack would violate after the update. */
export type PolicyViolation = Readonly<z.infer<typeof shownViolation>>;

/** A resource that is deleted and created anew. */
export type Replacement = StackReview["replacements"][number];

/** Who changed something in the tenant, by the directory's audit log. */
export type ChangeOrigin = NonNullable<PermissionChange["origin"]>;
