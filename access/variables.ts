/**
 * Names under which pipelines receive what a stack provides. The connect recipes and the ready
 * pipelines read them, `apponly export` writes them: one list, so that they cannot differ.
 *
 * Renaming one breaks every pipeline that was generated before.
 */

/** Values that a pipeline may show. */
export const pipelineVariables = {
  tenantId: "APPONLY_TENANT_ID",
  organization: "APPONLY_ORGANIZATION",
  cloud: "APPONLY_CLOUD",
  applicationId: "APPONLY_APPLICATION_ID",
  /** SHA-1 thumbprint of the active generation. */
  thumbprint: "APPONLY_CERTIFICATE_THUMBPRINT",
  /** Last instant of its validity, `YYYY-MM-DDTHH:MM:SSZ`. */
  notAfter: "APPONLY_CERTIFICATE_NOT_AFTER",
} as const;

/** Values that a pipeline has to keep secret. */
export const pipelineSecrets = {
  /** The active generation's `.pfx`, base64 on one line. */
  pfx: "APPONLY_PFX",
  pfxPassword: "APPONLY_PFX_PASSWORD",
} as const;

/** Environment variables from which the connect scripts read what must not stand in them. */
export const scriptVariables = {
  /** Path of the `.pfx`. */
  pfxPath: "APPONLY_PFX_PATH",
  pfxPassword: pipelineSecrets.pfxPassword,
  /** An access token for the workload. */
  accessToken: "APPONLY_ACCESS_TOKEN",
  /** File with the token of an identity provider; the name that Azure's own clients read. */
  oidcTokenFile: "AZURE_FEDERATED_TOKEN_FILE",
} as const;

/** Names by which Azure's own clients know a job's identity in Azure. */
export const azureIdentityVariables = {
  clientId: "AZURE_CLIENT_ID",
  tenantId: "AZURE_TENANT_ID",
  tokenFile: scriptVariables.oidcTokenFile,
} as const;

/** Names of what a platform stores as an object of its own instead of a variable. */
export const storedNames = {
  /** GitHub: the environment with the secrets above, where nothing else is said. */
  environment: "apponly",
  /** Azure DevOps: the variable group with the secrets above. */
  variableGroup: "apponly",
  /** Azure DevOps: the service connection of an identity that may sign in the vault. */
  serviceConnection: "apponly",
  /** Azure Automation: the certificate asset. */
  certificate: "apponly",
  /** Jenkins: the credential of the kind "Secret file" with the `.pfx`. */
  jenkinsPfx: "apponly-pfx",
  /** Jenkins: the credential of the kind "Secret text" with its password. */
  jenkinsPfxPassword: "apponly-pfx-password",
  /** Jenkins: the credential of the kind "OpenID Connect id token as file". */
  jenkinsIdToken: "apponly-id-token",
} as const;
