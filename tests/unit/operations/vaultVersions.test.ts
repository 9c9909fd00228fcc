/** Versions in a vault as generations: what is asked of a vault, and what the settings become. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fillFromVaults } from "../../../cli/vaultVersions";
import { readCertificate } from "../../../components/certificateFacts";
import type { VersionWish } from "../../../microsoft/keyVault/versionWish";
import { nextPhase } from "../../../operations/rotation";
import { StackSettings } from "../../../operations/settings";
import { fillVersions } from "../../../operations/vaultVersions";
import { makeCertificate } from "../../support/certificates";
import { failureOf } from "../../support/openedForReading";
import { recordingIo } from "../../support/recordingIo";

const now = new Date();
const version = (digit: string) => digit.repeat(32);
const certificateUntil = (notAfter: Date) =>
  readCertificate(makeCertificate({ commonName: "contoso.org", notAfter }).certificatePem);
const old = certificateUntil(new Date(now.getTime() + 30 * 86_400_000));
const next = certificateUntil(new Date(now.getTime() + 300 * 86_400_000));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "apponly-vault-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function settingsWith(...generations: string[]) {
  const file = join(folder, "Pulumi.dev.yaml");
  const text = `config:
  apponly:displayName: ExO
  apponly:workloads: [exchange]
  apponly:directoryRoles: [Exchange Administrator]
  apponly:certificates:
${generations.join("")}`;
  await writeFile(file, text);
  return { file, settings: await StackSettings.read(file) };
}

const bare = `    - name: "2026-11" # the first
      source: key-vault
      vault: https://contoso.vault.azure.net/
      certificate: exo
      subject: contoso.org
`;
const filled = `${bare}      version: "${version("1")}"
      cer: ${old.cer}
`;

const takes = (taken = version("2"), isMade = true) => {
  const wishes: VersionWish[] = [];
  const take = async (wish: VersionWish) => {
    wishes.push(wish);
    if (isMade) {
      await wish.confirm("Have it made?");
    }
    return { version: taken, cer: next.cer, isMade };
  };
  return { wishes, take };
};

test("a generation without a version gets one, and the rest of the file stays", async () => {
  const { file, settings } = await settingsWith(bare);
  const { wishes, take } = takes();
  const confirm = jest.fn(() => Promise.resolve());
  expect(await fillVersions(settings, { now, confirm, take })).toBe(true);
  await settings.write(now);
  expect(confirm).toHaveBeenCalledTimes(1);
  expect(wishes).toMatchObject([
    {
      source: "key-vault",
      vault: "https://contoso.vault.azure.net",
      certificate: "exo",
      exportable: false,
      subject: { text: "CN=contoso.org", dnsNames: ["contoso.org"] },
      keyBits: 2048,
      validityMonths: 12,
      known: new Set([version("2")]),
      outlives: now,
    },
  ]);
  const text = await readFile(file, "utf8");
  expect(text).toContain('- name: "2026-11" # the first');
  expect(text).toContain(`      version: "${version("2")}"\n      cer: ${next.cer}\n`);
  expect(settings.generations()[0]).toMatchObject({ version: version("2"), cer: next.cer });
});

test("once it has one, nothing is asked", async () => {
  const { settings } = await settingsWith(filled);
  const { wishes, take } = takes();
  const options = { now, confirm: () => Promise.resolve(), take };
  expect(await fillVersions(settings, options)).toBe(false);
  expect(wishes).toEqual([]);
});

test("a rotation adds the next version, which has to outlive the active one", async () => {
  const { settings } = await settingsWith(filled);
  const phase = nextPhase({
    generations: settings.generations(),
    active: settings.active(),
    usedNames: new Set(),
    now,
    immediately: false,
    name: "2027-01",
  });
  expect(phase).toEqual({ kind: "add", name: "2027-01", like: "2026-11" });
  settings.add("2027-01");
  const { wishes, take } = takes();
  await fillVersions(settings, { now, confirm: () => Promise.resolve(), take });
  await settings.write(now);
  expect(wishes[0]?.known).toEqual(new Set([version("1"), version("2")]));
  expect(wishes[0]?.outlives).toEqual(new Date(old.notAfter));
  expect(settings.generations()).toMatchObject([
    { name: "2026-11", version: version("1"), cer: old.cer },
    { name: "2027-01", source: "key-vault", version: version("2"), cer: next.cer },
  ]);
});

test("settings that do not say where are told all their faults, and no vault is asked", async () => {
  const { settings } = await settingsWith(
    '    - { name: "a", source: key-vault, vault: contoso, keyBits: 1024 }\n',
  );
  const { wishes, take } = takes();
  const error = await failureOf(
    fillVersions(settings, { now, confirm: () => Promise.resolve(), take }),
  );
  expect(error?.message).toContain('apponly:certificates[0].vault "contoso" is not the address');
  expect(error?.message).toContain("apponly:certificates[0].certificate is missing.");
  expect(error?.message).toContain('apponly:certificates[0].keyBits "1024" is not an RSA key size');
  expect(wishes).toEqual([]);
});

describe("a vault makes nothing unasked", () => {
  const answered = async (answer: string | undefined, yes: boolean | undefined, isMade = true) => {
    const { file, settings } = await settingsWith(bare);
    const io = recordingIo(answer === undefined ? {} : { ask: () => Promise.resolve(answer) });
    const { take } = takes(version("2"), isMade);
    const failure = await failureOf(fillFromVaults(settings, io, yes, now, take));
    return { failure, out: io.written(), kept: !(await readFile(file, "utf8")).includes("cer:") };
  };

  test("without a terminal and without --yes", async () => {
    const { failure, kept } = await answered(undefined, undefined);
    expect(failure?.message).toContain("Run this with --yes.");
    expect(kept).toBe(true);
  });

  test("where the answer is no", async () => {
    const { failure } = await answered("no", undefined);
    expect(failure?.message).toBe("Nothing was changed.");
  });

  test.each([
    ["--yes", undefined, true],
    ["the answer yes", "yes", undefined],
  ])("and does with %s", async (_, answer, yes) => {
    const { failure, out } = await answered(answer, yes);
    expect(failure).toBeUndefined();
    expect(out).toMatch(/has made the version 2{32} of exo: the generation\s+2026-11\./);
  });

  test("what is there already is taken without a question", async () => {
    const { failure, out } = await answered(undefined, undefined, false);
    expect(failure).toBeUndefined();
    expect(out).toContain("has already the version");
  });
});
