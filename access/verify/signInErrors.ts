import type { ErrorRow } from "./errorRow";
import { appOnlyPage, consentStep, errorCodesPage, learn } from "../../policy/rules/data/pages";

const certificatesPage = `${learn}/entra/identity-platform/certificate-credentials`;

/** Causes that end the sign-in: between the certificate and the token. */
export const signInErrors = {
  "certificate-expired": {
    cause: "The certificate expired at {notAfter}.",
    remedy: "Rotate it: apponly rotate --stack NAME",
    symptoms: [
      "AADSTS700027: The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired.",
    ],
    numbers: [1000502],
    source: certificatesPage,
  },
  "certificate-not-yet-valid": {
    cause: "The certificate is not valid before {notBefore}.",
    remedy: "Wait until then, or correct this machine's clock.",
    symptoms: [
      "AADSTS700027: The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired.",
    ],
    source: certificatesPage,
  },
  "key-mismatch": {
    cause: "The private key does not belong to the certificate, or cannot be read.",
    remedy: "Hand over the .pfx of this generation, or roll to a new one.",
    symptoms: [
      "AADSTS700027: Client assertion failed signature validation.",
      "AADSTS50012: Client assertion contains an invalid signature.",
    ],
    source: certificatesPage,
  },
  "certificate-not-registered": {
    cause: "Microsoft Entra ID does not know the certificate for this application.",
    remedy:
      "After a rotation wait some minutes. Where somebody has removed it: apponly up --refresh --stack NAME",
    propagating: true,
    symptoms: [
      "AADSTS700027: The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.",
      "AADSTS50012: Client assertion contains an invalid signature. [Reason - The key was not found.",
    ],
    numbers: [700030],
    source: `${appOnlyPage}#step-4-attach-the-certificate-to-the-microsoft-entra-application`,
  },
  "certificate-revoked": {
    cause: "The authority that issued the certificate has revoked it.",
    remedy:
      "Ask the authority why, supply a new certificate, and roll over: apponly rotate --stack NAME",
    symptoms: ["AADSTS7000214: Certificate has been revoked."],
    numbers: [7000214, 7000277],
    source: errorCodesPage,
  },
  "wrong-tenant": {
    cause: "The tenant {tenantId} does not exist in this cloud, or the token is of another.",
    remedy: "Check azuread:tenantId and apponly:cloud.",
    symptoms: [
      "AADSTS90002: Tenant '…' not found.",
      "AADSTS900023: Specified tenant identifier '…' is neither a valid DNS name, nor a valid external domain.",
      "AADSTS50059: No tenant-identifying information found",
    ],
    numbers: [
      50029, 50049, 50059, 50128, 50194, 90002, 90019, 900023, 90038, 900382, 90051, 90124, 90130,
      900432, 900439, 9001023,
    ],
    source: errorCodesPage,
  },
  "tenant-restricted": {
    cause:
      "Access to the tenant {tenantId} is denied: a proxy of the job's network adds tenant restrictions, or a cross-tenant policy forbids it.",
    remedy:
      "Have the tenant added to Restrict-Access-To-Tenants of that proxy, or run the job in another network.",
    symptoms: ["AADSTS500021: Access to '…' tenant is denied."],
    numbers: [50002, 500021, 500022, 500212, 500213],
    source: `${learn}/entra/identity/enterprise-apps/tenant-restrictions`,
  },
  "application-not-found": {
    cause: "The application {applicationId} is not in the tenant {tenantId}.",
    remedy:
      "Check that the tenant is the stack's own. Where the application was deleted: apponly up --refresh --stack NAME",
    propagating: true,
    symptoms: ["AADSTS700016: Application with identifier '…' was not found in the directory '…'."],
    numbers: [70001, 700011, 700016],
    source: errorCodesPage,
  },
  "service-principal-missing": {
    cause: "The application {applicationId} has no service principal in the tenant {tenantId}.",
    remedy: "Make it again: apponly up --refresh --stack NAME",
    propagating: true,
    symptoms: [
      "AADSTS7000229: The client application … is missing service principal in the tenant …",
    ],
    numbers: [7000229],
    source: `${learn}/entra/identity-platform/app-objects-and-service-principals`,
  },
  "wrong-organization": {
    cause: "{organization} is not the initial domain of the tenant {tenantId}.",
    remedy:
      "Use the tenant's .onmicrosoft.com domain: remove apponly:organization to have it looked up.",
    symptoms: [
      "AADSTS90002: Tenant '…' not found.",
      "AADSTS700016: Application with identifier '…' was not found in the directory '…'.",
    ],
    source: appOnlyPage,
  },
  "clock-skew": {
    cause: "This machine's clock is {offset}.",
    remedy: "Synchronize the clock.",
    symptoms: ["AADSTS700024: Client assertion is not within its valid time range."],
    source: certificatesPage,
  },
  "app-disabled": {
    cause: "The service principal of the application is disabled.",
    remedy: "Find out who disabled it and why before you enable it again.",
    symptoms: ["AADSTS7000112: Application '…'(…) is disabled."],
    numbers: [7000112, 1000031],
    source: `${learn}/entra/identity/enterprise-apps/disable-user-sign-in-portal`,
  },
  "public-client": {
    cause: "The registration is that of a public client, which signs in without a credential.",
    remedy:
      'Find out who set "Allow public client flows", and turn it off under Authentication of the registration.',
    symptoms: ["AADSTS700025: Client is public"],
    numbers: [700025],
    source: `${learn}/entra/identity-platform/msal-client-applications`,
  },
  "assignment-required": {
    cause: "The resource admits only assigned applications, and this one is not assigned.",
    remedy: "Assign the application to the resource, or lift the requirement there.",
    symptoms: [
      "AADSTS501051: Application '…'(…) is not assigned to a role for the application '…'(…).",
    ],
    numbers: [50105, 501051],
    source: `${learn}/entra/identity-platform/howto-restrict-your-app-to-a-set-of-users`,
  },
  "conditional-access": {
    cause: "A conditional access policy for workload identities blocks the sign-in.",
    remedy: "Ask for the job's network to be allowed for this application, or run it where it is.",
    symptoms: ["AADSTS53003: Access has been blocked by Conditional Access policies."],
    numbers: [50131, 53000, 53001, 53003, 530003, 530004, 530032, 530035],
    source: `${learn}/entra/identity/conditional-access/workload-identity`,
  },
  "resource-missing": {
    cause: "The tenant has no service principal for {workload}.",
    remedy: "Create it once, as the preview's error describes: apponly up --stack NAME",
    symptoms: ["AADSTS500011: The resource principal named … was not found in the tenant named …"],
    numbers: [50001, 500011, 650052, 650054],
    source: consentStep,
  },
  "resource-disabled": {
    cause: "The service principal of {workload} is disabled in the tenant.",
    remedy: "Check the tenant's Exchange Online licence, and who disabled it.",
    symptoms: ["AADSTS500014: The service principal for resource '…' is disabled."],
    numbers: [500014],
    source: errorCodesPage,
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
    numbers: [70021, 70025, 700211, 700212, 700213, 7002138],
    source: `${learn}/entra/workload-id/workload-identity-federation-create-trust`,
  },
  "issuer-unreachable": {
    cause: "Microsoft Entra ID cannot read the keys of the token's issuer: {error}",
    remedy:
      "Publish the issuer's /.well-known/openid-configuration and its keys to the internet, under the very URL of the token's iss.",
    propagating: true,
    symptoms: ["AADSTS50166: Request to External OIDC endpoint failed."],
    numbers: [50166, 90061],
    source: `${learn}/entra/workload-id/workload-identity-federation-considerations`,
  },
  "assertion-rejected": {
    cause: "Microsoft Entra ID does not accept the token of the outside identity provider: {error}",
    remedy:
      "Ask for a fresh token in each job, signed with a key that its issuer publishes, for this application.",
    numbers: [
      50006, 50013, 50027, 50099, 50120, 500133, 5000811, 700222, 700229, 7002381, 90016, 900384,
    ],
    source: `${learn}/entra/workload-id/workload-identity-federation-considerations`,
  },
  "assertion-mismatch": {
    cause: "The client assertion is made out for another application or tenant: {error}",
    remedy: "Sign it with this application's id as iss and sub, for this tenant's token endpoint.",
    numbers: [50048, 500131, 700021, 700023],
    source: certificatesPage,
  },
  "secret-refused": {
    cause: "Microsoft Entra ID refused a client secret, or was given none: {error}",
    remedy:
      "Sign in with the stack's certificate or federated credential. If it is the deployer, renew its secret: apponly doctor",
    numbers: [70002, 7000215, 7000216, 7000218, 7000219, 7000222],
    source: errorCodesPage,
  },
  "wrong-scope": {
    cause: "The token was asked for with a scope that is not a workload's: {error}",
    remedy:
      "Ask for {scope}: the workload's own address in the tenant's cloud, with /.default behind it.",
    numbers: [28002, 70011, 650053, 700022, 901002, 1002012],
    source: errorCodesPage,
  },
  "request-malformed": {
    cause: "The request for a token is not whole, or was changed on its way: {error}",
    remedy:
      "Exempt the sign-in from proxies that rewrite requests. If a script of your own builds the request, compare it with the page.",
    symptoms: ["AADSTS900144: The request body must contain the following parameter: '…'."],
    numbers: [
      50050, 70003, 90004, 90013, 90014, 90023, 90100, 90117, 90121, 900144, 900561, 9002313,
    ],
    source: `${learn}/entra/identity-platform/v2-oauth2-client-creds-grant-flow`,
  },
  "assertion-unavailable": {
    cause: "The job got no token of its identity provider: {error}",
    remedy: "Let the job ask for one: on GitHub Actions `permissions: id-token: write`.",
    source: `${learn}/entra/workload-id/workload-identity-federation`,
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;
