/**
 * What somebody has done to the tenant, or a run has left behind, does not keep a stack from being
 * updated or destroyed.
 */
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;
let restore: () => void;
/** What the last operation told of what it did beside its own steps. */
let notes: readonly string[];

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  restore = journey.checkpoint();
});

beforeEach(() => {
  restore();
  notes = [];
});

afterAll(() => journey.close());

/** What whoever administers the tenant asks of Graph. */
async function graph(method: string, path: string, body?: object): Promise<Response> {
  const { simulator, tenant } = journey;
  const { login, graph: base } = simulator.endpoints;
  const answer = await fetch(`${login}/${tenant.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: tenant.deployer.clientId,
      client_secret: tenant.deployer.issueSecret(),
      grant_type: "client_credentials",
      scope: `${base}/.default`,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return fetch(`${base}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const own = () => {
  const { applications, servicePrincipals, ...rest } = journey.tenant.state();
  const [application] = applications.filter(
    ({ displayName }) => displayName === exampleConfiguration.displayName,
  );
  const principal = servicePrincipals.find(({ appId }) => appId === application?.appId);
  return { application, principal, ...rest };
};

test("a consent that somebody granted anew is adopted", async () => {
  const { appRoleAssignments, principal } = own();
  const consent = appRoleAssignments.find(({ principalId }) => principalId === principal?.id);
  const path = `/servicePrincipals/${consent?.resourceId as string}/appRoleAssignedTo`;
  await graph("DELETE", `${path}/${consent?.id as string}`);
  await (await stack.opened()).refresh({ color: "never" });
  const { appRoleId, principalId, resourceId } = consent ?? {};
  expect((await graph("POST", path, { appRoleId, principalId, resourceId })).status).toBe(201);
  ({ notes } = await stack.up());
  expect(notes).toEqual([expect.stringMatching(/^Adopted access-grants-consent-/)]);
  await stack.expectNoChanges();
});

test("an update whose app registration was deleted names the ways on, and changes nothing", async () => {
  const id = own().application?.id as string;
  await graph("DELETE", `/applications/${id}`);
  await stack.configure({ ...exampleConfiguration, directoryRoles: ["Global Reader"] });
  expect(await stack.upFailure()).toMatch(
    /deleted by hand[\s\S]*apponly drift --restore --stack [\w-]+`\n[\s\S]*: az [\s\S]*deletedItems\/[\w-]+\/restore[\s\S]*--method DELETE/,
  );
  await graph("POST", `/directory/deletedItems/${id}/restore`);
  await stack.up();
  await stack.expectNoChanges();
});

test("a stack whose app registration was deleted for good is made anew", async () => {
  const id = own().application?.id as string;
  await graph("DELETE", `/applications/${id}`);
  await graph("DELETE", `/directory/deletedItems/${id}`);
  await stack.configure({ ...exampleConfiguration, directoryRoles: ["Global Reader"] });
  ({ notes } = await stack.up());
  expect(notes).toContainEqual(expect.stringMatching(/^Dropped access-application from/));
  expect(own().application?.id).not.toBe(id);
  await stack.expectNoChanges();
});

test("a stack whose app registration was deleted is destroyed", async () => {
  await graph("DELETE", `/applications/${own().application?.id as string}`);
  ({ notes } = await stack.destroy());
  expect(notes).toContainEqual(expect.stringMatching(/^Dropped access-application from/));
  const { deployment } = (await (await stack.opened()).exportStack()) as {
    deployment: { resources?: [] };
  };
  expect(deployment.resources ?? []).toEqual([]);
});

test.each(["appRoleAssignedTo", "roleManagement/directory/roleAssignments"])(
  "an update goes on where one of %s was made and not seen to its end",
  async (collection) => {
    await stack.configure({
      ...exampleConfiguration,
      workloads: ["exchange", "compliance"],
      directoryRoles: ["Exchange Administrator", "Global Reader"],
    });
    const switchOff = journey.tenant.faults.add({
      kind: "dropConnection",
      phase: "after",
      match: { method: "GET", path: new RegExp(`/${collection}/[^/?]+$`) },
    });
    // As `pulumi up` ends: the provider has set the id, and the engine keeps it with what failed.
    await expect((await stack.opened()).up({ color: "never" })).rejects.toThrow();
    switchOff();
    ({ notes } = await stack.up());
    expect(notes).toContainEqual(expect.stringMatching(/^Read access-grants-\S+ again: /));
    await stack.expectNoChanges();
  },
);

test("a second registration that a lost answer has made is named with what removes it", async () => {
  await stack.destroy();
  journey.tenant.faults.add({
    kind: "serverError",
    status: 504,
    phase: "after",
    times: 1,
    match: { method: "POST", path: /\/applications$/ },
  });
  ({ notes } = await stack.up());
  const named = notes;
  expect(named).toEqual([expect.stringMatching(/az ad app delete --id [\w-]{36}$/)]);
  // Whoever runs the command later, and did not see the end of that run, is told as well.
  ({ notes } = await stack.up());
  expect(notes).toEqual(named);
});

test("a right that cannot be withdrawn is told first, and nothing else is done", async () => {
  await stack.configure({ ...exampleConfiguration, directoryRoles: ["Global Reader"] });
  journey.tenant.faults.add({
    kind: "permissionDenied",
    match: { method: "DELETE", path: /roleAssignments/ },
  });
  journey.simulator.journal.clear();
  const said = await stack.upFailure();
  expect(said).toMatch(/^These could not be withdrawn/);
  expect(said).toContain("Insufficient privileges");
  const writes = journey.simulator.journal.entries().filter(({ path, method }) => {
    return method !== "GET" && !path.includes("token");
  });
  expect(writes.map(({ method }) => method)).toEqual(["DELETE"]);
});
