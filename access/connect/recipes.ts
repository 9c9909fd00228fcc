import { azureCliCloud } from "../../components/catalog/azureCli";
import { type CloudName, clouds } from "../../components/catalog/clouds";
import type { Workload } from "../../components/catalog/workloads";
import { githubIssuer } from "../../components/federatedIssuers";
import { pipelineSecrets, scriptVariables } from "../variables";
import {
  azureCliTokenScript,
  fileToken,
  githubToken,
  givenToken,
  type TokenRequest,
} from "./accessTokens";
import {
  certificateObject,
  type ConnectMethod,
  type CredentialScript,
  installedCertificate,
  managedIdentity,
  pfxFile,
} from "./credentials";
import { moduleName, oldestModule, type Platform, platformsOf, versionNote } from "./requirements";
import { commandFor, connectScript } from "./script";
import { vaultCertificate, type VaultCredential, vaultNotes, vaultToken } from "./vaultTokens";

/** A federated credential of the application, as far as a script needs it. */
export interface FederatedSource {
  readonly issuer: string;
  /** @default that of the cloud, "api://AzureADTokenExchange" in the global one */
  readonly audience?: string;
}

/** What the recipes are written for. */
export interface ConnectInput {
  readonly cloud: CloudName;
  readonly workloads: readonly Workload[];
  readonly applicationId: string;
  /** Initial domain of the tenant. */
  readonly organization: string;
  readonly tenantId: string;
  /** The active generation, where the stack has one. */
  readonly certificate?: {
    readonly thumbprint: string;
    readonly generation: string;
    /** Path of the `.pfx`, where it is known; otherwise the scripts read it from the environment. */
    readonly pfxPath?: string;
    /** Its key, where that is in a vault of Azure's. */
    readonly vault?: VaultCredential | undefined;
  };
  /** Whether the application has federated credentials. */
  readonly federated: boolean;
  /** They themselves, where they are known: some ways depend on the issuer. */
  readonly federatedCredentials?: readonly FederatedSource[];
  /** Client id of a user-assigned managed identity, or `system` for a system-assigned one. */
  readonly managedIdentity?: string;
}

/** One way to connect to one workload. */
export interface ConnectRecipe {
  readonly workload: Workload;
  readonly method: ConnectMethod;
  /** What the job has in hand, in a few words. */
  readonly title: string;
  readonly platforms: readonly Platform[];
  /** Oldest version of the module ExchangeOnlineManagement that can do it. */
  readonly moduleVersion: string;
  readonly notes: readonly string[];
  /** Only the connect command. */
  readonly command: string;
  /**
   * PowerShell that connects, runs a read-only cmdlet and disconnects. No secret stands in it:
   * secrets come from the environment.
   */
  readonly script: string;
}

const titles: Readonly<Record<ConnectMethod, string>> = {
  "pfx-file": "The .pfx file and its password",
  thumbprint: "A certificate in the user's certificate store",
  "certificate-object": "A certificate object in memory",
  "access-token": "An access token from a federated credential",
  "access-token-github": "The identity token of a GitHub Actions job",
  "access-token-azure-cli": "An Azure CLI that is signed in as the application",
  "access-token-file": "An identity token in a file",
  "access-token-key-vault": "A key in Azure Key Vault or a managed HSM, which signs",
  "certificate-object-key-vault": "A certificate that may be fetched from Azure Key Vault",
  "managed-identity": "A managed identity in Azure",
};

/**
 * Every way to connect that the stack offers, for each of its workloads.
 *
 * @example connectRecipes(input).find((recipe) => recipe.method === "thumbprint")?.script
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export function connectRecipes(input: ConnectInput): ConnectRecipe[] {
  const cloud = clouds[input.cloud];
  const target = { ...input, cloud };
  return input.workloads.flatMap((workload) =>
    credentialsFor(input, { ...target, workload }).map((credential) => {
      const { method } = credential;
      const connection = { workload, credential };
      const moduleVersion = oldestModule(workload, method);
      return {
        workload,
        method,
        title: titles[method],
        platforms: platformsOf(workload, method),
        moduleVersion,
        notes: [...notesOn(target, connection, input.certificate?.vault), versionNote],
        command: commandFor(target, connection),
        script: connectScript(target, [connection], requirements(workload, method)),
      };
    }),
  );
}

function credentialsFor(input: ConnectInput, request: TokenRequest): CredentialScript[] {
  const { certificate, federated, federatedCredentials = [], managedIdentity: identity } = input;
  const github = federatedCredentials.find(({ issuer }) => issuer === githubIssuer);
  // An identity token of GitHub is asked for and never comes as a file.
  const fromFile = federated && federatedCredentials.some(({ issuer }) => issuer !== githubIssuer);
  return [
    ...(certificate?.vault === undefined
      ? []
      : [
          ...(certificate.vault.vault.exportable ? [vaultCertificate(certificate.vault)] : []),
          vaultToken(request, certificate.vault),
        ]),
    ...(certificate === undefined || certificate.vault !== undefined
      ? []
      : [
          pfxFile(certificate.pfxPath),
          installedCertificate(certificate.thumbprint),
          certificateObject(),
        ]),
    ...(federated ? [givenToken()] : []),
    ...(github === undefined
      ? []
      : [githubToken(request, github.audience ?? request.cloud.exchangeAudience)]),
    ...(federated ? [azureCliTokenScript(request)] : []),
    ...(fromFile ? [fileToken(request)] : []),
    // Connect-IPPSSession has no -ManagedIdentity.
    ...(identity === undefined || request.workload === "compliance"
      ? []
      : [managedIdentity(identity)]),
  ];
}

const tokenNote =
  "The module does not renew the token: connect again in a job that runs longer than it lives, about an hour.";

function notesOn(
  { cloud }: Pick<TokenRequest, "cloud">,
  { workload, credential }: { workload: Workload; credential: CredentialScript },
  vault: VaultCredential | undefined,
): string[] {
  const azureCli = azureCliCloud(cloud)
    .slice(0, 1)
    .map((command) => `The Azure CLI has to work in the tenant's cloud: ${command}`);
  const resource = (workload === "exchange" ? cloud.exchange : cloud.compliance).resource;
  const notes: Readonly<Record<ConnectMethod, readonly string[]>> = {
    "pfx-file": [
      `The password is in ${scriptVariables.pfxPassword}, the path in ${scriptVariables.pfxPath}.`,
    ],
    thumbprint: [
      "Thumbprints work only on Windows.",
      "Import the .pfx into Cert:\\CurrentUser\\My first.",
    ],
    "certificate-object": [
      `The .pfx is in ${pipelineSecrets.pfx} as base64, so that no file is written, or its path in ${scriptVariables.pfxPath}; the password is in ${pipelineSecrets.pfxPassword}.`,
    ],
    "access-token": [
      `The token is in ${scriptVariables.accessToken}; its resource is ${resource}.`,
      tokenNote,
    ],
    "access-token-github": ["The job needs the permission id-token: write.", tokenNote],
    "access-token-azure-cli": [
      "Sign in first: azure/login on GitHub with allow-no-subscriptions, the task AzureCLI@2 on Azure DevOps.",
      ...azureCli,
      tokenNote,
    ],
    "access-token-file": [
      `The path of the token's file is in ${scriptVariables.oidcTokenFile}.`,
      tokenNote,
    ],
    "access-token-key-vault":
      vault === undefined ? [] : [...vaultNotes(vault, workload), ...azureCli, tokenNote],
    "certificate-object-key-vault": [
      'Sign in first with az login as an identity that may fetch it: "Key Vault Secrets User".',
      ...azureCli,
    ],
    "managed-identity": [
      "Only in Azure Automation, virtual machines, scale sets and Functions.",
      "Not for Security & Compliance PowerShell.",
    ],
  };
  const windowsOnly =
    workload === "compliance"
      ? ["Microsoft offers Security & Compliance PowerShell only on Windows."]
      : [];
  return [...notes[credential.method], ...windowsOnly];
}

/** What PowerShell checks before it runs the script. */
function requirements(workload: Workload, method: ConnectMethod): string[] {
  const version = oldestModule(workload, method);
  return [
    `# ${titles[method]}. Runs on: ${platformsOf(workload, method).join(", ")}.`,
    `# ${versionNote}`,
    `#Requires -Modules @{ ModuleName = "${moduleName}"; ModuleVersion = "${version}" }`,
  ];
}

/** The recipes as the stack output `connect`: scripts by workload and method. */
export function connectOutput(
  recipes: readonly ConnectRecipe[],
): Record<string, Record<string, string>> {
  const output: Record<string, Record<string, string>> = {};
  for (const { workload, method, script } of recipes) {
    (output[workload] ??= {})[method] = script;
  }
  return output;
}
