import type { ErrorRow } from "./errorRow";
import { appOnlyPage } from "../../policy/rules/data/pages";

/**
 * Causes that only PowerShell meets: before it asks Microsoft Entra ID, or in its own session. The
 * texts are those of the module, of PowerShell and of .NET, out of public reports.
 */
export const powershellErrors = {
  "cng-key": {
    cause:
      "The key of the certificate is kept by a CNG provider, with which the module cannot sign on Windows PowerShell 5.1.",
    remedy:
      "Use PowerShell 7, or write the .pfx with -CSP as docs/how-to/bring-your-own-certificate.md shows, and import it anew.",
    symptoms: [
      "Could not use the certificate for signing.",
      "Invalid provider type specified",
      "Provider type not defined",
      "Unable to cast object of type 'System.Security.Cryptography.RSACng'",
    ],
    marks: ["0x80090014", "0x80090017", "System.Security.Cryptography.RSACng"],
    onlyPowerShell: true,
    source: `${appOnlyPage}#step-3-generate-a-self-signed-certificate`,
  },
  "key-inaccessible": {
    cause: "The account that runs the job cannot read the private key in the certificate store.",
    remedy:
      "Let it read the key (certlm.msc, All Tasks, Manage Private Keys), import the .pfx as that account, or load its profile.",
    symptoms: [
      "Keyset does not exist",
      "Keyset as registered is invalid",
      "Key not valid for use in specified state",
      "The profile for the user is a temporary profile",
      "A specified logon session does not exist",
      "Provider DLL failed to initialize correctly",
      "The system cannot find the file specified",
      "Access is denied",
    ],
    marks: [
      "0x80090016",
      "0x8009001A",
      "0x8009000B",
      "0x80090024",
      "0x8009001D",
      "0x80090010",
      "0x80070520",
    ],
    onlyPowerShell: true,
    source:
      "https://learn.microsoft.com/dotnet/standard/security/how-to-store-asymmetric-keys-in-a-key-container",
  },
  "key-absent": {
    cause: "The certificate that was found has no private key.",
    remedy: "Import the .pfx, not the .cer; `apponly export --format pfx` writes it.",
    symptoms: [
      "The certificate '…' does not have a private key.",
      "The certificate used must have a private key.",
    ],
    onlyPowerShell: true,
    source: appOnlyPage,
  },
  "pfx-password": {
    cause: "The password does not open the .pfx, or this Windows cannot read its encryption.",
    remedy:
      "Check the password for a line end or quotes; for Windows Server 2016 and older set pfxEncryption to legacy.",
    symptoms: [
      "The specified network password is not correct",
      "The certificate data cannot be read with the provided password, the password may be incorrect.",
      "PKCS12 routines::mac verify",
    ],
    marks: ["0x80070056"],
    onlyPowerShell: true,
    source: "https://learn.microsoft.com/powershell/module/pki/export-pfxcertificate",
  },
  "pfx-unreadable": {
    cause: "What the job hands over is not the whole content of a .pfx.",
    remedy:
      "Copy the file as it is, or decode its base64 once; `apponly verify --pfx FILE` says what it is instead.",
    symptoms: [
      "Cannot find the requested object",
      "ASN1 corrupted data",
      "ASN1 bad tag value met",
      "The input is not a valid Base-64 string",
      "PKCS12 (PFX) without a supplied password has exceeded maximum allowed iterations",
    ],
    marks: ["0x80092009", "0x80093103", "0x8009310B", "FullyQualifiedErrorId : FormatException"],
    onlyPowerShell: true,
    source: "https://learn.microsoft.com/powershell/module/pki/import-pfxcertificate",
  },
  "certificate-not-in-store": {
    cause:
      "The certificate store of the account that runs the job has no certificate with this thumbprint.",
    remedy:
      "Import the .pfx as that account, into Cert:\\CurrentUser\\My; type the thumbprint anew, because a copied one may hold a character that nobody sees.",
    symptoms: ["Cannot find path '…\\My\\", "Cannot bind argument to parameter 'Certificate'"],
    marks: ["(Cert:\\…:String) […], ItemNotFoundException"],
    onlyPowerShell: true,
    source: `${appOnlyPage}#step-3-generate-a-self-signed-certificate`,
  },
  "module-clash": {
    cause:
      "Another module of the session, mostly Microsoft.Graph or Az, has loaded its own version of Microsoft's sign-in libraries.",
    remedy:
      "Connect to Exchange in a process of its own: pwsh -File, or Start-Job. Which module comes first only changes the error.",
    symptoms: [
      "Could not load file or assembly",
      "Assembly with same name is already loaded",
      "The type initializer for 'Microsoft.Identity",
      "The type initializer for 'Microsoft.Exchange",
      "Could not load type 'Microsoft.Identity",
      "Could not load type 'Azure.",
      "Could not load type 'System.IdentityModel",
      "IDX12729: Unable to decode the header",
      "Method 'GetTokenAsync' in type '…' from assembly '…' does not have an implementation.",
      "Method not found: '…Microsoft.Identity",
      "Method not found: '…Azure.",
      "RuntimeBroker",
    ],
    marks: [
      "0x80131621",
      "0x80131040",
      "0x80131522",
      "0x80131513",
      "0x80131534",
      "Microsoft.Identity.Client, Version=",
      "Microsoft.IdentityModel.…, Version=",
      "System.IdentityModel.Tokens.Jwt, Version=",
      "Azure.Core, Version=",
    ],
    onlyPowerShell: true,
    source:
      "https://learn.microsoft.com/powershell/scripting/dev-cross-plat/resolving-dependency-conflicts",
  },
  "module-missing": {
    cause:
      "The module ExchangeOnlineManagement is not installed for this PowerShell, or was not loaded.",
    remedy:
      "Install it for the account and the PowerShell of the job: Install-Module ExchangeOnlineManagement.",
    symptoms: [
      "The specified module 'ExchangeOnlineManagement' was not loaded",
      "No match was found for the specified search criteria and module name 'ExchangeOnlineManagement'",
      "Unable to resolve package source",
      "was found in the module 'ExchangeOnlineManagement', but the module could not be loaded",
      "The term 'Connect-ExchangeOnline' is not recognized as a name of a cmdlet",
      "The term 'Connect-ExchangeOnline' is not recognized as the name of a cmdlet",
      "The term 'Connect-IPPSSession' is not recognized as a name of a cmdlet",
      "The term 'Connect-IPPSSession' is not recognized as the name of a cmdlet",
    ],
    marks: [
      "(Connect-ExchangeOnline:String) [], CommandNotFoundException",
      "(Connect-IPPSSession:String) [], CommandNotFoundException",
      "(ExchangeOnlineManagement:String) [Import-Module], FileNotFoundException",
    ],
    onlyPowerShell: true,
    source: "https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2",
  },
  "module-outdated": {
    cause:
      "The module ExchangeOnlineManagement is of a version that has no app-only access, or connects by remote PowerShell, which Microsoft has turned off.",
    remedy:
      "Install a version of 3.0.0 or later, and remove the others: Install-Module ExchangeOnlineManagement.",
    symptoms: [
      "A parameter cannot be found that matches parameter name 'CertificateThumbprint'",
      "A parameter cannot be found that matches parameter name 'AccessToken'",
      "A parameter cannot be found that matches parameter name 'AppId'",
      "A parameter cannot be found that matches parameter name 'Certificate'",
      "A parameter cannot be found that matches parameter name 'CertificateFilePath'",
      "A parameter cannot be found that matches parameter name 'Organization'",
      "Basic authentication is currently disabled in the client configuration",
      "Create Powershell Session is failed using OAuth",
      "The WinRM client cannot process the request",
      "Connecting to remote server …office365.com failed",
    ],
    marks: [
      "NamedParameterNotFound,Connect-ExchangeOnline",
      "NamedParameterNotFound,Connect-IPPSSession",
    ],
    onlyPowerShell: true,
    source: "https://learn.microsoft.com/powershell/exchange/exchange-online-powershell-v2",
  },
  "scripts-disabled": {
    cause: "The execution policy of this PowerShell lets no script run, also not the module.",
    remedy: "Run the job with pwsh -ExecutionPolicy RemoteSigned, or have the policy set.",
    symptoms: ["running scripts is disabled on this system", "is not digitally signed"],
    marks: ["], PSSecurityException"],
    onlyPowerShell: true,
    source:
      "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_execution_policies",
  },
  "tls-outdated": {
    cause: "This PowerShell offers only versions of TLS that Microsoft no longer takes.",
    remedy:
      "Let .NET use TLS 1.2 or later: [Net.ServicePointManager]::SecurityProtocol = 'Tls12', or SchUseStrongCrypto in the registry.",
    symptoms: [
      "AADSTS1002016: You are using TLS version",
      "Could not create SSL/TLS secure channel",
    ],
    numbers: [1002016],
    marks: ["SecureChannelFailure", "0x80090331"],
    onlyPowerShell: true,
    source:
      "https://learn.microsoft.com/troubleshoot/entra/entra-id/ad-dmn-services/enable-support-tls-environment",
  },
  "not-connected": {
    cause:
      "The session has no connection: Connect-ExchangeOnline was not run in it, or had failed before.",
    remedy:
      "Look at the first error of the job, and let it end there: $ErrorActionPreference = 'Stop'",
    symptoms: [
      "You must call the Connect-ExchangeOnline cmdlet before calling any other cmdlets",
      "You must call the Connect-IPPSSession cmdlet before calling any other cmdlets",
      "was found in the module 'tmpEXO_…', but the module could not be loaded",
      "Module could not be correctly formed",
    ],
    onlyPowerShell: true,
    source:
      "https://learn.microsoft.com/powershell/module/exchangepowershell/connect-exchangeonline",
  },
  "variable-empty": {
    cause:
      "A variable that the job hands to PowerShell is empty: mostly a secret that did not reach it.",
    remedy:
      "Name the secret in the env of that very step; pull requests from forks are given none. The jobs of apponly pipeline do.",
    symptoms: [
      "Cannot bind argument to parameter 'String' because it is an empty string",
      "Cannot bind argument to parameter 'String' because it is null",
      "Cannot bind argument to parameter 'AppId' because it is an empty string",
      "Cannot bind argument to parameter 'Organization' because it is an empty string",
    ],
    marks: [
      "ParameterArgumentValidationErrorEmptyStringNotAllowed,",
      "ParameterArgumentValidationErrorNullNotAllowed,Microsoft.PowerShell.Commands.ConvertToSecureStringCommand",
    ],
    onlyPowerShell: true,
    source: "https://learn.microsoft.com/azure/devops/pipelines/process/set-secret-variables",
  },
  "person-asked": {
    cause:
      "The module wants a person to sign in: the command names no certificate and no token, or an empty one.",
    remedy:
      "Connect as `apponly export --format powershell` writes it, and check that each of its variables reaches the job.",
    symptoms: [
      "A window handle must be configured",
      "InteractiveBrowserCredential authentication failed",
      "Unable to open a web page using xdg-open",
    ],
    onlyPowerShell: true,
    source: appOnlyPage,
  },
  "token-expired": {
    cause: "The access token that the job hands over has expired: it lives for about an hour.",
    remedy:
      "Ask for one right before the connection, and connect anew in jobs that take longer; connections with a certificate renew theirs.",
    symptoms: ["the token is expired", "Access token has expired"],
    onlyPowerShell: true,
    source: "https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime",
  },
  "customization-missing": {
    cause: "The organization is dehydrated: its settings cannot be changed yet.",
    remedy: "Have an administrator run Enable-OrganizationCustomization once, and wait some hours.",
    symptoms: ["The command you tried to run isn't currently allowed in your organization."],
    marks: ["InvalidOperationInDehydratedContextException"],
    onlyPowerShell: true,
    source:
      "https://learn.microsoft.com/powershell/module/exchangepowershell/enable-organizationcustomization",
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;
