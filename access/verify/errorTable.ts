import type { ErrorRow } from "./errorRow";
import { powershellErrors } from "./powershellErrors";
import { vaultProblems } from "../../microsoft/keyVault/problems";
import { signInErrors } from "./signInErrors";
import { appOnlyPage, consentStep, errorCodesPage, learn } from "../../policy/rules/data/pages";

const m365 = `${learn}/microsoft-365/enterprise`;
const step5 = `${appOnlyPage}#step-5-assign-microsoft-entra-roles-to-the-application`;

const errorRows = {
  ...signInErrors,
  ...vaultProblems,
  "consent-missing": {
    cause:
      "The token for {workload} has no Exchange.ManageAsApp: admin consent is missing or has not arrived.",
    remedy:
      "After a consent wait some minutes. Where it was taken away: apponly up --refresh --stack NAME",
    propagating: true,
    symptoms: [
      "UnAuthorized",
      "The remote server returned an error: (401) Unauthorized.",
      "401 (Unauthorized)",
    ],
    numbers: [65001, 65005, 650056, 650057, 90094],
    source: consentStep,
  },
  "consent-late": {
    cause: "Admin consent is recorded, but the token for {workload} does not carry it yet.",
    remedy: "Wait some minutes: the consent is on its way.",
    propagating: true,
    source: consentStep,
  },
  "consent-absent": {
    cause:
      "The application neither asks for all of Exchange.ManageAsApp that {workload} needs, nor was it granted.",
    remedy: "Find out who took it away, and grant it again: apponly up --refresh --stack NAME",
    symptoms: ["UnAuthorized"],
    source: consentStep,
  },
  "manifest-without-consent": {
    cause:
      "The application asks for Exchange.ManageAsApp, but nobody has consented to it for the tenant.",
    remedy:
      "A permission in the manifest is a wish, not a grant. Consent again: apponly up --refresh --stack NAME",
    symptoms: ["UnAuthorized"],
    source: consentStep,
  },
  "role-missing": {
    cause: "The application has no directory role, or the role has not arrived yet.",
    remedy:
      "After an update wait some minutes. Where a role was taken away: `apponly up --refresh --stack NAME`. Where apponly:directoryRoles has none that serves it, add one.",
    propagating: true,
    symptoms: [
      "The role assigned to application … isn't supported in this scenario.",
      "The application … isn't assigned to any management roles",
      "The user … isn't assigned to any management roles",
      "The user isn't assigned to any management roles",
    ],
    source: step5,
  },
  "role-late": {
    cause: "The role {role} is recorded, but the token does not carry it yet.",
    remedy: "Wait some minutes: the role is on its way.",
    propagating: true,
    source: step5,
  },
  "role-absent": {
    cause: "The application holds no directory role in the tenant.",
    remedy:
      "Where apponly:directoryRoles names one that serves {workload}, somebody took it away: `apponly up --refresh --stack NAME`. Otherwise add one: {roles}.",
    symptoms: [
      "The role assigned to application … isn't supported in this scenario.",
      "The application … isn't assigned to any management roles",
      "The user … isn't assigned to any management roles",
      "The user isn't assigned to any management roles",
    ],
    source: step5,
  },
  "role-scoped": {
    cause:
      "The application holds {role} on {scope} only, which app-only access does not take: it counts for the whole tenant, or not at all.",
    remedy:
      "Assign the role for the whole tenant: add it to apponly:directoryRoles, and run apponly up --refresh --stack NAME",
    symptoms: ["The role assigned to application … isn't supported in this scenario."],
    source: step5,
  },
  "role-by-group": {
    cause:
      "The application holds {role} through the group {group} only, and its token does not carry it.",
    remedy:
      "Assign the role to the application itself: add it to apponly:directoryRoles, and run apponly up --refresh --stack NAME",
    propagating: true,
    symptoms: ["The role assigned to application … isn't supported in this scenario."],
    source: step5,
  },
  "role-only-eligible": {
    cause:
      "The application is only eligible for {role}, and nobody activates a role for an application.",
    remedy:
      "Assign the role as active: add it to apponly:directoryRoles, and run apponly up --refresh --stack NAME",
    symptoms: ["The role assigned to application … isn't supported in this scenario."],
    source: step5,
  },
  "role-unsupported": {
    cause: "None of the application's directory roles serves {workload}.",
    remedy:
      "Where apponly:directoryRoles names one that does, somebody took it away: `apponly up --refresh --stack NAME`. Otherwise add one: {roles}.",
    propagating: true,
    symptoms: ["The role assigned to application … isn't supported in this scenario."],
    source: step5,
  },
  "workload-late": {
    cause:
      "The token has the permission and the role, but {workload} does not let the application in yet ({error}).",
    remedy:
      "Wait: the workload learns of new roles last. If it takes longer than a day, ask Microsoft.",
    propagating: true,
    symptoms: [
      "UnAuthorized",
      "The role assigned to application … isn't supported in this scenario.",
    ],
    source: step5,
  },
  "cmdlet-not-allowed": {
    cause: "The application's rights in {workload} do not reach as far as {cmdlet}.",
    remedy: "Choose a role that covers what the job does.",
    symptoms: [
      "User is not allowed to call …",
      "The term '…' is not recognized as a name of a cmdlet",
      "The term '…' is not recognized as the name of a cmdlet",
    ],
    marks: ["(…:String) [], CommandNotFoundException"],
    source: "https://learn.microsoft.com/powershell/exchange/find-exchange-cmdlet-permissions",
  },
  "workload-absent": {
    cause: "{workload} does not know the tenant {tenantId}.",
    remedy: "Check that the tenant has an Exchange Online licence; a new tenant needs some hours.",
    symptoms: ["The tenant for tenant guid '…' does not exist."],
    source: appOnlyPage,
  },
  throttled: {
    cause: "{host} is throttling requests.",
    remedy: "Wait, and run fewer jobs at a time.",
    propagating: true,
    symptoms: [
      "You have reached the maximum number of concurrent requests per tenant.",
      "you have exceeded the maximum number of connections allowed",
      "Too many requests",
    ],
    numbers: [90055, 50196],
    marks: ["(429)", "OverBudgetException"],
    source: "https://learn.microsoft.com/graph/throttling",
  },
  "service-unavailable": {
    cause: "{host} answered HTTP {status}.",
    remedy: "Wait, and look at the service health of Microsoft 365.",
    propagating: true,
    symptoms: ["503 (Service Unavailable)", "(503) Server Unavailable"],
    numbers: [50000, 50033, 90006, 90012, 90024, 90025, 90033, 90090, 90091],
    marks: ["(503)"],
    source: `${m365}/view-service-health`,
  },
  "connection-lost": {
    cause: "The connection to {host} broke off ({error}).",
    remedy: "Try again; if it lasts, look for a firewall that cuts connections.",
    propagating: true,
    symptoms: [
      "An existing connection was forcibly closed by the remote host",
      "The request was canceled due to the configured HttpClient.Timeout",
      "The response ended prematurely",
      "The operation has timed out",
      "A task was canceled",
    ],
    marks: [
      "0x80072EFE",
      "0x80072EFF",
      "0x80072EE2",
      "0x80072746",
      "SocketErrorCode : ConnectionReset",
      "ConnectionClosed",
      "KeepAliveFailure",
    ],
    source: `${m365}/urls-and-ip-address-ranges`,
  },
  "network-refused": {
    cause: "{host} cannot be reached ({error}).",
    remedy: "Allow outgoing https to it, or set HTTPS_PROXY.",
    symptoms: [
      "The remote name could not be resolved",
      "No such host is known",
      "Unable to connect to the remote server",
      "Name or service not known",
      "Resource temporarily unavailable (",
      "nodename nor servname provided, or not known",
      "the connected party did not properly respond after a period of time",
      "No connection could be made because the target machine actively refused it",
    ],
    marks: [
      "0x80072EE7",
      "0x80072EFD",
      "0x8007274C",
      "0x8007274D",
      "0x80072AF9",
      "NameResolutionFailure",
      "NameResolutionError",
      "ConnectFailure",
      "SocketErrorCode : HostNotFound",
      "SocketErrorCode : TryAgain",
      "SocketErrorCode : ConnectionRefused",
      "SocketErrorCode : TimedOut",
    ],
    source: `${m365}/urls-and-ip-address-ranges`,
  },
  "proxy-answered": {
    cause: "What answered for {host} is not Microsoft's ({error}): a proxy or a sign-in page.",
    remedy: "Exempt the host from the proxy, or let the job through.",
    symptoms: [
      "(407) Proxy Authentication Required",
      "407 (Proxy Authentication Required)",
      "The proxy tunnel request to proxy '…' failed with status code '407'",
    ],
    marks: ["(407)", "ProxyTunnelError"],
    source: `${m365}/urls-and-ip-address-ranges`,
  },
  "tls-intercepted": {
    cause: "The certificate of {host} is not trusted ({error}): something intercepts TLS.",
    remedy:
      "Exempt the host from inspection, or trust the inspecting authority: for apponly with NODE_EXTRA_CA_CERTS, for PowerShell in the system's store.",
    symptoms: [
      "Could not establish trust relationship for the SSL/TLS secure channel",
      "The remote certificate is invalid",
      "The SSL connection could not be established",
    ],
    marks: [
      "0x80090325",
      "0x800B0109",
      "0x800B010A",
      "0x80072F0D",
      "TrustFailure",
      "SecureConnectionError",
      "System.Security.Authentication.AuthenticationException",
    ],
    source: `${m365}/microsoft-365-network-connectivity-principles`,
  },
  ...powershellErrors,
  "token-refused": {
    cause: "Microsoft Entra ID refused the token: {error}",
    remedy: "Look the AADSTS number up on the page of Microsoft Entra ID's error codes.",
    source: errorCodesPage,
  },
  "workload-refused": {
    cause: "{workload} refused: {error}",
    remedy: "Check the connection settings and the role, and try again.",
    source: appOnlyPage,
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** Stable name of a cause, for example `consent-missing`. */
export type DiagnosisCode = keyof typeof errorRows;

/** The error table: one row per cause that is told apart. */
export const errorTable: Readonly<Record<DiagnosisCode, ErrorRow>> = errorRows;

/** The cause that a number of Microsoft Entra ID always has, where it has one. */
export const codesByNumber: ReadonlyMap<number, DiagnosisCode> = new Map(
  Object.entries(errorTable).flatMap(([code, { numbers = [] }]) =>
    numbers.map((number) => [number, code as DiagnosisCode] as const),
  ),
);

/** Every cause that is told apart. */
export const diagnosisCodes = Object.keys(errorRows) as readonly DiagnosisCode[];
