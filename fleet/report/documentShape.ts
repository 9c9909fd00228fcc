import { z } from "zod";
import { count, risk } from "../../review/documentShape";
import { failureClasses, recordedFinding } from "../record";

/** How soon a certificate or an exception ends, soonest first. */
export const bands = ["expired", "in 7 days", "in 30 days", "in 60 days", "later"] as const;

/** One of {@link bands}. */
export type Band = (typeof bands)[number];

const reportTexts = z.array(z.string()).readonly();
const whichTenant = { stack: z.string(), tenant: z.string() };
const band = z.enum(bands);
const days = z.int().describe("Whole days, negative afterwards.");

/** What `apponly report --format json` prints; published as `report.schema.json`. */
export const reportShape = z
  .strictObject({
    version: z
      .literal(1)
      .describe("Raised whenever a property is renamed, removed or changes its meaning."),
    generated: z.string().describe("Instant, ISO 8601."),
    tenants: z
      .array(
        z.strictObject({
          ...whichTenant,
          state: z.enum(["looked at", "failed"]),
          failures: z
            .array(
              z.strictObject({
                class: z.enum(failureClasses),
                message: z.string(),
                command: z.string().describe("Absent where there is no record at all.").optional(),
              }),
            )
            .readonly(),
          worst: risk.optional(),
          findings: count,
          lookedBy: reportTexts.describe(
            "Commands that have read all they look at: what they no longer find is gone.",
          ),
          daysLeft: days.describe("Until the first active certificate expires.").optional(),
          ended: z.string().describe("Instant.").optional(),
        }),
      )
      .readonly(),
    certificates: z
      .array(
        z.strictObject({
          ...whichTenant,
          application: z.string(),
          generation: z.string(),
          thumbprint: z.string(),
          notAfter: z.string(),
          daysLeft: days,
          band,
          active: z.boolean(),
        }),
      )
      .readonly()
      .describe("Soonest first."),
    access: z
      .array(
        z.strictObject({
          kind: z.string(),
          name: z.string(),
          scope: z.string().optional(),
          tenants: count,
          common: z.boolean().describe("Whether at least half of the tenants have it."),
        }),
      )
      .readonly(),
    outliers: z
      .array(z.strictObject({ ...whichTenant, extra: reportTexts, missing: reportTexts }))
      .readonly()
      .describe("Tenants whose access is not the common one."),
    findings: z
      .array(
        recordedFinding.extend({
          ...whichTenant,
          key: z.string().describe("The same in every run."),
          foundBy: reportTexts.describe("Commands that tell it."),
        }),
      )
      .readonly()
      .describe("Worst first."),
    exceptions: z
      .array(
        z.strictObject({
          ...whichTenant,
          subject: z.string(),
          until: z.string(),
          reason: z.string().optional(),
          daysLeft: days,
          band,
        }),
      )
      .readonly()
      .describe("Soonest first."),
    notes: reportTexts,
  })
  .meta({ $id: "urn:apponly:report:1", title: "Report on many stacks" });

/** What {@link reportShape} describes. */
export type FleetReport = Readonly<z.infer<typeof reportShape>>;
