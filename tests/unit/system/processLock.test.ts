/** A lock is kept from whom it has to be kept, and never by a process that is gone. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import promises from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { takeLock } from "../../../system/processLock";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-lock-"));
  path = join(folder, "lock");
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

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

test.each([
  ["a folder", () => mkdirSync(path)],
  ["a link that leads nowhere", () => symlinkSync(join(folder, "none"), path)],
  ["a link to another lock", () => symlinkSync(join(folder, "lock2"), path)],
])("%s in the place of a lock is refused, and not tried for ever", async (_what, make) => {
  writeFileSync(join(folder, "lock2"), "");
  make();
  await expect(takeLock(path)).rejects.toThrow(
    /is a folder or a link, where a lock is kept\. Remove/,
  );
});

const here = (pid: string) => `{"pid":${pid},"host":${JSON.stringify(hostname())}}`;

test.each(["", "{", '{"pid":', "null", "[]", "999999", ...["0", "-1", "1.5", "1e300"].map(here)])(
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

onLinux(
  "a lock of another container with this machine's name is respected as long as it is renewed",
  async () => {
    const lock = await takeLock(path);
    const own = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
    expect(own.namespace).toMatch(/^pid:\[\d+\]$/);
    if ("release" in lock) {
      await lock.release();
    }
    // No process of this machine has the id.
    writeFileSync(path, JSON.stringify({ ...own, pid: 2 ** 22 + 1, namespace: "pid:[1]" }));
    expect(await takeLock(path)).toMatchObject({ holder: { pid: 2 ** 22 + 1 } });
    const old = new Date(Date.now() - 6 * 60_000);
    utimesSync(path, old, old);
    expect(await takeLock(path)).toHaveProperty("release");
  },
);

test("of ten that find a lock of a dead process at once, one gets it", async () => {
  writeFileSync(path, JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() }));
  const locks = await Promise.all(Array.from({ length: 10 }, () => takeLock(path)));
  const held = locks.filter((one) => "release" in one);
  expect(held).toHaveLength(1);
  await held[0]?.release();
  expect(readdirSync(folder)).toEqual([]);
});

test("what a process left that was killed while it took one over is removed, and nothing else", async () => {
  const dead = JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() });
  const elsewhere = JSON.stringify({ pid: 1, host: `not-${hostname()}` });
  const [turn, live] = ["a", "b"].map((digit) => `lock.${digit.repeat(64)}`) as [string, string];
  const kept = { [live]: elsewhere, "lock.json": dead, [`lock.${"c".repeat(63)}`]: dead };
  const left = { ...kept, [turn]: dead, [`${turn}.${"d".repeat(64)}`]: "" };
  for (const [name, text] of Object.entries(left)) {
    writeFileSync(join(folder, name), text);
  }
  expect(await takeLock(path)).toHaveProperty("release");
  expect(readdirSync(folder).sort()).toEqual(["lock", ...Object.keys(kept)].sort());
});

test("who judged a lock that is taken over meanwhile leaves the new one where it is", async () => {
  const dead = JSON.stringify({ pid: 2 ** 22 + 1, host: hostname() });
  writeFileSync(path, dead);
  let goOn: (text: string) => void = () => undefined;
  jest
    .spyOn(promises, "readFile")
    .mockReturnValueOnce(new Promise<string>((resolve) => (goOn = resolve)));
  const slow = takeLock(path);
  while (jest.mocked(promises.readFile).mock.calls.length === 0) {
    await setImmediate();
  }
  expect(await takeLock(path)).toHaveProperty("release");
  const { ctimeNs, ino } = statSync(path, { bigint: true });
  goOn(dead);
  expect(await slow).toMatchObject({ holder: { pid: process.pid } });
  // Moved aside and back, it would have been away for who looks in between.
  expect(statSync(path, { bigint: true })).toMatchObject({ ctimeNs, ino });
});

test("a lock that another machine has taken over is not released by who had it", async () => {
  const lock = await takeLock(path);
  const other = JSON.stringify({ pid: 1, host: `not-${hostname()}` });
  writeFileSync(path, other);
  if ("release" in lock) {
    await lock.release();
  }
  expect(readFileSync(path, "utf8")).toBe(other);
});
