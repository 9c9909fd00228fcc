import { createHash } from "node:crypto";
import { z } from "zod";
import { cloudNames } from "../components/catalog/clouds";
import { count, risk } from "../review/documentShape";
import { jsonText } from "../system/visibleText";

/** Commands that work on many stacks, and leave a record of each. */
const recordedCommands = [
  "review",
  "up",
  "verify",
  "drift",
  "audit",
  "certificates",
  "doctor",
  "rotate",
  "export",
  "report",
] as const;

/** Why something failed, as far as that decides what to do about it. */
export const failureClasses = [
  "sign-in",
  "consent",
  "throttled",
  "locked",
  "policy",
  "tenant-gone",
  "unreachable",
  "stack-missing",
  "settings",
  "verification",
  "expiring",
  "no-record",
  "other",
] as const;

/** One of {@link failureClasses}. */
export type FailureClass = (typeof failureClasses)[number];

/** What a finding is about. */
const findingKinds = ["change", "policy", "drift", "unused", "access", "other"] as const;

/** An instant, as `Date.toISOString` writes it, with or without milliseconds. */
const recordedInstant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/)
  .meta({ id: "instant", description: "UTC, ISO 8601." });

const recordedCertificate = z
  .strictObject({
    application: z.string().describe("Display name of the application, or its client id."),
    generation: z.string(),
    thumbprint: z.string().describe("SHA-1, 40 upper-case hexadecimal digits."),
    notAfter: recordedInstant.describe("Last instant of validity."),
    active: z.boolean().describe("Whether pipelines receive this generation."),
  })
  .meta({ id: "certificate" });

const recordedAccess = z
  .strictObject({
    application: z.string().describe("Display name of the application, or its client id."),
    kind: z.enum(["permission", "directory-role", "exchange-role", "federated-credential"]),
    name: z.string().describe("What it may do, or who may act as it."),
    scope: z.string().describe("Where it may do that; absent for everywhere.").optional(),
  })
  .meta({ id: "access" });

/** Something found in a tenant. */
export const recordedFinding = z
  .strictObject({
    kind: z.enum(findingKinds),
    risk,
    subject: z.string().describe("What it is about."),
    target: z.string().describe("Whom it concerns.").optional(),
    text: z.string().describe("What is wrong, in a sentence."),
    remedy: z.string().describe("What to do about it.").optional(),
    who: z.string().describe("Who made it so, where that can be told.").optional(),
    when: recordedInstant.optional(),
  })
  .meta({ id: "finding" });

const recordedException = z
  .strictObject({
    subject: z.string().describe("The role or resource that is accepted."),
    until: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .describe("Last day on which it holds, UTC."),
    reason: z.string().optional(),
  })
  .meta({ id: "exception" });

/** What a run leaves of one stack: one line of JSON; published as `fleet/record.schema.json`. */
export const recordShape = z
  .strictObject({
    version: z
      .literal(1)
      .describe("Raised whenever a property is renamed, removed or changes its meaning."),
    run: z.string().min(1).describe("What the records of one run of many stacks share."),
    command: z.enum(recordedCommands),
    stack: z.string().min(1).describe("As it is named in the list of expected stacks."),
    tenant: z.string().describe("Initial domain of the tenant, or its id.").optional(),
    tenantId: z.string().optional(),
    cloud: z.enum(cloudNames).optional(),
    tags: z
      .record(z.string(), z.string())
      .describe("Of the stack's settings; `alias` is shown in place of the tenant.")
      .optional(),
    started: recordedInstant,
    ended: recordedInstant,
    result: z.enum(["succeeded", "failed"]),
    exitCode: z.int().min(0).max(255),
    failure: z
      .strictObject({ class: z.enum(failureClasses), message: z.string() })
      .describe("Why it failed.")
      .optional(),
    risks: z
      .strictObject({ critical: count, high: count, medium: count, low: count, info: count })
      .describe("Number of changes or findings by risk.")
      .optional(),
    certificates: z.array(recordedCertificate).describe("Absent where nobody looked.").optional(),
    access: z.array(recordedAccess).describe("Absent where nobody looked.").optional(),
    exceptions: z.array(recordedException).describe("Absent where nobody looked.").optional(),
    findings: z.array(recordedFinding).describe("Absent where nobody looked.").optional(),
    unread: z.array(z.string()).describe("What could not be read, and why.").optional(),
  })
  .meta({
    $id: "urn:apponly:record:1",
    title: "Record of one stack in a run of many",
    description:
      "One line of JSON for each stack and run. It holds no secret. Texts are as they are in the tenants and must be escaped where they are shown.",
  });

/** What {@link recordShape} describes. */
export type StackRecord = z.infer<typeof recordShape>;

/** What a command adds to the record of its stack, as far as it has looked. */
export type RecordPart = Partial<
  Pick<
    StackRecord,
    | "tenant"
    | "tenantId"
    | "cloud"
    | "risks"
    | "certificates"
    | "access"
    | "exceptions"
    | "findings"
    | "unread"
  >
>;

/** One finding of a {@link StackRecord}. */
export type RecordedFinding = z.infer<typeof recordedFinding>;

/** One certificate of a {@link StackRecord}. */
export type RecordedCertificate = z.infer<typeof recordedCertificate>;

/** One entry of a {@link StackRecord} that says what an application may do. */
export type RecordedAccess = z.infer<typeof recordedAccess>;

/** A record as a line, line break included. */
export function recordLine(record: StackRecord): string {
  return `${jsonText(recordShape.parse(record), 0)}\n`;
}

/**
 * What tells a finding from every other of all stacks, the same in every run: a ticket is known by it.
 * How grave it is, what is said of it and who did it may change meanwhile.
 */
export function findingKey(
  stack: string,
  { kind, subject, target }: Pick<RecordedFinding, "kind" | "subject" | "target">,
): string {
  const identity = JSON.stringify([stack, kind, subject, target ?? ""]);
  return createHash("sha256").update(identity).digest("hex").slice(0, 16);
}
