import type { Workload } from "../../components/catalog";
import { workloadTitles } from "../../components/catalog";

/** Why a link of the chain fails, and what to do. */
export interface Diagnosis {
  /** Stable name of the cause, for example `consent-missing`. */
  readonly code: DiagnosisCode;
  /** One line. */
  readonly cause: string;
  readonly remedy: string;
  /** Whether waiting may heal it: what was just granted needs minutes to reach every service. */
  readonly propagating: boolean;
}

/** Every cause that is told apart. */
export const diagnosisCodes = [
  "certificate-expired",
  "certificate-not-yet-valid",
  "certificate-not-registered",
  "wrong-tenant",
  "application-not-found",
  "wrong-organization",
  "clock-skew",
  "app-disabled",
  "assignment-required",
  "conditional-access",
  "resource-missing",
  "federated-subject",
  "consent-missing",
  "role-missing",
  "role-unsupported",
  "cmdlet-not-allowed",
  "throttled",
  "service-unavailable",
  "network-refused",
  "tls-intercepted",
  "token-refused",
  "workload-refused",
] as const;

/** One of {@link diagnosisCodes}. */
export type DiagnosisCode = (typeof diagnosisCodes)[number];

interface Row {
  readonly cause: string;
  readonly remedy: string;
  readonly propagating?: boolean;
}

/** The error table: one row per cause. `{…}` are filled in by {@link diagnose}. */
export const errorTable: Readonly<Record<DiagnosisCode, Row>> = {
  "certificate-expired": {
    cause: "The certificate expired at {notAfter}.",
    remedy: "Add a new generation, update, and activate it.",
  },
  "certificate-not-yet-valid": {
    cause: "The certificate is not valid before {notBefore}.",
    remedy: "Wait until then, or correct this machine's clock.",
  },
  "certificate-not-registered": {
    cause: "Microsoft Entra ID does not know the certificate for this application.",
    remedy: "Run `pulumi up`. After a rotation it takes up to some minutes to be known everywhere.",
    propagating: true,
  },
  "wrong-tenant": {
    cause: "The tenant {tenantId} does not exist in this cloud.",
    remedy: "Check azuread:tenantId and apponly:cloud.",
  },
  "application-not-found": {
    cause: "The application {applicationId} is not in the tenant {tenantId}.",
    remedy: "Check that the tenant is the stack's own, and run `pulumi up`.",
    propagating: true,
  },
  "wrong-organization": {
    cause: "{organization} is not an initial domain of the tenant.",
    remedy:
      "Use the tenant's .onmicrosoft.com domain: remove apponly:organization to have it looked up.",
  },
  "clock-skew": {
    cause: "This machine's clock is more than five minutes off.",
    remedy: "Synchronize the clock.",
  },
  "app-disabled": {
    cause: "The service principal of the application is disabled.",
    remedy: "Find out who disabled it and why before you enable it again.",
  },
  "assignment-required": {
    cause: "The resource admits assigned applications alone, and this one is not assigned.",
    remedy: "Assign the application to the resource, or lift the requirement there.",
  },
  "conditional-access": {
    cause: "A conditional access policy for workload identities blocks the sign-in.",
    remedy: "Ask for the job's network to be allowed for this application, or run it where it is.",
  },
  "resource-missing": {
    cause: "The tenant has no service principal for {workload}.",
    remedy: "Create it once, as the preview's error describes, and run `pulumi up`.",
  },
  "federated-subject": {
    cause: "No federated credential matches the issuer and subject of the token.",
    remedy: "Compare federatedCredentials with the token's iss and sub, letter for letter.",
  },
  "consent-missing": {
    cause:
      "The token for {workload} has no Exchange.ManageAsApp: admin consent is missing or has not arrived.",
    remedy: "Run `pulumi up`, and wait some minutes after the consent.",
    propagating: true,
  },
  "role-missing": {
    cause: "The application has no directory role, or the role has not arrived yet.",
    remedy: "Add a role to apponly:directoryRoles, run `pulumi up`, and wait some minutes.",
    propagating: true,
  },
  "role-unsupported": {
    cause: "None of the application's directory roles serves {workload}.",
    remedy: "Add one that does: {roles}.",
    propagating: true,
  },
  "cmdlet-not-allowed": {
    cause: "The directory role does not allow the cmdlet {cmdlet}.",
    remedy: "Choose a role that covers what the job does.",
  },
  throttled: {
    cause: "{host} is throttling requests.",
    remedy: "Wait, and run fewer jobs at a time.",
    propagating: true,
  },
  "service-unavailable": {
    cause: "{host} answered HTTP {status}.",
    remedy: "Wait, and look at the service health of Microsoft 365.",
    propagating: true,
  },
  "network-refused": {
    cause: "{host} cannot be reached ({error}).",
    remedy: "Allow outgoing https to it, or set the proxy.",
  },
  "tls-intercepted": {
    cause: "The certificate of {host} is not trusted: something intercepts TLS.",
    remedy:
      "Exempt the host from inspection, or trust the inspecting authority with NODE_EXTRA_CA_CERTS.",
  },
  "token-refused": {
    cause: "Microsoft Entra ID refused the token: {error}",
    remedy: "Look the AADSTS code up at https://login.microsoftonline.com/error.",
  },
  "workload-refused": {
    cause: "{workload} refused: {error}",
    remedy: "Check the connection settings and the role, and try again.",
  },
};

/** Fills in a row of the table. */
export function diagnose(
  code: DiagnosisCode,
  facts: Readonly<Record<string, string | number | undefined>> = {},
): Diagnosis {
  const row = errorTable[code];
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? "unknown"));
  return {
    code,
    cause: fill(row.cause),
    remedy: fill(row.remedy),
    propagating: row.propagating ?? false,
  };
}

/** The workload's name, for the facts of a diagnosis. */
export function titleOf(workload: Workload): string {
  return workloadTitles[workload];
}
