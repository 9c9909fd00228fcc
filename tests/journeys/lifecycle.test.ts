/**
 * One stack's whole life through the real engine: create, no change, change a role, add a
 * workload, remove a role, wrong configuration, destroy. Asserts on the tenant and the journal.
 * Not proven here: how long a real tenant takes, and PowerShell itself.
 */
import { readOutputs } from "../../components/outputs";
import type { ChangeableStack } from "../../operations/openStack";
import { updateStack } from "../../operations/stack";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { pathWithoutIds } from "../support/pathsOfRequests";

const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const complianceAdministrator = "17315797-102d-40b4-93e0-432062caca18";

let journey: Journey;
let stack: JourneyStack;

beforeAll(async () => {
  journey = await startJourney(undefined, { startPlugins: true, passphrase: false });
  stack = await journey.stack("dev", exampleConfiguration);
});

afterAll(async () => {
  await journey.close();
});

/** What the tenant holds of the stack's application. */
function access() {
  const { applications, servicePrincipals, appRoleAssignments, directoryRoleAssignments } =
    journey.tenant.state();
  const application = applications.find((one) => one.displayName === "ExO PowerShell CBA");
  const principal = servicePrincipals.find((one) => one.appId === application?.appId);
  const resourceName = (id: unknown) => servicePrincipals.find((one) => one.id === id)?.displayName;
  return {
    application,
    principal,
    consents: appRoleAssignments
      .filter((one) => one.principalId === principal?.id)
      .map(
        (one) =>
          `${String(resourceName(one.resourceId) as string)} ${String(one.appRoleId as string)}`,
      )
      .sort(),
    roles: directoryRoleAssignments
      .filter((one) => one.principalId === principal?.id)
      .map((one) => one.roleDefinitionId)
      .sort(),
  };
}

const writes = () =>
  journey.simulator.journal
    .entries()
    .filter(({ method, path }) => method !== "GET" && !path.includes("/oauth2/"))
    .map(({ method, path }) => `${method} ${pathWithoutIds(path)}`);

test("a preview changes nothing", async () => {
  const before = journey.tenant.state();
  expect((await stack.preview()).changes).toEqual({ create: 11 });
  expect(journey.tenant.state()).toEqual(before);
  expect(writes()).toEqual([]);
});

test("steps 1 to 5: an update registers, consents, certifies and assigns", async () => {
  expect((await stack.up()).changes).toEqual({ create: 11 });
  const { application, principal, consents, roles } = access();
  expect(application).toMatchObject({
    signInAudience: "AzureADMyOrg",
    requiredResourceAccess: [
      {
        resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
        resourceAccess: [{ id: "dc50a0fb-09a3-484d-be87-e023b12c6440", type: "Role" }],
      },
    ],
  });
  expect(application?.keyCredentials).toHaveLength(1);
  expect(principal).toBeDefined();
  expect(consents).toEqual(["Office 365 Exchange Online dc50a0fb-09a3-484d-be87-e023b12c6440"]);
  expect(roles).toEqual([exchangeAdministrator]);
});

test("the outputs are the contract with pipelines", async () => {
  const outputs = await stack.outputs();
  const { application, principal } = access();
  expect(outputs).toMatchObject({
    outputsVersion: 1,
    tenantId: journey.tenant.tenantId,
    organization: "contoso.onmicrosoft.com",
    cloud: "global",
    applicationId: application?.appId,
    applicationObjectId: application?.id,
    servicePrincipalObjectId: principal?.id,
    workloads: ["exchange"],
    directoryRoles: [{ name: "Exchange Administrator", templateId: exchangeAdministrator }],
    federatedCredentials: [],
  });
  expect(readOutputs(outputs, "dev")).toEqual(outputs);
  expect(outputs.certificates).toEqual([
    expect.objectContaining({
      name: "2026-11",
      active: true,
      generated: true,
      subject: "CN=contoso.org",
      thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/),
      thumbprintSha256: expect.stringMatching(/^[0-9A-F]{64}$/),
    }),
  ]);
});

test("a second preview has no changes", async () => {
  journey.simulator.journal.clear();
  await stack.expectNoChanges();
  expect(writes()).toEqual([]);
});

test("a refresh finds no drift", async () => {
  await (await stack.opened()).refresh({ color: "never" });
  await stack.expectNoChanges();
});

test("a changed role is withdrawn first, then the other is assigned, and nothing else is touched", async () => {
  const { application } = access();
  await stack.configure({ ...exampleConfiguration, directoryRoles: ["Global Reader"] });
  const { events: previewed } = await stack.preview();
  const previewedOnce = Object.assign(Object.create(await stack.opened()) as ChangeableStack, {
    preview: () => Promise.reject(new Error("It was previewed again.")),
  });
  journey.simulator.journal.clear();
  const { changes } = await updateStack(previewedOnce, { previewed });
  expect(changes).toMatchObject({ create: 1, delete: 1 });
  expect(access()).toMatchObject({ roles: [globalReader] });
  expect(access().application).toEqual(application);
  expect(writes()).toEqual([
    "DELETE /v1.0/roleManagement/directory/roleAssignments/{id}",
    "POST /v1.0/roleManagement/directory/roleAssignments",
  ]);
});

test("the compliance workload adds its permission and its consent", async () => {
  await stack.configure({
    ...exampleConfiguration,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader", "Compliance Administrator"],
  });
  journey.simulator.journal.clear();
  await stack.up();
  expect(writes().sort()).toEqual([
    "PATCH /v1.0/applications/{id}",
    "POST /v1.0/roleManagement/directory/roleAssignments",
    "POST /v1.0/servicePrincipals/{id}/appRoleAssignedTo",
  ]);
  expect(
    (access().application?.requiredResourceAccess as { resourceAppId: string }[]).map(
      ({ resourceAppId }) => resourceAppId,
    ),
  ).toEqual(["00000002-0000-0ff1-ce00-000000000000", "00000007-0000-0ff1-ce00-000000000000"]);
  expect(access()).toMatchObject({
    consents: [
      "Microsoft Exchange Online Protection 455e5cd2-84e8-4751-8344-5672145dfa17",
      "Office 365 Exchange Online dc50a0fb-09a3-484d-be87-e023b12c6440",
    ],
    roles: [complianceAdministrator, globalReader].sort(),
  });
  await stack.expectNoChanges();
});

test("a removed role is the only thing that goes", async () => {
  await stack.configure({
    ...exampleConfiguration,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
  });
  const before = access();
  journey.simulator.journal.clear();
  expect((await stack.up()).changes).toMatchObject({ delete: 1 });
  expect(access()).toEqual({ ...before, roles: [globalReader] });
  expect(writes()).toEqual(["DELETE /v1.0/roleManagement/directory/roleAssignments/{id}"]);
});

test("another order of workloads and roles changes nothing", async () => {
  await stack.configure({
    ...exampleConfiguration,
    workloads: ["compliance", "exchange"],
    directoryRoles: ["Global Reader"],
  });
  const { changes } = await stack.preview();
  // The component's own inputs are shown as written; no resource of the tenant changes.
  expect(Object.keys(changes).filter((operation) => operation !== "same")).toEqual([]);
});

test("a wrong configuration lists its faults and requests nothing", async () => {
  journey.simulator.journal.clear();
  await stack.configure({
    ...exampleConfiguration,
    workloads: ["compliance"],
    colour: "blue",
  });
  const shown = await stack.previewFailure();
  expect(shown).toContain("The configuration has 2 faults; nothing has been changed.");
  expect(shown).toContain("apponly:colour is not a key that apponly knows.");
  expect(shown).toContain(
    '"Exchange Administrator" does not serve Security & Compliance PowerShell.',
  );
  expect(shown).not.toMatch(/^\s+at /m);
  const graph = journey.simulator.journal
    .entries()
    .filter(({ path }) => /\/(v1\.0|beta)\//.test(path));
  expect(graph).toEqual([]);
});

test("destroy leaves nothing of ours, and Microsoft's service principals stay", async () => {
  await stack.configure(exampleConfiguration);
  const microsoft = () =>
    journey.tenant
      .state()
      .servicePrincipals.filter(({ displayName }) => displayName !== "ExO PowerShell CBA");
  const before = microsoft();
  journey.simulator.journal.clear();
  await stack.destroy();
  expect(writes().sort()).toEqual([
    "DELETE /v1.0/applications/{id}",
    "DELETE /v1.0/roleManagement/directory/roleAssignments/{id}",
    "DELETE /v1.0/servicePrincipals/{id}/appRoleAssignedTo/{id}",
    "DELETE /v1.0/servicePrincipals/{id}/appRoleAssignedTo/{id}",
  ]);
  expect(access()).toEqual({
    application: undefined,
    principal: undefined,
    consents: [],
    roles: [],
  });
  expect(microsoft()).toEqual(before);
});

test("nothing that the simulator does not know was asked for", () => {
  expect(journey.simulator.journal.unknownRoutes()).toEqual([]);
});
