/** The command line of `apponly rotate`; the rotation itself is in tests/unit/operations. */
import { tidyUp } from "../../../../cli/interruption";
import { rotateCertificate, rotateCommand } from "../../../../cli/commands/rotate";
import { run } from "../../../../cli/command";
import type { ConfiguredGeneration } from "../../../../operations/settings";
import type { Phase } from "../../../../operations/rotation";
import { documentOf } from "../../../support/documents";
import { fakeChange, permissionChange } from "../../../support/fakeChange";
import { recordingIo } from "../../../support/recordingIo";
import { parsedOptions } from "../../../support/parsedOptions";

test("the overlap is 14 days where nothing else is said", async () => {
  expect(await parsedOptions(rotateCommand, "-s dev")).toEqual({
    stack: "dev",
    overlap: { text: "14d", ms: 14 * 86_400_000 },
  });
});

test("every option is read", async () => {
  expect(
    await parsedOptions(rotateCommand, "-s dev --overlap 36h --now --plan --name 2027-05"),
  ).toEqual({
    stack: "dev",
    overlap: { text: "36h", ms: 129_600_000 },
    now: true,
    plan: true,
    name: "2027-05",
  });
});

test.each(["../../x", "a b", "", "-a", "x".repeat(33), "a\nb", "2027/05"])(
  "the name %j, which the configuration refuses, is refused before anything is done",
  async (name) => {
    const io = recordingIo();
    expect(await run(["rotate", "-s", "dev", "--now", "--name", name], io)).toBe(2);
    expect(io.written()).toBe("");
    expect(io.said()).toContain(
      "It is not a name of 1 to 32 letters, digits, dots, dashes and underscores. Name a generation after its month, for example 2026-11.",
    );
  },
);

test.each<[string, () => Promise<string>, boolean]>([
  ["an answer of no", () => Promise.resolve("no"), true],
  ["an interrupt at the question", () => tidyUp().then(() => ""), true],
  ["an answer of yes", () => Promise.resolve("yes"), false],
])("%s leaves the settings as the answer wants them", async (_what, ask, isUndone) => {
  const io = { ...recordingIo(), ask };
  let undone = false;
  const ended = rotateCertificate(await parsedOptions(rotateCommand, "-s dev"), io, {
    ...fakeChange([permissionChange()]).doors,
    exportPlacesIn: () => [],
    rotate: async ({ approve }) => {
      const add = { kind: "add", name: "2027-05", like: "2026-11" } as const;
      await approve?.(add, "2026-11", () => Promise.resolve(void (undone = true)));
      return [];
    },
  });
  await ended.catch(() => undefined);
  expect(undone).toBe(isUndone);
});

test("what the settings change besides the rotation is shown and refused before the question, and never first deployed", async () => {
  const { asked, doors } = fakeChange([permissionChange()]);
  const { urn, type } = {
    urn: "urn:pulumi:dev::apponly::azuread:index/directoryRoleAssignment:DirectoryRoleAssignment::role",
    type: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
  };
  const metadata = { op: "create", urn, type, new: { custom: true } };
  const showChange: typeof doors.showChange = async (opened, io) => ({
    ...(await doors.showChange(opened, io)),
    events: [{ sequence: 1, timestamp: 0, resourcePreEvent: { metadata } }] as never,
  });
  const rotating = (line: string, questions: string[]) =>
    parsedOptions(rotateCommand, `-s dev ${line}`.trim()).then((options) =>
      rotateCertificate(
        options,
        recordingIo({
          ask: (question) => {
            questions.push(question);
            return Promise.resolve("yes");
          },
        }),
        {
          ...doors,
          showChange,
          exportPlacesIn: () => [],
          rotate: async ({ approve }) => {
            await approve?.(add, "2026-11", () => Promise.resolve());
            return [];
          },
        },
      ),
    );
  const questions: string[] = [];
  await expect(rotating("", questions)).rejects.toThrow(
    "The settings hold changes besides the rotation, shown above: role. Nothing was changed. Roll them out first: `apponly up --stack dev`.",
  );
  expect([questions, asked]).toEqual([[], ["open dev existing", "show update"]]);
  await rotating("--with-pending", questions);
  expect(questions).toHaveLength(1);
});

/** What the command says and answers of phases that were done with a generation. */
async function rotated(
  line: string,
  generation: ConfiguredGeneration | undefined,
  phases: Phase[],
) {
  const io = recordingIo({ columns: 1000 });
  await rotateCertificate(await parsedOptions(rotateCommand, `-s dev ${line}`), io, {
    ...fakeChange([]).doors,
    exportPlacesIn: () => [],
    rotate: ({ onNote, onDone }) => {
      onNote?.("The application also holds another certificate.");
      phases.forEach((phase) => onDone?.(phase, generation));
      return Promise.resolve(phases);
    },
  });
  return { out: io.written(), answered: io.answered()! };
}

const add = { kind: "add", name: "2027-01", like: "2026-11" } as const;
const activate = { kind: "activate", name: "2027-01", instead: "2026-11" } as const;
const remove = { kind: "remove", name: "2026-11" } as const;
const wait = { kind: "wait", name: "2026-11", until: "2027-01-15" } as const;

test("its document tells each phase as the published schema says, done or only planned", async () => {
  for (const phases of [[add, activate, wait], [remove], []]) {
    expect(documentOf("rotate", (await rotated("--yes", undefined, phases)).answered)).toEqual({
      version: 1,
      stack: "dev",
      planned: false,
      settingsFile: "/stack/Pulumi.dev.yaml",
      phases,
      notes: ["The application also holds another certificate."],
    });
  }
  expect(documentOf("rotate", (await rotated("--plan", undefined, [add])).answered)).toMatchObject({
    planned: true,
    phases: [add],
  });
});

describe("what a job needs after a rotation", () => {
  const inVault = {
    name: "2027-01",
    source: "key-vault",
    vault: "https://contoso.vault.azure.net",
    certificate: "exo",
    version: "2".repeat(32),
  };

  test("is the new certificate, where it holds a copy of a generated one", async () => {
    const { out } = await rotated("--yes", { name: "2027-01" }, [activate, remove]);
    expect(out).toContain("apponly export --stack dev --format pfx --out 2027-01.pfx");
    expect(out).toMatch(/Removed the generation 2026-11\.\n$/);
  });

  test("is nothing, where a vault signs: no file is spoken of, and the old version is disabled there", async () => {
    const { out } = await rotated("--yes", inVault, [activate, remove]);
    expect(out).not.toMatch(/pfx|export|copy/);
    expect(out).toContain("Its key stays in https://contoso.vault.azure.net: a pipeline");
    expect(out).toContain(
      `az keyvault certificate set-attributes --vault-name contoso --name exo --version ${inVault.version} --enabled false`,
    );
  });

  test("is its pipeline anew, where that names a version in a managed HSM", async () => {
    const vault = "https://contoso.managedhsm.azure.net";
    const inHsm = { ...inVault, source: "managed-hsm", vault };
    const { out } = await rotated("--yes", inHsm, [activate, remove]);
    expect(out).not.toMatch(/pfx|export|copy/);
    expect(out).toContain("apponly pipeline --stack dev --credential key-vault --kind KIND");
    expect(out).toContain("az keyvault key set-attributes --hsm-name contoso --name exo");
  });
});
