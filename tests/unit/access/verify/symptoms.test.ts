/**
 * What people see, and the cause that is told for it: in `verify --powershell`, and by
 * `apponly explain`. The texts are those of public documentation and reports.
 */
import { explain } from "../../../../cli/commands/explain";
import {
  type DiagnosisCode,
  diagnosisCodes,
  errorTable,
} from "../../../../access/verify/errorTable";
import { diagnoseMessage } from "../../../../access/verify/powershell/message";
import { codesOfText } from "../../../../access/verify/symptoms";
import type { Target } from "../../../../access/verify/target";
import { clouds } from "../../../../components/catalog/clouds";
import { endpointsOf } from "../../../../microsoft/endpoints";
import { failureOf } from "../../../support/openedForReading";
import { recordingIo } from "../../../support/recordingIo";

const target: Target = {
  endpoints: endpointsOf(clouds.global),
  cloud: clouds.global,
  tenantId: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
  applicationId: "00001111-aaaa-2222-bbbb-3333cccc4444",
  organization: "contoso.onmicrosoft.com",
};

const symptoms = diagnosisCodes.flatMap((code) =>
  (errorTable[code].symptoms ?? []).map((symptom) => [symptom, code] as const),
);

test.each(symptoms)("what the page maps, the decoder maps: %s", (symptom, code) => {
  const filled = symptom.replaceAll("…", "00001111-aaaa-2222-bbbb-3333cccc4444");
  expect(codesOfText(filled)).toContain(code);
  expect(codesOfText(`Error: ${filled} Trace ID: 1`).length > 0 || symptom === "UnAuthorized").toBe(
    true,
  );
  const diagnosis = diagnoseMessage(filled, target, "exchange");
  expect(diagnosis).toBeDefined();
  expect(`${diagnosis?.cause} ${diagnosis?.remedy}`).not.toMatch(/[{}]/);
});

const numbers = diagnosisCodes.flatMap((code) =>
  (errorTable[code].numbers ?? []).map((number) => [number, code] as const),
);

test.each(numbers)("AADSTS%d has the cause %s", (number, code) => {
  expect(diagnoseMessage(`AADSTS${number}: a reason`, target, "exchange")?.code).toBe(code);
  expect(codesOfText(`MsalServiceException: AADSTS${number}: a reason`)[0]).toBe(code);
});

// Whole messages, as they stand in public reports.
test.each<[string, DiagnosisCode]>([
  [
    "Could not use the certificate for signing. See inner exception for details. Possible cause: this may be a known issue with apps build against .NET Desktop 4.6 or lower. Either target a higher version of .NET desktop - 4.6.1 and above, or use a different certificate type (non-CNG) or sign your own assertion",
    "cng-key",
  ],
  ["Exception calling PrivateKey: Invalid provider type specified.", "cng-key"],
  ["Connect-ExchangeOnline : Keyset does not exist", "key-inaccessible"],
  ["The system cannot find the file specified.", "key-inaccessible"],
  [
    "ConvertTo-SecureString: Cannot bind argument to parameter 'String' because it is an empty string.",
    "variable-empty",
  ],
  [
    "Connect-ExchangeOnline: Unable to open a web page using xdg-open, gnome-open, kfmclient or wslview tools. See inner exception for details.",
    "person-asked",
  ],
  [
    "InteractiveBrowserCredential authentication failed: A window handle must be configured. See https://aka.ms/msal-net-wam#parent-window-handles",
    "person-asked",
  ],
  ["Lifetime validation failed, the token is expired.", "token-expired"],
  [
    "Find-Package: No match was found for the specified search criteria and module name 'ExchangeOnlineManagement'. Try Get-PSRepository to see all available registered module repositories.",
    "module-missing",
  ],
  [
    "PackageManagement\\Install-Package : Unable to resolve package source 'https://www.powershellgallery.com/api/v2'.",
    "module-missing",
  ],
  [
    "New-PSSession : [outlook.office365.com] The WinRM client cannot process the request.",
    "module-outdated",
  ],
  [
    "Module could not be correctly formed. Please run Connect-ExchangeOnline again.",
    "not-connected",
  ],
  ["Response status code does not indicate success: 401 (Unauthorized).", "consent-missing"],
  ["AADSTS 700016: Application with identifier was not found", "application-not-found"],
  ["The user isn't assigned to any management roles. Access denied.", "role-unsupported"],
  [
    "Could not load type 'System.IdentityModel.Tokens.Jwt.JwtSecurityTokenHandler' from assembly 'System.IdentityModel.Tokens.Jwt'",
    "module-clash",
  ],
  [
    "The type initializer for 'Microsoft.Exchange.Management.AdminApiProvider.AuthenticationManager' threw an exception.",
    "module-clash",
  ],
  ["Name or service not known (outlook.office365.com:443)", "network-refused"],
  ["One or more errors occurred. (A task was canceled.)", "connection-lost"],
  [
    "The proxy tunnel request to proxy 'http://proxy:8080/' failed with status code '407'.",
    "proxy-answered",
  ],
  [
    "Response status code does not indicate success: 503 (Service Unavailable).",
    "service-unavailable",
  ],
  [
    "The 'Get-Mailbox' command was found in the module 'tmpEXO_4qhjwz3r.fxk', but the module could not be loaded.",
    "not-connected",
  ],
  ["The certificate 'CN=contoso.org' does not have a private key.", "key-absent"],
  [
    'Exception calling ".ctor" with "3" argument(s): "The specified network password is not correct."',
    "pfx-password",
  ],
  [
    "The certificate data cannot be read with the provided password, the password may be incorrect.",
    "pfx-password",
  ],
  [
    "Could not load file or assembly 'Microsoft.Identity.Client, Version=4.23.0.0, Culture=neutral, PublicKeyToken=0a613f4dd989e8ae'. Could not find or load a specific file. (0x80131621)",
    "module-clash",
  ],
  [
    "Could not load file or assembly 'System.IdentityModel.Tokens.Jwt, Version=6.22.1.0'",
    "module-clash",
  ],
  [
    "IDX12729: Unable to decode the header '[PII of type 'System.String' is hidden.]' as Base64Url encoded string.",
    "module-clash",
  ],
  [
    "Method not found: 'Microsoft.Identity.Client.PublicClientApplicationBuilder Microsoft.Identity.Client.Broker.BrokerExtension.WithBroker(Microsoft.Identity.Client.PublicClientApplicationBuilder, Microsoft.Identity.Client.BrokerOptions)'.",
    "module-clash",
  ],
  [
    "Method 'GetTokenAsync' in type 'Microsoft.Graph.PowerShell.Authentication.Core.Utilities.UserProvidedTokenCredential' from assembly 'Microsoft.Graph.Authentication.Core, Version=2.36.1.0' does not have an implementation.",
    "module-clash",
  ],
  [
    "The term 'Connect-ExchangeOnline' is not recognized as a name of a cmdlet, function, script file, or executable program.",
    "module-missing",
  ],
  [
    "The term 'Get-Mailbox' is not recognized as a name of a cmdlet, function, script file, or executable program.",
    "cmdlet-not-allowed",
  ],
  // Windows PowerShell 5.1 says "the name" where PowerShell 7 says "a name".
  [
    "Connect-ExchangeOnline : The term 'Connect-ExchangeOnline' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the spelling of the name",
    "module-missing",
  ],
  [
    "The term 'Get-Mailbox' is not recognized as the name of a cmdlet, function, script file, or operable program.",
    "cmdlet-not-allowed",
  ],
  [
    "Connect-ExchangeOnline : A parameter cannot be found that matches parameter name 'CertificateThumbPrint'.",
    "module-outdated",
  ],
  ["New-ExoPSSession : Create Powershell Session is failed using OAuth", "module-outdated"],
  [
    "File C:\\Program Files\\WindowsPowerShell\\Modules\\ExchangeOnlineManagement\\3.7.1\\ExchangeOnlineManagement.psm1 cannot be loaded because running scripts is disabled on this system.",
    "scripts-disabled",
  ],
  [
    "You must call the Connect-ExchangeOnline cmdlet before calling any other cmdlets.",
    "not-connected",
  ],
  [
    "Get-Item : Cannot find path 'Cert:\\CurrentUser\\My\\0123456789ABCDEF0123456789ABCDEF01234567' because it does not exist.",
    "certificate-not-in-store",
  ],
  [
    'Exception calling "Import" with "3" argument(s): "Cannot find the requested object."',
    "pfx-unreadable",
  ],
  [
    "Could not load file or assembly 'Azure.Core, Version=1.44.1.0, Culture=neutral'. Could not find or load a specific file.",
    "module-clash",
  ],
  ["The profile for the user is a temporary profile.", "key-inaccessible"],
  ["The request was aborted: Could not create SSL/TLS secure channel.", "tls-outdated"],
  [
    "The underlying connection was closed: Could not establish trust relationship for the SSL/TLS secure channel.",
    "tls-intercepted",
  ],
  ["No such host is known. (login.microsoftonline.com:443)", "network-refused"],
  ["The remote server returned an error: (407) Proxy Authentication Required.", "proxy-answered"],
  [
    "AADSTS50012: Client assertion contains an invalid signature. [Reason - The key was not found., Thumbprint of key used by client: 'AB'",
    "certificate-not-registered",
  ],
  ["AADSTS50012: Client assertion contains an invalid signature.", "key-mismatch"],
  ["AADSTS500021: Access to 'Contoso' tenant is denied.", "tenant-restricted"],
  [
    "The command you tried to run isn’t currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization.",
    "customization-missing",
  ],
  [
    "The tenant for tenant guid\n'aaaabbbb-0000-cccc-1111-dddd2222eeee' does not exist.",
    "workload-absent",
  ],
  [
    "AADSTS7002381: Federated identity credentials issued by 'https://token.actions.githubusercontent.com/' must contain the enterprise claim",
    "assertion-rejected",
  ],
  [
    "AADSTS1002012: The provided value for scope is not valid. Client credential flows must have a scope value with /.default",
    "wrong-scope",
  ],
])("%s", (message, code) => {
  expect(diagnoseMessage(message, target, "exchange")?.code).toBe(code);
});

test("what is transient is waited for", () => {
  for (const number of [90055, 50033, 50196, 90033]) {
    expect(diagnoseMessage(`AADSTS${number}: try again`, target, "exchange")?.propagating).toBe(
      true,
    );
  }
});

test.each(["hello", "", "The sky is blue", "error"])("of %j nothing is known", (text) => {
  expect(codesOfText(text)).toEqual([]);
});

describe("apponly explain", () => {
  async function explained(text: string, json?: true) {
    const io = recordingIo();
    const failure = await failureOf(
      explain(text, { format: json === true ? "json" : "terminal" }, io),
    );
    return { out: io.written(), failure };
  }

  test.each(["AADSTS90061", "90061", "issuer-unreachable", "ISSUER-UNREACHABLE"])(
    "takes a code or a number: %s",
    async (text) => {
      const { out, failure } = await explained(text);
      expect(failure).toBeUndefined();
      expect(out).toContain(
        "issuer-unreachable\n  Microsoft Entra ID cannot read the keys of the token's issuer: …\n  → Publish",
      );
      expect(out).toContain("https://learn.microsoft.com/");
    },
  );

  test("names every cause of a message that several can have", async () => {
    const { out } = await explained(
      "AADSTS700016: Application with identifier 'x' was not found in the directory 'y'.",
    );
    expect(out).toMatch(/^application-not-found\n/);
    expect(out).toContain("\nwrong-organization\n");
  });

  test("as JSON has the whole row", async () => {
    const { out } = await explained("cng-key", true);
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      explanations: [
        {
          code: "cng-key",
          propagating: false,
          symptoms: expect.arrayContaining(["Invalid provider type specified"]),
        },
      ],
    });
  });

  test("of an unknown number says where numbers are explained, and of an unknown text fails", async () => {
    expect((await explained("AADSTS9999999")).out).toContain(
      "https://learn.microsoft.com/entra/identity-platform/reference-error-codes",
    );
    expect((await explained("the sky is blue")).failure).toMatchObject({ exitCode: 1 });
  });
});
