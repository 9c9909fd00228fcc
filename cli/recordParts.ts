import type { AuditReport } from "../audit/documentShape";
import type { PublicOutputs } from "../components/outputs";
import type { RecordedAccess, RecordPart } from "../fleet/record";
import { configurationInFile } from "../operations/pulumiYaml";
import { sharedSettings } from "../operations/sharedSettings";
import { listOf, propertiesOf, textOf } from "../policy/rules/values";
import type { StackReview } from "../review/documentShape";
import { countRisks } from "../review/render/wording";

/** What a stack's outputs say of its tenant, its certificates and what its application may do. */
export function partOfOutputs(outputs: PublicOutputs): RecordPart {
  const { organization, tenantId, cloud, applicationId: application } = outputs;
  return {
    tenant: organization,
    tenantId,
    cloud,
    certificates: outputs.certificates.map(({ name, thumbprint, notAfter, active }) => ({
      application,
      generation: name,
      thumbprint,
      notAfter,
      active,
    })),
    access: [
      ...outputs.permissions.map(({ resource, value }) => ({
        application,
        kind: "permission" as const,
        name: `${value} of ${resource}`,
      })),
      ...outputs.directoryRoles.map(({ name }) => ({
        application,
        kind: "directory-role" as const,
        name,
      })),
      ...(outputs.federatedCredentials ?? []).map(({ issuer, subject }) => ({
        application,
        kind: "federated-credential" as const,
        name: issuer,
        scope: subject,
      })),
    ],
  };
}

/** The exceptions of a stack's settings. */
export function partOfSettings(settingsFile: string): RecordPart {
  const key = "apponly:exceptions";
  const own = configurationInFile(settingsFile)[key];
  return {
    exceptions: listOf(own === undefined ? sharedSettings(settingsFile, [key])[key] : own)
      .map(propertiesOf)
      .flatMap(({ role, until, reason }) => {
        const [subject, day, why] = [textOf(role), textOf(until), textOf(reason)];
        return subject !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(day ?? "")
          ? [{ subject, until: day ?? "", ...(why === undefined ? {} : { reason: why }) }]
          : [];
      }),
  };
}

/**
 * What a review has found.
 *
 * @param kind Whether it compares the stack with what it will be, or with its tenant.
 */
export function partOfReview(
  { tenant, changes, violations, complete }: StackReview,
  kind: "change" | "drift" = "change",
): RecordPart {
  return {
    ...(tenant === undefined ? {} : { tenant }),
    risks: countRisks(changes),
    findings: [
      ...changes
        .filter(({ risk }) => risk !== "info")
        .map(({ risk, action, subject, target, reason, kind: what }) => ({
          kind,
          risk,
          subject: `${action} ${what.replaceAll("-", " ")} ${subject}`,
          ...(target === undefined ? {} : { target }),
          text: reason,
        })),
      ...violations.map(({ severity, policy, resource, message, remediation }) => ({
        kind: "policy" as const,
        risk: severity,
        subject: policy,
        target: resource,
        text: message,
        remedy: remediation,
      })),
    ],
    ...(complete ? {} : { unread: ["The preview is not whole."] }),
  };
}

/** Rules that find access which nobody uses. */
const unusedRules: readonly string[] = ["unused", "disabled"];

/** What an audit has found of a tenant: who reaches what, and what is wrong with it. */
export function partOfAudit({
  tenant,
  applications,
  findings,
  complete,
  warnings,
}: AuditReport): RecordPart {
  return {
    tenantId: tenant,
    risks: countRisks(findings.map(({ severity }) => ({ risk: severity }))),
    findings: findings.map(({ rule, severity, name, application, subject, reason, remedy }) => ({
      kind: unusedRules.includes(rule) ? ("unused" as const) : ("access" as const),
      risk: severity,
      subject: `${rule}: ${subject}`,
      target: `${name} (${application})`,
      text: reason,
      remedy,
    })),
    access: applications.flatMap(({ name, permissions, directoryRoles, exchangeRoles }) => {
      const entries = (kind: RecordedAccess["kind"], names: readonly string[]) =>
        names.map((one): RecordedAccess => ({ application: name, kind, name: one }));
      return [
        ...entries("permission", permissions),
        ...entries("directory-role", directoryRoles),
        ...entries("exchange-role", exchangeRoles),
      ];
    }),
    ...(complete ? {} : { unread: [...warnings] }),
  };
}
