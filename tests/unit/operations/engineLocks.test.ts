/** Locks of a state in files: whose process is gone is unlocked, and nobody else. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { lockFolderOf, removeDeadLocks, stateFolderOf } from "../../../operations/engineLocks";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-locks-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** A lock as Pulumi writes it. */
function lock(name: string, pid: number, host = hostname(), timestamp = new Date()): void {
  mkdirSync(join(folder, "dev"), { recursive: true });
  const content = { pid, username: "me", hostname: host, timestamp };
  writeFileSync(join(folder, "dev", name), JSON.stringify(content));
}

const judged = (isShared = true, waitMs = 0) => removeDeadLocks(folder, { isShared, waitMs });
const left = () => readdirSync(join(folder, "dev"));

test("a lock whose process was killed is removed, one of a process that runs is not", async () => {
  const child = spawn("sleep", ["60"]);
  lock("one.json", child.pid ?? 0);
  expect(await judged()).toMatchObject({ removed: [], left: { pid: child.pid } });
  expect(left()).toEqual(["one.json"]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await judged()).toMatchObject({ removed: [{ pid: child.pid, host: hostname() }] });
  expect(left()).toEqual([]);
});

test("an engine that ends by itself is waited for", async () => {
  const child = spawn("sleep", ["0.3"]);
  lock("one.json", child.pid ?? 0);
  expect((await judged(true, 10_000)).removed).toHaveLength(1);
});

test("of another machine's process nothing is known: its lock stays where the state is shared", async () => {
  lock("one.json", 1, "build-7");
  expect(await judged()).toMatchObject({ removed: [], left: { pid: 1, host: "build-7" } });
  expect(left()).toEqual(["one.json"]);
  expect((await judged(false)).removed).toHaveLength(1);
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux("a process that was started after the lock was taken does not hold it", async () => {
  const begun = Date.now() - process.uptime() * 1_000;
  lock("one.json", process.pid, hostname(), new Date(begun + 1_000));
  expect((await judged()).removed).toEqual([]);
  lock("one.json", process.pid, hostname(), new Date(begun - 3_600_000));
  expect((await judged()).removed).toHaveLength(1);
});

test("a lock that was cut short by a full disk is removed", async () => {
  lock("one.json", 1);
  writeFileSync(join(folder, "dev/one.json"), '{"pid":');
  expect(await judged()).toEqual({ removed: [] });
  expect(left()).toEqual([]);
});

test("a state without locks, or without a folder, has none", async () => {
  expect(await removeDeadLocks(join(folder, "none"), { isShared: true, waitMs: 0 })).toEqual({
    removed: [],
  });
});

test.each([
  ["file:///state", "/state"],
  ["file:///state?no_tmp_dir=true", "/state"],
  ["file://~/state", join(homedir(), "state")],
  ["file://~", homedir()],
  ["file://./state", "/project/state"],
  ["file://.", "/project"],
])("the locks of %s are found", (backend, root) => {
  const project = {
    name: "access",
    directory: "/project",
    file: "/project/Pulumi.yaml",
    settingsDirectory: "/project",
  };
  const state = join(root, ".pulumi");
  expect(stateFolderOf(project, { PULUMI_BACKEND_URL: backend })).toBe(state);
  expect(stateFolderOf({ ...project, backend }, {})).toBe(state);
  expect(stateFolderOf(project, { PULUMI_BACKEND_URL: "https://api.example" })).toBeUndefined();
  expect(lockFolderOf(state, project, "organization/access/dev")).toBe(
    join(state, "locks/organization/access/dev"),
  );
});
