/**
 * The files of an export on a real file system. Not proven here: file systems without hard links
 * beyond the fallback itself, and Windows.
 */
import fs, { existsSync } from "node:fs";
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveTarget, writeSecretFile } from "../../../../../cli/commands/export/secretFile";

let folder: string;

beforeEach(async () => {
  folder = await fs.promises.realpath(await mkdtemp(join(tmpdir(), "apponly-files-")));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

/** What an export does with `--out`. */
async function write(path: string, content: string, force = false): Promise<void> {
  await writeSecretFile(await resolveTarget(path, force), content, force);
}

test("the file is new, whole and only its owner's, whatever the umask", async () => {
  const before = process.umask(0o777);
  try {
    await write(join(folder, "a.pfx"), "content");
  } finally {
    process.umask(before);
  }
  expect(await readFile(join(folder, "a.pfx"), "utf8")).toBe("content");
  expect((await stat(join(folder, "a.pfx"))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["a.pfx"]);
});

test("a file that is there stays as it is without --force", async () => {
  await writeFile(join(folder, "a"), "old", { mode: 0o644 });
  await expect(write(join(folder, "a"), "new")).rejects.toMatchObject({
    message: expect.stringMatching(/is there already and was left as it is\. Use --force/),
    exitCode: 2,
  });
  expect(await readFile(join(folder, "a"), "utf8")).toBe("old");
  await write(join(folder, "a"), "new", true);
  expect(await readFile(join(folder, "a"), "utf8")).toBe("new");
  expect((await stat(join(folder, "a"))).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(["a"]);
});

test("a file that appears between the look and the write is left as it is", async () => {
  const target = await resolveTarget(join(folder, "a"), false);
  await writeFile(target, "theirs");
  await expect(writeSecretFile(target, "ours", false)).rejects.toThrow(/left as it is/);
  expect(await readFile(target, "utf8")).toBe("theirs");
  expect(await readdir(folder)).toEqual(["a"]);
});

test("of many at once one wins, and its file is whole", async () => {
  const target = await resolveTarget(join(folder, "a"), false);
  const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
  const ended = await Promise.allSettled(
    contents.map((content) => writeSecretFile(target, content, false)),
  );
  expect(ended.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const winner = ended.findIndex(({ status }) => status === "fulfilled");
  expect(await readFile(target, "utf8")).toBe(contents[winner]);
  expect(await readdir(folder)).toEqual(["a"]);
});

test("without hard links the name is taken before it is filled", async () => {
  jest
    .spyOn(promises, "link")
    .mockRejectedValue(Object.assign(new Error("no links here"), { code: "EPERM" }));
  await write(join(folder, "a"), "content");
  expect(await readFile(join(folder, "a"), "utf8")).toBe("content");
  expect((await stat(join(folder, "a"))).mode & 0o777).toBe(0o600);
  await writeFile(join(folder, "b"), "theirs");
  await expect(writeSecretFile(join(folder, "b"), "ours", false)).rejects.toThrow(/left as it is/);
  expect(await readFile(join(folder, "b"), "utf8")).toBe("theirs");
});

test("a write that fails leaves nothing behind", async () => {
  await writeFile(join(folder, "a"), "old");
  jest
    .spyOn(promises, "rename")
    .mockRejectedValue(Object.assign(new Error("full"), { code: "ENOSPC" }));
  await expect(write(join(folder, "a"), "new", true)).rejects.toThrow(/no space is left/);
  expect(await readFile(join(folder, "a"), "utf8")).toBe("old");
  expect(await readdir(folder)).toEqual(["a"]);
});

test("symbolic links are not followed, not even with --force", async () => {
  await writeFile(join(folder, "victim"), "old");
  await symlink(join(folder, "victim"), join(folder, "link"));
  await symlink(join(folder, "nowhere"), join(folder, "dangling"));
  for (const name of ["link", "dangling"]) {
    for (const force of [false, true]) {
      await expect(write(join(folder, name), "new", force)).rejects.toThrow(/is a symbolic link/);
    }
  }
  expect(await readFile(join(folder, "victim"), "utf8")).toBe("old");
  expect(await readlink(join(folder, "link"))).toBe(join(folder, "victim"));
  expect(existsSync(join(folder, "nowhere"))).toBe(false);
});

test("a link among the folders is resolved, so that what is named is what is written", async () => {
  await mkdir(join(folder, "real"));
  await symlink(join(folder, "real"), join(folder, "alias"));
  expect(await resolveTarget(join(folder, "alias/a"), false)).toBe(join(folder, "real/a"));
});

test.each<[string, string, RegExp]>([
  ["a folder that is missing", "none/a", /the folder .*none does not exist\. Create it first\./],
  [
    "a file in place of a folder",
    "file/a",
    /lies below something that is not a folder|is not a folder/,
  ],
  ["a folder", "sub", /is there and is not a file/],
  ["a folder with a slash", "sub/", /names a folder\. Name a file in it\./],
])("%s is an error that says what to do", async (_, path, message) => {
  await writeFile(join(folder, "file"), "");
  await mkdir(join(folder, "sub"));
  for (const force of [false, true]) {
    await expect(resolveTarget(`${folder}/${path}`, force)).rejects.toMatchObject({
      name: "UsageFailure",
      exitCode: 2,
      message: expect.stringMatching(message),
    });
  }
});

test("a device is never replaced", async () => {
  for (const device of ["/dev/null", "/dev/stdout"]) {
    await expect(resolveTarget(device, true)).rejects.toThrow(/is not a file|symbolic link/);
  }
});

const asRoot = process.getuid?.() === 0;
(asRoot ? test.skip : test)(
  `a folder that may not be written${asRoot ? " [root may write everywhere]" : ""}`,
  async () => {
    await mkdir(join(folder, "closed"));
    await chmod(join(folder, "closed"), 0o500);
    await expect(write(join(folder, "closed/a"), "x")).rejects.toThrow(/may not be written/);
    expect((await lstat(join(folder, "closed"))).isDirectory()).toBe(true);
  },
);
