/**
 * What was taken away by hand comes back by the command that is printed for it, typed as it stands:
 * a consent, a role, a certificate, the service principal, the application itself.
 */
import type { Ended } from "../support/command";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;
let restore: () => void;

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  restore = journey.checkpoint();
});

beforeEach(() => restore());

afterAll(() => journey.close());

const apponly = (line: string): Promise<Ended> =>
  journey.apponly(line.split(" "), stack.workDirectory);

let token: string | undefined;

/** A request to Microsoft Graph by the deployer, who stands for whoever does it by hand. */
async function runByHand(method: string, path: string, body?: object): Promise<void> {
  const { graph, login } = journey.simulator.endpoints;
  if (token === undefined) {
    const { ARM_CLIENT_ID = "", ARM_CLIENT_SECRET = "", ARM_TENANT_ID = "" } = journey.environment;
    const answer = await fetch(`${login}/${ARM_TENANT_ID}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: ARM_CLIENT_ID,
        client_secret: ARM_CLIENT_SECRET,
        scope: `${graph}/.default`,
      }),
    });
    token = ((await answer.json()) as { access_token: string }).access_token;
  }
  const { status } = await fetch(`${graph}/v1.0${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(status).toBeLessThan(300);
}

/** Object ids of the stack's application and service principal. */
async function ids(): Promise<{ application: string; principal: string }> {
  const outputs = await stack.outputs();
  return {
    application: outputs.applicationObjectId as string,
    principal: outputs.servicePrincipalObjectId as string,
  };
}

const assignmentsOf = (rows: readonly object[], principal: string) =>
  (rows as { id: string; principalId: string }[]).filter((one) => one.principalId === principal);

async function takeConsent(): Promise<void> {
  const { principal } = await ids();
  for (const { id } of assignmentsOf(journey.tenant.state().appRoleAssignments, principal)) {
    await runByHand("DELETE", `/servicePrincipals/${principal}/appRoleAssignments/${id}`);
  }
}

async function takeRole(): Promise<void> {
  const { principal } = await ids();
  for (const { id } of assignmentsOf(journey.tenant.state().directoryRoleAssignments, principal)) {
    await runByHand("DELETE", `/roleManagement/directory/roleAssignments/${id}`);
  }
}

const takeKey = async () =>
  runByHand("PATCH", `/applications/${(await ids()).application}`, { keyCredentials: [] });

const takePrincipal = async () =>
  runByHand("DELETE", `/servicePrincipals/${(await ids()).principal}`);

const takeApplication = async () =>
  runByHand("DELETE", `/applications/${(await ids()).application}`);

/** The remedy that `apponly verify` prints, without the line breaks of a terminal. */
async function printedRemedy(): Promise<string> {
  const { code, stdout, stderr } = await apponly("verify --stack dev");
  expect([4, 6]).toContain(code);
  // What has failed never begins with a green tick.
  expect(stderr).toMatch(/^✗ Verify .* 0 of 1 connect$/m);
  return /apponly up --refresh --stack dev/.exec(stdout.replace(/\s+/g, " "))?.[0] ?? stdout;
}

const follow = (remedy: string) => apponly(remedy.replace(/^apponly /, ""));

test.each([
  ["consent", takeConsent],
  ["role", takeRole],
  ["certificate", takeKey],
  ["service principal", takePrincipal],
])("the %s that was taken away comes back by the printed remedy", async (_, take) => {
  await take();
  const before = await ids();
  const { code, stdout } = await follow(await printedRemedy());
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("✓ workload"),
  });
  expect((await ids()).application).toBe(before.application);
  expect(await apponly("verify --stack dev")).toMatchObject({ code: 0 });
});

test("a review with --refresh tells what somebody has changed by hand apart from what the settings change", async () => {
  await takeRole();
  await stack.configure({ ...exampleConfiguration, displayName: "Mailbox reports" });

  const shown = await apponly("review --stack dev --refresh --fail-on high");
  const [besides = "", settings = ""] = shown.stdout.split("What the settings change:\n");
  expect(besides).toMatch(/^Changed in the tenant besides the stack:\n/);
  expect(besides).toContain("- directory role Exchange Administrator");
  expect(besides.replace(/\s+/g, " ")).toContain("apponly up --refresh --stack dev");
  expect(besides).not.toContain("displayName");
  expect(settings).toContain("low      ~ app registration displayName");
  expect(settings).not.toContain("Exchange Administrator");
  expect(shown.code).toBe(3);

  const without = await apponly("review --stack dev --fail-on high");
  expect({ code: without.code, said: without.stdout.includes("Exchange Admin") }).toEqual({
    code: 0,
    said: false,
  });
  await stack.configure(exampleConfiguration);
});

test("an application that was deleted is restored, or made anew, as somebody chooses", async () => {
  await takeApplication();
  const before = await ids();
  const asked = await follow(await printedRemedy());
  expect(asked.code).toBe(1);
  const item = `/directory/deletedItems/${before.application}`;
  const url = `https://127.0.0.1:\\d+/v1.0${item}`;
  expect(asked.stderr).toMatch(new RegExp(`--method POST --url ${url}/restore\n`));
  expect(asked.stderr).toMatch(new RegExp(`--method DELETE --url ${url}\n`));
  await runByHand("DELETE", item);
  const { code, stdout } = await apponly("up --refresh --stack dev");
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("✓ workload"),
  });
  expect((await ids()).application).not.toBe(before.application);
});

test("an application that was restored has its access again", async () => {
  await takeApplication();
  const before = await ids();
  await runByHand("POST", `/directory/deletedItems/${before.application}/restore`);
  const { code, stdout } = await apponly("up --refresh --stack dev");
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("✓ workload"),
  });
  expect((await ids()).application).toBe(before.application);
});

test("what somebody has granted again by hand is adopted", async () => {
  const { principal } = await ids();
  const [consent] = assignmentsOf(journey.tenant.state().appRoleAssignments, principal);
  const { resourceId, appRoleId } = consent as unknown as Record<string, string>;
  await takeConsent();
  await runByHand("POST", `/servicePrincipals/${principal}/appRoleAssignments`, {
    principalId: principal,
    resourceId,
    appRoleId,
  });
  expect(await apponly("up --refresh --stack dev")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("Adopted"),
  });
  await stack.expectNoChanges();
});

test("what a lost answer has left behind is named with the command that removes it", async () => {
  const { application } = await ids();
  await takeApplication();
  await runByHand("DELETE", `/directory/deletedItems/${application}`);
  // The provider sends the create again after a 5xx that came too late to hinder the first.
  journey.tenant.faults.add({
    kind: "serverError",
    status: 504,
    phase: "after",
    times: 1,
    match: { method: "POST", path: /^\/v1\.0\/applications$/ },
  });
  const { code, stdout } = await apponly("up --refresh --stack dev --yes");
  expect(code).toBe(0);
  const [, orphan = ""] = /az ad app delete --id (\S+)/.exec(stdout.replace(/\s+/g, " ")) ?? [];
  const called = () =>
    journey.tenant
      .state()
      .applications.filter(({ displayName }) => displayName === "ExO PowerShell CBA")
      .map(({ id }) => id);
  expect(called().sort()).toEqual([orphan, (await ids()).application].sort());
  await runByHand("DELETE", `/applications/${orphan}`);
  expect(await apponly("verify --stack dev")).toMatchObject({ code: 0 });
  expect((await apponly("up --stack dev --yes")).stdout).not.toContain("az ad app delete");
});

test("a stack whose application was deleted can be taken down", async () => {
  await takeApplication();
  const { code, stderr } = await apponly("destroy --stack dev");
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringMatching(/deleted\n$/) });
  const { applications } = journey.tenant.state();
  expect(applications.map(({ displayName }) => displayName)).not.toContain("ExO PowerShell CBA");
});
