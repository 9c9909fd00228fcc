/**
 * The settings of a stack as files: names as Pulumi reads them, nothing that the configuration
 * refuses, and every line that an edit did not touch as it was. Not proven here: that Pulumi reads
 * the same; the journeys show that.
 */
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { findProject } from "../../../operations/project";
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

/** As `pulumi config --json` of 3.259.0 answers; of a day, which it answers as a point in time, the day. */
test.each([
  ["2026", "2026"],
  ["2026.10", "2026.1"],
  ["0x7e", "126"],
  ["0X7e", "126"],
  ["1e3", "1000"],
  ["1E3", "1000"],
  ["true", "true"],
  ["True", "true"],
  ["TRUE", "true"],
  ["tRUE", "tRUE"],
  ["0777", "511"],
  ["0o17", "15"],
  ["0b11", "3"],
  ["1_000", "1000"],
  ["_1", "_1"],
  ["1_", "1"],
  ["1__0", "10"],
  ["0x_1f", "31"],
  ["+5", "5"],
  ["-5", "-5"],
  ["+0x10", "16"],
  ["-0b1", "-1"],
  ["1.50", "1.5"],
  [".5", "0.5"],
  ["5.", "5"],
  ["1e-7", "1e-7"],
  ["1e20", "100000000000000000000"],
  ["1e21", "1e+21"],
  ["1e22", "1e+22"],
  ["123456789012345678901234567890", "1.2345678901234568e+29"],
  ["9007199254740993", "9007199254740993"],
  ["09", "9"],
  ["08.5", "8.5"],
  ["yes", "yes"],
  ["no", "no"],
  ["on", "on"],
  ["off", "off"],
  ["12:30", "12:30"],
  ["1:30:00", "1:30:00"],
  ["1.e3", "1000"],
  ["0.1", "0.1"],
  ["100000.0", "100000"],
  ["1e5", "100000"],
  ["12345678.9", "12345678.9"],
  ["0", "0"],
  ["-0", "0"],
  ["0.0", "0"],
  ["00", "0"],
  ["1_000.5", "1000.5"],
  ["y", "y"],
  ["N", "N"],
  ["2026-11-01", "2026-11-01"],
  ["2026-1-2", "2026-01-02"],
  ['"2026.10"', "2026.10"],
  ["'0x7e'", "0x7e"],
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

describe("settings that share parts by anchors", () => {
  const shared = `config:
  apponly:displayName: ExO PowerShell CBA
  apponly:workloads: [exchange]
  apponly:directoryRoles: ["Exchange Administrator"]
  apponly:certificates:
    - &gen
      name: "2026-11"
      subject: contoso.org   # the domain
      validityDays: 365
    - <<: *gen
      name: "2027-05"
  apponly:activeCertificate: "2026-11"
`;

  test("are read with what they inherit", async () => {
    await writeFile(path(), shared);
    expect((await StackSettings.read(path())).generations()).toEqual([
      { name: "2026-11", subject: "contoso.org", validityDays: 365 },
      { name: "2027-05", subject: "contoso.org", validityDays: 365 },
    ]);
  });

  test("keep their meaning when the successor is activated: what it inherits is written out", async () => {
    const after = await edited(shared, (settings) => settings.activate("2027-05", "2027-06-01"));
    expect(after).toBe(
      shared
        .replace(
          "      validityDays: 365\n",
          "      validityDays: 365\n      retireAfter: 2027-06-01\n",
        )
        .replace(
          '    - <<: *gen\n      name: "2027-05"\n',
          '    - name: "2027-05"\n      subject: contoso.org # the domain\n      validityDays: 365\n',
        )
        .replace('activeCertificate: "2026-11"', "activeCertificate: 2027-05"),
    );
  });

  test("keep their meaning when the generation with the anchor is removed", async () => {
    const active = shared.replace('Certificate: "2026-11"', 'Certificate: "2027-05"');
    const after = await edited(active, (settings) => settings.remove("2026-11"));
    expect(after).not.toMatch(/[&*]gen/);
    expect((await StackSettings.read(path())).generations()).toEqual([
      { name: "2027-05", subject: "contoso.org", validityDays: 365 },
    ]);
  });

  test("get a new generation like the active one, which has no anchor of its own", async () => {
    const after = await edited(shared, (settings) => settings.add("2027-11"));
    expect(after.match(/&gen/g)).toHaveLength(1);
    expect(after).toContain("- name: 2027-11\n      subject: contoso.org");
  });

  test("elsewhere in the file too are not edited, and nothing is written", async () => {
    const elsewhere = `${shared}  other:defaults: *gen\n`;
    await expect(
      edited(elsewhere, (settings) => settings.activate("2027-05", "2027-06-01")),
    ).rejects.toThrow("shares parts by anchors (&, *, <<), and this edit would change others");
    expect(await readFile(path(), "utf8")).toBe(elsewhere);
  });

  test("of a template above the list keep it", async () => {
    const template = `x-defaults: &defaults\n  subject: contoso.org\n  validityDays: 180\n${sound
      .replace("    subject:  contoso.org\n", "    <<: *defaults\n")
      .trimEnd()}\n`;
    const after = await edited(template, (settings) => settings.add("2027-05"));
    expect(after.match(/<<: \*defaults/g)).toHaveLength(2);
    const next = await edited(after, (settings) => settings.activate("2027-05", "2027-06-01"));
    expect(next).toContain("subject: contoso.org\n  validityDays: 180\n");
  });
});

test.each([
  ["a mark in front of it", (text: string) => `\uFEFF${text}`],
  ["no line end at its end", (text: string) => text.trimEnd()],
  ["both kinds of line ends", (text: string) => text.replace("[exchange]\n", "[exchange]\r\n")],
  ["quotes of a kind nobody needs", (text: string) => text.replace("[exchange]", "['exchange']")],
  [
    "a number in hexadecimal",
    (text: string) => text.replace("    subject:", "    validityDays: 0x16d\n    subject:"),
  ],
  [
    "a text in several lines",
    (text: string) =>
      text.replace("  azuread:", '  apponly:notes: "one\n    two\n\n    three"\n  azuread:'),
  ],
  [
    "a folded text",
    (text: string) =>
      text.replace("  azuread:", "  apponly:notes: >-\n      one\n      two\n  azuread:"),
  ],
  ["comments behind values", (text: string) => text.replace("CBA ", "CBA      # ")],
  ["a document mark", (text: string) => `---\n${text}`],
  [
    "a list in one line",
    (text: string) =>
      text.replace(
        / {2}- name: '2026-11'\n {4}subject: {2}contoso.org\n/,
        "  - {  name: '2026-11',subject: contoso.org }\n",
      ),
  ],
])("of a file with %s an edit touches only its own lines", async (_what, change) => {
  const text = change(sound);
  const after = await edited(text, (settings) => settings.add("2027-05"));
  const lines = (whole: string) => whole.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  // The last line may get an end, because something stands behind it now.
  const kept = lines(after).map((line) => line.replace(/\n$/, ""));
  for (const line of lines(text)) {
    expect(kept).toContain(line.replace(/\n$/, ""));
  }
  expect(lines(after).length - lines(text).length).toBeGreaterThan(0);
  expect(lines(after).length - lines(text).length).toBeLessThanOrEqual(4);
});

test("a JSON file keeps its indentation and every other line", async () => {
  const json = JSON.stringify(
    {
      config: {
        "apponly:displayName": "ExO PowerShell CBA",
        "apponly:workloads": ["exchange"],
        "apponly:directoryRoles": ["Exchange Administrator"],
        "apponly:certificates": [{ name: "2026-11", subject: "contoso.org" }],
      },
    },
    undefined,
    "\t",
  );
  const file = join(folder, "Pulumi.dev.json");
  const text = json.replace(/\[\n\t+"exchange"\n\t+\]/, '[ "exchange" ]');
  await writeFile(file, text);
  const settings = await StackSettings.read(file);
  settings.add("2027-05");
  await settings.write(now);
  const after = await readFile(file, "utf8");
  expect(after).toContain('\t\t"apponly:workloads": [ "exchange" ],\n');
  expect(after).toContain('\t\t\t\t"name": "2027-05"');
  expect(after.endsWith("}")).toBe(true);
});

test.each(["", "  apponly:certificates:\n", "  apponly:certificates: []\n"])(
  "settings without certificates, %j, have none, and none is added",
  async (list) => {
    await writeFile(path(), `config:\n  apponly:displayName: x\n${list}`);
    const settings = await StackSettings.read(path());
    expect([settings.generations(), settings.active()]).toEqual([[], undefined]);
    expect(() => settings.add("2027-05")).toThrow("has no active generation");
  },
);

test.each<[string, (text: string) => Buffer, string]>([
  ["UTF-16 with its mark", (text) => Buffer.from(`\uFEFF${text}`, "utf16le"), "UTF-16"],
  ["UTF-16, big endian", (text) => Buffer.from(text, "utf16le").swap16(), "UTF-16"],
  [
    "an older encoding of Windows",
    (text) => Buffer.from(`${text}# Gr\u00fc\u00dfe\n`, "latin1"),
    "not UTF-8",
  ],
])("a file in %s is named for what it is", async (_encoding, encode, what) => {
  await writeFile(path(), encode(`name: x\nruntime: nodejs\n${sound}`));
  await expect(StackSettings.read(path())).rejects.toThrow(`${what}. Save it as UTF-8.`);
  await copyFile(path(), join(dirname(path()), "Pulumi.yaml"));
  expect(() => findProject(dirname(path())).name).toThrow(
    `Pulumi.yaml is ${what}. Save it as UTF-8.`,
  );
});

test("a file that has the replacement character itself is UTF-8 all the same", async () => {
  await writeFile(path(), `${sound}# \uFFFD\n`);
  expect((await StackSettings.read(path())).generations()).toHaveLength(1);
});

test("the comment behind the active generation stays, and so does its line where it is the same", async () => {
  const text = `${sound.trimEnd()}\n  apponly:activeCertificate: "2026-11" # by the job\n`;
  const added = await edited(text, (settings) => settings.add("2027-05"));
  expect(added).toContain('  apponly:activeCertificate: "2026-11" # by the job\n');
  const next = await edited(added, (settings) => settings.activate("2027-05", "2027-06-01"));
  expect(next).toContain("  apponly:activeCertificate: 2027-05 # by the job\n");
});

test("keys in the older form that the engine takes are edited as they are", async () => {
  const older = sound.replaceAll("apponly:", "apponly:config:");
  const added = await edited(older, (settings) => settings.add("2027-05"));
  await edited(added, (settings) => settings.activate("2027-05", "2027-06-01"));
  const settings = await StackSettings.read(path());
  expect(settings.generations().map(({ name }) => name)).toEqual(["2026-11", "2027-05"]);
  expect(settings.active()).toBe("2027-05");
  expect((await readFile(path(), "utf8")).match(/certificates:/g)).toHaveLength(1);
});

test.each([
  [
    "two documents",
    (text: string) => `${text}---\nname: other\n`,
    "is not valid YAML: it has several documents",
  ],
  [
    "returns only",
    (text: string) => text.replaceAll("\n", "\r"),
    "is not valid YAML: it has the line ends of an old Mac",
  ],
  [
    "blanks that do not break",
    (text: string) => text.replace(/\n {2}(?=apponly:)/, "\n\u00A0 "),
    /is not valid YAML: line \d+ is indented with U\+00A0, which only looks like a blank\. Write blanks\.$/,
  ],
  [
    "blanks without width",
    (text: string) => text.replace(/\n {2}(?=apponly:)/, "\n\u200B  "),
    /is not valid YAML: line \d+ is indented with U\+200B/,
  ],
])("a file of %s is told in words of the person", async (_what, change, message) => {
  await writeFile(path(), change(sound));
  await expect(StackSettings.read(path())).rejects.toThrow(message);
});

describe("generations that all stacks of a project share", () => {
  const project = (certificates: string) =>
    writeFile(
      join(folder, "Pulumi.yaml"),
      `name: tenants\nruntime: nodejs\nconfig:\n  apponly:certificates:\n    ${certificates}\n`,
    );
  const shared = "{ value: [{ name: 2026-11-01, subject: CN=Job, validityDays: 90 }] }";

  test.each([
    shared,
    "{ type: array, default: [{ name: 2026-11-01, subject: CN=Job, validityDays: 90 }] }",
  ])("are the stack's own, and an edit writes them out: %s", async (text) => {
    await project(text);
    expect(
      await edited("config:\n  # Theirs\n  apponly:displayName: x\n", (one) => {
        expect(one.generations()).toEqual([
          { name: "2026-11-01", subject: "CN=Job", validityDays: 90 },
        ]);
        one.add("2027-01");
      }),
    ).toBe(`config:
  # Theirs
  apponly:displayName: x
  apponly:certificates:
    - name: "2026-11-01"
      subject: CN=Job
      validityDays: 90
    - name: 2027-01
      subject: CN=Job
      validityDays: 90
  apponly:activeCertificate: "2026-11-01"
`);
  });

  test.each([
    ["apponly:certificates: [{ name: own }]", ["own"]],
    ["apponly:certificates: []", []],
    ["apponly:certificates:", []],
  ])("give way to the stack's own: %s", async (line, expected) => {
    await project(shared);
    await writeFile(path(), `config:\n  ${line}\n`);
    const settings = await StackSettings.read(path());
    expect(settings.generations().map(({ name }) => name)).toEqual(expected);
  });

  test("are inherited out of an environment as the engine tells them, too", async () => {
    await writeFile(path(), "environment: [a/b]\nconfig:\n  apponly:displayName: x\n");
    const settings = await StackSettings.read(path());
    settings.inherit({
      "apponly:certificates": '[{"name":"a","subject":"CN=Job"},{"name":"b","subject":"CN=Job"}]',
      "apponly:activeCertificate": "b",
    });
    expect([settings.generations().length, settings.active()]).toEqual([2, "b"]);
  });
});
