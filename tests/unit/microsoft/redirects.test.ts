/** Credentials go to Microsoft or to this machine, whatever variables and settings say. */
import { endpointWarnings } from "../../../cli/endpoints";
import { clouds } from "../../../components/catalog/clouds";
import { readGitHubTarget } from "../../../access/export/github/target";
import { refuseRedirectingVariables, refuseRedirects } from "../../../microsoft/deployer/redirects";
import { readProviderSettings } from "../../../microsoft/deployer/settings";
import { jobTokenSource } from "../../../microsoft/jobToken";
import { providerSettingsIn } from "../../../operations/providerSettings";
import { endpointsFor, endpointsOf } from "../../../microsoft/endpoints";
import { send } from "../../../microsoft/http";
import { isSafeForCredentials } from "../../../system/loopback";
import { foreignEndpoints } from "../../../access/verify/target";
import { verifyShape } from "../../../access/verify/documentShape";

function thrownBy(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error("Nothing was thrown.");
}

const variables = ["APPONLY_AUTHORITY", "APPONLY_EXCHANGE", "APPONLY_COMPLIANCE", "APPONLY_GRAPH"];
const clear = () => variables.forEach((name) => delete process.env[name]);
beforeEach(clear);
afterEach(clear);

const simulated = () =>
  variables.forEach((name, at) => (process.env[name] = `https://127.0.0.1:${8443 + at}`));

describe.each(variables)("%s", (name) => {
  test.each([
    "https://evil.example",
    "http://127.0.0.1.evil.example",
    "https://localhost@evil.example",
    "https://login.microsoftonline.com.evil.example",
    "http://169.254.169.254",
    "127.0.0.1:8443",
    "file:///etc/passwd",
  ])("does not take %s", (address) => {
    simulated();
    process.env[name] = address;
    expect(() => endpointsFor(clouds.global, process.env)).toThrow(
      `${name} is for a simulated tenant on this machine`,
    );
  });
});

test("the simulator's endpoints are taken, and reported as not Microsoft's", () => {
  expect(endpointsFor(clouds.global, process.env)).toEqual(endpointsOf(clouds.global));
  simulated();
  const endpoints = endpointsFor(clouds.global, process.env);
  expect(foreignEndpoints({ endpoints, cloud: clouds.global })).toEqual([
    "https://127.0.0.1:8443",
    "https://127.0.0.1:8444",
    "https://127.0.0.1:8445",
    "https://127.0.0.1:8446",
  ]);
  for (const cloud of Object.values(clouds)) {
    expect(foreignEndpoints({ endpoints: endpointsOf(cloud), cloud })).toEqual([]);
  }
  expect(Object.keys(verifyShape.shape)).toContain("endpoints");
});

test("a review says when the tenant that was asked need not be Microsoft's", () => {
  expect(endpointWarnings({})).toEqual([]);
  expect(endpointWarnings({ ARM_METADATA_HOSTNAME: "management.azure.com" })).toEqual([]);
  expect(endpointWarnings({ ARM_METADATA_HOSTNAME: "127.0.0.1:8443" })).toEqual([
    "The preview asked 127.0.0.1:8443 and not Microsoft (ARM_METADATA_HOSTNAME): it says nothing about a real tenant.",
  ]);
});

describe("a stack's settings", () => {
  const redirected = [
    ["metadataHost", "ARM_METADATA_HOSTNAME", "evil.example"],
    ["oidcRequestUrl", "ARM_OIDC_REQUEST_URL", "https://dev.azure.com/mallory/token"],
    ["msiEndpoint", "ARM_MSI_ENDPOINT", "http://evil.example"],
  ] as const;

  test.each(redirected)(
    "do not redirect the deployer's credential by %s",
    async (name, variable, to) => {
      const settings = { [name]: to };
      await expect(readProviderSettings(settings, {})).rejects.toThrow(
        `azuread:${name} in the stack's settings`,
      );
      const { message } = thrownBy(() => refuseRedirects(settings, {}));
      expect(message).toContain(`azuread:${name} in the stack's settings would have`);
      expect(() => refuseRedirects(settings, { [variable]: "another" })).toThrow(variable);
      // Whoever runs the command says so as well, and only tokens of a job are asked for.
      const refuseBoth = () => refuseRedirects(settings, { [variable]: to });
      if (name === "oidcRequestUrl") {
        expect(message).toContain(`set ${variable} to the same`);
        expect(refuseBoth).not.toThrow();
      } else {
        expect(refuseBoth).toThrow(`${variable} would have a credential sent`);
      }
    },
  );

  test("may name this machine, and Microsoft's", () => {
    for (const metadataHost of ["127.0.0.1:8443", "localhost", "management.azure.com"]) {
      expect(() => refuseRedirects({ metadataHost }, {})).not.toThrow();
    }
    expect(() => refuseRedirects({ msiEndpoint: "http://169.254.169.254/x" }, {})).not.toThrow();
  });
});

describe.each([
  "ARM_METADATA_HOSTNAME",
  "ARM_MSI_ENDPOINT",
  "AZURE_AUTHORITY_HOST",
  "AZURE_POD_IDENTITY_AUTHORITY_HOST",
  "IDENTITY_ENDPOINT",
  "IMDS_ENDPOINT",
  "MSI_ENDPOINT",
])("the variable %s", (name) => {
  test.each([
    "https://evil.example",
    "evil.example:443",
    "https://login.microsoftonline.com.evil.example/",
    "https://login.microsoftonline.com@evil.example/",
    "http://127.0.0.1.evil.example",
    "http://10.0.0.1/token",
    "::",
  ])("sends no credential to %s", async (address) => {
    const variables = { [name]: address };
    const said = `${name} would have a credential sent to a host that is neither Microsoft's nor`;
    expect(() => refuseRedirectingVariables(variables)).toThrow(said);
    await expect(readProviderSettings({}, variables)).rejects.toThrow(said);
  });

  test.each([
    "",
    "127.0.0.1:8443",
    "http://localhost:50342/oauth2/token",
    "http://169.254.129.7:80",
  ])("takes %j", (address) =>
    expect(() => refuseRedirectingVariables({ [name]: address })).not.toThrow(),
  );

  test("takes the authority of every cloud of Microsoft", () => {
    for (const { authority } of Object.values(clouds)) {
      expect(() => refuseRedirectingVariables({ [name]: `${authority}/` })).not.toThrow();
    }
  });
});

describe.each(["ARM_OIDC_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_URL", "SYSTEM_OIDCREQUESTURI"])(
  "the address in %s",
  (name) => {
    const github = { GITHUB_SERVER_URL: "https://github.com" };
    test.each([
      "https://evil.example/token",
      "https://dev.azure.com.evil.example/token",
      "https://dev.azure.com@evil.example/token",
      "https://evilactions.githubusercontent.com/token",
      "https://raw.githubusercontent.com/mallory/x/main/token",
      "https://mallory.github.io/token",
      "https://login.microsoftonline.com/token",
      "http://dev.azure.com/contoso/token",
      "http://run.actions.githubusercontent.com/token",
      "http://169.254.169.254/token",
      "https://127.0.0.1.evil.example",
      "ftp://localhost.evil.example/",
    ])("does not get a job's token to %s", async (address) => {
      const variables = { ...github, [name]: address };
      const said = `${name} would have the job's token sent to a host that is neither GitHub's`;
      expect(() => refuseRedirectingVariables(variables)).toThrow(said);
      await expect(readProviderSettings({}, variables)).rejects.toThrow(said);
      await expect(providerSettingsIn([], variables)).rejects.toThrow(said);
    });

    test.each([
      ["https://run-actions-1-azure-eastus.actions.githubusercontent.com/3//idtoken/a/b", github],
      ["https://pipelines.actions.githubusercontent.com/a?api-version=2.0", github],
      ["https://dev.azure.com/contoso/1/_apis/distributedtask/hubs/build/plans/2", {}],
      ["https://contoso.visualstudio.com/1/_apis/distributedtask/hubs/build/plans/2", {}],
      [
        "https://git.contoso.example/_services/a",
        { GITHUB_SERVER_URL: "https://git.contoso.example" },
      ],
      ["https://run.actions.contoso.ghe.com/a", { GITHUB_SERVER_URL: "https://contoso.ghe.com" }],
      [
        "http://git.contoso.example:3000/a",
        { GITHUB_SERVER_URL: "http://git.contoso.example:3000" },
      ],
      ["http://127.0.0.1:8443/token", {}],
      ["", {}],
    ])("gets it to %j", (address, server) =>
      expect(() => refuseRedirectingVariables({ ...server, [name]: address })).not.toThrow(),
    );
  },
);

test("a host of another server is not one of this job's", () => {
  const variables = {
    GITHUB_SERVER_URL: "https://git.contoso.example",
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://git.fabrikam.example/_services/a",
  };
  expect(() => refuseRedirectingVariables(variables)).toThrow("ACTIONS_ID_TOKEN_REQUEST_URL");
  const plain = { ...variables, ACTIONS_ID_TOKEN_REQUEST_URL: "http://git.contoso.example/a" };
  expect(() => refuseRedirectingVariables(plain)).toThrow("ACTIONS_ID_TOKEN_REQUEST_URL");
});

test("variables are refused before the engine runs, also where no settings say how to sign in", async () => {
  await expect(providerSettingsIn([], { ARM_METADATA_HOSTNAME: "evil.example" })).rejects.toThrow(
    "ARM_METADATA_HOSTNAME would have a credential sent",
  );
});

test("a job's own token is not asked for elsewhere by a verification", async () => {
  const source = jobTokenSource({
    ACTIONS_ID_TOKEN_REQUEST_URL: "https://evil.example/token",
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: "bearer",
  });
  await expect(source?.request("a")).rejects.toThrow(
    "ACTIONS_ID_TOKEN_REQUEST_URL would have the job's token sent",
  );
});

test("nothing is sent without encryption but to this machine", async () => {
  await expect(
    send("http://evil.example/token", { method: "POST", body: "secret" }),
  ).rejects.toThrow("http://evil.example would get a credential without encryption.");
  for (const address of [
    "http://127.0.0.1:1",
    "http://[::1]:1",
    "https://a.example",
    "http://169.254.169.254",
  ]) {
    expect(isSafeForCredentials(new URL(address))).toBe(true);
  }
  for (const address of ["http://127.0.0.1.evil.example", "ftp://localhost", "http://10.0.0.1"]) {
    expect(isSafeForCredentials(new URL(address))).toBe(false);
  }
  const variables = { GH_TOKEN: "ghp_abc", GITHUB_API_URL: "http://evil.example" };
  expect(() => readGitHubTarget({ repository: "a/b", environment: "c", variables })).toThrow(
    "GITHUB_API_URL is not the https address",
  );
});
