/** What `apponly retire` is given, and what it refuses; the journey of the same name destroys. */
import { retireAccess, retireCommand } from "../../../../cli/commands/retire";
import { run } from "../../../../cli/command";
import { documentOf } from "../../../support/documents";
import { failureOf, openedForReading } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";

test("the options are read, with a week without a sign-in before it may be destroyed", async () => {
  expect(await parsedOptions(retireCommand, "-s dev")).toEqual({ stack: "dev", quietDays: 7 });
  expect(
    await parsedOptions(retireCommand, "-s dev --destroy --quiet-days 30 --now --purge -y"),
  ).toEqual({ stack: "dev", destroy: true, quietDays: 30, now: true, purge: true, yes: true });
});

test.each([
  ["--disable --destroy", "'--disable' cannot be used with option '--destroy'"],
  ["--quiet-days week", "It is not a number of days. Write it as 7."],
  ["--quiet-days -1", "It is not a number of days. Write it as 7."],
])("%s is a usage error", async (line, message) => {
  const io = recordingIo();
  expect(await run(["retire", "-s", "dev", ...line.split(" ")], io)).toBe(2);
  expect(io.said()).toContain(message);
});

const application = {
  urn: "urn:pulumi:dev::apponly::azuread:index/application:Application::app",
  type: "azuread:index/application:Application",
  custom: true,
  id: "/applications/1f1f1f1f-0000-4000-8000-000000000001",
  inputs: {},
  outputs: { clientId: "2f2f2f2f-0000-4000-8000-000000000002" },
};

async function retired(line: string, resources: readonly object[]) {
  const io = recordingIo();
  const connect = jest.fn(() => Promise.reject(new Error("nothing is asked")));
  const failure = await failureOf(
    retireAccess(await parsedOptions(retireCommand, `-s dev ${line}`.trim()), io, {
      openForReading: openedForReading({}, resources),
      connectStackDeployer: connect,
      readers: { environment: {}, credential: () => Promise.reject(new Error("no vault")) },
    }),
  );
  return { failure, connect, out: io.written(), answered: io.answered() };
}

test("a destruction that nobody can be asked about is refused before the tenant is asked", async () => {
  const { failure, connect } = await retired("--destroy", [application]);
  expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining("--yes") });
  expect(connect).not.toHaveBeenCalled();
});

test("without --destroy it asks the tenant who uses it, and changes nothing", async () => {
  const { failure, connect } = await retired("", [application]);
  expect(connect).toHaveBeenCalledTimes(1);
  expect(failure?.message).toBe("nothing is asked");
});

test("a stack that holds nothing any more answers with what could be left", async () => {
  const { failure, answered } = await retired("", []);
  expect(failure).toBeUndefined();
  expect(documentOf("retire", answered!)).toMatchObject({
    stack: "dev",
    state: "destroyed",
    remains: { left: [] },
  });
});
