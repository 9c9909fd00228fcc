/** Each file of the embedded folder may be missing, empty or cut short. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mendFolder } from "../../../cli/damagedFolder";

let folder: string;

const checkpoint = "backend/.pulumi/stacks/apponly/dev.json";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-folder-"));
  for (const [name, content] of Object.entries({
    "tenant.json": "{}",
    passphrase: "p",
    [checkpoint]: '{"version":3}',
    [`${checkpoint}.bak`]: '{"version":2}',
    "stacks/Pulumi.dev.yaml": "config: {}",
  })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder that is whole is left as it is, and so is an empty one", async () => {
  expect(await mendFolder(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
  expect(await mendFolder(folder)).toEqual([]);
});

test.each(["", '{"version":'])(
  "a checkpoint that is %j is replaced by its backup",
  async (content) => {
    writeFileSync(join(folder, checkpoint), content);
    expect(await mendFolder(folder)).toEqual([expect.stringContaining("was damaged")]);
    expect(readFileSync(join(folder, checkpoint), "utf8")).toBe('{"version":2}');
  },
);

test.each([
  ["tenant.json", undefined],
  ["tenant.json", ""],
  ["tenant.json", '{"version":'],
  ["passphrase", undefined],
  ["passphrase", ""],
] as const)(
  "with %s as %j the tenant starts afresh, and nothing is deleted",
  async (name, content) => {
    if (content === undefined) {
      rmSync(join(folder, name));
    } else {
      writeFileSync(join(folder, name), content);
    }
    expect(await mendFolder(folder)).toEqual([expect.stringContaining("starts afresh")]);
    const [aside = "", ...others] = readdirSync(folder);
    expect(others).toEqual([]);
    expect(aside).toMatch(/^damaged-/);
    expect(readdirSync(join(folder, aside))).toEqual(expect.arrayContaining(["backend", "stacks"]));
  },
);
