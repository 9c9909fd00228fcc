/** A lock is kept from whom it has to be kept, and never by a process that is gone. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { takeLock } from "../../../system/processLock";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-lock-"));
  path = join(folder, "lock");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a lock is held until it is released, and leaves nothing behind", async () => {
  const lock = await takeLock(path);
  expect(await takeLock(path)).toMatchObject({ holder: { pid: process.pid, host: hostname() } });
  if ("release" in lock) {
    await lock.release();
  }
  expect(readdirSync(folder)).toEqual([]);
  expect(await takeLock(path)).toHaveProperty("release");
});

test("a lock whose process was killed is taken over at once", async () => {
  const child = spawn("sleep", ["60"]);
  writeFileSync(path, JSON.stringify({ pid: child.pid, host: hostname() }));
  expect(await takeLock(path)).toMatchObject({ holder: { pid: child.pid } });
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await takeLock(path)).toHaveProperty("release");
  expect(readdirSync(folder)).toEqual(["lock"]);
});

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux(
  "a process that has only the id of the one that held the lock does not hold it",
  async () => {
    writeFileSync(
      path,
      JSON.stringify({
        pid: process.pid,
        host: hostname(),
        started: "another start of the machine 1",
      }),
    );
    expect(await takeLock(path)).toHaveProperty("release");
  },
);

test.each(["", "{", '{"pid":', "null", "[]", "999999"])(
  "a damaged lock %j is taken over",
  async (text) => {
    writeFileSync(path, text);
    expect(await takeLock(path)).toHaveProperty("release");
  },
);

test("a lock of another machine is respected as long as it is renewed", async () => {
  writeFileSync(path, JSON.stringify({ pid: 1, host: `not-${hostname()}` }));
  expect(await takeLock(path)).toMatchObject({ holder: { pid: 1 } });
  const old = new Date(Date.now() - 6 * 60_000);
  utimesSync(path, old, old);
  expect(await takeLock(path)).toHaveProperty("release");
});

test("of ten that find a lock of a dead process at once, one gets it", async () => {
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
  const locks = await Promise.all(Array.from({ length: 10 }, () => takeLock(path)));
  expect(locks.filter((one) => "release" in one)).toHaveLength(1);
});
