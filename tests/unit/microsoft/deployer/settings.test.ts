/** Where the deployer's settings come from, and which way to sign in they choose. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseSignIn } from "../../../../microsoft/deployer/signIn";
import { DeployerSettingsError } from "../../../../microsoft/deployer/settingsError";
import { readProviderSettings } from "../../../../microsoft/deployer/settings";
import { findAuthority } from "../../../../microsoft/deployer/authority";

type Texts = Record<string, string>;
const identity = { tenantId: "11111111-2222-3333-4444-555555555555", clientId: "client" };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "apponly-deployer-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const methodOf = async (configuration: Texts, environment: Texts = {}) =>
  chooseSignIn(await readProviderSettings({ ...identity, ...configuration }, environment)).method;

describe("settings", () => {
  it("come from the stack, else from the environment, of several variables from the first", async () => {
    const settings = await readProviderSettings(
      { tenantId: "of the stack", clientSecret: "" },
      {
        ARM_TENANT_ID: "of the environment",
        ARM_CLIENT_ID: " client ",
        ARM_CLIENT_SECRET: "secret",
        SYSTEM_OIDCREQUESTURI: "third",
        ACTIONS_ID_TOKEN_REQUEST_URL: "second",
      },
    );
    expect(settings).toMatchObject({
      tenantId: "of the stack",
      clientId: "client",
      clientSecret: "secret",
      oidcRequestUrl: "second",
      environment: "global",
      useCli: true,
      useOidc: false,
      useMsi: false,
    });
  });

  it.each([
    ["true", true],
    ["1", true],
    ["T", true],
    ["FALSE", false],
    ["0", false],
  ])("%s is read as Go reads it", async (text, expected) => {
    expect(await readProviderSettings({}, { ARM_USE_CLI: text })).toMatchObject({
      useCli: expected,
    });
  });

  it("are refused where a value is neither true nor false", async () => {
    await expect(readProviderSettings({ useOidc: "yes" }, {})).rejects.toThrow(
      new DeployerSettingsError(
        "azuread:useOidc (or ARM_USE_OIDC) is neither true nor false. Correct it.",
      ),
    );
  });

  it("are read from files, and must not say another thing than the file", async () => {
    const file = join(directory, "secret");
    await writeFile(file, "from the file\n");
    expect(
      await readProviderSettings({ clientSecretFilePath: file, oidcTokenFilePath: file }, {}),
    ).toMatchObject({ clientSecret: "from the file", oidcToken: "from the file" });
    const refused = readProviderSettings(
      { clientSecretFilePath: file },
      { ARM_CLIENT_SECRET: "another" },
    );
    await expect(refused).rejects.toThrow(/clientSecret .* differ/);
    await expect(refused).rejects.not.toThrow(/another|from the file/);
    await expect(
      readProviderSettings({ clientIdFilePath: join(directory, "none") }, {}),
    ).rejects.toThrow(/azuread:clientIdFilePath .* cannot be read/);
  });

  it("of AKS take the tenant from the pod, and allow OIDC", async () => {
    expect(
      await readProviderSettings(
        { useAksWorkloadIdentity: "true" },
        { AZURE_TENANT_ID: "of the pod" },
      ),
    ).toMatchObject({ tenantId: "of the pod", useOidc: true });
    await expect(
      readProviderSettings(
        { useAksWorkloadIdentity: "true", tenantId: "another" },
        { AZURE_TENANT_ID: "of the pod" },
      ),
    ).rejects.toThrow(/tenantId .* differ/);
  });
});

describe("the way to sign in", () => {
  const everything = {
    clientCertificatePath: "file.pfx",
    clientSecret: "secret",
    useOidc: "true",
    oidcToken: "token",
    oidcRequestUrl: "https://127.0.0.1:8443",
    oidcRequestToken: "bearer",
    adoPipelineServiceConnectionId: "connection",
    useMsi: "true",
  };

  it("is the first whose settings are there, in the provider's order", async () => {
    const order: (keyof typeof everything)[] = [
      "clientCertificatePath",
      "clientSecret",
      "oidcToken",
      "adoPipelineServiceConnectionId",
      "oidcRequestUrl",
      "useMsi",
    ];
    const found: string[] = [];
    const left: Texts = { ...everything };
    for (const key of order) {
      found.push(await methodOf(left));
      delete left[key];
    }
    found.push(await methodOf(left));
    expect(found).toEqual([
      "client certificate",
      "client secret",
      "OIDC token",
      "OIDC of Azure DevOps",
      "OIDC of GitHub Actions",
      "managed identity",
      "Azure CLI",
    ]);
  });

  it("uses no secret without a tenant and a client, as the provider does not", async () => {
    expect(chooseSignIn(await readProviderSettings({ clientSecret: "secret" }, {})).method).toBe(
      "Azure CLI",
    );
  });

  it("uses no OIDC token unless that is switched on, and says so where nothing is left", async () => {
    const environment = { ARM_OIDC_TOKEN: "token" };
    expect(await methodOf({}, environment)).toBe("Azure CLI");
    await expect(methodOf({ useCli: "false" }, environment)).rejects.toThrow(
      "There is an OIDC token, but the provider uses it only with azuread:useOidc or ARM_USE_OIDC set to true.",
    );
  });

  it.each<[string, Record<string, string>, string]>([
    [
      "GitHub Actions",
      { GITHUB_ACTIONS: "true" },
      "`permissions: id-token: write` in the workflow or the job.",
    ],
    [
      "Azure DevOps",
      { TF_BUILD: "True", SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/x" },
      "the job's token in the step, `env: SYSTEM_ACCESSTOKEN: $(System.AccessToken)`, and the id of the service connection in ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID.",
    ],
    [
      "Azure DevOps with the job's token",
      {
        TF_BUILD: "True",
        SYSTEM_OIDCREQUESTURI: "https://dev.azure.com/x",
        SYSTEM_ACCESSTOKEN: "t",
      },
      "the id of the service connection in ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID.",
    ],
    [
      "GitLab",
      { GITLAB_CI: "true" },
      "a token of the job, `id_tokens` with ARM_OIDC_TOKEN and its `aud`.",
    ],
    [
      "a machine",
      {},
      "a token in ARM_OIDC_TOKEN, or the name of its file in ARM_OIDC_TOKEN_FILE_PATH.",
    ],
  ])("says which half of OIDC is missing on %s", async (_what, job, missing) => {
    const environment = { ARM_USE_OIDC: "true", ...job };
    const said = `OIDC is asked for, and what is missing is ${missing}`;
    const settings = await readProviderSettings(identity, environment);
    expect(chooseSignIn(settings).lacking).toBe(said);
    if (chooseSignIn(settings).method === "Azure CLI") {
      await expect(methodOf({ useCli: "false" }, environment)).rejects.toThrow(said);
    }
  });

  it.each(["SYSTEM_ACCESSTOKEN", "ARM_CLIENT_SECRET", "ARM_OIDC_TOKEN", "ARM_TENANT_ID"])(
    "takes %s that Azure DevOps has not replaced for no value",
    async (variable) => {
      const environment = { ARM_USE_OIDC: "true", TF_BUILD: "True", [variable]: "$(System.Own-1)" };
      await expect(readProviderSettings({}, environment)).rejects.toThrow(
        `${variable} is $(System.Own-1), which the pipeline has not replaced: it has no variable of that name. Define it, or do not set ${variable}.`,
      );
    },
  );

  it("says nothing of OIDC where a job has all of it", async () => {
    const job = {
      ACTIONS_ID_TOKEN_REQUEST_URL: "https://run.actions.githubusercontent.com",
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "t",
    };
    const environment = { ARM_USE_OIDC: "true", GITHUB_ACTIONS: "true", ...job };
    expect(chooseSignIn(await readProviderSettings(identity, environment))).toEqual({
      method: "OIDC of GitHub Actions",
      lacking: undefined,
    });
  });

  it("names what is missing", async () => {
    const settings = await readProviderSettings({ useCli: "false", clientSecret: "hush" }, {});
    expect(() => chooseSignIn(settings)).toThrow(
      "The deployer has no way to sign in. Missing: azuread:tenantId (ARM_TENANT_ID), azuread:clientId (ARM_CLIENT_ID).",
    );
    await expect(methodOf({ useCli: "false" })).rejects.toThrow(/Set azuread:clientSecret/);
  });
});

describe("the endpoints", () => {
  it.each([
    ["public", "https://login.microsoftonline.com", "https://graph.microsoft.com"],
    ["GLOBAL", "https://login.microsoftonline.com", "https://graph.microsoft.com"],
    ["usgovernmentl4", "https://login.microsoftonline.us", "https://graph.microsoft.us"],
    ["dod", "https://login.microsoftonline.us", "https://dod-graph.microsoft.us"],
    ["china", "https://login.chinacloudapi.cn", "https://microsoftgraph.chinacloudapi.cn"],
  ])("of %s are those of the cloud", async (environment, login, graph) => {
    const settings = await readProviderSettings({ environment }, {});
    expect(await findAuthority(settings)).toEqual({ login, graph });
  });

  it("of an unknown environment are an error that names the known ones", async () => {
    const settings = await readProviderSettings({}, { ARM_ENVIRONMENT: "moon" });
    await expect(findAuthority(settings)).rejects.toThrow(/"moon" is not one that apponly knows/);
  });
});
