/**
 * Each file of the embedded folder may be missing, empty, cut short, or hold something else: what is
 * there afterwards is whole, or the tenant starts afresh and nothing is deleted.
 *
 * What Pulumi then makes of the folder is in `tests/journeys/start.test.ts`.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mendState } from "../../../operations/damagedState";
import { takeFolder } from "../../../cli/embeddedFolder";
import { makePassphrase, mendFolder } from "../../../cli/damagedFolder";
import { damageOf, ways } from "../../support/damagedFiles";

let folder: string;

const state = "backend/.pulumi";
const checkpoint = `${state}/stacks/apponly/dev.json`;
const attributes = '{"user.content_type":"text/plain"}';
const whole: Readonly<Record<string, string>> = {
  "tenant.json": '{"version":1,"tenants":[{}]}',
  passphrase: makePassphrase(),
  [checkpoint]: '{"version":3}',
  [`${checkpoint}.attrs`]: attributes,
  [`${checkpoint}.bak`]: '{"version":2}',
  [`${checkpoint}.bak.attrs`]: attributes,
  [`${state}/meta.yaml`]: "version: 1\n",
  [`${state}/meta.yaml.attrs`]: attributes,
  [`${state}/history/apponly/dev/dev-1.history.json`]: "{}",
  [`${state}/history/apponly/dev/dev-1.history.json.attrs`]: attributes,
  "stacks/Pulumi.dev.yaml": "config: {}",
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-folder-"));
  for (const [name, content] of Object.entries(whole)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Files below a folder with their content. */
function filesIn(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [name, readFileSync(join(directory, name), "utf8")]),
  );
}

test("a folder that is whole is left as it is, and so is an empty one", async () => {
  expect(await mendFolder(folder)).toEqual([]);
  expect(filesIn(folder)).toEqual(whole);
  rmSync(folder, { recursive: true });
  expect(await mendFolder(folder)).toEqual([]);
});

/** What is done about a file that is damaged, unless it is not needed. */
const mending: Readonly<Record<string, "afresh" | Readonly<Record<string, string | undefined>>>> = {
  "tenant.json": "afresh",
  passphrase: "afresh",
  [checkpoint]: { [checkpoint]: whole[`${checkpoint}.bak`] },
  [`${state}/meta.yaml`]: { [`${state}/meta.yaml`]: "version: 1\n" },
};

test.each(Object.keys(whole).flatMap((name) => ways.map((way) => [name, way] as const)))(
  "%s that is %s keeps nobody from going on",
  async (name, way) => {
    damageOf(join(folder, name), way);
    const damaged = filesIn(folder);
    const notes = await mendFolder(folder);
    if (mending[name] === "afresh") {
      expect(notes).toEqual([expect.stringContaining("starts afresh")]);
      const [aside = "", ...others] = readdirSync(folder);
      expect(others).toEqual([]);
      expect(aside).toMatch(/^damaged-/);
      expect(filesIn(join(folder, aside))).toEqual(damaged);
    } else {
      const { [name]: left, ...kept } = damaged;
      const isGone = left !== undefined && name.endsWith(".attrs");
      const isAside = left !== undefined && name.endsWith(".history.json");
      const stays =
        left === undefined || isGone ? {} : { [isAside ? `${name}.damaged` : name]: left };
      expect(filesIn(folder)).toEqual({ ...kept, ...stays, ...mending[name] });
      const isMended = name in mending || isGone || isAside;
      expect(notes).toEqual(isMended ? [expect.stringContaining("was damaged")] : []);
    }
    expect(await mendFolder(folder)).toEqual([]);
  },
);

test.each([
  ["{}", "starts afresh"],
  ["[]", "starts afresh"],
  ['{"version":1}', "starts afresh"],
  ['{"version":1,"tenants":[null]}', "starts afresh"],
  ['{"version":"1","tenants":[]}', "starts afresh"],
])("a tenant of another form, %s, is set aside", async (text, said) => {
  writeFileSync(join(folder, "tenant.json"), text);
  expect(await mendFolder(folder)).toEqual([expect.stringContaining(said)]);
});

test("a tenant of another version is left to it", async () => {
  writeFileSync(join(folder, "tenant.json"), '{"version":2,"tenants":[]}');
  const before = filesIn(folder);
  await expect(mendFolder(folder)).rejects.toThrow(
    /of version 2, which another apponly has written\. Use that one, or name another folder/,
  );
  expect(filesIn(folder)).toEqual(before);
});

test.each([".gitignore", "passphrase", "tenant.json", "tenant.tls.json", "simulator-ca.pem"])(
  "a folder in the place of %s keeps nobody from going on",
  async (name) => {
    rmSync(join(folder, name), { force: true });
    mkdirSync(join(folder, name));
    const release = await takeFolder(folder);
    await mendFolder(folder);
    expect(readdirSync(folder).some((one) => one.startsWith(`${name}.damaged-`))).toBe(true);
    await release();
    expect(readdirSync(folder)).not.toContain("lock");
  },
);

test.each(["backend", "stacks"])("a file in the place of %s is set aside", async (name) => {
  rmSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name), "");
  expect(await mendFolder(folder)).toEqual([expect.stringContaining(`${name} was not a folder`)]);
  expect(await mendFolder(folder)).toEqual([]);
});

const history = `${state}/history/apponly/dev`;

test.each([
  [checkpoint, undefined],
  [`${checkpoint}.bak`, undefined],
  [`${checkpoint}.attrs`, undefined],
  [`${state}/meta.yaml`, "was damaged"],
  [`${history}/dev-1795652147499065522.history.json`, undefined],
])("a folder in the place of %s in the state keeps nobody from going on", async (name, also) => {
  rmSync(join(folder, name), { force: true });
  mkdirSync(join(folder, name, "inner"), { recursive: true });
  const notes = await mendFolder(folder);
  expect(notes[0]).toContain(`${join(folder, name)} was not a file; what was there is in `);
  expect(existsSync(join(notes[0]?.split(" is in ")[1]?.replace(/\.$/, "") ?? "", "inner"))).toBe(
    true,
  );
  if (also !== undefined || name === checkpoint) {
    expect(notes[1]).toContain(name === checkpoint ? "kept of it before" : also);
  }
  expect(filesIn(folder)[checkpoint]).toBeDefined();
  expect(await mendFolder(folder)).toEqual([]);
});

test.each([`${state}`, `${state}/stacks`, `${state}/stacks/apponly`])(
  "a file in the place of %s in the state starts afresh with nothing lost",
  async (name) => {
    rmSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name), "somebody's text");
    const notes = await mendFolder(folder);
    expect(notes).toEqual([
      expect.stringContaining(`${join(folder, name)} was not a folder`),
      expect.stringContaining("starts afresh"),
    ]);
    const found = Object.values(filesIn(folder));
    expect(found).toContain("somebody's text");
    expect(found).toContain(whole["tenant.json"]);
    expect(await mendFolder(folder)).toEqual([]);
  },
);

test.each(["history", "backups", "locks", "history/apponly"])(
  "a file in the place of %s in the state is set aside",
  async (name) => {
    rmSync(join(folder, state, name), { recursive: true, force: true });
    writeFileSync(join(folder, state, name), "");
    const notes = await mendFolder(folder);
    expect(notes).toEqual([expect.stringContaining(`${name} was not a folder`)]);
    expect(await mendFolder(folder)).toEqual([]);
  },
);

test("a stack whose name ends as a file's does is left as it is", async () => {
  mkdirSync(join(folder, `${state}/history/apponly/dev.json`), { recursive: true });
  mkdirSync(join(folder, `${state}/locks/organization/apponly/dev.json`), { recursive: true });
  writeFileSync(join(folder, `${state}/stacks/legacy.json`), "{}");
  expect(await mendFolder(folder)).toEqual([]);
});

test("a checkpoint whose backup is cut too is what an earlier update has left", async () => {
  const backups = join(folder, `${state}/backups/apponly/dev`);
  mkdirSync(backups, { recursive: true });
  writeFileSync(join(backups, "dev.1795652147499065521.json"), '{"version":1}');
  writeFileSync(
    join(folder, `${state}/history/apponly/dev/dev-1795652147499065522.checkpoint.json`),
    '{"version":3,"checkpoint":{}}',
  );
  writeFileSync(join(backups, "dev.1795652147499065523.json"), "");
  damageOf(join(folder, checkpoint), "empty");
  damageOf(join(folder, `${checkpoint}.bak`), "cut in half");
  expect(await mendFolder(folder)).toEqual([expect.stringContaining("was damaged")]);
  expect(readFileSync(join(folder, checkpoint), "utf8")).toBe('{"version":3,"checkpoint":{}}');
});

test("a checkpoint of which nothing is whole is set aside with all that belongs to it", async () => {
  damageOf(join(folder, checkpoint), "cut in half");
  damageOf(join(folder, `${checkpoint}.bak`), "empty");
  expect(await mendFolder(folder)).toEqual([expect.stringContaining("starts afresh")]);
});

test("of a state that others use only the files of the stack are mended", async () => {
  const own = join(folder, checkpoint);
  const looked = [own, `${own}.attrs`, join(folder, `${state}/history/apponly/dev`)];
  const others = join(folder, `${state}/stacks/apponly/other.json`);
  for (const file of [own, `${own}.attrs`, `${own}.bak.attrs`]) {
    damageOf(file, "cut in half");
  }
  writeFileSync(others, "");
  writeFileSync(join(folder, `${state}/history/apponly/dev/dev-1.history.json`), "");
  const notes: string[] = [];
  await mendState(join(folder, state), notes, looked);
  expect(notes).toHaveLength(3);
  expect(readFileSync(own, "utf8")).toBe(whole[`${checkpoint}.bak`]);
  expect(readFileSync(others, "utf8")).toBe("");
  // A stack that somebody has removed stays so.
  rmSync(own);
  expect(await mendState(join(folder, state), [], looked)).toEqual({ checkpoints: [], lost: [] });
});

test("a folder that is a link is not written into", async () => {
  const link = `${folder}-link`;
  const before = filesIn(folder);
  symlinkSync(folder, link);
  await expect(takeFolder(link)).rejects.toThrow(/is a link, which may lead into a folder/);
  rmSync(link);
  expect(filesIn(folder)).toEqual(before);
});

test("a folder that is in use is not taken a second time, and is free when it was given back", async () => {
  const directory = join(mkdtempSync(join(tmpdir(), "apponly-taken-")), "tenant");
  const giveBack = await takeFolder(directory);
  await expect(takeFolder(directory)).rejects.toThrow(
    `The folder ${directory} is in use by process ${process.pid} on `,
  );
  await giveBack();
  await (
    await takeFolder(directory)
  )();
});
