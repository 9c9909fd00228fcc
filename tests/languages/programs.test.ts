/**
 * Programs in YAML that use the components and the provider for Exchange's roles: each example through
 * the engine, on a simulated tenant.
 *
 * Not proven here: Pulumi's host of Node, which runs the folder `plugin` where Pulumi installs it.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { consent, Graph, giveRole, microsoft } from "../simulator/support/clients";
import { exchangeDeployerPermissions } from "../support/exchangeTenant";
import { type Journey, startJourney } from "../support/journey";
import { goProgram } from "./goPrograms";

jest.setTimeout(900_000);

const root = join(__dirname, "../..");
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

let journey: Journey;
let host: string;

beforeAll(async () => {
  host = goProgram("pulumi-language-yaml");
  journey = await startJourney({
    initialDomain: "contoso.onmicrosoft.com",
    deployer: { permissions: [...exchangeDeployerPermissions, "Domain.Read.All"] },
  });
});

afterAll(() => journey.close());

const up = [
  "pulumi stack init dev >&2",
  "pulumi up --yes --skip-preview >&2",
  "pulumi preview --expect-no-changes >&2",
  "pulumi stack output --json --show-secrets",
];

/** Runs a block in the folder of a program. */
async function run(program: Record<string, unknown>, ...block: readonly string[]) {
  const name = String(program.name);
  const folder = join(journey.directory, name);
  await mkdir(folder, { recursive: true });
  const providers = ["apponly", "exchangeonline"].map((one) => ({
    name: one,
    path: join(root, one === "apponly" ? "plugin/bin" : "exchange/bin"),
  }));
  await writeFile(
    join(folder, "Pulumi.yaml"),
    stringify({ ...program, plugins: { providers } }, { lineWidth: 0 }),
  );
  return journey.script(`PATH="${dirname(host)}:$PATH"\n${block.join("\n")}\n`, folder);
}

async function outputsOf(
  program: Record<string, unknown>,
  settings: Readonly<Record<string, string>> = {},
) {
  const set = Object.entries(settings).map(([key, value]) => `pulumi config set ${key} ${value}`);
  const [init = "", ...rest] = up;
  const { code, stdout, stderr } = await run(program, init, ...set, ...rest);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return JSON.parse(stdout) as Record<string, unknown>;
}

const example = async (name: string) =>
  parse(await readFile(join(root, "examples", name, "Pulumi.yaml"), "utf8")) as Record<
    string,
    unknown
  >;

const applications = () => journey.tenant.state().applications;

test("the example of an application with its certificate and role", async () => {
  const program = await example("exchange-app-only");
  const { applicationId, thumbprint } = await outputsOf(program);
  expect(applications()).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ appId: applicationId, displayName: "ExO PowerShell CBA" }),
    ]) as unknown,
  );
  expect(thumbprint).toMatch(/^[0-9A-F]{40}$/);
  // Not a secret, though a generation is one as a whole.
  const shown = await run(program, "pulumi stack output --json");
  expect(JSON.parse(shown.stdout)).toEqual({ applicationId, thumbprint });
});

test("the example of a certificate for a registration that is there, with a secret .pfx", async () => {
  const { id } = applications()[0] as { id: string };
  const program = await example("certificate-credential");
  const outputs = await outputsOf(program, { applicationObjectId: id });
  expect(outputs.pfx).toMatch(/^[A-Za-z0-9+/=]{1000,}$/);
  const shown = await run(program, "pulumi stack output --json");
  expect(JSON.parse(shown.stdout)).toMatchObject({ pfx: "[secret]", pfxPassword: "[secret]" });
});

test("the example of a managed identity's consent and role", async () => {
  const { servicePrincipalObjectId } = journey.tenant.deployer;
  const program = await example("workload-grants");
  const outputs = await outputsOf(program, { principalObjectId: servicePrincipalObjectId });
  expect(outputs.roleAssignments).toEqual([expect.any(String)]);
  const { code, stderr } = await run(program, "pulumi destroy --yes --skip-preview >&2");
  expect({ code, stderr }).toMatchObject({ code: 0 });
});

test("the example of Exchange's own roles", async () => {
  const graph = await Graph.connect(journey);
  const { servicePrincipalObjectId } = journey.tenant.deployer;
  await consent(graph, servicePrincipalObjectId, microsoft.exchange, microsoft.manageAsApp);
  await giveRole(graph, servicePrincipalObjectId, globalAdministrator);
  const { appId } = applications()[0] as { appId: string };
  const outputs = await outputsOf(await example("exchange-roles"), {
    applicationId: appId,
    organization: "contoso.onmicrosoft.com",
  });
  expect(outputs).toMatchObject({ role: "Sales mailboxes" });
  expect(journey.tenant.state().exchange.roles).toEqual(
    expect.arrayContaining([expect.objectContaining({ name: "Sales mailboxes" })]) as unknown,
  );
});

test("what is wrong with an argument is said beside its name, before anything is made", async () => {
  const before = applications().length;
  const program = await example("exchange-app-only");
  const resources = {
    access: {
      type: "apponly:ExchangeAppOnly",
      properties: { displayName: "A", workloads: ["exchange"], directoryRoles: ["Exchange Admin"] },
    },
  };
  const ended = await run(
    { ...program, name: "faulty", resources, outputs: {} },
    "pulumi stack init dev >&2",
    "pulumi up --yes --skip-preview",
  );
  expect(ended.code).not.toBe(0);
  expect(ended.stdout).toContain("directoryRoles[0]");
  expect(ended.stdout).toContain("Exchange Administrator");
  expect(applications()).toHaveLength(before);
});

test("a deployer that cannot sign in is told as the commands tell it, without a stack", async () => {
  const { code, stdout } = await run(
    { ...(await example("exchange-app-only")), name: "refused" },
    // Plugins that stay up have the credentials with which they were started.
    "unset PULUMI_DEBUG_PROVIDERS; export ARM_CLIENT_SECRET=wrong",
    "pulumi stack init dev >&2",
    "pulumi preview",
  );
  expect(code).not.toBe(0);
  const said = stdout.split("\n").filter((line) => /^ {4}(error|at)\b/.test(line));
  const problem = "apponly:index:ExchangeAppOnly resource 'access' has a problem: ";
  // The engine tells it of the component and, where a promise was rejected before that, of the stack too.
  expect(new Set(said.map((line) => line.replace(problem, "")))).toEqual(
    new Set([
      "    error: The deployer cannot sign in: AADSTS7000215: Invalid client secret provided. Correct its credentials, and see: apponly doctor --stack dev",
    ]),
  );
});

test("an argument that decides which resources there are cannot come of another resource", async () => {
  const resources = {
    first: {
      type: "apponly:WorkloadGrants",
      properties: {
        servicePrincipalObjectId: journey.tenant.deployer.servicePrincipalObjectId,
        workloads: ["exchange"],
        directoryRoles: ["Global Reader"],
      },
    },
    second: {
      type: "apponly:WorkloadGrants",
      properties: {
        servicePrincipalObjectId: journey.tenant.deployer.servicePrincipalObjectId,
        workloads: ["exchange"],
        directoryRoles: ["${first.roleAssignments[0]}"],
      },
    },
  };
  const ended = await run(
    { name: "unknown", runtime: "yaml", resources },
    "pulumi stack init dev >&2",
    "pulumi preview",
  );
  expect(ended.code).not.toBe(0);
  expect(ended.stdout).toContain("property directoryRoles");
  expect(ended.stdout).toContain("decides which resources there are");
});
