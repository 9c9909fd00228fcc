import type { Cloud } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";
import { tokenResourceOf } from "../../microsoft/endpoints";
import { scriptVariables } from "../variables";
import { type ConnectMethod, type CredentialScript, credentialScript } from "./credentials";
import { literal } from "./literal";

/** Whose token, and for what. */
export interface TokenRequest {
  readonly cloud: Cloud;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly workload: Workload;
}

/** A token that an earlier step of the job has acquired. */
export function givenToken(): CredentialScript {
  return credentialScript("access-token", [`-AccessToken $env:${scriptVariables.accessToken}`]);
}

/** A token from an Azure CLI that is signed in as the application. */
export function azureCliTokenScript({ cloud, workload }: TokenRequest): CredentialScript {
  const resource = tokenResourceOf(cloud, workload);
  const value = variableOf(workload);
  return acquiredTokenScript("access-token-azure-cli", workload, [
    `${value} = az account get-access-token --resource ${literal(resource)} --query accessToken --output tsv`,
    `if (-not ${value}) { throw "The Azure CLI has given no access token." }`,
  ]);
}

/**
 * The token of a GitHub Actions job, exchanged for one of the application.
 *
 * @param audience As the federated credential has it.
 * @see https://docs.github.com/actions/reference/security/oidc
 */
export function githubToken(request: TokenRequest, audience: string): CredentialScript {
  return acquiredTokenScript("access-token-github", request.workload, [
    "# Needs the permission `id-token: write` of the job.",
    `$address = $env:ACTIONS_ID_TOKEN_REQUEST_URL + "&audience=" + [System.Uri]::EscapeDataString(${literal(audience)})`,
    '$authorization = @{ Authorization = "Bearer " + $env:ACTIONS_ID_TOKEN_REQUEST_TOKEN }',
    "$assertion = (Invoke-RestMethod -Uri $address -Headers $authorization).value",
    ...tokenExchangeLines(request),
  ]);
}

/** The token that an identity provider keeps in a file, exchanged for one of the application. */
export function fileToken(request: TokenRequest): CredentialScript {
  return acquiredTokenScript("access-token-file", request.workload, [
    `$assertion = (Get-Content -LiteralPath $env:${scriptVariables.oidcTokenFile} -Raw).Trim()`,
    ...tokenExchangeLines(request),
  ]);
}

function acquiredTokenScript(
  method: ConnectMethod,
  workload: Workload,
  prepare: readonly string[],
) {
  return credentialScript(method, [`-AccessToken ${variableOf(workload)}`], prepare);
}

/** All tokens are acquired before the first connection, so each workload's has a name of its own. */
function variableOf(workload: Workload): string {
  return `$${workload}Token`;
}

/** @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow */
function tokenExchangeLines({ cloud, tenantId, applicationId, workload }: TokenRequest): string[] {
  const endpoint = `${cloud.authority}/${tenantId}/oauth2/v2.0/token`;
  const scope = `${tokenResourceOf(cloud, workload)}/.default`;
  return [
    "$body = @{",
    `    client_id = ${literal(applicationId)}`,
    `    scope = ${literal(scope)}`,
    '    grant_type = "client_credentials"',
    '    client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"',
    "    client_assertion = $assertion",
    "}",
    `${variableOf(workload)} = (Invoke-RestMethod -Method Post -Uri ${literal(endpoint)} -Body $body).access_token`,
  ];
}
