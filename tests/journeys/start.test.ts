/**
 * What a newcomer runs first: `apponly start`, twice, and `apponly simulator`. Output is read as
 * text, as when it is not a terminal.
 */
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { command, runApponly } from "../support/command";

jest.setTimeout(180_000);

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "apponly-start-"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

async function apponly(...args: string[]): Promise<{ code: number; output: string }> {
  // Pipelines set these; colour still belongs only on a terminal.
  const environment = { CI: "true", FORCE_COLOR: "1" };
  const { code, stdout, stderr } = await runApponly(args, process.cwd(), environment);
  return { code, output: stdout + stderr };
}

const steps = (output: string) =>
  output
    .split("\n")
    .filter((line) => /^[✓✗] /.test(line))
    .map((line) => line.replace(/\s+\d+(\.\d+)? s\s*/, ": ").replace(/\s+/g, " "));

test("the first run provisions and verifies, the second finds everything in place", async () => {
  const first = await apponly("start", "--directory", directory);
  expect(first).toMatchObject({ code: 0 });
  expect(steps(first.output).slice(3)).toEqual([
    "✓ Preview dev: 11 to create",
    "✓ Update dev: 11 to create",
    "✓ Verify: 1 of 1 connect",
    "✓ Preview again: no changes (11 resources)",
  ]);
  expect(first.output).toContain("Connect-ExchangeOnline -CertificateThumbPrint");
  // No colour, no spinner: this is not a terminal.
  expect(first.output).not.toContain("\u001b");

  const second = await apponly("start", "--directory", directory);
  expect(second).toMatchObject({ code: 0 });
  expect(steps(second.output).slice(3)).toEqual([
    "✓ Preview dev: no changes (11 resources)",
    "✓ Update dev: no changes (11 resources)",
    "✓ Verify: 1 of 1 connect",
    "✓ Preview again: no changes (11 resources)",
  ]);
});

test("the second example stack serves both workloads", async () => {
  const { code, output } = await apponly("start", "--stack", "reports", "--directory", directory);
  expect(code).toBe(0);
  expect(steps(output)).toContain("✓ Verify: 2 of 2 connect");
  expect(output).toContain("Connect-IPPSSession -CertificateThumbPrint");
});

test("the simulator stays up, prints what a client needs, and keeps the secret to a file", async () => {
  const child = spawn(process.execPath, [command, "simulator", "--directory", directory]);
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
  expect(folders.slice(0, own)).toContainEqual(expect.stringMatching(/toolchain\/standIns\/bin$/));
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
  expect(await apponly("start", "--stack", "fabrikam", "--directory", directory)).toMatchObject({
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
