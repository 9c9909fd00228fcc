import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
