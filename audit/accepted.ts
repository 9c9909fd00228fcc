import { parseDocument } from "yaml";
import { z } from "zod";
import { UsageFailure } from "../system/failure";
import type { AuditFinding } from "./documentShape";
import { auditRules } from "./rules";
import { tenantRules } from "./tenantRules";

/** A finding that somebody has looked at and accepts for a time. */
export interface AcceptedFinding {
  readonly rule: string;
  /** Client id. */
  readonly application: string;
  readonly reason: string;
  /** Last day, `YYYY-MM-DD`. */
  readonly until: string;
}

const acceptedShape = z.strictObject({
  accepted: z.array(
    z.strictObject({
      rule: z.string(),
      application: z.string(),
      reason: z.string(),
      until: z.string(),
    }),
  ),
});

/**
 * Reads the file of accepted findings.
 *
 * @throws {UsageFailure} If it is not valid: an entry needs a rule that exists, an application, a
 *   reason of ten characters and a day.
 * @example readAccepted("accepted:\n- { rule: clientSecret, application: 5f1c…, reason: …, until: 2027-01-31 }\n", "accepted.yaml")
 */
export function readAccepted(text: string, file: string): AcceptedFinding[] {
  const document = parseDocument(text, { schema: "failsafe" });
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw new UsageFailure(`${file} is not valid YAML: ${fault.message}`);
  }
  const read = acceptedShape.safeParse(document.toJS());
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new UsageFailure(
      `${file}: ${issue?.path.join(".") || "accepted"} ${issue?.message ?? ""}. Write a list "accepted" of entries with rule, application, reason and until.`,
    );
  }
  read.data.accepted.forEach(({ rule, reason, until }, index) => {
    const at = `${file}: accepted[${index}]`;
    if (!(rule in auditRules) && !(rule in tenantRules)) {
      throw new UsageFailure(
        `${at}.rule "${rule}" is not a rule. Rules: ${[...Object.keys(auditRules), ...Object.keys(tenantRules)].join(", ")}.`,
      );
    }
    if (reason.trim().length < 10) {
      throw new UsageFailure(
        `${at}.reason "${reason}" is shorter than 10 characters. Say why, for the reviewer.`,
      );
    }
    if (!/^\d{4}-\d{2}-\d{2}$/.test(until) || Number.isNaN(Date.parse(until))) {
      throw new UsageFailure(`${at}.until "${until}" is not a date. Write it as YYYY-MM-DD.`);
    }
  });
  return read.data.accepted;
}

/** Parts findings that are accepted today from those that are not, and names entries that have ended. */
export function partAccepted(
  findings: readonly AuditFinding[],
  accepted: readonly AcceptedFinding[],
  now: Date,
) {
  const today = now.toISOString().slice(0, 10);
  const live = accepted.filter(({ until }) => until >= today);
  const entryFor = (one: AuditFinding) =>
    live.find(
      ({ rule, application }) =>
        rule === one.rule && application.toLowerCase() === one.application.toLowerCase(),
    );
  return {
    open: findings.filter((one) => entryFor(one) === undefined),
    accepted: findings.flatMap((finding) => {
      const entry = entryFor(finding);
      return entry === undefined ? [] : [{ finding, reason: entry.reason, until: entry.until }];
    }),
    ended: accepted
      .filter(({ until }) => until < today)
      .map(
        ({ rule, application, until }) =>
          `The acceptance of ${rule} for ${application} ended on ${until}.`,
      ),
  };
}
