import { pipelineSecrets, scriptVariables, storedNames } from "../variables";
import { literal } from "./literal";

/** How a job hands the credential over. */
export const connectMethods = [
  "pfx-file",
  "thumbprint",
  "certificate-object",
  "access-token",
  "access-token-github",
  "access-token-azure-cli",
  "access-token-file",
  "access-token-key-vault",
  "certificate-object-key-vault",
  "managed-identity",
] as const;

/** One of {@link connectMethods}. */
export type ConnectMethod = (typeof connectMethods)[number];

/** A credential in PowerShell: how it is made ready, handed over and removed again. */
export interface CredentialScript {
  readonly method: ConnectMethod;
  /** What `prepare` needs, once for all workloads. @default nothing */
  readonly common?: readonly string[];
  /** Makes the credential ready, before anything is connected. */
  readonly prepare: readonly string[];
  /** Parameters of the connect command. */
  readonly parameters: readonly string[];
  /** Removes what `prepare` has left; runs after a failure too. */
  readonly cleanup: readonly string[];
}

const certificateClass = "System.Security.Cryptography.X509Certificates.X509Certificate2";

/** The password as the cmdlets want it. It stands in the environment, never in a script. */
const securePassword = `(ConvertTo-SecureString -String $env:${scriptVariables.pfxPassword} -AsPlainText -Force)`;

/** A credential; what is left out is nothing. */
export function credentialScript(
  method: ConnectMethod,
  parameters: readonly string[],
  prepare: readonly string[] = [],
  cleanup: readonly string[] = [],
): CredentialScript {
  return { method, prepare, parameters, cleanup };
}

/** A `.pfx` on disk. Without a path it is read from the environment. */
export function pfxFile(path?: string): CredentialScript {
  const file = path === undefined ? `$env:${scriptVariables.pfxPath}` : literal(path);
  const parameters = [`-CertificateFilePath ${file}`, `-CertificatePassword ${securePassword}`];
  return credentialScript("pfx-file", parameters);
}

/** A certificate that is in the user's certificate store already. */
export function installedCertificate(thumbprint: string): CredentialScript {
  return credentialScript("thumbprint", [`-CertificateThumbPrint ${literal(thumbprint)}`]);
}

/**
 * A certificate that is imported only for the job. The thumbprint is that of the imported file, so
 * that a rotated certificate needs no change of the pipeline.
 *
 * @param temporaryFolder Folder of the job, in PowerShell.
 */
export function importedCertificate(temporaryFolder: string): CredentialScript {
  return {
    method: "thumbprint",
    prepare: [
      `$file = Join-Path -Path ${temporaryFolder} -ChildPath "apponly.pfx"`,
      "try {",
      `    [System.IO.File]::WriteAllBytes($file, [System.Convert]::FromBase64String($env:${pipelineSecrets.pfx}))`,
      `    $imported = Import-PfxCertificate -FilePath $file -CertStoreLocation "Cert:\\CurrentUser\\My" -Password ${securePassword}`,
      "    $certificate = $imported | Where-Object -Property HasPrivateKey | Select-Object -First 1",
      "}",
      "finally {",
      "    Remove-Item -LiteralPath $file -Force -ErrorAction SilentlyContinue",
      "}",
      'if (-not $certificate) { throw "The .pfx holds no certificate with its private key." }',
    ],
    parameters: ["-CertificateThumbPrint $certificate.Thumbprint"],
    cleanup: ["Remove-Item -LiteralPath $certificate.PSPath -DeleteKey"],
  };
}

/**
 * A certificate that exists only in memory, out of the base64 text of its `.pfx`.
 *
 * The constructor is used on purpose: it keeps the CSP that the file names, which Windows
 * PowerShell 5.1 needs, while .NET's newer X509CertificateLoader drops it and EphemeralKeySet is
 * always CNG.
 *
 * @see https://learn.microsoft.com/dotnet/api/system.security.cryptography.x509certificates.pkcs12loaderlimits.preservestorageprovider
 */
export function certificateObject(): CredentialScript {
  return certificateInMemory("certificate-object", [
    `if ($env:${pipelineSecrets.pfx}) {`,
    `    $bytes = [System.Convert]::FromBase64String($env:${pipelineSecrets.pfx})`,
    "}",
    "else {",
    `    $bytes = [System.IO.File]::ReadAllBytes((Resolve-Path -LiteralPath $env:${scriptVariables.pfxPath}).ProviderPath)`,
    "}",
    "# MachineKeySet instead, where Windows has not loaded the account's profile, as for some services.",
    "$storage = [System.Security.Cryptography.X509Certificates.X509KeyStorageFlags]::DefaultKeySet",
    `$certificate = [${certificateClass}]::new($bytes, $env:${scriptVariables.pfxPassword}, $storage)`,
  ]);
}

/** A certificate in memory, in `$certificate`. */
export function certificateInMemory(
  method: ConnectMethod,
  prepare: readonly string[],
): CredentialScript {
  const [parameters, cleanup] = [["-Certificate $certificate"], ["$certificate.Dispose()"]];
  return credentialScript(method, parameters, prepare, cleanup);
}

/** A certificate that is an asset of an Azure Automation account. */
export function automationCertificate(): CredentialScript {
  return certificateInMemory("certificate-object", [
    `$certificate = Get-AutomationCertificate -Name ${literal(storedNames.certificate)}`,
    `if (-not $certificate) { throw ${literal(`The Automation account has no certificate named ${storedNames.certificate}.`)} }`,
  ]);
}

/** The managed identity of an Azure resource. Connect-IPPSSession does not know it. */
export function managedIdentity(identity: string): CredentialScript {
  const account = identity === "system" ? [] : [`-ManagedIdentityAccountId ${literal(identity)}`];
  return credentialScript("managed-identity", ["-ManagedIdentity", ...account]);
}
