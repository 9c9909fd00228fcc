/**
 * The one path on which a tenant is changed: nothing happens that was not shown, whatever command
 * somebody takes, and what was taken away by hand comes back by the command that is named for it.
 * Commands run without a terminal; the question itself is in tests/unit/cli/rollOut.
 */
import { documentOf } from "../support/documents";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { HostedEnd } from "../support/command";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

let journey: Journey;
let stack: JourneyStack;
const unasked = { PULUMI_SKIP_CONFIRMATIONS: undefined };

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
});

afterAll(() => journey.close());

const apponly = (line: string, environment: object = unasked) =>
  journey.apponly(line.split(" "), stack.workDirectory, { ...environment });

const settings = () => readFile(join(stack.workDirectory, "Pulumi.dev.yaml"), "utf8");

/** The parts of a batch are in the journal themselves. */
const writes = (since: number) =>
  journey.simulator.journal
    .entries({ after: since })
    .filter(({ method, path }) => method !== "GET" && !/\/oauth2\/|\/\$batch$/.test(path))
    .map(({ method, path }) => `${method} ${path}`);

/** What becomes of a command, and which writes the tenant got from it. */
async function changedBy(line: string): Promise<HostedEnd & { written: string[] }> {
  const since = journey.simulator.journal.position;
  const ended = await apponly(line);
  return { ...ended, written: writes(since) };
}

test("a stack that was never deployed is not rotated", async () => {
  const before = await settings();
  for (const line of ["rotate --yes", "rotate --now --yes --with-pending", "rotate --plan"]) {
    expect(await changedBy(`${line} --stack dev`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'The stack "dev" has no outputs yet. Run an update first: apponly up --stack dev',
      ),
      written: [],
    });
  }
  expect(await settings()).toBe(before);
});

test.each(["up", "up --refresh", "rotate", "destroy"])(
  "without a terminal, %s needs --yes and changes nothing",
  async (line) => {
    expect(await changedBy(`${line} --stack dev`)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\brun this with --yes\./i),
      written: [],
    });
  },
);

test("a rollout stops at its gate before anything is changed", async () => {
  const { code, stderr, stdout, written } = await changedBy("up --stack dev --yes --fail-on high");
  expect(stdout).toContain("directory role Exchange Administrator");
  expect(stderr).toContain("Nothing was changed.");
  expect([code, written]).toEqual([3, []]);
});

test("a rollout shows the review, updates, proves that it connects and says what is next", async () => {
  const { code, stdout, stderr, engineStarts } = await apponly("up --stack dev --yes");
  expect(code).toBe(0);
  expect(engineStarts).toEqual(["preview", "stack export", "up"]);
  expect(stderr).toMatch(/✓ Preview dev +\S+ s {2}11 to create\n/);
  expect(stderr).toMatch(/✓ Update dev +\S+ s {2}11 created\n/);
  expect(stderr).toMatch(/✓ Verify +\S+ s {2}1 of 1 connect\n/);
  expect(stdout).toContain("directory role Exchange Administrator");
  expect(stdout).toContain("apponly certificates --stack dev --fail-within 30d");
});

test.each([
  ["preview", ["preview"]],
  ["verify", ["stack export"]],
  ["certificates", ["stack export"]],
  ["export --format json", ["stack export"]],
  ["drift", ["stack export"]],
  ["doctor", ["stack export", "config"]],
])("%s starts the engine's CLI no more often than it has to", async (line, starts) => {
  expect(await apponly(`${line} --stack dev`)).toMatchObject({ code: 0, engineStarts: starts });
});

test("a rotation rolls out nothing but itself", async () => {
  const roles = ["Exchange Administrator", "Compliance Administrator"];
  await stack.configure({ ...exampleConfiguration, directoryRoles: roles });
  const before = await settings();
  const { code, stdout, stderr, written } = await changedBy("rotate --stack dev --now --yes");
  expect(stdout).toContain("directory role Compliance Administrator");
  expect(stderr).toContain(
    "The settings hold changes besides the rotation, shown above: access-grants-role-compliance-administrator. Nothing was changed. Roll them out first: `apponly up --stack dev`.",
  );
  expect([code, written]).toEqual([1, []]);
  expect(await settings()).toBe(before);
  await stack.configure(exampleConfiguration);
});

test("a rotation says what it has done, and what is planned is planned once", async () => {
  const { code, stdout, stderr, engineStarts } = await apponly("rotate --stack dev --yes");
  expect(code).toBe(0);
  const read = ["stack output", "stack export", "stack history"];
  const [added, activated] = [["preview", "stack export", "up"], ["up"]];
  expect(engineStarts).toEqual([...read, ...added, ...activated]);
  expect(stderr).toMatch(/✓ Add \S+ +\S+ s {2}4 created, 1 updated\n/);
  expect(stdout).toMatch(/ {2}Added the generation \S+, like 2026-11\.\n/);
  expect(stdout).toMatch(
    / is active now, instead of 2026-11\. .*apponly export --stack dev --format pfx /,
  );
  expect(stdout).toContain("The generation 2026-11 stays until");
  const plan = await apponly("rotate --stack dev --plan --now --json");
  expect(plan.stderr).toContain("Planned: remove the generation 2026-11. Written to");
  expect(documentOf("rotate", plan.stdout)).toMatchObject({
    planned: true,
    phases: [{ kind: "remove", name: "2026-11" }],
  });
  const before = await settings();
  expect(await changedBy("rotate --stack dev --plan --now")).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Roll them out first: apponly up --stack dev\n$/),
    written: [],
  });
  expect(await settings()).toBe(before);
  expect(await apponly("up --stack dev --yes --no-verify")).toMatchObject({ code: 0 });
});

test("everything is removed after a review", async () => {
  const { code, stdout, stderr, engineStarts } = await apponly("destroy --stack dev --yes");
  expect(engineStarts).toEqual(["destroy", "stack export", "destroy"]);
  expect(stdout).toContain("admin consent");
  expect(stderr).toMatch(/✓ Destroy dev +\S+ s {2}11 deleted\n/);
  expect(code).toBe(0);
  expect(journey.tenant.state().applications.map(({ displayName }) => displayName)).not.toContain(
    exampleConfiguration.displayName,
  );
});
