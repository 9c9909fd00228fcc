/**
 * What a newcomer runs first: `apponly start`, twice, what it says to try next, and
 * `apponly simulator`. Output is read as text, as when it is not a terminal.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { statSync } from "node:fs";
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import {
  command,
  type Commands,
  runApponly,
  startCommands,
  type Variables,
} from "../support/command";
import { expectAsRecorded } from "../support/recordedPage";
import { damageOf, ways } from "../support/damagedFiles";

let directory: string;

/** A project of their own, whose embedded tenant is in its folder. */
let project: string;
let commands: Commands;

const running: ChildProcess[] = [];

afterEach(() => {
  for (const child of running.splice(0)) {
    child.kill();
  }
});

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "apponly-start-"));
  directory = join(project, ".apponly");
  for (const name of ["Pulumi.dev.yaml", "Pulumi.reports.yaml"]) {
    await copyFile(join(__dirname, "../..", name), join(project, name));
  }
  // Settings without a program have the package's own.
  await writeFile(join(project, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  commands = startCommands();
});

afterAll(async () => {
  await commands.close();
  await rm(project, { recursive: true, force: true });
});

/** A command with `--embedded`, in a process that it shares with the others. */
async function embedded(line: string, environment: Variables = {}) {
  const { code, stdout, stderr } = await commands.run(
    [...line.split(" "), "--embedded"],
    project,
    environment,
  );
  return { code, output: stdout + stderr };
}

const settings = () => readFile(join(project, "Pulumi.dev.yaml"), "utf8");

// Pipelines set it; colour belongs on a terminal.
const inPipeline = { CI: "true" };

/** A command in a process of its own, as a newcomer starts it. */
async function startAlone(...args: string[]): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await runApponly(args, project, inPipeline);
  return { code, output: stdout + stderr };
}

async function apponly(...args: string[]): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await commands.run(args, project, inPipeline);
  return { code, output: stdout + stderr };
}

const steps = (output: string) =>
  output
    .split("\n")
    .filter((line) => /^[✓✗] /.test(line))
    .map((line) => line.replace(/\s+\d+(\.\d+)? s\s*/, ": ").replace(/\s+/g, " "));

test("the first run provisions and verifies, the second finds everything in place", async () => {
  const first = await startAlone("start");
  expect(first).toMatchObject({ code: 0 });
  expect(steps(first.output).slice(3)).toEqual([
    "✓ Preview dev: 11 to create",
    "✓ Update dev: 11 created",
    "✓ Verify: 1 of 1 connect",
    "✓ Preview again: no changes (11 resources)",
  ]);
  expect(first.output).toContain("directory role Exchange Administrator");
  expectAsRecorded("npm start", first.output);
  expect(first.output).toMatch(
    /exchange, thumbprint:\n +Connect-ExchangeOnline -CertificateThumbPrint/,
  );
  expect(first.output).toMatch(/Try next: .*Pulumi\.dev\.yaml, and\n\n.*review --embedded/);
  // No colour, no spinner: this is not a terminal.
  expect(first.output).not.toContain("\u001b");

  // What a kill or a full disk may have left of everything but the tenant and the stack themselves.
  const kept = ["tenant.json", "passphrase", "dev.json"];
  const files = (await readdir(directory, { recursive: true })).filter(
    (name) => statSync(join(directory, name)).isFile() && !kept.includes(basename(name)),
  );
  files.forEach((name, index) => damageOf(join(directory, name), ways[index % ways.length]!));
  expect(files.length).toBeGreaterThan(8);
  const second = await startAlone("start");
  expect(second).toMatchObject({ code: 0 });
  expect(steps(second.output).slice(3)).toEqual([
    "✓ Preview dev: no changes (11 resources)",
    "✓ Update dev: no changes (11 resources)",
    "✓ Verify: 1 of 1 connect",
    "✓ Preview again: no changes (11 resources)",
  ]);
});

test("what it says to try next works in the same terminal, and reading leaves every file as it is", async () => {
  const before = await settings();
  for (const [line, shows] of [
    ["preview --stack dev", "no permission change"],
    ["verify", "✓ workload"],
    ["certificates --fail-within 30d", "2026-11"],
    ["doctor --stack dev", "The deployer may do everything this stack needs"],
    ["export --format json", '"applicationId"'],
  ] as const) {
    expect({ line, ...(await embedded(line)) }).toMatchObject({
      code: 0,
      output: expect.stringContaining(shows),
    });
  }
  expect(await settings()).toBe(before);
  await writeFile(
    join(project, "Pulumi.dev.yaml"),
    before.replace("    - Exchange Administrator\n", "$&    - Compliance Administrator\n"),
  );
  // What docs/how-to/try.md shows of these, in its order.
  for (const line of ["review", "up --yes", "verify", "rotate --yes", "destroy --yes"]) {
    const { code, output } = await embedded(line);
    expect({ line, code }).toEqual({ line, code: 0 });
    expectAsRecorded(`npx apponly ${line.replace(" --yes", "")} --embedded`, output);
  }
});

test("without --embedded a command says where the stack is", async () => {
  const { code, stderr } = await commands.run(["verify", "--stack", "dev"], project, {
    PULUMI_HOME: join(project, "home"),
  });
  expect(code).not.toBe(0);
  expect(stderr).toContain('The stack "dev" of the embedded tenant is reached with --embedded.');
});

test("the second example stack serves both workloads", async () => {
  const { code, output } = await apponly("start", "--stack", "reports");
  expect(code).toBe(0);
  expect(steps(output)).toContain("✓ Verify: 2 of 2 connect");
  expect(output).toContain("Connect-IPPSSession -CertificateThumbPrint");
});

test("a tenant in a folder of its own is found by its folder, and what to type next names it", async () => {
  const own = join(project, "own tenant");
  const missing = await apponly("certificates", "--embedded", "--directory", own);
  expect(missing.code).toBe(2);
  expect(missing.output).toContain(
    `has no stack "dev" yet. Deploy it: apponly up --stack dev --embedded --directory '${own}'`,
  );
  expect(await readdir(own)).toContain("tenant.json");
  const refused = await apponly("certificates", "--directory", own);
  expect(refused.code).toBe(2);
  expect(refused.output).toContain("Add --embedded, or leave it out.");
});

test("the simulator stays up, prints what a client needs, and keeps the secret to a file", async () => {
  const child = spawn(process.execPath, [command, "-C", project, "simulator"]);
  running.push(child);
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  while (!output.includes("Interrupt to stop")) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const file = join(directory, "simulator.env");
  const settings = await readFile(file, "utf8");
  const value = (key: string) => new RegExp(`export ${key}='(.*)'`).exec(settings)?.[1] ?? "";
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect(value("ARM_CLIENT_SECRET").length).toBeGreaterThan(20);
  expect(output).not.toContain(value("ARM_CLIENT_SECRET"));
  // The shell's own PATH stays, between the plugins and a Pulumi CLI for those who have none.
  const sourced = await promisify(execFile)("/bin/sh", ["-c", '. "$0"; echo "$PATH"', file], {
    env: { PATH: "/own/folder" },
  });
  const folders = sourced.stdout.trim().split(":");
  const own = folders.indexOf("/own/folder");
  expect(own).toBe(folders.length - 2);
  // Official plugins are where Pulumi installed them.
  const plugins = process.env.APPONLY_PLUGINS === "official" ? "exchange" : "toolchain/standIns";
  expect(folders.slice(0, own)).toContainEqual(expect.stringMatching(`${plugins}/bin$`));
  // Commands of the same project find it, and `start` does not begin another.
  expect(await embedded("verify --stack reports")).toMatchObject({ code: 0 });
  expect(await apponly("start", "--stack", "reports")).toMatchObject({ code: 0 });
  const graph = /Microsoft Graph\s+(\S+)/.exec(output)?.[1] ?? "";
  const base = graph.replace("/v1.0", "");
  const token = await fetch(`${base}/${value("ARM_TENANT_ID")}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: value("ARM_CLIENT_ID"),
      client_secret: value("ARM_CLIENT_SECRET"),
      grant_type: "client_credentials",
      scope: `${base}/.default`,
    }),
  });
  expect(token.status).toBe(200);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  expect(await ended).toBe(143);
  await expect(stat(file)).rejects.toThrow("ENOENT");
});

test("a stack that does not exist is exit code 2, and those that do are named", async () => {
  expect(await apponly("start", "--stack", "fabrikam")).toMatchObject({
    code: 2,
    output: expect.stringMatching(
      /has no Pulumi\.fabrikam\.yaml\. .* The project has settings for: dev, reports\./,
    ),
  });
});

test("doctor says what was found and which plugins will run", async () => {
  const { code, output } = await apponly("doctor");
  expect(code).toBe(0);
  for (const tool of ["Node", "Pulumi CLI", "Plugin azuread", "Plugin tls", "Cache"]) {
    expect(output).toContain(tool);
  }
});

test("an unknown command says where help is", async () => {
  const { code, output } = await apponly("strat");
  expect(code).not.toBe(0);
  expect(output).toContain("apponly --help");
});
