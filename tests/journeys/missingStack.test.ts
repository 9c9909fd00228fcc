/**
 * A stack that has settings and that the backend does not have: what only reads refuses it and
 * creates nothing; a first preview needs it and creates it, empty.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { runProgram } from "../support/command";
import { exampleConfiguration, type Journey, startJourney } from "../support/journey";

jest.setTimeout(120_000);

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
    stringify({ config: Object.fromEntries(config) }),
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
      'The backend has no stack "ghost". Create it: pulumi stack init ghost. Or log in to the backend that has it: pulumi login.',
    );
    expect(code).toBe(2);
    expect(await stacks()).toEqual([]);
  },
);

it("review creates it, because a preview needs it", async () => {
  const { code, stdout } = await run("review", "--stack", "ghost");
  expect(code).toBe(0);
  expect(stdout).toContain("directory role Exchange Administrator");
  expect(await stacks()).toEqual(["ghost.json"]);
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
