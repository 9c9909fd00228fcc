/**
 * What `apponly drift` prints and how it ends; what it finds in a tenant is shown beside the
 * operation, in tests/unit/operations/drift.test.ts.
 */
import { driftCommand, showDrift } from "../../../../cli/commands/drift";
import { run } from "../../../../cli/command";
import type { Drift } from "../../../../operations/drift/drift";
import { permissionChange, reviewWith } from "../../../support/fakeChange";
import { failureOf, openedForReading } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { documentOf } from "../../../support/documents";
import { recordingIo } from "../../../support/recordingIo";

async function compared(line: string, more: Partial<Drift> = {}, answer?: string) {
  const record = jest.fn();
  const asked: string[] = [];
  const ask = (question: string) => {
    asked.push(question);
    return Promise.resolve(answer ?? "");
  };
  const io = recordingIo({ record, ...(answer !== undefined && { ask }) });
  const options = await parsedOptions(driftCommand, `-s dev ${line}`.trim());
  const drift = {
    review: reviewWith(permissionChange({ risk: "high" })),
    extras: new Map(),
    applications: [],
    restorable: [],
    ...more,
  };
  const failure = await failureOf(
    showDrift(options, io, {
      openForReading: openedForReading({}),
      connectStackDeployer: () => Promise.resolve({ graph: () => Promise.resolve({}) } as never),
      connectStackExchange: () => Promise.resolve({} as never),
      findDrift: () => Promise.resolve(drift),
    }),
  );
  return { failure, out: io.written(), err: io.said(), record, asked };
}

test("the options are read", async () => {
  expect(
    await parsedOptions(driftCommand, "-s dev --fail-on low --remove a b -f json"),
  ).toMatchObject({ stack: ["dev"], failOn: "low", remove: ["a", "b"], format: "json" });
});

test.each([
  ["terminal", /^ +high +\+ directory role Global Reader/m],
  ["markdown", /Global Reader/],
  ["html", /^<!doctype html>/],
  ["json", /^\{\n {2}"version": /],
])("as %s the result is on standard output", async (format, expected) => {
  const { failure, out, err } = await compared(`--format ${format}`);
  expect(out).toMatch(expected);
  expect([failure, err]).toEqual([undefined, ""]);
});

test("as JSON it is the published document", async () => {
  expect(documentOf("drift", (await compared("--format json")).out)).toHaveProperty("stacks");
});

test("the gate ends with 3 from the risk on, after the result was written", async () => {
  const { failure, out } = await compared("--fail-on high");
  expect(failure).toMatchObject({ exitCode: 3 });
  expect(out).toContain("Global Reader");
  expect((await compared("--fail-on critical")).failure).toBeUndefined();
});

test("a tenant that could not be read as a whole trips any gate", async () => {
  const review = { ...reviewWith(), complete: false };
  expect((await compared("--fail-on critical", { review })).failure?.exitCode).toBe(3);
});

test("the record of a run over many has what was found", async () => {
  expect((await compared("")).record).toHaveBeenCalledTimes(1);
});

test("an id that is not an extra is a usage error, and nothing is removed", async () => {
  const { failure } = await compared("--remove 11111111-2222-4333-8444-555555555555");
  expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining("11111111-2222") });
});

test("--restore without a deleted registration is a usage error", async () => {
  expect((await compared("--restore")).failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('No app registration of the stack "dev" is deleted'),
  });
});

test("--remove and --restore contradict each other", async () => {
  const io = recordingIo();
  expect(await run(["drift", "-s", "dev", "--restore", "--remove", "a"], io)).toBe(2);
  expect(io.said()).toContain("'--restore' cannot be used with option '--remove <id...>'");
});

test("where nobody can be asked, a registration is restored only with --yes", async () => {
  expect((await compared("--restore", { restorable: ["1f1f"] })).failure).toMatchObject({
    exitCode: 2,
    message: expect.stringContaining("--yes"),
  });
});

test.each(["no", ""])(
  "with the answer %j nothing is removed and nothing restored",
  async (answer) => {
    const id = "aee8757d-5ca9-4fe4-a6f8-c4185aab5be7";
    const change = permissionChange({
      kind: "password-credential",
      subject: "quick fix",
      resource: `urn:${id}`,
      remedies: [`Remove it: apponly drift --stack dev --remove ${id}`],
    });
    const extra = {
      urn: change.resource,
      type: "azuread:index/applicationPassword:ApplicationPassword",
      name: "quick fix",
      id: `app/password/${id}`,
      inputs: { applicationId: "/applications/app" },
      outputs: { keyId: id },
    };
    const drift = { review: reviewWith(change), extras: new Map([[id, extra]]) };
    const removal = await compared(`--remove ${id}`, drift, answer);
    expect([removal.failure?.message, removal.asked]).toEqual([
      "Nothing was changed.",
      ["\nRemove this from the tenant? (yes or no) "],
    ]);
    expect(removal.out).toContain("+ client secret quick fix");
    expect(removal.out).not.toContain("Remove it:");

    const deleted = permissionChange({ kind: "application", action: "remove", subject: "ExO" });
    const gone = { review: reviewWith(deleted), restorable: ["1f1f"] };
    const restoration = await compared("--restore", gone, answer);
    expect([restoration.failure?.message, restoration.asked]).toEqual([
      "Nothing was changed.",
      ["\nRestore the app registration 1f1f? (yes or no) "],
    ]);
    expect(restoration.out).toContain("- app registration ExO");
  },
);
