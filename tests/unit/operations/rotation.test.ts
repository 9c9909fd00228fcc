/**
 * Which phase a rotation is in, and how the settings are edited. Not proven here: that a pipeline
 * always has a valid certificate; the journey shows that.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  nextPhase,
  requireRemovable,
  retirementDay,
  type RotationState,
} from "../../../operations/rotation";
import { StackSettings } from "../../../operations/settings";

const state = (changes: Partial<RotationState>): RotationState => ({
  generations: [{ name: "2026-11" }],
  active: "2026-11",
  usedNames: new Set(),
  now: new Date("2027-05-03T08:00:00Z"),
  immediately: false,
  ...changes,
});

describe("the next phase", () => {
  test("with one generation, the next phase is to add another like it", () => {
    expect(nextPhase(state({}))).toEqual({ kind: "add", name: "2027-05", like: "2026-11" });
  });

  test("with a successor that is not active, the next phase is to activate it", () => {
    const generations = [{ name: "2026-11" }, { name: "2027-05" }];
    expect(nextPhase(state({ generations }))).toEqual({
      kind: "activate",
      name: "2027-05",
      instead: "2026-11",
    });
  });

  const overlapping = {
    generations: [{ name: "2026-11", retireAfter: "2027-05-17" }, { name: "2027-05" }],
    active: "2027-05",
  };

  test("during the overlap, the next phase is to wait", () => {
    expect(nextPhase(state(overlapping))).toEqual({
      kind: "wait",
      name: "2026-11",
      until: "2027-05-17",
    });
  });

  test("after the overlap, or at once when asked, the next phase is to remove the old one", () => {
    const removed = { kind: "remove", name: "2026-11" };
    const now = new Date("2027-05-17T00:00:00Z");
    expect(nextPhase(state({ ...overlapping, now }))).toEqual(removed);
    expect(nextPhase(state({ ...overlapping, immediately: true }))).toEqual(removed);
  });
});

describe("refusals", () => {
  test("a name that was used before is refused", () => {
    expect(() => nextPhase(state({ name: "2026-11" }))).toThrow(
      'The name "2026-11" was used before. Choose another one.',
    );
    expect(() => nextPhase(state({ name: "old", usedNames: new Set(["old"]) }))).toThrow(
      "was used before",
    );
    expect(nextPhase(state({ usedNames: new Set(["2027-05", "2027-05b"]) }))).toMatchObject({
      name: "2027-05c",
    });
  });

  test("removing the active or the last generation is refused", () => {
    expect(() => requireRemovable("2026-11", state({}))).toThrow(
      'The generation "2026-11" is active. Activate another one first.',
    );
    expect(() => requireRemovable("2026-11", state({ active: undefined }))).toThrow(
      'The generation "2026-11" is the last one. Add another one first.',
    );
  });

  test("making a successor of a supplied certificate is refused", () => {
    const generations = [{ name: "own", source: "-----BEGIN CERTIFICATE-----" }];
    expect(() => nextPhase(state({ generations, active: "own" }))).toThrow(
      'The generation "own" was supplied.',
    );
  });

  test("an active generation that is not one of those there is refused, and none is taken in its place", () => {
    const generations = [{ name: "2026.10" }, { name: "2027.10" }];
    expect(() => nextPhase(state({ generations, active: "2026.1" }))).toThrow(
      'apponly:activeCertificate is "2026.1", and no generation has this name: 2026.10, 2027.10.',
    );
  });

  test("a stack without a certificate is refused", () => {
    expect(() => nextPhase(state({ generations: [], active: undefined }))).toThrow(
      "The stack has no certificate to rotate.",
    );
  });
});

test("an overlap of 14 days ends 14 days later", () => {
  expect(retirementDay(new Date("2027-05-03T23:59:59Z"), 14)).toBe("2027-05-17");
});

describe("the settings", () => {
  const text = `# Contoso, owned by messaging
config:
  apponly:displayName: ExO PowerShell CBA # as in the portal
  apponly:certificates:
    # the first one
    - name: "2026-11"
      subject: contoso.org
      validityDays: 365
  azuread:tenantId: aaaabbbb-0000-cccc-1111-dddd2222eeee
`;
  let folder: string;
  const path = () => join(folder, "Pulumi.contoso.yaml");

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "apponly-settings-"));
    await writeFile(path(), text);
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("settings keep comments and order through a whole rotation", async () => {
    const settings = await StackSettings.read(path());
    settings.add("2027-05");
    await settings.write();
    expect(await readFile(path(), "utf8")).toBe(`# Contoso, owned by messaging
config:
  apponly:displayName: ExO PowerShell CBA # as in the portal
  apponly:certificates:
    # the first one
    - name: "2026-11"
      subject: contoso.org
      validityDays: 365
    - name: 2027-05
      subject: contoso.org
      validityDays: 365
  azuread:tenantId: aaaabbbb-0000-cccc-1111-dddd2222eeee
  apponly:activeCertificate: 2026-11
`);
    settings.activate("2027-05", "2027-05-17");
    await settings.write();
    expect(await readFile(path(), "utf8")).toBe(`# Contoso, owned by messaging
config:
  apponly:displayName: ExO PowerShell CBA # as in the portal
  apponly:certificates:
    # the first one
    - name: "2026-11"
      subject: contoso.org
      validityDays: 365
      retireAfter: 2027-05-17
    - name: 2027-05
      subject: contoso.org
      validityDays: 365
  azuread:tenantId: aaaabbbb-0000-cccc-1111-dddd2222eeee
  apponly:activeCertificate: 2027-05
`);
    settings.remove("2026-11");
    await settings.write();
    const after = await StackSettings.read(path());
    expect(after.generations()).toEqual([
      { name: "2027-05", subject: "contoso.org", validityDays: 365 },
    ]);
    expect(after.active()).toBe("2027-05");
  });

  test("a new generation is a copy of the active one without the day of its retirement", async () => {
    const retiring = text.replace("validityDays: 365", "retireAfter: 2027-01-01");
    await writeFile(path(), retiring);
    const settings = await StackSettings.read(path());
    settings.add("2027-05");
    expect(settings.generations()).toEqual([
      { name: "2026-11", subject: "contoso.org", retireAfter: "2027-01-01" },
      { name: "2027-05", subject: "contoso.org" },
    ]);
  });

  test("settings that are missing or broken are named", async () => {
    await expect(StackSettings.read(join(folder, "Pulumi.fabrikam.yaml"))).rejects.toThrow(
      "cannot be read",
    );
    await writeFile(path(), "config: [");
    await expect(StackSettings.read(path())).rejects.toThrow("is not valid YAML");
  });
});
