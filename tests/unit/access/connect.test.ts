/**
 * The connect recipes: what each says, and where it works. Not proven here: that PowerShell runs
 * them. Their syntax is in connectGrammar.test.ts, what they request in tests/journeys/connect.
 */
import {
  type ConnectInput,
  connectOutput,
  type ConnectRecipe,
  connectRecipes,
} from "../../../access/connect/recipes";
import { connectMethods } from "../../../access/connect/credentials";
import { documentInput as input } from "../../support/connect";

const recipeOf = (workload: string, method: string, changes: Partial<ConnectInput> = {}) =>
  connectRecipes({ ...input, ...changes }).find(
    (recipe) => recipe.workload === workload && recipe.method === method,
  ) as ConnectRecipe;

/** What a stack has whose key is not in a vault; the others are in connectGrammar.test.ts. */
const withoutVault = connectMethods.filter((method) => !method.endsWith("key-vault"));

test("every way for every workload, save the managed identity for S&C", () => {
  const methodsOf = (workload: string) =>
    connectRecipes(input)
      .filter((recipe) => recipe.workload === workload)
      .map(({ method }) => method);
  expect(methodsOf("exchange")).toEqual(withoutVault);
  expect(methodsOf("compliance")).toEqual(
    withoutVault.filter((method) => method !== "managed-identity"),
  );
});

test("without certificate, federation and identity nothing is promised", () => {
  const { certificate: _, managedIdentity: __, ...rest } = input;
  expect(connectRecipes({ ...rest, federated: false, federatedCredentials: [] })).toEqual([]);
});

test("the ways that depend on the issuer are offered only for that issuer", () => {
  const methods = (issuers: string[]) =>
    connectRecipes({
      ...input,
      workloads: ["exchange"],
      federatedCredentials: issuers.map((issuer) => ({ issuer })),
    })
      .map(({ method }) => method)
      .filter((method) => /^access-token-(github|file)$/.test(method));
  expect(methods(["https://token.actions.githubusercontent.com"])).toEqual(["access-token-github"]);
  expect(methods(["https://oidc.example.com"])).toEqual(["access-token-file"]);
  expect(methods([])).toEqual([]);
});

describe("platform limits", () => {
  test.each([
    ["exchange", "pfx-file", "windows linux macos"],
    ["exchange", "thumbprint", "windows"],
    ["exchange", "certificate-object", "windows linux macos"],
    ["exchange", "access-token-github", "windows linux macos"],
    ["exchange", "managed-identity", "windows linux"],
    // Microsoft offers Security & Compliance PowerShell only on Windows.
    ["compliance", "pfx-file", "windows"],
    ["compliance", "thumbprint", "windows"],
    ["compliance", "access-token", "windows"],
  ])("%s by %s: %s", (workload, method, platforms) => {
    const recipe = recipeOf(workload, method);
    expect(recipe.platforms.join(" ")).toBe(platforms);
    expect(recipe.script).toContain(`Runs on: ${platforms.replaceAll(" ", ", ")}.`);
  });
});

describe("module versions", () => {
  test.each([
    ["exchange", "pfx-file", "3.0.0"],
    ["exchange", "access-token", "3.1.0"],
    ["exchange", "managed-identity", "3.0.0"],
    ["compliance", "thumbprint", "3.2.0"],
    ["compliance", "access-token-file", "3.8.0"],
  ])("%s by %s needs %s", (workload, method, version) => {
    const recipe = recipeOf(workload, method);
    expect(recipe.moduleVersion).toBe(version);
    expect(recipe.script).toContain(
      `#Requires -Modules @{ ModuleName = "ExchangeOnlineManagement"; ModuleVersion = "${version}" }`,
    );
    expect(recipe.notes.join(" ")).toContain("need PowerShell 7.6");
  });
});

describe("the switches of each cloud", () => {
  test.each([
    ["global", "-Organization"],
    ["usgovernment", "-ExchangeEnvironmentName O365USGovGCCHigh"],
    ["dod", "-ExchangeEnvironmentName O365USGovDoD"],
    ["china", "-ExchangeEnvironmentName O365China"],
  ] as const)("Exchange Online in %s", (cloud, last) => {
    expect(recipeOf("exchange", "thumbprint", { cloud }).command).toMatch(
      new RegExp(`${last}( "[^"]+")? -ShowBanner:\\$false$`),
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
    const expected = ` -ConnectionUri "${connectionUri}" -AzureADAuthorizationEndpointUri "${authorization}"`;
    for (const { workload, command } of connectRecipes({ ...input, cloud })) {
      expect(command.endsWith(`${expected} -ShowBanner:$false`)).toBe(workload === "compliance");
    }
  });

  test.each([
    ["global", "https://login.microsoftonline.com", "https://outlook.office365.com"],
    ["usgovernment", "https://login.microsoftonline.us", "https://outlook.office365.us"],
    ["dod", "https://login.microsoftonline.us", "https://outlook-dod.office365.us"],
    ["china", "https://login.chinacloudapi.cn", "https://partner.outlook.cn"],
  ] as const)("a token in %s comes from %s for %s", (cloud, authority, resource) => {
    const { script } = recipeOf("exchange", "access-token-github", { cloud });
    expect(script).toContain(`-Uri "${authority}/${input.tenantId}/oauth2/v2.0/token"`);
    expect(script).toContain(`scope = "${resource}/.default"`);
    expect(recipeOf("exchange", "access-token-azure-cli", { cloud }).script).toContain(
      `--resource "${resource}" `,
    );
  });
});

test("the audience is the federated credential's", () => {
  const federatedCredentials = [
    {
      issuer: "https://token.actions.githubusercontent.com",
      audience: "api://AzureADTokenExchangeUSGov",
    },
  ];
  expect(recipeOf("exchange", "access-token-github", { federatedCredentials }).script).toContain(
    '::EscapeDataString("api://AzureADTokenExchangeUSGov")',
  );
});

test("a user-assigned identity is named by its client id", () => {
  const managedIdentity = "bf6dcc76-4331-4942-8d50-87ea41d6e8a1";
  expect(recipeOf("exchange", "managed-identity", { managedIdentity }).command).toBe(
    `Connect-ExchangeOnline -ManagedIdentity -ManagedIdentityAccountId "${managedIdentity}" -Organization "contosoelectronics.onmicrosoft.com" -ShowBanner:$false`,
  );
});

test("S&C never asks a person to sign in, and no recipe holds a secret", () => {
  for (const { workload, script } of connectRecipes(input)) {
    expect(script.includes("$Global:IsWindows = $true")).toBe(workload === "compliance");
    expect(script).not.toMatch(/-String "|password = |secret/i);
    expect(script).toMatch(/finally \{[\s\S]*Disconnect-ExchangeOnline -Confirm:\$false\n\}\n$/);
  }
});

test("the stack output has a script per workload and method", () => {
  const output = connectOutput(connectRecipes(input));
  expect(Object.keys(output)).toEqual(["exchange", "compliance"]);
  expect(Object.keys(output.exchange ?? {})).toEqual(withoutVault);
  expect(output.compliance?.thumbprint).toBe(recipeOf("compliance", "thumbprint").script);
});
