/**
 * `apponly review` as a person or a pipeline runs it: forms, saved previews, exit codes. Not proven
 * here: every way in which an engine can fail.
 */
import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { cleanEnvironment, command, type Ended, type Variables } from "../support/command";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";

const root = join(__dirname, "../..");
const recorded = (file: string) => join(root, "tests/fixtures/previews/3.150.0", file);
let journey: Journey;
let stack: JourneyStack;

beforeAll(async () => {
  journey = await startJourney();
  stack = await journey.stack("dev", exampleConfiguration);
});

afterAll(() => journey.close());

const run = (args: string[], environment: Variables = {}) =>
  journey.apponly(["review", ...args], stack.workDirectory, environment);

/** Runs it as a process of its own, which reads standard input. */
function runWith(input: string, args: string[], environment: Variables = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, "review", ...args], {
      env: cleanEnvironment({ ...journey.environment, ...environment }),
      cwd: stack.workDirectory,
    });
    const printed = { stdout: "", stderr: "" };
    child.stdout.setEncoding("utf8").on("data", (text: string) => (printed.stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (printed.stderr += text));
    child.stdin.end(input);
    child.on("close", (code) => resolve({ code: code ?? -1, ...printed }));
  });
}

/**
 * A Pulumi CLI that is the real one but for previews: it ends them with a code, or writes down the
 * one with which the real one ended.
 */
async function engine(
  name: string,
  preview: string,
): Promise<{ environment: Record<string, string>; codeFile: string }> {
  const folder = join(journey.directory, name);
  const codeFile = join(folder, "code");
  const command = join(folder, "bin/pulumi");
  const real = join(journey.toolchain.pulumi.root, "bin/pulumi");
  await mkdir(join(folder, "bin"), { recursive: true });
  await writeFile(
    command,
    `#!/bin/sh
if [ "$1" = preview ]; then
  ${preview.replace("REAL", `'${real}'`).replace("CODE_FILE", `'${codeFile}'`)}
fi
exec '${real}' "$@"
`,
  );
  await chmod(command, 0o755);
  return { environment: { APPONLY_PULUMI: command }, codeFile };
}

test("a preview in each form, and 3 where the gate trips", async () => {
  const { code, stdout } = await run(["-s", "dev", "--format", "json"]);
  expect(code).toBe(0);
  const schema: object = JSON.parse(
    await readFile(join(root, "review/review.schema.json"), "utf8"),
  );
  const validate = new Ajv2020({ strict: true }).compile(schema);
  const document = JSON.parse(stdout);
  expect(validate(document)).toBe(true);
  expect(document).toMatchObject({ version: 1, complete: true, stacks: [{ stack: "dev" }] });

  const gated = await run(["-s", "dev", "--fail-on", "high"]);
  expect(gated.code).toBe(3);
  expect(gated.stdout).toContain("high     + directory role Exchange Administrator");
  expect(gated.stdout).not.toContain("\u001b");
  expect(gated.stderr).toContain("Gate: failed (--fail-on high): ");
  expect((await run(["-s", "dev", "--fail-on", "critical"])).code).toBe(0);
});

test("saved previews need no engine, from a file or from standard input", async () => {
  const environment = { APPONLY_PULUMI: "/nowhere", PATH: "/nowhere" };
  const file = await run(
    ["-s", "prod", "--from", recorded("update.json"), "--format", "markdown"],
    environment,
  );
  expect({ code: file.code, stderr: file.stderr }).toEqual({ code: 0, stderr: "" });
  expect(file.stdout).toContain("## Permission changes: 1 critical");
  const input = await readFile(recorded("update.ndjson"), "utf8");
  const gated = ["-s", "prod", "--from", "-", "--fail-on", "critical"];
  const piped = await runWith(input, gated, environment);
  expect(piped.code).toBe(3);
  expect(piped.stdout).toContain("critical + directory role Global Administrator");
  const html = await runWith(input, ["-s", "prod", "--from", "-", "--format", "html"], environment);
  expect(html.stdout).toMatch(/^<!doctype html>/);
});

test("errors of the command line end with 2, before anything is previewed", async () => {
  const wrong: [string[], string][] = [
    [["--format", "pdf"], "argument 'pdf' is invalid. Allowed choices are"],
    [
      ["--fail-on", "info"],
      "argument 'info' is invalid. Allowed choices are critical, high, medium, low.",
    ],
    [["--from", "none.json"], '--from "none.json" does not exist. Name the file'],
    [["--from", "Pulumi.yaml"], '--from "Pulumi.yaml" cannot be read as a preview'],
  ];
  await Promise.all(
    wrong.map(async ([args, message]) => {
      const { code, stdout, stderr } = await run(["-s", "dev", ...args]);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(message);
    }),
  );
});

test("a saved preview that was cut off trips every gate, and is shown as far as it goes", async () => {
  const input = (await readFile(recorded("update.ndjson"), "utf8")).split("\n").slice(0, 10);
  const cut = await runWith(input.join("\n"), [
    ...["-s", "prod", "--from", "-", "--fail-on", "critical"],
  ]);
  expect(cut.code).toBe(3);
  expect(cut.stdout).toContain("Incomplete preview: changes may be missing.");
});

test("a preview that fails because the deployer cannot sign in ends with the code of that, and says why", async () => {
  const { environment, codeFile } = await engine(
    "recording",
    'REAL "$@"; code=$?; echo $code > CODE_FILE; exit $code',
  );
  const failed = await run(["-s", "dev", "--format", "json"], {
    ...environment,
    ARM_CLIENT_SECRET: "wrong",
  });
  expect(Number(await readFile(codeFile, "utf8"))).toBeGreaterThan(0);
  expect(failed).toMatchObject({ code: 4, stdout: "" });
  expect(failed.stderr).toContain("AADSTS7000215");
  expect(failed.stderr).not.toContain("    at ");
});

test.each([
  [8, 8],
  [255, 255],
  // Pulumi's own 3, of a sign-in to its backend, must not be taken for the gate.
  [3, 1],
])("Pulumi's code %d becomes %d", async (pulumis, ours) => {
  const { environment } = await engine(`exit-${pulumis}`, `echo refused >&2; exit ${pulumis}`);
  const { code, stderr } = await run(["-s", "dev", "--fail-on", "low"], environment);
  expect(code).toBe(ours);
  expect(stderr).toContain("refused");
});

test("a faulty configuration ends with 2", async () => {
  await stack.configure({ ...exampleConfiguration, directoryRoles: ["No Role"] });
  const { code, stderr } = await run(["-s", "dev"]);
  expect(code).toBe(2);
  expect(stderr).toContain("No Role");
});
