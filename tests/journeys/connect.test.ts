/**
 * From an update to an answered cmdlet by every recipe and every ready pipeline: the scripts are
 * those of the stack output, run from the tree of PowerShell's grammar on a machine whose commands
 * are in tests/support/powershellRun. Keys are read by node-forge, tokens come from the simulated
 * tenant, cmdlets go over REST as the module is known to send them.
 *
 * Not proven here: PowerShell and the module themselves; that Azure hands tokens to a managed
 * identity: the tenant issues that token for a client secret of the same service principal.
 */
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import type { Parser } from "web-tree-sitter";
import { parse } from "yaml";
import { acquireToken } from "../../microsoft/tokens";
import { connectMethods } from "../../access/connect/credentials";
import type { PipelineFile, PipelineStack, PipelineWishes } from "../../access/pipelines/types";
import { planPipeline } from "../../access/pipelines/plan";
import { renderPipeline } from "../../access/pipelines/renderPipeline";
import { program as managedIdentityExample } from "../../examples/managed-identity/index";
import { groovyParser, multilineTexts } from "../support/groovy";
import { type Journey, startJourney } from "../support/journey";
import { scriptsInYaml } from "../support/pipelines";
import { powershellParser } from "../support/powershell";
import { runScript } from "../support/powershellRun/evaluate";
import { leftOver, type Machine, machine } from "../support/powershellRun/surroundings";

const githubIssuer = "https://token.actions.githubusercontent.com";
const githubSubject = "repo:contoso/messaging:ref:refs/heads/main";
const jenkinsIssuer = "https://jenkins.contoso.com/oidc";
const jenkinsSubject = "https://jenkins.contoso.com/job/exchange/";
const azureDevOpsIssuer = "https://vstoken.dev.azure.com/aaaabbbb-0000-cccc-1111-dddd2222eeee";
const deploymentSubject = "sc://contoso/Messaging/exchange-online";

interface Outputs {
  readonly tenantId: string;
  readonly organization: string;
  readonly applicationId: string;
  readonly pfx: string;
  readonly pfxPassword: string;
  readonly connect: Record<string, Record<string, string>>;
  readonly certificates: { thumbprint: string }[];
}

let journey: Journey;
let outputs: Outputs;
let jobTokens: string;
let server: Server;
let idToken: (iss: string, sub: string, aud?: string) => Promise<string>;
let powershell: Parser;
let setup: Machine;

beforeAll(async () => {
  powershell = await powershellParser();
  journey = await startJourney();
  await startIssuers();
  const stack = await journey.stack("dev", {
    displayName: "ExO and S&C reports",
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
    certificates: [{ name: "2026-11", subject: "reports.contoso.org" }],
    federatedCredentials: [
      { name: "github-main", github: { repository: "contoso/messaging", branch: "main" } },
      { name: "jenkins", issuer: jenkinsIssuer, subject: jenkinsSubject },
      { name: "deployments", issuer: azureDevOpsIssuer, subject: deploymentSubject },
    ],
  });
  await stack.up();
  outputs = (await stack.outputs()) as unknown as Outputs;
  setup = await setUpMachine();
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await journey.close();
});

/** Identity providers with one key, and the address at which GitHub hands a job its token. */
async function startIssuers() {
  const { privateKey, publicKey } = await generateKeyPair("RS256", { extractable: true });
  const keys = [{ ...(await exportJWK(publicKey)), kid: "key", use: "sig", alg: "RS256" }];
  for (const trusted of [githubIssuer, jenkinsIssuer, azureDevOpsIssuer]) {
    journey.simulator.issuers.trust(trusted, { keys });
  }
  idToken = (iss, sub, aud = "api://AzureADTokenExchange") =>
    new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: "RS256", kid: "key" })
      .setIssuer(iss)
      .setSubject(sub)
      .setAudience(aud)
      .setIssuedAt()
      .setExpirationTime("5m")
      .sign(privateKey);
  server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
    if (request.headers.authorization !== "Bearer of this job") {
      response.writeHead(401).end();
      return;
    }
    void idToken(githubIssuer, githubSubject, searchParams.get("audience") ?? "").then((value) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ value }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  jobTokens = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token?api-version=2.0`;
}

async function setUpMachine(): Promise<Machine> {
  const folder = join(journey.directory, "machine");
  await mkdir(folder);
  const { loginTls, exchange, compliance } = journey.simulator.endpoints;
  const endpoints = {
    authority: loginTls,
    workloads: { exchange, compliance },
    extraCaPem: journey.simulator.caCertificatePem,
  };
  const pfxPath = join(folder, "access.pfx");
  await writeFile(pfxPath, Buffer.from(outputs.pfx, "base64"), { mode: 0o600 });
  const tokenFile = join(folder, "token");
  await writeFile(tokenFile, `${await idToken(jenkinsIssuer, jenkinsSubject)}\n`);
  const { tenantId, applicationId: clientId } = outputs;
  return {
    endpoints,
    environment: {
      APPONLY_PFX: outputs.pfx,
      APPONLY_PFX_PATH: pfxPath,
      APPONLY_PFX_PASSWORD: outputs.pfxPassword,
      AZURE_FEDERATED_TOKEN_FILE: tokenFile,
      ACTIONS_ID_TOKEN_REQUEST_URL: jobTokens,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "of this job",
      RUNNER_TEMP: folder,
      AGENT_TEMPDIRECTORY: folder,
    },
    address: (url) => url.replace("https://login.microsoftonline.com", loginTls),
    az: async (parameters) =>
      acquireToken({
        endpoints,
        tenantId,
        clientId,
        credential: { clientAssertion: await idToken(azureDevOpsIssuer, deploymentSubject) },
        resource: parameters.get("-resource") as string,
      }),
    asset: { name: "apponly", pfx: outputs.pfx, password: outputs.pfxPassword },
  };
}

/** A stack without a managed identity and without a key in a vault has the others. */
const methodsHere = connectMethods.filter(
  (method) => method !== "managed-identity" && !method.endsWith("-key-vault"),
);

const probes = {
  exchange: ["Get-OrganizationConfig", 1],
  compliance: ["Get-DlpCompliancePolicy", expect.any(Number)],
} as const;

describe.each(["exchange", "compliance"] as const)("%s", (workload) => {
  test.each(methodsHere)("by %s", async (method) => {
    const script = outputs.connect[workload]?.[method] ?? "";
    const { surroundings, traces } = machine({
      ...setup,
      environment: { ...setup.environment, ...(await extraFor(method)) },
    });
    if (method === "thumbprint") {
      // Installed beforehand, and registered with the application by the same thumbprint.
      await runScript(powershell, install, surroundings);
      expect([...traces.store.keys()]).toEqual([outputs.certificates[0]?.thumbprint]);
    }
    await runScript(powershell, script, surroundings);
    expect(traces.module.answered).toEqual([probes[workload]]);
    expect(traces.module.connected).toEqual([]);
    expect(traces.disposed).toHaveLength(method === "certificate-object" ? 1 : 0);
  });

  async function extraFor(method: string): Promise<Record<string, string>> {
    if (method === "access-token") {
      // An earlier step has acquired it.
      const resource =
        workload === "exchange" ? "outlook.office365.com" : "ps.compliance.protection.outlook.com";
      const token = await setup.az?.(new Map([["-resource", `https://${resource}`]]));
      return { APPONLY_ACCESS_TOKEN: token ?? "" };
    }
    return {};
  }
});

const install = `$password = ConvertTo-SecureString -String $env:APPONLY_PFX_PASSWORD -AsPlainText -Force
Import-PfxCertificate -FilePath $env:APPONLY_PFX_PATH -CertStoreLocation "Cert:\\CurrentUser\\My" -Password $password
`;

test("every method of the stack was there", () => {
  for (const workload of ["exchange", "compliance"]) {
    expect(Object.keys(outputs.connect[workload] ?? {}).sort()).toEqual([...methodsHere].sort());
  }
});

test("exchange by managed identity, as the example grants it", async () => {
  const { servicePrincipalObjectId, clientId } = journey.tenant.deployer;
  const { organization } = outputs;
  const stack = await journey.stack(
    "identity",
    {
      "apponly:principalObjectId": servicePrincipalObjectId,
      "apponly:organization": organization,
    },
    () => Promise.resolve(managedIdentityExample()),
  );
  await stack.up();
  const { connect } = (await stack.outputs()) as unknown as Pick<Outputs, "connect">;
  expect(Object.keys(connect)).toEqual(["exchange"]);
  const { surroundings, traces } = machine({
    ...setup,
    environment: {},
    managedIdentity: () => tokenBySecret(clientId, journey.tenant.deployer.issueSecret()),
  });
  await runScript(powershell, connect.exchange?.["managed-identity"] ?? "", surroundings);
  expect(traces.module.answered).toEqual([probes.exchange]);
  await stack.destroy();
});

async function tokenBySecret(clientId: string, secret: string): Promise<string> {
  const { login } = journey.simulator.endpoints;
  const answer = await fetch(`${login}/${outputs.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: clientId,
      client_secret: secret,
      grant_type: "client_credentials",
      scope: "https://outlook.office365.com/.default",
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

describe("the ready pipelines", () => {
  test.each<PipelineWishes>([
    { kind: "github-actions", platform: "windows", credential: "federated" },
    { kind: "github-actions", platform: "windows", credential: "certificate" },
    { kind: "github-actions", platform: "linux", credential: "federated", workloads: ["exchange"] },
    {
      kind: "github-actions",
      platform: "linux",
      credential: "certificate",
      workloads: ["exchange"],
    },
    { kind: "azure-devops", credential: "federated" },
    { kind: "azure-devops", credential: "certificate" },
    { kind: "azure-automation", credential: "certificate" },
    { kind: "jenkins", credential: "federated" },
    { kind: "jenkins", credential: "certificate" },
    { kind: "gitlab", credential: "federated", workloads: ["exchange"] },
    { kind: "gitlab", credential: "certificate", workloads: ["exchange"] },
    { kind: "cron", workloads: ["exchange"] },
  ])("%j", async (wishes) => {
    const plan = planPipeline(pipelineStack(), wishes);
    const { surroundings, traces } = machine(setup);
    for (const script of await scriptsOf(renderPipeline(plan))) {
      await runScript(powershell, script, surroundings);
    }
    expect(traces.module.answered).toEqual(plan.workloads.map((workload) => probes[workload]));
    expect(leftOver(traces)).toEqual([]);
    expect(traces.installed).toEqual(
      wishes.kind === "azure-automation" ? [] : ["ExchangeOnlineManagement 3.10.1"],
    );
  });

  test.each(["github-actions", "azure-devops"] as const)(
    "%s leaves no key behind after a failure",
    async (kind) => {
      const plan = planPipeline(pipelineStack(), { kind, credential: "certificate" });
      const [, script = ""] = await scriptsOf(renderPipeline(plan));
      const { surroundings, traces } = machine(setup);
      const commands = {
        ...surroundings.commands,
        "get-organizationconfig": () => Promise.reject(new Error("refused by this test")),
      };
      await expect(runScript(powershell, script, { ...surroundings, commands })).rejects.toThrow(
        "refused by this test",
      );
      expect(traces.written).toHaveLength(1);
      expect(leftOver(traces)).toEqual([]);
      // Nor where the file cannot be imported.
      const wrong = machine({
        ...setup,
        environment: { ...setup.environment, APPONLY_PFX_PASSWORD: "wrong" },
      });
      await expect(runScript(powershell, script, wrong.surroundings)).rejects.toThrow();
      expect(wrong.traces.written).toHaveLength(1);
      expect(leftOver(wrong.traces)).toEqual([]);
    },
  );

  test("a secret that the platform does not hand over is named", async () => {
    const plan = planPipeline(pipelineStack(), {
      kind: "github-actions",
      credential: "certificate",
    });
    const [, script = ""] = await scriptsOf(renderPipeline(plan));
    const { surroundings } = machine({ ...setup, environment: { RUNNER_TEMP: "" } });
    await expect(runScript(powershell, script, surroundings)).rejects.toThrow(
      "The secrets APPONLY_PFX and APPONLY_PFX_PASSWORD are not there.",
    );
  });

  function pipelineStack(): PipelineStack {
    const { tenantId, organization, applicationId } = outputs;
    return {
      stack: "dev",
      cloud: "global",
      tenantId,
      organization,
      applicationId,
      workloads: ["exchange", "compliance"],
      certificate: true,
      federatedCredentials: [
        { name: "github-main", issuer: githubIssuer, subject: githubSubject },
        { name: "jenkins", issuer: jenkinsIssuer, subject: jenkinsSubject },
        { name: "deployments", issuer: azureDevOpsIssuer, subject: deploymentSubject },
      ],
    };
  }

  /** The PowerShell of a pipeline, in the order in which it runs. */
  async function scriptsOf(files: readonly PipelineFile[]): Promise<string[]> {
    const scripts = await Promise.all(
      files.map(async ({ path, content }) => {
        if (path.endsWith(".yml")) {
          expect(parse(content)).toEqual(expect.any(Object));
          return scriptsInYaml(content);
        }
        if (path.startsWith("Jenkinsfile")) {
          return multilineTexts(await groovyParser(), content);
        }
        return path.endsWith(".ps1") ? [content] : [];
      }),
    );
    return scripts.flat();
  }
});
