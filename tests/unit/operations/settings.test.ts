/**
 * The settings of a stack as files: names as Pulumi reads them, nothing that the configuration
 * refuses, and every line that an edit did not touch as it was. Not proven here: that Pulumi reads
 * the same; the journeys show that.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { StackSettings } from "../../../operations/settings";

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "apponly-settings-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const now = new Date("2026-11-24T12:00:00Z");
const path = () => join(folder, "Pulumi.dev.yaml");

/** The file after an edit. */
async function edited(text: string, edit: (settings: StackSettings) => void): Promise<string> {
  await writeFile(path(), text);
  const settings = await StackSettings.read(path());
  edit(settings);
  await settings.write(now);
  return readFile(path(), "utf8");
}

const active = async (named: string, names: readonly string[]) => {
  const items = names.map((name) => `    - name: "${name}"\n      subject: contoso.org\n`);
  await writeFile(
    path(),
    `config:\n  apponly:certificates:\n${items.join("")}  apponly:activeCertificate: ${named}\n`,
  );
  return (await StackSettings.read(path())).active();
};

test.each([
  ["2026", "2026"],
  ["2026.10", "2026.10"],
  ["0x7e", "0x7e"],
  ["1e3", "1e3"],
  ["true", "true"],
  ["2026-11-01", "2026-11-01"],
  ['"2026"', "2026"],
  ["'2026'", "2026"],
])("the active certificate %s is the name %s, as Pulumi reads it", async (written, name) => {
  expect(await active(written, ["2024", name])).toBe(name);
});

test.each(['""', "", "null", "~"])("the active certificate %j is none", async (written) => {
  expect(await active(written, ["2024", "2025"])).toBe("2024");
});

const sound = `config:
  apponly:displayName: ExO PowerShell CBA   # two  blanks stay
  apponly:workloads:   [exchange]

  apponly:directoryRoles:
  - "Exchange Administrator"

  apponly:certificates:
  # the first
  - name: '2026-11'
    subject:  contoso.org


  azuread:tenantId: aaaabbbb-0000-cccc-1111-dddd2222eeee
`;

test.each(["\n", "\r\n"])(
  "lines that were not edited stay as they are, ended by %j",
  async (end) => {
    const after = await edited(sound.replaceAll("\n", end), (settings) => settings.add("2027-05"));
    expect(after).toBe(
      sound
        .replace(
          "    subject:  contoso.org\n",
          "    subject:  contoso.org\n  - name: 2027-05\n    subject: contoso.org\n",
        )
        .concat("  apponly:activeCertificate: 2026-11\n")
        .replaceAll("\n", end),
    );
    const removed = await edited(after, (settings) => {
      settings.activate("2027-05", "2027-06-01");
      settings.remove("2026-11");
    });
    expect(removed.split(end)).toContain(
      "  apponly:displayName: ExO PowerShell CBA   # two  blanks stay",
    );
    expect(removed.replaceAll(end, "")).not.toMatch(/[\r\n]/);
  },
);

test.each(["2027", "1_000", "yes", "2027-05-01", "0b1", "1e3", "null"])(
  "a name that YAML could take for something else is quoted: %s",
  async (name) => {
    const after = await edited(sound, (settings) => settings.add(name));
    expect(after).toContain(`- name: "${name}"`);
    expect(await edited(after, (settings) => settings.activate(name, "2027-06-01"))).toContain(
      `apponly:activeCertificate: "${name}"`,
    );
  },
);

test.each(["../../x", "a b/../c", "2026-11", "", "a\nb"])(
  "what the configuration would refuse is not written: the name %j",
  async (name) => {
    await expect(edited(sound, (settings) => settings.add(name))).rejects.toThrow(
      "The configuration has 1 fault; nothing has been changed.\n - apponly:certificates[1].name ",
    );
    expect(await readFile(path(), "utf8")).toBe(sound);
  },
);

test("what is at fault already, or stands elsewhere, does not hinder an edit", async () => {
  const faulty = sound.replace("[exchange]", "[teams]").replace(/ {2}apponly:displayName.*\n/, "");
  expect(await edited(faulty, (settings) => settings.add("2027-05"))).toContain("2027-05");
});

test("whatever the blanks and the comments, an edit changes only what it has to", async () => {
  const blank = fc.constantFrom("", "\n", "  # comment\n", "  \n", "\n\n");
  await fc.assert(
    fc.asyncProperty(
      fc.array(blank, { minLength: 12, maxLength: 12 }),
      fc.constantFrom("\n", "\r\n"),
      async (blanks, end) => {
        const text = sound
          .split("\n")
          .map((line, at) => `${line}\n${blanks[at] ?? ""}`)
          .join("")
          .replaceAll("\n", end);
        const after = await edited(text, (settings) => settings.add("2027-05"));
        const kept = after.split(end).filter((line) => !/2027-05|activeCertificate/.test(line));
        for (const line of text.split(end)) {
          expect(kept).toContain(line);
        }
      },
    ),
    { numRuns: 100, seed: 20261125 },
  );
});
