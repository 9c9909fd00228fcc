import { spawnSync } from "node:child_process";
import promises, {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { failureOf } from "../../../cli/errors";
import { writeWhole } from "../../../system/files";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apponly-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("replaces a file and leaves nothing else behind", async () => {
  const file = join(folder, "settings.yaml");
  await writeWhole(file, "first");
  await writeWhole(file, "second");
  expect(await readFile(file, "utf8")).toBe("second");
  expect(await readdir(folder)).toEqual(["settings.yaml"]);
});

it("names the file that a full disk does not take, which the system leaves out", async () => {
  const { open } = promises;
  jest.spyOn(promises, "open").mockImplementationOnce(async (...args) => {
    const handle = await open(...args);
    const full = new Error("ENOSPC: no space left on device, write");
    jest
      .spyOn(handle, "writeFile")
      .mockRejectedValue(Object.assign(full, { code: "ENOSPC", syscall: "write" }));
    return handle;
  });
  const file = join(folder, "report.html");
  const error = await writeWhole(file, "x").catch((one: unknown) => one);
  expect(failureOf(error).message).toBe(
    `No space is left on the disk that has ${folder}. Free some, and run the same command again: it goes on from here.`,
  );
  expect(await readdir(folder)).toEqual([]);
});

it("gives a file its mode whatever the umask says", async () => {
  const file = join(folder, "key.pfx");
  const before = process.umask(0o777);
  try {
    await writeWhole(file, "x", { mode: 0o600 });
  } finally {
    process.umask(before);
  }
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

it("does not touch a file that may not be replaced", async () => {
  const file = join(folder, "key.pfx");
  await writeFile(file, "first");
  await expect(writeWhole(file, "second", { replace: false })).rejects.toMatchObject({
    code: "EEXIST",
  });
  expect(await readFile(file, "utf8")).toBe("first");
  expect(await readdir(folder)).toEqual(["key.pfx"]);
});

it("replaces a link and not the file that it names", async () => {
  const [other, link] = [join(folder, "other"), join(folder, "link")];
  await writeFile(other, "untouched");
  await symlink(other, link);
  await writeWhole(link, "new");
  expect(await readFile(other, "utf8")).toBe("untouched");
  expect(await readFile(link, "utf8")).toBe("new");
});

describe("a temporary file", () => {
  const host = hostname().replace(/[^\w]/g, "").slice(0, 16) || "host";
  const leftover = (pid: number, name = "key.pfx") =>
    `.apponly-${host}-${pid}-0123456789abcdef-${name}`;

  it("ends as the file does, so that what ignores the one ignores the other", async () => {
    const seen: string[] = [];
    const writing = writeWhole(join(folder, "key.pfx"), Buffer.alloc(20_000_000));
    while (seen.length === 0) {
      seen.push(...(await readdir(folder)).filter((name) => name.startsWith(".")));
    }
    await writing;
    expect(seen).toEqual([expect.stringMatching(/^\.apponly-.*-key\.pfx$/)]);
    expect(await readdir(folder)).toEqual(["key.pfx"]);
  });

  it("of a write that was killed is removed by the next write of the same file", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const old = `.apponly-elsewhere-1-0123456789abcdef-key.pfx`;
    const others = [leftover(process.pid), leftover(pid, "other.pfx"), old.replace("1-0", "2-0")];
    for (const name of [leftover(pid), old, ...others]) {
      await writeFile(join(folder, name), "key");
    }
    await utimes(join(folder, old), 0, 0);
    await writeWhole(join(folder, "key.pfx"), "new");
    expect((await readdir(folder)).sort()).toEqual([...others, "key.pfx"].sort());
  });

  it("has a name that is not too long", async () => {
    const name = `${"é".repeat(120)}.pfx`;
    await writeWhole(join(folder, name), "x");
    expect(await readdir(folder)).toEqual([name]);
  });
});

const onLinux = process.platform === "linux" ? it : it.skip;

onLinux("does not write where a link leads that has taken the folder's place", async () => {
  const [real, aside, victim] = ["real", "aside", "victim"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await Promise.all([mkdir(real), mkdir(victim)]);
  const file = join(await realpath(real), "key.pfx");
  await writeWhole(file, "first", { exactFolder: true });
  await rename(real, aside);
  await symlink(victim, real);
  await expect(writeWhole(file, "second", { exactFolder: true })).rejects.toMatchObject({
    code: expect.stringMatching(/ELOOP|ENOTDIR/),
  });
  expect(await readdir(victim)).toEqual([]);
});

onLinux(
  "writes into the folder that it has opened, however often a link takes its place",
  async () => {
    const [real, aside, victim] = ["real", "aside", "victim"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    await Promise.all([mkdir(real), mkdir(victim)]);
    let going = true;
    const swapping = (async () => {
      while (going) {
        await rename(real, aside);
        await symlink(victim, real);
        await rm(real);
        await rename(aside, real);
      }
    })();
    for (let at = 0; at < 100; at += 1) {
      await writeWhole(join(real, "key.pfx"), "x", { exactFolder: true }).catch(() => undefined);
    }
    going = false;
    await swapping;
    expect(await readdir(victim)).toEqual([]);
  },
);
