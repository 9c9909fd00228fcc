/**
 * A stack that has settings and that the backend does not have: what only reads refuses it and
 * creates nothing, nor does a preview; the first update creates it, as `pulumi stack init` would.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { runProgram } from "../support/command";
import { exampleConfiguration, type Journey, startJourney } from "../support/journey";

let journey: Journey;
let folder: string;

beforeAll(async () => {
  journey = await startJourney();
  folder = join(journey.directory, "project");
  await mkdir(folder);
  await writeFile(join(folder, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  const config = Object.entries(exampleConfiguration).map(([key, value]) => [
    `apponly:${key}`,
    value,
  ]);
  await writeFile(
    join(folder, "Pulumi.ghost.yaml"),
    stringify({ secretsprovider: "hashivault://apponly", config: Object.fromEntries(config) }),
  );
});

afterAll(() => journey.close());

const run = (...args: string[]) => journey.apponly(args, folder);

/** Names of the stacks in the backend. */
async function stacks(): Promise<string[]> {
  const kept = join(
    fileURLToPath(journey.environment.PULUMI_BACKEND_URL ?? ""),
    ".pulumi/stacks/apponly",
  );
  return existsSync(kept) ? (await readdir(kept)).filter((name) => name === "ghost.json") : [];
}

it.each([["verify"], ["rotate"], ["export", "--format", "env"]])(
  "%s names the two ways out and creates nothing",
  async (command, ...options) => {
    const { code, stderr } = await run(command, "--stack", "ghost", ...options);
    expect(stderr).toContain(
      'The backend has no stack "ghost". Roll it out: `apponly up --stack ghost`. Or log in to the backend that has it: pulumi login',
    );
    expect(code).toBe(2);
    expect(await stacks()).toEqual([]);
  },
);

const settings = () => readFile(join(folder, "Pulumi.ghost.yaml"), "utf8");
const announced =
  "The backend does not have this stack yet. The update creates it, its secrets encrypted by HashiCorp Vault, and adds to its settings what `pulumi stack init` does.";

it("review says that the update creates it, and creates nothing", async () => {
  const before = await settings();
  const { code, stdout } = await run("review", "--stack", "ghost", "--format", "json");
  expect(code).toBe(0);
  const [stack] = (JSON.parse(stdout) as { stacks: { changes: object[]; warnings: string[] }[] })
    .stacks;
  expect(stack?.changes.length).toBeGreaterThan(0);
  expect(stack?.warnings).toContain(announced);
  expect(await stacks()).toEqual([]);
  expect(await settings()).toBe(before);
});

it("doctor tells before the first update what its deployer may do, and creates nothing", async () => {
  const { code, stdout, stderr } = await run("doctor", "--stack", "ghost");
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("has no stack")]);
  expect(stdout).toContain("The deployer may do everything this stack needs.");
  expect(await stacks()).toEqual([]);
});

it("up creates it with what is shown, encrypted by the provider of its settings", async () => {
  const before = await settings();
  const up = (...more: string[]) => run("up", "--stack", "ghost", "--yes", "--no-verify", ...more);
  expect(await up("--fail-on", "low")).toMatchObject({ code: 3 });
  expect([await stacks(), await settings()]).toEqual([[], before]);
  const { code, stderr, engineStarts } = await up();
  expect([code, stderr]).toEqual([0, expect.stringContaining("11 created")]);
  expect(engineStarts).toEqual([
    "preview",
    "stack init ghost",
    "preview",
    "stack init ghost",
    "stack export",
    "up",
  ]);
  expect(await stacks()).toEqual(["ghost.json"]);
  expect(await settings()).toMatch(
    /^secretsprovider: hashivault:\/\/apponly\nconfig:[^]*\nencryptedkey: \S+\n$/,
  );
  const again = await run("review", "--stack", "ghost", "--format", "json");
  expect(again.stdout).not.toContain("does not have this stack");
  expect(JSON.parse(again.stdout)).toMatchObject({ stacks: [{ changes: [] }] });
});

it("up answered beforehand makes no second application where the backend has no stack", async () => {
  const text = await settings();
  await writeFile(join(folder, "Pulumi.twin.yaml"), text);
  const { code, stderr } = await run("up", "--stack", "twin", "--yes");
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining("the tenant has what it would make. Nothing was changed: log in"),
  ]);
});

it("a command that reads leaves the person's selection as it is", async () => {
  const pulumi = (...args: string[]) =>
    runProgram(journey.toolchain.pulumi.command, args, folder, journey.environment);
  expect(await pulumi("stack", "init", "chosen")).toMatchObject({ code: 0 });
  await run("certificates", "--stack", "ghost");
  expect((await pulumi("stack", "--show-name")).stdout).toBe("chosen\n");
});

it("the stack that pulumi has selected is taken where none is named, in a folder below too", async () => {
  await writeFile(join(folder, "Pulumi.chosen.yaml"), "config: {}\n");
  const below = join(folder, "scripts");
  await mkdir(below);
  const { code, stderr } = await journey.apponly(["export", "--format", "env"], below);
  expect(stderr).toContain('The stack "chosen" has no outputs yet.');
  expect(code).toBe(1);
  const qualified = ["-C", folder, "--stack", "organization/apponly/chosen"];
  expect(await journey.apponly(["export", "--format", "env", ...qualified], below)).toMatchObject({
    stderr: expect.stringContaining('The stack "chosen" has no outputs yet.'),
  });
});
