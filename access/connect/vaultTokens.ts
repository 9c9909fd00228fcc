import type { CertificateOutput } from "../../components/outputs";
import type { Cloud } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";
import { tokenResourceOf } from "../../microsoft/endpoints";
import { azureIdentityVariables } from "../variables";
import type { TokenRequest } from "./accessTokens";
import { type CredentialScript, credentialScript, certificateInMemory } from "./credentials";
import { literal } from "./literal";

/** A key in a vault with its certificate, as the stack outputs have it. */
export type VaultCredential = Readonly<
  Required<Pick<CertificateOutput, "vault" | "source" | "thumbprint">>
>;

/** Version of the vault's interface that the scripts speak. */
const apiVersion = "api-version=7.4";

/** How a job gets a token for the vault itself. */
export type VaultSignIn = "azure-cli" | "github" | "file" | "automation";

/** Base of what a token for a vault is asked for, by its cloud and kind. */
function vaultResource(key: string): string {
  const [, ...suffix] = new URL(key).hostname.split(".");
  return `https://${suffix.join(".")}`;
}

/**
 * An access token by an assertion that the vault signs, so that no key is anywhere else. The newest version
 * that Microsoft Entra ID takes is used, so that a rotation needs no change of the job; a managed HSM
 * keeps no certificates, so there it is the version that the stack had.
 *
 * @see https://learn.microsoft.com/rest/api/keyvault/keys/sign/sign
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export function vaultToken(
  request: TokenRequest,
  credential: VaultCredential,
  signIn: VaultSignIn = "azure-cli",
): CredentialScript {
  const { cloud, tenantId, applicationId, workload } = request;
  const token = `$${workload}Token`;
  const scope = `${tokenResourceOf(cloud, workload)}/.default`;
  const endpoint = `${cloud.authority}/${tenantId}/oauth2/v2.0/token`;
  const utf8 = (text: string) => `([System.Text.Encoding]::UTF8.GetBytes(${text}))`;
  const encoded = (bytes: string) => `(& $encode ${bytes})`;
  return {
    ...credentialScript(
      "access-token-key-vault",
      [`-AccessToken ${token}`],
      [`${token} = & $tokenFor ${literal(scope)}`],
    ),
    common: [
      ...vaultSignIn(credential.vault.key, cloud, signIn),
      ...versionsIn(credential),
      "$encode = { param($bytes) [System.Convert]::ToBase64String($bytes).TrimEnd([char]61).Replace([char]43, [char]45).Replace([char]47, [char]95) }",
      "$tokenFor = {",
      "    param($scope)",
      "    foreach ($version in $versions) {",
      "        $now = [System.DateTimeOffset]::UtcNow.ToUnixTimeSeconds()",
      '        $header = ConvertTo-Json -Compress -InputObject @{ alg = "RS256"; typ = "JWT"; x5t = $version.x5t }',
      "        $claims = ConvertTo-Json -Compress -InputObject @{",
      `            aud = ${literal(endpoint)}`,
      `            iss = ${literal(applicationId)}`,
      `            sub = ${literal(applicationId)}`,
      "            jti = [System.Guid]::NewGuid().ToString()",
      "            nbf = $now",
      "            exp = $now + 600",
      "        }",
      `        $unsigned = ${encoded(utf8("$header"))} + "." + ${encoded(utf8("$claims"))}`,
      `        $digest = [System.Security.Cryptography.SHA256]::Create().ComputeHash${utf8("$unsigned")}`,
      `        $signing = ConvertTo-Json -Compress -InputObject @{ alg = "RS256"; value = ${encoded("$digest")} }`,
      `        $address = $version.id.Replace("/certificates/", "/keys/") + "/sign?${apiVersion}"`,
      '        $signed = Invoke-RestMethod -Method Post -Uri $address -Headers $authorization -ContentType "application/json" -Body $signing',
      "        $body = @{",
      `            client_id = ${literal(applicationId)}`,
      "            scope = $scope",
      '            grant_type = "client_credentials"',
      '            client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"',
      '            client_assertion = $unsigned + "." + $signed.value',
      "        }",
      "        try {",
      `            return (Invoke-RestMethod -Method Post -Uri ${literal(endpoint)} -Body $body).access_token`,
      "        }",
      "        catch {",
      "            # What a rotation has just made is not registered yet: the version before is tried.",
      "            $refusal = $_",
      "        }",
      "    }",
      "    throw $refusal",
      "}",
    ],
  };
}

/** The certificate with its key out of the vault, where it may be fetched; only in memory. */
export function vaultCertificate({ vault: { key } }: VaultCredential): CredentialScript {
  const secret = key.replace("/keys/", "/secrets/");
  return certificateInMemory("certificate-object-key-vault", [
    `$secret = az keyvault secret show --id ${literal(secret)} --query value --output tsv`,
    'if (-not $secret) { throw "The Azure CLI has given no certificate of the vault." }',
    "$bytes = [System.Convert]::FromBase64String($secret)",
    "# MachineKeySet instead, where Windows has not loaded the account's profile, as for some services.",
    "$storage = [System.Security.Cryptography.X509Certificates.X509KeyStorageFlags]::DefaultKeySet",
    '$certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new($bytes, "", $storage)',
  ]);
}

/** The enabled versions, the newest first. */
function versionsIn({ vault: { key }, source, thumbprint }: VaultCredential): string[] {
  if (source === "managed-hsm") {
    const x5t = Buffer.from(thumbprint, "hex").toString("base64url");
    return [`$versions = @(@{ id = ${literal(key)}; x5t = ${literal(x5t)} })`];
  }
  const certificate = key.replace("/keys/", "/certificates/").replace(/\/[^/]*$/, "");
  return [
    `$listed = Invoke-RestMethod -Uri ${literal(`${certificate}/versions?${apiVersion}`)} -Headers $authorization`,
    "$versions = $listed.value | Where-Object { $_.attributes.enabled } | Sort-Object -Descending -Property { $_.attributes.created }",
  ];
}

/** Leaves the header for the vault in `$authorization`. */
function vaultSignIn(key: string, cloud: Cloud, signIn: VaultSignIn): string[] {
  const resource = vaultResource(key);
  const { clientId, tenantId, tokenFile } = azureIdentityVariables;
  const exchange = [
    "$body = @{",
    `    client_id = $env:${clientId}`,
    `    scope = ${literal(`${resource}/.default`)}`,
    '    grant_type = "client_credentials"',
    '    client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"',
    "    client_assertion = $assertion",
    "}",
    `$address = ${literal(`${cloud.authority}/`)} + $env:${tenantId} + "/oauth2/v2.0/token"`,
    "$vaultToken = (Invoke-RestMethod -Method Post -Uri $address -Body $body).access_token",
  ];
  const ways: Readonly<Record<VaultSignIn, readonly string[]>> = {
    "azure-cli": [
      `$vaultToken = az account get-access-token --resource ${literal(resource)} --query accessToken --output tsv`,
      'if (-not $vaultToken) { throw "The Azure CLI has given no access token for the vault." }',
    ],
    github: [
      "# Needs the permission `id-token: write` of the job, and an identity in Azure that trusts it.",
      `$address = $env:ACTIONS_ID_TOKEN_REQUEST_URL + "&audience=" + [System.Uri]::EscapeDataString(${literal(cloud.exchangeAudience)})`,
      '$bearer = @{ Authorization = "Bearer " + $env:ACTIONS_ID_TOKEN_REQUEST_TOKEN }',
      "$assertion = (Invoke-RestMethod -Uri $address -Headers $bearer).value",
      ...exchange,
    ],
    file: [`$assertion = (Get-Content -LiteralPath $env:${tokenFile} -Raw).Trim()`, ...exchange],
    automation: [
      "# The managed identity of the Automation account.",
      `$address = $env:IDENTITY_ENDPOINT + "?api-version=2019-08-01&resource=" + [System.Uri]::EscapeDataString(${literal(resource)})`,
      '$bearer = @{ "X-IDENTITY-HEADER" = $env:IDENTITY_HEADER; Metadata = "True" }',
      "$vaultToken = (Invoke-RestMethod -Uri $address -Headers $bearer).access_token",
    ],
  };
  return [...ways[signIn], '$authorization = @{ Authorization = "Bearer " + $vaultToken }'];
}

/** The active generation's key, where it is in a vault. */
export function vaultCredentialOf(
  certificate: CertificateOutput | undefined,
): VaultCredential | undefined {
  const { vault, source, thumbprint = "" } = certificate ?? {};
  return vault === undefined || source === undefined ? undefined : { vault, source, thumbprint };
}

/** What the recipes say of a workload's token by a vault. */
export function vaultNotes({ source }: VaultCredential, workload: Workload): string[] {
  return [
    "Sign in first as an identity that may sign: `az login`, or azure/login on GitHub.",
    source === "managed-hsm"
      ? `It needs "Managed HSM Crypto User". After a rotation take the recipe of ${workload} anew.`
      : 'It needs "Key Vault Crypto User" to sign, and "Key Vault Reader" to see the versions.',
  ];
}
