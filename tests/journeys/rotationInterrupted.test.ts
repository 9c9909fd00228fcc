/**
 * A rotation that is interrupted before it comes to each of its phases goes on when it is run
 * again, and the certificate that pipelines have is registered at every request in between.
 */
import { Invariant } from "../support/faultedRotations/invariant";
import { makeWorld, type World } from "../support/faultedRotations/world";

let world: World;
let restore: () => void;

beforeAll(async () => {
  world = await makeWorld();
  await world.update();
  restore = world.checkpoint();
});

beforeEach(() => restore());

afterAll(() => world.close());

test.each(["add", "activate", "remove"] as const)("interrupted before %s", async (stopAt) => {
  const invariant = new Invariant(world);
  const stopWatching = invariant.watch();
  const before = world.receivedNow();
  const onPhase = ({ kind }: { kind: string }) => {
    if (kind === stopAt) {
      throw new Error("interrupted");
    }
  };
  await expect(world.rotate({ onPhase })).rejects.toThrow("interrupted");
  const phases = await world.rotate();
  stopWatching();
  expect(phases.map(({ kind }) => kind)).toEqual(
    ["add", "activate", "remove"].slice(["add", "activate", "remove"].indexOf(stopAt)),
  );
  expect(world.receivedNow()).not.toBe(before);
  expect(world.validThumbprints()).toEqual([world.receivedNow()]);
  expect(invariant.requests).toBeGreaterThan(40);
  expect(invariant.violations).toEqual([]);
});

test("the watch sees a certificate that is taken away too early", async () => {
  const invariant = new Invariant(world);
  const stopWatching = invariant.watch();
  const { graph, login } = world.journey.simulator.endpoints;
  const {
    ARM_CLIENT_ID = "",
    ARM_CLIENT_SECRET = "",
    ARM_TENANT_ID = "",
  } = world.journey.environment;
  const answer = await fetch(`${login}/${ARM_TENANT_ID}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: ARM_CLIENT_ID,
      client_secret: ARM_CLIENT_SECRET,
      scope: `${graph}/.default`,
    }),
  });
  expect(invariant.violations).toEqual([]);
  const { access_token } = (await answer.json()) as { access_token: string };
  const own = world.journey.tenant
    .state()
    .applications.find(({ displayName }) => displayName === "ExO PowerShell CBA");
  await fetch(`${graph}/v1.0/applications/${own?.id as string}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    body: JSON.stringify({ keyCredentials: [] }),
  });
  stopWatching();
  expect(invariant.violations).toEqual([
    expect.stringContaining("a pipeline that reads the outputs now has"),
    expect.stringContaining("a pipeline that has read them after the last update has"),
  ]);
});
