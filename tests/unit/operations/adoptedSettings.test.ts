/** What an adoption writes into a stack's settings, which people and other commands have written too. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { carriedIn, writeAdopted, writeCarried } from "../../../operations/adopt/adoptedSettings";
import type { AdoptedSettings } from "../../../operations/adopt/plan";

const folder = mkdtempSync(join(tmpdir(), "apponly-adopted-"));
afterAll(() => rmSync(folder, { recursive: true }));

const adopted = { displayName: "Reports" } as AdoptedSettings;

/** Settings with a text, in a file of its own. */
function settingsFile(name: string, text?: string): string {
  const file = join(folder, name);
  rmSync(file, { force: true });
  if (text !== undefined) writeFileSync(file, text);
  return file;
}
const textOf = (file: string) => readFileSync(file, "utf8");

test("settings are made where there are none", async () => {
  const file = settingsFile("Pulumi.new.yaml");
  await writeAdopted(file, adopted);
  expect(textOf(file)).toBe("config:\n  apponly:displayName: Reports\n");
});

test("settings in JSON stay JSON", async () => {
  const file = settingsFile(
    "Pulumi.dev.json",
    '{\n  "config": {\n    "azuread:tenantId": "x"\n  }\n}\n',
  );
  await writeAdopted(file, adopted);
  await writeCarried(file, ["tags"]);
  expect(JSON.parse(textOf(file))).toEqual({
    config: {
      "azuread:tenantId": "x",
      "apponly:displayName": "Reports",
      "apponly:carried": ["tags"],
    },
  });
});

test("every other line stays as it is, ended by CR and LF, behind a byte order mark", async () => {
  const text =
    '\uFEFF# Ours\r\nencryptionsalt:   "v1:a"\r\nconfig:\r\n    azuread:tenantId:   x  # theirs\r\n';
  const file = settingsFile("Pulumi.dev.yaml", text);
  await writeCarried(file, ["tags"]);
  expect(textOf(file).startsWith(text)).toBe(true);
  expect(carriedIn(file)).toEqual(["tags"]);
  await writeCarried(file, []);
  expect(textOf(file)).toBe(text);
});

test.each([
  ["config:\n  apponly:config:displayName: Mail\n"],
  ["x: &c\n  apponly:displayName: Mail\nconfig: *c\n"],
  ["x: &c\n  apponly:displayName: Mail\nconfig:\n  <<: *c\n"],
])("another access that the engine sees is seen, and nothing is changed: %s", async (text) => {
  const file = settingsFile("Pulumi.dev.yaml", text);
  await expect(writeAdopted(file, adopted)).rejects.toThrow("declares another access already");
  expect(textOf(file)).toBe(text);
});

test.each(["config: [\n", "? [a]\n: b\n", '"<<": { config: {} }\n'])(
  "settings that can be read in two ways are not edited: %s",
  async (text) => {
    const file = settingsFile("Pulumi.dev.yaml", text);
    await expect(writeAdopted(file, adopted)).rejects.toThrow(
      /is not valid YAML|read in different ways/,
    );
    await expect(writeCarried(file, ["tags"])).rejects.toThrow(
      /is not valid YAML|read in different ways/,
    );
    expect(textOf(file)).toBe(text);
  },
);

test("configuration behind an alias is kept", async () => {
  const file = settingsFile("Pulumi.dev.yaml", "x: &c\n  azuread:tenantId: x\nconfig: *c\n");
  await writeAdopted(file, adopted);
  expect(textOf(file)).toBe(
    "x: &c\n  azuread:tenantId: x\nconfig:\n  azuread:tenantId: x\n  apponly:displayName: Reports\n",
  );
});
