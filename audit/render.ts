import type { PermissionChange, StackReview } from "../review/documentShape";
import type { PermissionChangeKind } from "../review/model";
import { csvLine } from "../system/csv";
import type { AuditFinding, AuditReport } from "./documentShape";
import { auditRules } from "./rules";
import { tenantRules } from "./tenantRules";

/** An audit in the form of a review, so that it is written like one. */
export function auditAsReview(report: AuditReport): StackReview {
  const { tenant, applications, findings, accepted, requests, complete, warnings } = report;
  const managed = applications.filter(({ stack }) => stack !== undefined).length;
  return {
    stack: tenant,
    changes: findings.map(changeOfFinding),
    violations: [],
    rest: {},
    replacements: [],
    warnings: [
      ...warnings,
      ...accepted.map(
        ({ finding, reason, until }) =>
          `Accepted until ${until}: ${finding.rule} of ${finding.name} (${finding.subject}). ${reason}`,
      ),
      `${applications.length} applications have app-only reach into Exchange or compliance, ${managed} of them managed by a stack of this project. Read with ${requests} requests.`,
    ],
    complete,
  };
}

const ruleKinds: Readonly<Record<string, { readonly kind: PermissionChangeKind }>> = {
  ...auditRules,
  ...tenantRules,
};

function changeOfFinding({
  rule,
  severity,
  application,
  name,
  ...finding
}: AuditFinding): PermissionChange {
  return {
    kind: ruleKinds[rule]?.kind ?? "unclassified",
    action: "hold",
    subject: finding.subject,
    target: name,
    resource: application,
    risk: severity,
    reason: finding.reason,
    source: finding.source,
    remedies: [finding.remedy, `Rule ${rule}, application ${application}.`],
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
