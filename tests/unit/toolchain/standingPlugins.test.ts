import { ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { PluginChoice } from "../../../toolchain/plugins";
import { StandingPlugins } from "../../../toolchain/standingPlugins";
import { throughCompiler } from "../../support/compiler";

const folder = mkdtempSync(join(tmpdir(), "apponly-standing-"));
const starts = join(folder, "starts");
let standing: StandingPlugins;

/** A plugin that notes its start and says a port, or ends at once. */
function madePlugin(name: PluginChoice["name"], behaviour: string): PluginChoice {
  const location = join(folder, `plugin-${name}-${behaviour.length}`);
  const note = `require("node:fs").appendFileSync(${JSON.stringify(starts)}, process.pid + " " + process.env.WANTED + "\\n");`;
  writeFileSync(location, `#!${process.execPath}\n${note}\n${behaviour}`);
  chmodSync(location, 0o755);
  return { name, kind: "official", version: "1.0.0", location, reason: "made by this test" };
}

const staysUp = 'console.log("4711"); setInterval(() => {}, 1000);';
const bothPlugins = () => [madePlugin("azuread", staysUp), madePlugin("tls", staysUp)];
const startsSoFar = () =>
  readFileSync(starts, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" ") as [string, string]);

function isRunningProcess(pid: string): boolean {
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

function isListening(port: string): Promise<boolean> {
  const socket = connect(Number(port), "127.0.0.1");
  return once(socket, "connect").then(
    () => Boolean(socket.destroy()),
    () => false,
  );
}

async function waitUntilAllEnded(): Promise<void> {
  while (startsSoFar().some(([pid]) => isRunningProcess(pid))) {
    await pause(10);
  }
}

beforeEach(() => {
  delete process.env.PULUMI_DEBUG_PROVIDERS;
  writeFileSync(starts, "");
  standing = new StandingPlugins();
});

afterEach(() => standing.end());

test("one start serves every stack of the same variables, and other variables get plugins of their own", async () => {
  const attached = { PULUMI_DEBUG_PROVIDERS: "azuread:4711,tls:4711" };
  expect(await standing.environmentFor(bothPlugins(), { WANTED: "one" })).toEqual(attached);
  expect(await standing.environmentFor(bothPlugins(), { WANTED: "one" })).toEqual(attached);
  expect(startsSoFar().map(([, wanted]) => wanted)).toEqual(["one", "one"]);
  const first = startsSoFar()[0]?.[0] ?? "";
  expect(await standing.environmentFor(bothPlugins(), { WANTED: "two" })).toEqual(attached);
  expect(startsSoFar().map(([, wanted]) => wanted)).toEqual(["one", "one", "two", "two"]);
  while (isRunningProcess(first)) {
    await pause(10);
  }
  standing.end();
  await waitUntilAllEnded();
});

test("an engine starts its own where one ends at once, has to be downloaded, or is debugged", async () => {
  const ending = [madePlugin("azuread", "process.exit(1)"), madePlugin("tls", staysUp)];
  expect(await standing.environmentFor(ending, {})).toEqual({});
  await waitUntilAllEnded();
  writeFileSync(starts, "");
  const [azuread, tls] = bothPlugins() as [PluginChoice, PluginChoice];
  expect(await standing.environmentFor([{ ...azuread, location: "" }, tls], {})).toEqual({});
  process.env.PULUMI_DEBUG_PROVIDERS = "azuread:1";
  expect(await standing.environmentFor([azuread, tls], {})).toEqual({});
  delete process.env.PULUMI_DEBUG_PROVIDERS;
  expect(startsSoFar()).toEqual([]);
});

test("stand-ins are served by this process, which starts no other for them, and end with it or when told", async () => {
  const spawned = jest.spyOn(ChildProcess.prototype as unknown as { spawn: () => void }, "spawn");
  const standIns = bothPlugins().map((plugin) => ({ ...plugin, kind: "stand-in" as const }));
  const attached = await standing.environmentFor(standIns, { WANTED: "stand-ins" });
  expect(attached.PULUMI_DEBUG_PROVIDERS).toMatch(/^azuread:\d+,tls:\d+$/);
  expect(await standing.environmentFor(standIns, { WANTED: "stand-ins" })).toEqual(attached);
  expect(spawned).not.toHaveBeenCalled();
  expect(startsSoFar()).toEqual([]);
  const ports = (attached.PULUMI_DEBUG_PROVIDERS ?? "").match(/\d+/g) ?? [];
  expect(await Promise.all(ports.map(isListening))).toEqual([true, true]);
  standing.end();
  expect(await Promise.all(ports.map(isListening))).toEqual([false, false]);
});

test("none stays behind when the command is killed outright", async () => {
  const script = `
    const { StandingPlugins } = require(${JSON.stringify(join(__dirname, "../../../toolchain/standingPlugins.ts"))});
    new StandingPlugins().environmentFor(${JSON.stringify(bothPlugins())}, { WANTED: "killed" })
      .then(() => { console.log("up"); setInterval(() => {}, 1000); });
  `;
  const command = spawn(process.execPath, [...throughCompiler, "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(command.stdout, "data");
  expect(startsSoFar().filter(([pid]) => isRunningProcess(pid))).toHaveLength(2);
  command.kill("SIGKILL");
  await waitUntilAllEnded();
});
