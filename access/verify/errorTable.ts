/** One cause of a broken chain. `{…}` are filled in when the cause is met. */
export interface ErrorRow {
  readonly cause: string;
  readonly remedy: string;
  /** Whether waiting may heal it: grants need minutes to reach every service. */
  readonly propagating?: boolean;
  /**
   * How the cause shows in PowerShell, where a text is known: beginnings of the messages, `…` where
   * they name an id. Several causes can share one text.
   */
  readonly symptoms?: readonly string[];
  /** Page that says more. */
  readonly source: string;
}

const entra = "https://learn.microsoft.com/entra";
const m365 = "https://learn.microsoft.com/microsoft-365/enterprise";
const appOnly = "https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2";
const certificates = `${entra}/identity-platform/certificate-credentials`;
const errorCodes = `${entra}/identity-platform/reference-error-codes`;
const step2 = `${appOnly}#step-2-assign-api-permissions-to-the-application`;
const step5 = `${appOnly}#step-5-assign-microsoft-entra-roles-to-the-application`;

const errorRows = {
  "certificate-expired": {
    cause: "The certificate expired at {notAfter}.",
    remedy: "Add a new generation, update, and activate it.",
    symptoms: [
      "AADSTS700027: The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired.",
    ],
    source: certificates,
  },
  "certificate-not-yet-valid": {
    cause: "The certificate is not valid before {notBefore}.",
    remedy: "Wait until then, or correct this machine's clock.",
    symptoms: [
      "AADSTS700027: The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired.",
    ],
    source: certificates,
  },
  "key-mismatch": {
    cause: "The private key does not belong to the certificate, or cannot be read.",
    remedy: "Hand over the .pfx of this generation, or roll to a new one.",
    symptoms: ["AADSTS700027: Client assertion failed signature validation."],
    source: certificates,
  },
  "certificate-not-registered": {
    cause: "Microsoft Entra ID does not know the certificate for this application.",
    remedy: "Run `pulumi up`. After a rotation it takes up to some minutes to be known everywhere.",
    propagating: true,
    symptoms: [
      "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.",
    ],
    source: `${appOnly}#step-4-attach-the-certificate-to-the-microsoft-entra-application`,
  },
  "wrong-tenant": {
    cause: "The tenant {tenantId} does not exist in this cloud, or the token is of another.",
    remedy: "Check azuread:tenantId and apponly:cloud.",
    symptoms: [
      "AADSTS90002: Tenant '…' not found.",
      "AADSTS900023: Specified tenant identifier '…' is neither a valid DNS name, nor a valid external domain.",
      "AADSTS50059: No tenant-identifying information found",
    ],
    source: errorCodes,
  },
  "application-not-found": {
    cause: "The application {applicationId} is not in the tenant {tenantId}.",
    remedy: "Check that the tenant is the stack's own, and run `pulumi up`.",
    propagating: true,
    symptoms: ["AADSTS700016: Application with identifier '…' was not found in the directory '…'."],
    source: errorCodes,
  },
  "service-principal-missing": {
    cause: "The application {applicationId} has no service principal in the tenant {tenantId}.",
    remedy: "Run `pulumi up`.",
    propagating: true,
    symptoms: [
      "AADSTS7000229: The client application … is missing service principal in the tenant …",
    ],
    source: `${entra}/identity-platform/app-objects-and-service-principals`,
  },
  "wrong-organization": {
    cause: "{organization} is not the initial domain of the tenant {tenantId}.",
    remedy:
      "Use the tenant's .onmicrosoft.com domain: remove apponly:organization to have it looked up.",
    symptoms: [
      "AADSTS90002: Tenant '…' not found.",
      "AADSTS700016: Application with identifier '…' was not found in the directory '…'.",
    ],
    source: appOnly,
  },
  "clock-skew": {
    cause: "This machine's clock is {offset}.",
    remedy: "Synchronize the clock.",
    symptoms: ["AADSTS700024: Client assertion is not within its valid time range."],
    source: certificates,
  },
  "app-disabled": {
    cause: "The service principal of the application is disabled.",
    remedy: "Find out who disabled it and why before you enable it again.",
    symptoms: ["AADSTS7000112: Application '…'(…) is disabled."],
    source: `${entra}/identity/enterprise-apps/disable-user-sign-in-portal`,
  },
  "assignment-required": {
    cause: "The resource admits only assigned applications, and this one is not assigned.",
    remedy: "Assign the application to the resource, or lift the requirement there.",
    symptoms: [
      "AADSTS501051: Application '…'(…) is not assigned to a role for the application '…'(…).",
    ],
    source: `${entra}/identity-platform/howto-restrict-your-app-to-a-set-of-users`,
  },
  "conditional-access": {
    cause: "A conditional access policy for workload identities blocks the sign-in.",
    remedy: "Ask for the job's network to be allowed for this application, or run it where it is.",
    symptoms: ["AADSTS53003: Access has been blocked by Conditional Access policies."],
    source: `${entra}/identity/conditional-access/workload-identity`,
  },
  "resource-missing": {
    cause: "The tenant has no service principal for {workload}.",
    remedy: "Create it once, as the preview's error describes, and run `pulumi up`.",
    symptoms: ["AADSTS500011: The resource principal named … was not found in the tenant named …"],
    source: step2,
  },
  "resource-disabled": {
    cause: "The service principal of {workload} is disabled in the tenant.",
    remedy: "Check the tenant's Exchange Online licence, and who disabled it.",
    symptoms: ["AADSTS500014: The service principal for resource '…' is disabled."],
    source: errorCodes,
  },
  "federated-subject": {
    cause: "No federated credential matches the issuer, subject and audience of the token.",
    remedy: "Compare federatedCredentials with the token's iss, sub and aud, letter for letter.",
    symptoms: [
      "AADSTS700213: No matching federated identity record found for presented assertion subject '…'.",
      "AADSTS700211: No matching federated identity record found for presented assertion issuer '…'.",
      "AADSTS700212: No matching federated identity record found for presented assertion audience '…'.",
      "AADSTS70021: No matching federated identity record found for presented assertion.",
    ],
    source: `${entra}/workload-id/workload-identity-federation-create-trust`,
  },
  "assertion-unavailable": {
    cause: "The job got no token of its identity provider: {error}",
    remedy: "Let the job ask for one: on GitHub Actions `permissions: id-token: write`.",
    source: `${entra}/workload-id/workload-identity-federation`,
  },
  "consent-missing": {
    cause:
      "The token for {workload} has no Exchange.ManageAsApp: admin consent is missing or has not arrived.",
    remedy: "Run `pulumi up`, and wait some minutes after the consent.",
    propagating: true,
    symptoms: ["UnAuthorized", "The remote server returned an error: (401) Unauthorized."],
    source: step2,
  },
  "consent-late": {
    cause: "Admin consent is recorded, but the token for {workload} does not carry it yet.",
    remedy: "Wait some minutes: the consent is on its way.",
    propagating: true,
    source: step2,
  },
  "consent-absent": {
    cause:
      "The application neither asks for all of Exchange.ManageAsApp that {workload} needs, nor was it granted.",
    remedy: "Run `pulumi up`, and find out who took it away.",
    symptoms: ["UnAuthorized"],
    source: step2,
  },
  "manifest-without-consent": {
    cause:
      "The application asks for Exchange.ManageAsApp, but nobody has consented to it for the tenant.",
    remedy: "Run `pulumi up`, which consents: a permission in the manifest is a wish, not a grant.",
    symptoms: ["UnAuthorized"],
    source: step2,
  },
  "role-missing": {
    cause: "The application has no directory role, or the role has not arrived yet.",
    remedy: "Add a role to apponly:directoryRoles, run `pulumi up`, and wait some minutes.",
    propagating: true,
    symptoms: [
      "The role assigned to application … isn't supported in this scenario.",
      "The application … isn't assigned to any management roles",
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
    remedy: "Add one to apponly:directoryRoles that serves {workload}, and run `pulumi up`.",
    symptoms: [
      "The role assigned to application … isn't supported in this scenario.",
      "The application … isn't assigned to any management roles",
    ],
    source: step5,
  },
  "role-unsupported": {
    cause: "None of the application's directory roles serves {workload}.",
    remedy: "Add one that does: {roles}.",
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
    ],
    source: "https://learn.microsoft.com/powershell/exchange/find-exchange-cmdlet-permissions",
  },
  "workload-absent": {
    cause: "{workload} does not know the tenant {tenantId}.",
    remedy: "Check that the tenant has an Exchange Online licence; a new tenant needs some hours.",
    symptoms: ["The tenant for tenant guid '…' does not exist."],
    source: appOnly,
  },
  throttled: {
    cause: "{host} is throttling requests.",
    remedy: "Wait, and run fewer jobs at a time.",
    propagating: true,
    symptoms: ["You have reached the maximum number of concurrent requests per tenant."],
    source: "https://learn.microsoft.com/graph/throttling",
  },
  "service-unavailable": {
    cause: "{host} answered HTTP {status}.",
    remedy: "Wait, and look at the service health of Microsoft 365.",
    propagating: true,
    source: `${m365}/view-service-health`,
  },
  "connection-lost": {
    cause: "The connection to {host} broke off ({error}).",
    remedy: "Try again; if it lasts, look for a firewall that cuts connections.",
    propagating: true,
    source: `${m365}/urls-and-ip-address-ranges`,
  },
  "network-refused": {
    cause: "{host} cannot be reached ({error}).",
    remedy: "Allow outgoing https to it, or set HTTPS_PROXY.",
    source: `${m365}/urls-and-ip-address-ranges`,
  },
  "proxy-answered": {
    cause: "What answered for {host} is not Microsoft's ({error}): a proxy or a sign-in page.",
    remedy: "Exempt the host from the proxy, or let the job through.",
    source: `${m365}/urls-and-ip-address-ranges`,
  },
  "tls-intercepted": {
    cause: "The certificate of {host} is not trusted ({error}): something intercepts TLS.",
    remedy:
      "Exempt the host from inspection, or trust the inspecting authority with NODE_EXTRA_CA_CERTS.",
    source: `${m365}/microsoft-365-network-connectivity-principles`,
  },
  "token-refused": {
    cause: "Microsoft Entra ID refused the token: {error}",
    remedy: "Look the AADSTS code up at https://login.microsoftonline.com/error.",
    source: errorCodes,
  },
  "workload-refused": {
    cause: "{workload} refused: {error}",
    remedy: "Check the connection settings and the role, and try again.",
    source: appOnly,
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;

/** Stable name of a cause, for example `consent-missing`. */
export type DiagnosisCode = keyof typeof errorRows;

/** The error table: one row per cause that is told apart. */
export const errorTable: Readonly<Record<DiagnosisCode, ErrorRow>> = errorRows;

/** Every cause that is told apart. */
export const diagnosisCodes = Object.keys(errorRows) as readonly DiagnosisCode[];
