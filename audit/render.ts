import type { PermissionChange, StackReview } from "../review/documentShape";
import type { PermissionChangeKind } from "../review/model";
import { csvLine } from "../system/csv";
import type { AuditFinding, AuditReport } from "./documentShape";
import { auditRules } from "./rules";
import { tenantRules } from "./tenantRules";

/**
 * An audit in the form of a review, so that it is written like one.
 *
 * @param stack The stack whose tenant it is; absent where the environment names the tenant.
 * @param several Whether it stands among others, where what is equal is said once: the ids of applications,
 *   which differ in each tenant, are then left to the forms for programs.
 */
export function auditAsReview(
  report: AuditReport,
  stack: string | undefined,
  several: boolean,
): StackReview {
  const { tenant, applications, findings, accepted, requests, complete, warnings } = report;
  const managed = applications.filter(({ stack }) => stack !== undefined).length;
  return {
    stack: stack ?? tenant,
    ...(stack === undefined ? {} : { tenantId: tenant }),
    changes: findings.map((finding) => changeOfFinding(finding, several)),
    violations: [],
    rest: {},
    replacements: [],
    warnings: [
      ...warnings,
      ...accepted.map(
        ({ finding, reason, until }) =>
          `Accepted until ${until}: ${finding.rule} of ${finding.name} (${finding.subject}). ${reason}`,
      ),
      `${applications.length} applications have app-only reach into Exchange or compliance, ${managed} of them managed by a stack of this project.${several ? "" : ` Read with ${requests} requests.`}`,
    ],
    complete,
  };
}

const ruleKinds: Readonly<Record<string, { readonly kind: PermissionChangeKind }>> = {
  ...auditRules,
  ...tenantRules,
};

function changeOfFinding(
  { rule, severity, application, name, ...finding }: AuditFinding,
  several: boolean,
): PermissionChange {
  return {
    kind: ruleKinds[rule]?.kind ?? "unclassified",
    action: "hold",
    subject: finding.subject,
    target: name,
    resource: several ? "" : application,
    risk: severity,
    reason: finding.reason,
    source: finding.source,
    remedies: [finding.remedy, `Rule ${rule}${several ? "" : `, application ${application}`}.`],
  };
}

const columns = [
  "severity",
  "rule",
  "name",
  "application",
  "subject",
  "reason",
  "remedy",
  "source",
] as const;

/** The findings of tenants as comma-separated values, one a line, with the tenant's id last. */
export function auditAsCsv(reports: readonly AuditReport[]): string {
  const rows = reports.flatMap(({ tenant, findings }) =>
    findings.map((one) => [...columns.map((column) => one[column]), tenant]),
  );
  return [[...columns, "tenant"], ...rows].map(csvLine).join("");
}
