import { applicationIds } from "../policy/rules/data/microsoftApplications";

/** Issuer of the tokens of GitHub Actions. */
export const githubIssuer = "https://token.actions.githubusercontent.com";

/** Azure DevOps asks Microsoft Entra ID for the tokens of its jobs. */
const azureDevOpsAppId = applicationIds.azureDevOps;

/** Microsoft Entra ID as an issuer: of tokens for service connections and managed identities. */
export function entraIssuer(tenantId: string): string {
  return `https://login.microsoftonline.com/${tenantId.toLowerCase()}/v2.0`;
}

/** Tenant id in {@link entraIssuer}, of whatever cloud; `undefined` for another issuer. */
export function tenantOfIssuer(issuer: string): string | undefined {
  return /^https:\/\/login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn|chinacloudapi\.cn)\/([0-9a-f-]{36})\/v2\.0$/i.exec(
    issuer,
  )?.[1];
}

/**
 * Subject of the tokens that Microsoft Entra ID issues to a service connection of Azure DevOps.
 *
 * @example
 * serviceConnectionSubject(tenantId, organizationId, serviceConnectionId)
 * // "/eid1/c/pub/t/rmuUZvHHmUC3aG7BrGhCgA/a/rISbSSETf0KqFyZ8ppdXmA/sc/{organization}/{connection}"
 * @see https://learn.microsoft.com/azure/devops/pipelines/release/troubleshoot-workload-identity
 */
export function serviceConnectionSubject(
  tenantId: string,
  organizationId: string,
  serviceConnectionId: string,
): string {
  const [tenant, application] = [tenantId, azureDevOpsAppId].map(shortId);
  return `/eid1/c/pub/t/${tenant}/a/${application}/sc/${organizationId.toLowerCase()}/${serviceConnectionId.toLowerCase()}`;
}

/** An id in base64url, its first three groups with their bytes in reverse, as .NET keeps them. */
export function shortId(id: string): string {
  const [first = "", second = "", third = "", ...rest] = id.toLowerCase().split("-");
  const reversed = [first, second, third].map((part) => Buffer.from(part, "hex").reverse());
  return Buffer.concat([...reversed, Buffer.from(rest.join(""), "hex")]).toString("base64url");
}
