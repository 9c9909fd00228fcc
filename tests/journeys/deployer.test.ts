/**
 * The deployer's permissions: the least that suffice for the whole life of a stack, that each of
 * them is needed, and that the command names what is missing before an update fails halfway. The
 * simulated tenant asks for what Microsoft's pages name; that a real one asks for the same is not
 * proven here.
 */
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { inspectDeployer } from "../../operations/deployer";
import { minimalDeployerPermissions } from "../../simulator/state/seedTenant";
import type { Variables } from "../support/command";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

const root = join(__dirname, "../..");
let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

// What a test has granted or revoked is undone with the tenant.
afterEach(() => {
  expect(journey.simulator.journal.unknownRoutes()).toEqual([]);
  journey.tenant.reset();
  journey.simulator.journal.clear();
});

afterAll(() => journey.close());

/** Runs `apponly doctor` in the stack's folder, as a person does. */
const doctor = (stack: JourneyStack, args: string[], environment: Variables = {}) =>
  journey.apponly(["doctor", ...args], stack.workDirectory, environment);

const missingOf = async (stack: JourneyStack) =>
  (await inspectDeployer(await stack.opened())).needs
    .filter(({ state }) => state === "missing")
    .map(({ permission }) => permission.name);

/** Refused requests, save the reading of policies, which an update can do without. */
const refusals = () =>
  journey.simulator.journal
    .entries()
    .filter(({ status, path }) => status === 403 && /\/(v1\.0|beta)\//.test(path))
    .filter(({ method, path }) => !(method === "GET" && /appManagementPolic/i.test(path)));

test("the least permissions are enough to create, change, rotate, refresh and destroy", async () => {
  const stack = await journey.stack("whole-life", exampleConfiguration);
  expect(await inspectDeployer(await stack.opened())).toMatchObject({ ok: true, excess: [] });
  await stack.up();
  await stack.configure({
    ...exampleConfiguration,
    displayName: "Renamed",
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
    federatedCredentials: [
      { name: "main", github: { repository: "contoso/messaging", branch: "main" } },
    ],
  });
  await stack.up();
  const [first] = exampleConfiguration.certificates;
  const second = { ...first, name: "2027-05" };
  const rotation = [
    { certificates: [first, second], activeCertificate: first?.name },
    { certificates: [first, second], activeCertificate: second.name },
    { certificates: [second], activeCertificate: second.name },
  ];
  for (const phase of rotation) {
    await stack.configure({ ...exampleConfiguration, ...phase });
    await stack.up();
  }
  expect(await inspectDeployer(await stack.opened())).toMatchObject({
    ok: true,
    ownership: [{ state: "owner" }, { state: "owner" }],
  });
  await (await stack.opened()).refresh({ color: "never" });
  await stack.expectNoChanges();
  await stack.destroy();
  expect(refusals()).toEqual([]);
});

test.each(minimalDeployerPermissions)(
  "without %s the command names exactly it, and an update is refused",
  async (permission) => {
    journey.tenant.deployer.revoke(permission);
    const name = permission.replace(/\./g, "-");
    const stack = await journey.stack(name, exampleConfiguration);
    expect(await missingOf(stack)).toEqual([permission]);
    expect(refusals()).toEqual([]);
    expect(await stack.upFailure()).toContain("Authorization_RequestDenied");
    expect(refusals()).not.toEqual([]);
  },
);

test("Domain.Read.All is not needed where the organization is configured", async () => {
  journey.tenant.deployer.revoke("Domain.Read.All");
  const stack = await journey.stack("organization", {
    ...exampleConfiguration,
    organization: "contoso.onmicrosoft.com",
  });
  expect(await inspectDeployer(await stack.opened())).toMatchObject({ ok: true, excess: [] });
  await stack.up();
  expect(refusals()).toEqual([]);
});

test("Directory.ReadWrite.All does not make up for the right to consent", async () => {
  journey.tenant.deployer.revoke("AppRoleAssignment.ReadWrite.All");
  journey.tenant.deployer.grant("Directory.ReadWrite.All", "Application.ReadWrite.All");
  const stack = await journey.stack("directory", exampleConfiguration);
  expect(await missingOf(stack)).toEqual(["AppRoleAssignment.ReadWrite.All"]);
  expect(await stack.upFailure()).toContain("Authorization_RequestDenied");
});

test("a deployer that no longer owns what it has made is named, and its update is refused", async () => {
  const stack = await journey.stack("owners", exampleConfiguration);
  await stack.up();
  const { applicationObjectId } = await stack.outputs();
  const { deployer, tenantId } = journey.tenant;
  const token = (await (
    await fetch(`${journey.simulator.endpoints.login}/${tenantId}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: deployer.clientId,
        client_secret: deployer.issueSecret(),
        scope: `${journey.simulator.endpoints.graph}/.default`,
      }),
    })
  ).json()) as { access_token: string };
  const removed = await fetch(
    `${journey.simulator.endpoints.graph}/v1.0/applications/${String(applicationObjectId)}/owners/${deployer.servicePrincipalObjectId}/$ref`,
    { method: "DELETE", headers: { authorization: `Bearer ${token.access_token}` } },
  );
  expect(removed.status).toBe(204);
  const report = await inspectDeployer(await stack.opened());
  expect(report.ok).toBe(false);
  expect(report.ownership).toEqual([
    { kind: "application", objectId: applicationObjectId, state: "not owner" },
    expect.objectContaining({ kind: "service principal", state: "owner" }),
  ]);
  const shown = await doctor(stack, ["--stack", "owners"]);
  expect(shown.code).toBe(4);
  expect(shown.stdout).toContain(
    `az ad app owner add --id ${String(applicationObjectId)} --owner-object-id ${deployer.servicePrincipalObjectId}`,
  );
  await stack.configure({ ...exampleConfiguration, notes: "changed" });
  expect(await stack.upFailure()).toContain("Authorization_RequestDenied");
});

describe("the command", () => {
  let stack: JourneyStack;

  beforeAll(async () => {
    stack = await journey.stack("dev", exampleConfiguration);
    await copyFile(join(root, "Pulumi.yaml"), join(stack.workDirectory, "Pulumi.yaml"));
  });

  test("ends with 0 when nothing is missing, and notes what is in excess", async () => {
    journey.tenant.deployer.grant("Application.ReadWrite.All", "User.Read.All");
    const { code, stdout, stderr } = await doctor(stack, ["--stack", "dev"]);
    // Progress, and nothing else.
    expect([code, stderr.replace(/^✓ (Pulumi CLI|Deployer) .*\n/gm, "")]).toEqual([0, ""]);
    expect(stdout).toContain("✓ AppRoleAssignment.ReadWrite.All    admin consent to");
    expect(stdout).toContain(
      "! Application.ReadWrite.All          in excess: more than Application.ReadWrite.OwnedBy",
    );
    expect(stdout).toContain(
      "! User.Read.All                      in excess: nothing in this stack needs it",
    );
    expect(stdout).toContain("The deployer may do everything this stack needs.");
  });

  test("ends with 4 when something is missing, and says how to grant it", async () => {
    journey.tenant.deployer.revoke("RoleManagement.ReadWrite.Directory");
    const { code, stdout, stderr } = await doctor(stack, ["--stack", "dev"]);
    expect(code).toBe(4);
    expect(stderr).toContain("The deployer may not do everything this stack needs.");
    expect(stdout).toContain("✗ RoleManagement.ReadWrite.Directory missing: assigning the");
    expect(stdout).toContain(
      `az ad app permission add --id ${journey.tenant.deployer.clientId} --api 00000003-0000-0000-c000-000000000000 --api-permissions 9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8=Role`,
    );
  });

  test("prints one JSON document, with the exit code of what it says, and no secret", async () => {
    journey.tenant.deployer.revoke("Domain.Read.All");
    const { code, stdout, stderr } = await doctor(stack, ["--stack", "dev", "--format", "json"]);
    expect(code).toBe(4);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      version: 1,
      deployer: {
        stack: "dev",
        ok: false,
        signIn: "client secret",
        kind: "application",
        tenantId: journey.tenant.tenantId,
        applicationId: journey.tenant.deployer.clientId,
        excess: [],
        ownership: [],
      },
    });
    expect(
      document.deployer.needs.filter((need: { state: string }) => need.state === "missing"),
    ).toEqual([
      expect.objectContaining({
        permission: "Domain.Read.All",
        appRoleId: "dbb9058a-0e50-45d7-ae91-66909b5d4664",
      }),
    ]);
    const secret = journey.environment.ARM_CLIENT_SECRET ?? "";
    expect(secret.length).toBeGreaterThan(20);
    for (const printed of [stdout, stderr]) {
      expect(printed).not.toContain(secret);
      expect(printed).not.toMatch(/eyJ[\w-]{10,}\.[\w-]{10,}\./);
    }
  });

  test("without a stack prints only the tools", async () => {
    const { code, stdout } = await doctor(stack, ["--format", "json"]);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toEqual(["version", "tools"]);
  });

  test("explains a secret that is refused, and one that is not there", async () => {
    const refused = await doctor(stack, ["--stack", "dev"], { ARM_CLIENT_SECRET: "wrong" });
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain("The deployer cannot sign in: AADSTS7000215");
    const absent = await doctor(stack, ["--stack", "dev"], { ARM_CLIENT_SECRET: "" });
    expect(absent.code).toBe(2);
    expect(absent.stderr).toContain("The deployer has no way to sign in.");
  });

  test("names what is wrong with the configuration, and asks the tenant nothing", async () => {
    await stack.configure({ ...exampleConfiguration, directoryRoles: ["No Role"] });
    const { code, stderr } = await doctor(stack, ["--stack", "dev"]);
    expect(code).toBe(2);
    expect(stderr).toContain("No Role");
    expect(journey.simulator.journal.entries()).toEqual([]);
  });
});
