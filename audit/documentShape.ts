import { z } from "zod";
import { risks } from "../review/model";

const findingShape = z
  .strictObject({
    rule: z.string().describe("Name of the rule, as an accepted finding calls it."),
    severity: z.enum(risks).exclude(["info"]),
    application: z.string().describe("Client id; the tenant's id for a finding on the tenant."),
    name: z.string().describe("Display name of the application."),
    subject: z.string().describe("What of it, for example a permission."),
    reason: z.string(),
    source: z.string().describe("Page the reason rests on."),
    remedy: z.string(),
  })
  .meta({ id: "finding" });

const application = z
  .strictObject({
    appId: z.string(),
    name: z.string(),
    stack: z.string().describe("Name of the stack that manages it.").optional(),
    permissions: z.array(z.string()).readonly(),
    directoryRoles: z.array(z.string()).readonly(),
    exchangeRoles: z.array(z.string()).readonly(),
    owners: z.array(z.string()).readonly(),
    audience: z.string(),
    publisher: z.string().describe("Verified publisher.").optional(),
    enabled: z.boolean(),
    lastSignIn: z
      .string()
      .describe("Instant, ISO 8601; absent where none is on record.")
      .optional(),
    credentials: z
      .array(
        z.strictObject({
          kind: z.enum(["certificate", "client secret", "federated credential"]),
          on: z.enum(["application", "service principal"]),
          id: z.string(),
          start: z.string().optional(),
          end: z.string().optional(),
          lastSignIn: z.string().optional(),
        }),
      )
      .readonly(),
  })
  .meta({ id: "application" });

/** What `apponly audit --format json` prints; published as `audit/audit.schema.json`. */
export const auditShape = z
  .strictObject({
    version: z
      .literal(1)
      .describe("Raised whenever a property is renamed, removed or changes its meaning."),
    tenant: z.string().describe("Id of the tenant."),
    complete: z.boolean().describe("Whether all of it could be read."),
    requests: z.int().min(0).describe("Requests that were sent to Microsoft Graph."),
    applications: z.array(application).readonly(),
    findings: z
      .array(findingShape)
      .readonly()
      .describe("Worst first, without those that are accepted."),
    accepted: z
      .array(
        z.strictObject({
          finding: findingShape,
          reason: z.string(),
          until: z.string().describe("Last day, YYYY-MM-DD."),
        }),
      )
      .readonly(),
    warnings: z.array(z.string()).readonly().describe("What could not be read, and why."),
  })
  .meta({
    $id: "urn:apponly:audit:1",
    title: "Audit of a tenant",
    description:
      "Every application with app-only reach into Exchange or compliance, and what is wrong with it. Texts are as they are in the tenant and must be escaped where they are shown.",
  });

/** What {@link auditShape} describes. */
export type AuditReport = Readonly<z.infer<typeof auditShape>>;

/** One finding of {@link AuditReport}. */
export type AuditFinding = Readonly<z.infer<typeof findingShape>>;

/** One application of {@link AuditReport}. */
export type AuditRow = Readonly<z.infer<typeof application>>;
