/** What `apponly adopt` is given and says; the adoption itself is shown beside the operation. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { adoptCommand, adoptRegistration } from "../../../../cli/commands/adopt";
import { run } from "../../../../cli/command";
import { ImportFailed } from "../../../../operations/adopt/importResources";
import { StackMissing } from "../../../../operations/readableStack";
import { fakeChange, permissionChange, reviewWith } from "../../../support/fakeChange";
import { failureOf } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

const before = process.cwd();
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "apponly-adopt-")));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: apponly\n");
  writeFileSync(join(folder, "Pulumi.other.yaml"), "config:\n  azuread:tenantId: t\n");
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const registration = {
  id: "1f1f1f1f-0000-4000-8000-000000000001",
  appId: "a",
  displayName: "Legacy",
};

/** A stack whose state has an app registration with an id. */
const holding = (id: string) =>
  ({
    stack: {
      exportStack: () =>
        Promise.resolve({
          deployment: {
            resources: [
              {
                urn: "urn:pulumi:other::apponly::azuread:index/applicationRegistration:ApplicationRegistration::app",
                type: "azuread:index/applicationRegistration:ApplicationRegistration",
                custom: true,
                id: `/applications/${id}`,
                inputs: {},
                outputs: {},
              },
            ],
          },
        }),
    },
  }) as never;

async function adopted(
  line: string,
  others: () => Promise<never>,
  carried: string[] = [],
  refused?: Error,
) {
  const io = recordingIo();
  const adopt = jest.fn(async (_: { settingsFile: string; drop: readonly string[] }) => {
    if (refused !== undefined) {
      throw refused;
    }
    return {
      plan: { settings: {}, resources: [{}, {}] } as never,
      carried,
      review: reviewWith(),
      drift: { review: reviewWith(permissionChange({ id: "extra-id" })) } as never,
    };
  });
  const options = await parsedOptions(adoptCommand, `-s prod -a Legacy ${line}`.trim());
  const failure = await failureOf(
    adoptRegistration(options, io, {
      connectDeployer: () =>
        Promise.resolve({
          authority: { graph: "https://graph.microsoft.com" },
          graph: () => Promise.resolve({}),
        } as never),
      findRegistration: () => Promise.resolve(registration),
      adopt,
      openForChange: () => Promise.resolve(fakeChange([]).opened),
      readStack: others,
    }),
  );
  return { failure, adopt, out: io.written() };
}

const missing = () => Promise.reject(new StackMissing("other"));

test("what was adopted is told, with what is left in the tenant and how to remove it", async () => {
  const { failure, adopt, out } = await adopted("--drop application.owners", missing, ["notes"]);
  expect(failure).toBeUndefined();
  expect(adopt.mock.calls[0]?.[0]).toMatchObject({
    settingsFile: join(folder, "Pulumi.prod.yaml"),
    drop: ["application.owners"],
  });
  expect(out).toContain("Adopted: 2 objects of the tenant");
  expect(out).toContain("run this again with --drop notes");
  expect(out).toContain("apponly drift --stack prod --remove ID");
  expect(out).toContain("extra-id");
});

test("as JSON nothing else is on standard output", async () => {
  expect(documentOf("adopt", (await adopted("-f json", missing)).out)).toHaveProperty("stacks");
});

test("a registration that another stack manages is refused before anything is written", async () => {
  const { failure, adopt } = await adopted("", () => Promise.resolve(holding(registration.id)));
  expect(failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('The stack "other" manages this app registration already.'),
  });
  expect(adopt).not.toHaveBeenCalled();
});

test("an import that the engine refuses is one sentence of its cause, without the engine's log", async () => {
  const log = [
    "Importing (prod):",
    " =  exchangeonline:index:ManagementRole access-exchange-role importing (16s) error: getaddrinfo ENOTFOUND outlook.office365.com",
    "Diagnostics:",
    "  exchangeonline:index:ManagementRole (access-exchange-role):",
    "    error: getaddrinfo ENOTFOUND outlook.office365.com",
    "",
    "Resources:",
    "    6 errored",
  ].join("\n");
  const { failure } = await adopted("", missing, [], new ImportFailed(log));
  expect(failure?.message).toMatch(
    /^The import failed, and the tenant is as it was\. .*outlook\.office365\.com.*\nThen run the same command again: what was imported is left out\.$/,
  );
  expect(failure?.message).not.toMatch(/Importing|Diagnostics|errored/);
});

test("another stack that manages something else, or cannot be read, decides", async () => {
  expect((await adopted("", () => Promise.resolve(holding("another")))).failure).toBeUndefined();
  const denied = () => Promise.reject(new Error("no access to the backend"));
  expect((await adopted("", denied)).failure?.message).toBe("no access to the backend");
});

test.each([
  [["-a", "Legacy"], "required option '-s, --stack <name>' not specified"],
  [["-s", "prod"], "required option '-a, --application <id or name>' not specified"],
])("adopt %j is a usage error", async (args, message) => {
  const io = recordingIo();
  expect(await run(["adopt", ...args], io)).toBe(2);
  expect(io.said()).toContain(message);
});
