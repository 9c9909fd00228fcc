import { type Cloud, type CloudName, clouds, type Workload } from "../../components/catalog";
import { scriptVariables } from "../variables";
import { connectCommand, type ConnectMethod, literal } from "./commands";

/** What the recipes are written for. */
export interface ConnectInput {
  readonly cloud: CloudName;
  readonly workloads: readonly Workload[];
  readonly applicationId: string;
  /** Initial domain of the tenant. */
  readonly organization: string;
  readonly tenantId: string;
  /** The active generation, where the stack has one. */
  readonly certificate?: { readonly thumbprint: string; readonly generation: string };
  /** Whether the application has federated credentials. */
  readonly federated: boolean;
  /** Client id of a user-assigned managed identity, or `system` for a system-assigned one. */
  readonly managedIdentity?: string;
}

/** One way to connect to one workload. */
export interface ConnectRecipe {
  readonly workload: Workload;
  readonly method: ConnectMethod;
  /** What the job has in hand, in a few words. */
  readonly title: string;
  readonly platforms: readonly ("windows" | "linux" | "macos")[];
  /** Oldest version of the module ExchangeOnlineManagement that can do it. */
  readonly moduleVersion: string;
  readonly notes: readonly string[];
  /** PowerShell that connects. No secret stands in it: passwords come from the environment. */
  readonly script: string;
}

const everywhere = ["windows", "linux", "macos"] as const;

/**
 * Every way to connect that the stack offers, for each of its workloads.
 *
 * @example connectRecipes(input).find((recipe) => recipe.method === "thumbprint")?.script
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export function connectRecipes(input: ConnectInput): ConnectRecipe[] {
  const cloud = clouds[input.cloud];
  return input.workloads.flatMap((workload) => [
    ...(input.certificate === undefined
      ? []
      : certificateRecipes(input, workload, cloud, input.certificate.thumbprint)),
    ...(input.federated ? [accessTokenRecipe(input, workload, cloud)] : []),
    // Connect-IPPSSession has no -ManagedIdentity.
    ...(input.managedIdentity !== undefined && workload === "exchange"
      ? [managedIdentityRecipe(input, cloud, input.managedIdentity)]
      : []),
  ]);
}

function certificateRecipes(
  input: ConnectInput,
  workload: Workload,
  cloud: Cloud,
  thumbprint: string,
): ConnectRecipe[] {
  const { applicationId, organization } = input;
  const moduleVersion = workload === "exchange" ? "2.0.4" : "3.0.0";
  const command = (...credential: string[]) =>
    connectCommand({ workload, cloud, credential, applicationId, organization });
  const password = `(ConvertTo-SecureString -String $env:${scriptVariables.pfxPassword} -AsPlainText -Force)`;
  return [
    {
      workload,
      method: "pfx-file",
      title: "The .pfx file and its password",
      platforms: everywhere,
      moduleVersion,
      notes: [
        `The password is in ${scriptVariables.pfxPassword}, the path in ${scriptVariables.pfxPath}.`,
      ],
      script: script(
        moduleVersion,
        command(
          `-CertificateFilePath $env:${scriptVariables.pfxPath}`,
          `-CertificatePassword ${password}`,
        ),
      ),
    },
    {
      workload,
      method: "thumbprint",
      title: "A certificate in the user's certificate store",
      platforms: ["windows"],
      moduleVersion,
      notes: [
        "Thumbprints work on Windows alone.",
        "Import the .pfx into Cert:\\CurrentUser\\My first.",
      ],
      script: script(moduleVersion, command(`-CertificateThumbPrint ${literal(thumbprint)}`)),
    },
    {
      workload,
      method: "certificate-object",
      title: "A certificate object in memory",
      platforms: everywhere,
      moduleVersion,
      notes: ["For a certificate that is fetched at run time and never stored on the machine."],
      script: script(
        moduleVersion,
        `$certificate = [System.Security.Cryptography.X509Certificates.X509Certificate2]::new($env:${scriptVariables.pfxPath}, $env:${scriptVariables.pfxPassword})`,
        command("-Certificate $certificate"),
      ),
    },
  ];
}

function accessTokenRecipe(input: ConnectInput, workload: Workload, cloud: Cloud): ConnectRecipe {
  const { applicationId, organization } = input;
  const moduleVersion = workload === "exchange" ? "3.1.0" : "3.8.0";
  const { resource } = workload === "exchange" ? cloud.exchange : cloud.compliance;
  return {
    workload,
    method: "access-token",
    title: "An access token from a federated credential",
    platforms: everywhere,
    moduleVersion,
    notes: [
      `The token is in ${scriptVariables.accessToken}; its resource is ${resource}.`,
      "The module does not renew it: connect again in a job that runs longer than the token lives.",
    ],
    script: script(
      moduleVersion,
      connectCommand({
        workload,
        cloud,
        credential: [`-AccessToken $env:${scriptVariables.accessToken}`],
        // Connect-IPPSSession takes the application from the token.
        ...(workload === "exchange" ? { applicationId } : {}),
        organization,
      }),
    ),
  };
}

function managedIdentityRecipe(input: ConnectInput, cloud: Cloud, identity: string): ConnectRecipe {
  const moduleVersion = "3.0.0";
  const account = identity === "system" ? [] : [`-ManagedIdentityAccountId ${literal(identity)}`];
  return {
    workload: "exchange",
    method: "managed-identity",
    title: "A managed identity in Azure",
    platforms: ["windows", "linux"],
    moduleVersion,
    notes: ["In Azure Automation, virtual machines, scale sets and Functions alone."],
    script: script(
      moduleVersion,
      connectCommand({
        workload: "exchange",
        cloud,
        credential: ["-ManagedIdentity", ...account],
        organization: input.organization,
      }),
    ),
  };
}

function script(moduleVersion: string, ...lines: string[]): string {
  const requirement = `#Requires -Modules @{ ModuleName = "ExchangeOnlineManagement"; ModuleVersion = "${moduleVersion}" }`;
  return `${[requirement, ...lines].join("\n")}\n`;
}

/** The recipes as the stack output `connect`: scripts by workload and method. */
export function connectOutput(
  recipes: readonly ConnectRecipe[],
): Record<string, Record<string, string>> {
  const output: Record<string, Record<string, string>> = {};
  for (const { workload, method, script: text } of recipes) {
    (output[workload] ??= {})[method] = text;
  }
  return output;
}
