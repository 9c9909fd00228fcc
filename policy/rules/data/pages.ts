/** Pages of Microsoft's that several tables rest on. */
export const learn = "https://learn.microsoft.com";
export const appOnlyPage = `${learn}/powershell/exchange/app-only-auth-powershell-v2`;
export const registrationPage = `${learn}/entra/identity-platform/security-best-practices-for-app-registration`;
export const federationPage = `${learn}/entra/workload-id/workload-identity-federation`;
export const ownersPage = `${learn}/entra/identity/enterprise-apps/overview-assign-app-owners`;
export const appPolicyPage = `${learn}/graph/api/resources/applicationauthenticationmethodpolicy`;
export const errorCodesPage = `${learn}/entra/identity-platform/reference-error-codes`;
export const consentStep = `${appOnlyPage}#step-2-assign-api-permissions-to-the-application`;

/** Issuers of identity tokens whose subjects are known to name one job: GitHub, Azure DevOps and Entra. */
export const knownIssuers: readonly RegExp[] = [
  /^https:\/\/token\.actions\.githubusercontent\.com\/?$/i,
  /^https:\/\/vstoken\.dev\.azure\.com\/[0-9a-f-]{36}\/?$/i,
  /^https:\/\/app\.vstoken\.visualstudio\.com\/?$/i,
  /^https:\/\/login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn)\/[0-9a-f-]{36}\/v2\.0\/?$/i,
];
