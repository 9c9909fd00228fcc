/**
 * The JSON document: described by its schema, stable, and with every code of the error table. The
 * text for people beside it. Not proven here: how a terminal draws it.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import {
  type ChainResult,
  documentVersion,
  verifyDocument,
} from "../../../../access/verify/report";
import {
  linkNames,
  type ModuleOutcome,
  type NotVerified,
} from "../../../../access/verify/documentShape";
import { diagnosisCodes } from "../../../../access/verify/errorTable";
import { verify } from "../../../../access/verify/verify";
import { showVerification } from "../../../../cli/commands/verify/verify";
import { hangingIndent } from "../../../../cli/hangingIndent";
import {
  describeChain,
  describeModule,
  describeNotVerified,
} from "../../../../cli/commands/verify/verifyText";
import { recordingIo } from "../../../support/recordingIo";
import { simulated } from "../../../simulator/support/simulated";
import { type Access, makeAccess } from "./tenantWithAccess";

const context = simulated();
const schema = JSON.parse(
  readFileSync(join(__dirname, "../../../../access/verify/verify.schema.json"), "utf8"),
) as {
  properties: { version: { const: number } };
  $defs: Record<string, { properties: Record<string, { enum?: string[] }> }>;
};
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
const now = new Date("2026-11-24T10:00:00.123Z");

const notVerified: NotVerified[] = [
  { kind: "certificate", name: "own", active: false, reason: "The stack has no key of it." },
  { kind: "federated", name: "main", reason: "It needs a token of https://token.example.org." },
];

const moduleRun: ModuleOutcome = {
  state: "ran",
  ok: false,
  powershellVersion: "7.6.1",
  runs: [
    {
      kind: "certificate",
      name: "2026-11",
      active: true,
      workload: "exchange",
      state: "connected",
      detail: "Get-OrganizationConfig",
      moduleVersion: "3.10.1",
    },
    {
      kind: "certificate",
      name: "2026-11",
      active: true,
      workload: "compliance",
      state: "failed",
      detail: "UnAuthorized",
    },
  ],
};

function expectValid(document: unknown): void {
  // What a reader gets: without properties that are undefined.
  const read: unknown = JSON.parse(JSON.stringify(document));
  expect([validate(read), validate.errors]).toEqual([true, null]);
}

test("what holds, what is late, what fails and what was not verified all fit the schema", async () => {
  const documents = [];
  const whole = await makeAccess(context, { workloads: ["exchange", "compliance"] });
  documents.push(verifyDocument(whole.input, await verify(whole.input), { notVerified, now }));
  context.tenant.faults.add({ kind: "throttle", retryAfterSeconds: 3, match: { method: "POST" } });
  const throttled = await verify(whole.input);
  documents.push(
    verifyDocument(whole.input, throttled, { notVerified: [], now, powershell: moduleRun }),
  );
  const nothing = { ...whole.input, generations: [] };
  const skipped: ModuleOutcome = { state: "skipped", reason: "There is no `pwsh` on PATH." };
  documents.push(
    verifyDocument(nothing, await verify(nothing), { notVerified, now, powershell: skipped }),
  );
  documents.forEach(expectValid);
  expect(documents.map(({ ok, propagating, chains }) => [ok, propagating, chains.length])).toEqual([
    [true, false, 2],
    [false, true, 2],
    // Nothing verified is never "ok".
    [false, false, 0],
  ]);
  expect(documents[0]).toMatchObject({ version: 1, checkedAt: "2026-11-24T10:00:00Z" });
});

test("the schema knows every code, link and version, and no other", () => {
  const { link, diagnosis } = schema.$defs;
  expect(diagnosis?.properties.code?.enum).toEqual(diagnosisCodes);
  expect(link?.properties.link?.enum).toEqual(linkNames);
  expect(schema.properties.version.const).toBe(documentVersion);
});

test.each([
  ["an unknown link", (text: string) => text.replace('"token"', '"tokens"')],
  ["an unknown property", (text: string) => text.replace('"attempts"', '"tries"')],
  ["another version", (text: string) => text.replace('"version":1', '"version":2')],
  ["a missing property", (text: string) => text.replace('"propagating":false,', "")],
])("the schema refuses %s", async (_title, change) => {
  const { input } = await makeAccess(context);
  const text = JSON.stringify(verifyDocument(input, await verify(input), { notVerified, now }));
  expect(change(text)).not.toBe(text);
  expect(validate(JSON.parse(change(text)))).toBe(false);
});

const late: ChainResult = {
  identity: { kind: "certificate", name: "2026-11", active: true },
  workload: "exchange",
  links: [
    { link: "certificate", state: "ok", detail: "valid for 364 more days" },
    { link: "token", state: "ok", detail: "issued for https://outlook.office365.com" },
    { link: "organization", state: "ok", detail: "contoso.onmicrosoft.com" },
    { link: "permission", state: "ok", detail: "Exchange.ManageAsApp", lateSeconds: 75 },
    { link: "role", state: "failed", detail: "role-missing", lateSeconds: 30 },
    { link: "workload", state: "skipped", detail: "" },
  ],
  attempts: 7,
  diagnosis: {
    code: "role-missing",
    cause: "The application has no directory role, or the role has not arrived yet.",
    remedy: "Add a role to apponly:directoryRoles, run `pulumi up`, and wait some minutes.",
    propagating: true,
    source: "https://learn.microsoft.com/example",
  },
};

test("the text shows each link with its result, then one line of diagnosis and the remedy", () => {
  expect(describeChain(late, { colour: false })).toBe(
    [
      "  2026-11 → exchange",
      "    ✓ certificate  valid for 364 more days",
      "    ✓ token        issued for https://outlook.office365.com",
      "    ✓ organization contoso.onmicrosoft.com",
      "    ✓ permission   Exchange.ManageAsApp (arrived after 1 min 15 s)",
      "    ✗ role         role-missing (late for 30 s)",
      "    · workload",
      "    The application has no directory role, or the role has not arrived yet.",
      "    → Add a role to apponly:directoryRoles, run `pulumi up`, and wait some minutes.",
      "      https://learn.microsoft.com/example",
      "",
    ].join("\n"),
  );
});

test("on a terminal no row but an address is wider than it, and only there is colour", () => {
  for (const columns of [80, 120]) {
    const shown = [
      describeChain(late, { colour: true, columns }),
      describeNotVerified(notVerified, { colour: true, columns }),
      describeModule(moduleRun, { colour: true, columns }),
    ].join("");
    const plain = shown.replace(/\u001b\[\d+m/g, "");
    expect(shown).not.toBe(plain);
    const wide = plain.split("\n").filter((row) => row.length > columns && !/https:/.test(row));
    expect(wide).toEqual([]);
  }
  expect(describeChain(late, { colour: false })).not.toContain("\u001b");
});

test("rows break at spaces, and the rest hangs under the first", () => {
  const line = "  - one two three four five six seven eight";
  expect(hangingIndent(line, 4, 26)).toBe("  - one two three four\n    five six seven eight");
  expect(hangingIndent(line, 4, undefined)).toBe(line);
  const word = `  - ${"x".repeat(40)} y`;
  expect(hangingIndent(word, 4, 30)).toBe(`  - ${"x".repeat(40)}\n    y`);
});

/** Runs the command's own part and keeps what it prints. */
async function verificationShown(access: Access, json: boolean, allowUnverified = false) {
  const io = recordingIo();
  const failure = await showVerification(access.input, io, {
    notVerified,
    waitMs: 0,
    json,
    allowUnverified,
  }).then(
    () => undefined,
    (error: unknown) => error as { exitCode: number; message: string },
  );
  return { printed: io.written(), failure };
}

test("with --format json nothing but the document is printed, and the exit code is the same", async () => {
  const good = await makeAccess(context);
  const { printed, failure } = await verificationShown(good, true);
  expectValid(JSON.parse(printed));
  expect(failure).toBeUndefined();
  const missing = await makeAccess(context, { consented: false });
  const outcomes = [
    await verificationShown(missing, true),
    await verificationShown(missing, false),
  ];
  expect(outcomes.map((one) => one.failure?.exitCode)).toEqual([6, 6]);
  expectValid(JSON.parse(outcomes[0]!.printed));
  expect(outcomes[1]!.printed).toContain("Not verified:\n    own (certificate):");
});

test("with nothing to verify with, it says so and does not succeed", async () => {
  const access = await makeAccess(context);
  const none = { ...access, input: { ...access.input, generations: [] } };
  const { printed, failure } = await verificationShown(none, false);
  expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining("Nothing was") });
  expect(printed).toContain("main (federated credential): It needs a token");
  // A pipeline that knows it may say so; the document still does not say "ok".
  const allowed = await verificationShown(none, true, true);
  expect([allowed.failure, (JSON.parse(allowed.printed) as { ok: boolean }).ok]).toEqual([
    undefined,
    false,
  ]);
  const missing = await makeAccess(context, { consented: false });
  expect((await verificationShown(missing, true, true)).failure).toMatchObject({ exitCode: 6 });
});
