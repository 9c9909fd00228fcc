/**
 * The connect commands. Not proven here: that PowerShell runs them.
 */
import fc from "fast-check";
import { type ConnectInput, connectMethods, connectRecipes } from "../../../access/connect";
import { literal } from "../../../access/connect/commands";

const input: ConnectInput = {
  cloud: "global",
  workloads: ["exchange", "compliance"],
  applicationId: "36ee4c6c-0812-40a2-b820-b22ebd02bce3",
  organization: "contosoelectronics.onmicrosoft.com",
  tenantId: "aaaabbbb-0000-cccc-1111-dddd2222eeee",
  certificate: { thumbprint: "012THISISADEMOTHUMBPRINT", generation: "2026-11" },
  federated: true,
  managedIdentity: "system",
};

const commandOf = (workload: string, method: string, changes: Partial<ConnectInput> = {}) =>
  connectRecipes({ ...input, ...changes })
    .find((recipe) => recipe.workload === workload && recipe.method === method)
    ?.script.trim()
    .split("\n")
    .pop();

const application = '-AppID "36ee4c6c-0812-40a2-b820-b22ebd02bce3"';
const organization = '-Organization "contosoelectronics.onmicrosoft.com"';

describe("the document's six commands, value for value", () => {
  const file =
    "-CertificateFilePath $env:APPONLY_PFX_PATH -CertificatePassword (ConvertTo-SecureString -String $env:APPONLY_PFX_PASSWORD -AsPlainText -Force)";
  test.each([
    ["exchange", "pfx-file", `Connect-ExchangeOnline ${file} ${application} ${organization}`],
    ["compliance", "pfx-file", `Connect-IPPSSession ${file} ${application} ${organization}`],
    [
      "exchange",
      "thumbprint",
      `Connect-ExchangeOnline -CertificateThumbPrint "012THISISADEMOTHUMBPRINT" ${application} ${organization}`,
    ],
    [
      "compliance",
      "thumbprint",
      `Connect-IPPSSession -CertificateThumbPrint "012THISISADEMOTHUMBPRINT" ${application} ${organization}`,
    ],
    [
      "exchange",
      "certificate-object",
      `Connect-ExchangeOnline -Certificate $certificate ${application} ${organization}`,
    ],
    [
      "compliance",
      "certificate-object",
      `Connect-IPPSSession -Certificate $certificate ${application} ${organization}`,
    ],
  ])("%s by %s", (workload, method, expected) => {
    expect(commandOf(workload, method)).toBe(expected);
  });
});

describe("the switches of each cloud", () => {
  test.each([
    ["usgovernment", "O365USGovGCCHigh"],
    ["dod", "O365USGovDoD"],
    ["china", "O365China"],
  ] as const)("Exchange Online in %s", (cloud, environmentName) => {
    expect(commandOf("exchange", "thumbprint", { cloud })).toContain(
      ` -ExchangeEnvironmentName ${environmentName}`,
    );
  });

  test.each([
    [
      "usgovernment",
      "https://ps.compliance.protection.office365.us/powershell-liveid/",
      "https://login.microsoftonline.us/organizations",
    ],
    [
      "dod",
      "https://l5.ps.compliance.protection.office365.us/powershell-liveid/",
      "https://login.microsoftonline.us/organizations",
    ],
    [
      "china",
      "https://ps.compliance.protection.partner.outlook.cn/powershell-liveid/",
      "https://login.chinacloudapi.cn/organizations",
    ],
  ] as const)("Security & Compliance in %s", (cloud, connectionUri, authorization) => {
    expect(commandOf("compliance", "thumbprint", { cloud })).toContain(
      ` -ConnectionUri "${connectionUri}" -AzureADAuthorizationEndpointUri "${authorization}"`,
    );
  });
});

test("platform limits are said: thumbprints on Windows, no managed identity for S&C", () => {
  const recipes = connectRecipes(input);
  const thumbprints = recipes.filter(({ method }) => method === "thumbprint");
  expect(thumbprints.map(({ platforms }) => platforms)).toEqual([["windows"], ["windows"]]);
  expect(
    recipes.filter(({ method }) => method === "managed-identity").map(({ workload }) => workload),
  ).toEqual(["exchange"]);
  expect(new Set(recipes.map(({ method }) => method))).toEqual(new Set(connectMethods));
});

test("without certificate and federation nothing is promised", () => {
  const { certificate: _, managedIdentity: __, ...rest } = input;
  expect(connectRecipes({ ...rest, federated: false })).toEqual([]);
});

test("whatever a value contains, PowerShell reads one literal", () => {
  expect(literal('a"$(Remove-Item x)`b')).toBe('"a`"`$(Remove-Item x)``b"');
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      const inner = literal(value).slice(1, -1);
      // Every character with a meaning inside double quotes is escaped by a backtick.
      expect(inner.replace(/`[\s\S]/g, "")).not.toMatch(/[`"$\u201c\u201d\u201e]/);
    }),
  );
});
