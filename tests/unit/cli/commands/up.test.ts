/** What `apponly up` shows, asks, changes and proves, in which order; journeys show it on an engine. */
import { rollOutStack, upCommand } from "../../../../cli/commands/up";
import { run } from "../../../../cli/command";
import { fakeChange, permissionChange } from "../../../support/fakeChange";
import { failureOf } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";

async function rolledOut(line: string, changes = [permissionChange()], answer?: string) {
  const { asked, doors } = fakeChange(changes);
  const record = jest.fn();
  const io = recordingIo({
    record,
    ...(answer === undefined ? {} : { ask: () => Promise.resolve(answer) }),
  });
  const options = await parsedOptions(upCommand, `-s dev ${line}`.trim());
  const failure = await failureOf(rollOutStack(options, io, doors));
  return { asked, failure, record, out: io.written() };
}

const whole = ["open dev existing", "show update", "make update", "verify dev"];

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
  expect(asked).toEqual(["open dev existing", "Refresh dev", "show update", "make update"]);
});

test("a change that is too grave ends with the gate's code before it is asked about or made", async () => {
  const { asked, failure } = await rolledOut(
    "--fail-on high",
    [permissionChange({ risk: "critical" })],
    "yes",
  );
  expect(asked).toEqual(["open dev existing", "show update"]);
  expect(failure).toMatchObject({ exitCode: 3, message: expect.stringContaining("at least high") });
});

test.each([
  ["yes", whole, undefined],
  ["no", ["open dev existing", "show update"], { exitCode: 1, message: "Nothing was changed." }],
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
  expect((await rolledOut("--yes")).out).toBe("");
});

test("without a terminal and --yes nothing is opened", async () => {
  expect(await rolledOut("")).toMatchObject({ asked: [], failure: { exitCode: 2 } });
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
