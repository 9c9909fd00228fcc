/** What `apponly up` shows, asks, changes and proves, in which order; journeys show it on an engine. */
import { rollOutStack, upCommand } from "../../../../cli/commands/up";
import type { Io } from "../../../../cli/io";
import { run } from "../../../../cli/command";
import { documentOf } from "../../../support/documents";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";
import { fakeChange, permissionChange } from "../../../support/fakeChange";
import { failureOf } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";

async function rolledOut(line: string, changes = [permissionChange()], answer?: string) {
  const { asked, doors } = fakeChange(changes, { changes: { create: 2, same: 9 } });
  const record = jest.fn();
  const io = recordingIo({
    record,
    ...(answer === undefined ? {} : { ask: () => Promise.resolve(answer) }),
  });
  const options = await parsedOptions(upCommand, `-s dev ${line}`.trim());
  const failure = await failureOf(rollOutStack(options, io, doors));
  return { asked, failure, record, out: io.written(), answered: io.answered() };
}

const whole = ["open dev either", "show update", "make update", "verify dev"];

test("the options are read, with a quarter of an hour for what was granted to arrive", async () => {
  expect(await parsedOptions(upCommand, "-s dev")).toMatchObject({
    stack: "dev",
    verify: true,
    wait: { text: "15m", ms: 900_000 },
  });
  expect(
    await parsedOptions(upCommand, "-s dev -y --refresh --fail-on high --no-verify -w 2h"),
  ).toMatchObject({
    yes: true,
    refresh: true,
    failOn: "high",
    verify: false,
    wait: { text: "2h" },
  });
});

test("it is shown, changed and proven, in this order, and the record has the review", async () => {
  const { asked, failure, record } = await rolledOut("--yes");
  expect([asked, failure]).toEqual([whole, undefined]);
  expect(record).toHaveBeenCalledTimes(1);
});

test("--refresh looks first, and --no-verify ends after the update", async () => {
  const { asked } = await rolledOut("--yes --refresh --no-verify");
  expect(asked).toEqual(["open dev either", "Refresh dev", "show update", "make update"]);
});

test("a change that is too grave ends with the gate's code before it is asked about or made", async () => {
  const { asked, failure } = await rolledOut(
    "--fail-on high",
    [permissionChange({ risk: "critical" })],
    "yes",
  );
  expect(asked).toEqual(["open dev either", "show update"]);
  expect(failure).toMatchObject({ exitCode: 3, message: expect.stringContaining("at least high") });
});

test.each([
  ["yes", whole, undefined],
  ["no", ["open dev either", "show update"], { exitCode: 1, message: "Nothing was changed." }],
])("the answer %j decides", async (answer, expected, failed) => {
  const { asked, failure } = await rolledOut("", [permissionChange()], answer);
  expect(asked).toEqual(expected);
  expect(failure?.message).toBe(failed?.message);
});

test("where nothing changes nothing is asked, and the access is still proven", async () => {
  const { asked, failure, out } = await rolledOut("", [], "no");
  expect([asked, failure, out]).toEqual([whole, undefined, ""]);
});

test("after a new certificate it is said how it is handed over and kept alive", async () => {
  const { out } = await rolledOut("--yes", [permissionChange({ kind: "certificate" })]);
  expect(out).toContain("apponly export --stack dev --format json");
  expect(out).toContain("apponly certificates --stack dev --fail-within 30d");
});

test("after a certificate in a vault no export is spoken of, because there is nothing to hand over", async () => {
  const { certificate, ...own } = makeGeneration("2026-11", { generated: false });
  const key = `https://contoso.vault.azure.net/keys/exo/${"1".repeat(32)}`;
  const inVault = { ...certificate, source: "key-vault", vault: { key, exportable: false } };
  const outputs = () => sampleOutputs([{ ...own, certificate: inVault }]);
  const { doors } = fakeChange([permissionChange({ kind: "certificate" })], { outputs });
  const io = recordingIo();
  await rollOutStack(await parsedOptions(upCommand, "-s dev --yes"), io, doors);
  expect(io.written()).toContain("The key stays in https://contoso.vault.azure.net.");
  expect(io.written()).toContain("apponly pipeline --stack dev");
  expect(io.written()).not.toContain("export");
});

test("after a role it is said that jobs have nothing to be given", async () => {
  expect((await rolledOut("--yes")).out).toBe(
    "\n  Jobs sign in as before: nothing has to be handed over anew.\n",
  );
});

test("without a terminal and --yes nothing is opened", async () => {
  expect(await rolledOut("")).toMatchObject({ asked: [], failure: { exitCode: 2 } });
});

test("its document tells what was shown, what the engine did, and the proof", async () => {
  const { answered } = await rolledOut("--yes --no-verify");
  expect(documentOf("up", answered!)).toMatchObject({
    stack: "dev",
    change: "update",
    changed: true,
    operations: { create: 2, same: 9 },
    review: { changes: [{ subject: "Global Reader" }] },
  });
  expect(answered).not.toHaveProperty("verification");
  const { doors } = fakeChange([]);
  const io = recordingIo();
  const proof = { chains: [] };
  const verifyStack = (_: unknown, own: Io) => own.answer(proof);
  await rollOutStack(await parsedOptions(upCommand, "-s dev --yes"), io, { ...doors, verifyStack });
  expect(io.answered()).toMatchObject({ changed: false, verification: proof });
});

test("what was changed is told also where the access then does not work", async () => {
  const { doors } = fakeChange([permissionChange()], { changes: { create: 1 } });
  const io = recordingIo();
  const verifyStack = () => Promise.reject(new Error("The access does not work."));
  const options = await parsedOptions(upCommand, "-s dev --yes");
  const failure = await failureOf(rollOutStack(options, io, { ...doors, verifyStack }));
  expect(failure?.message).toBe("The access does not work.");
  expect(io.answered()).toMatchObject({ changed: true, operations: { create: 1 } });
});

test("several stacks need --yes, before any is opened", async () => {
  const io = recordingIo({ ask: () => Promise.resolve("yes") });
  expect(await run(["up", "-s", "a", "-s", "b"], io)).toBe(2);
  expect(io.said()).toContain("Nobody can answer for several stacks at once.");
});

test("policies that cannot be read are a usage error before anything is opened", async () => {
  const { asked, failure } = await rolledOut("--yes --policy-pack-config /nowhere.json");
  expect([asked, failure?.exitCode]).toEqual([[], 2]);
});

describe("where roles of Exchange's own take the place of a directory role", () => {
  /** An update that adds, has it proven, and only then removes. */
  async function narrowed(line: string, refusals: Partial<Record<number, Error>> = {}) {
    const { asked, doors } = fakeChange([permissionChange()]);
    let verifications = 0;
    const failure = await failureOf(
      rollOutStack(await parsedOptions(upCommand, `-s dev --yes ${line}`.trim()), recordingIo(), {
        ...doors,
        makeChange: async (...[, , , prove]) => {
          asked.push("add");
          await prove?.();
          asked.push("remove");
          return { changes: {}, events: [] };
        },
        verifyStack: (...args) => {
          verifications += 1;
          const refused = refusals[verifications];
          return refused === undefined ? doors.verifyStack(...args) : Promise.reject(refused);
        },
      }),
    );
    return { asked: asked.slice(2), failure };
  }

  test("what is added is verified before the role goes, and the whole afterwards", async () => {
    expect(await narrowed("")).toEqual({
      asked: ["add", "verify dev", "remove", "verify dev"],
      failure: undefined,
    });
  });

  test("what has not arrived keeps the role, and what is lost afterwards is told", async () => {
    const late = new Error("still propagating");
    expect(await narrowed("", { 1: late })).toEqual({ asked: ["add"], failure: late });
    expect(await narrowed("", { 2: late })).toEqual({
      asked: ["add", "verify dev", "remove"],
      failure: late,
    });
  });

  test("with --no-verify nothing is proven, as somebody has asked", async () => {
    expect((await narrowed("--no-verify")).asked).toEqual(["add", "remove"]);
  });
});

test("answered beforehand, what the tenant has already is not made for a stack that the backend does not have", async () => {
  const existing = ['The app registration "Job" has the name of one that would be created.'];
  const { asked, doors } = fakeChange([permissionChange()]);
  const showChange: typeof doors.showChange = async (...args) => ({
    ...(await doors.showChange(...args)),
    existing,
  });
  const options = await parsedOptions(upCommand, "-s dev --yes");
  const failure = await failureOf(rollOutStack(options, recordingIo(), { ...doors, showChange }));
  expect(failure?.message).toContain("adopt what is there, or run this without --yes. The app");
  expect(asked).not.toContain("make update");
});
