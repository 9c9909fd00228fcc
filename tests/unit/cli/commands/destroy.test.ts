/** What `apponly destroy` shows, asks and removes; that the engine removes it is shown by journeys. */
import { destroyAccess, destroyCommand } from "../../../../cli/commands/destroy";
import { documentOf } from "../../../support/documents";
import { fakeChange, permissionChange } from "../../../support/fakeChange";
import { failureOf } from "../../../support/openedForReading";
import { parsedOptions } from "../../../support/parsedOptions";
import { recordingIo } from "../../../support/recordingIo";

async function destroyed(line: string, changes = [permissionChange()], answer?: string) {
  const { asked, doors } = fakeChange(changes, { changes: { delete: 2 } });
  const questions: string[] = [];
  const ask = (question: string) => {
    questions.push(question);
    return Promise.resolve(answer ?? "");
  };
  const io = recordingIo(answer === undefined ? {} : { ask });
  const options = await parsedOptions(destroyCommand, line);
  const failure = await failureOf(destroyAccess(options, io, doors));
  return { asked, questions, failure, out: io.written(), answered: io.answered() };
}

test("the stack and the answer are read", async () => {
  expect(await parsedOptions(destroyCommand, "-s prod -y")).toEqual({ stack: "prod", yes: true });
});

test("without a terminal and --yes nothing is opened, and the error says what to do", async () => {
  const { asked, failure } = await destroyed("-s dev");
  expect(asked).toEqual([]);
  expect(failure).toMatchObject({ exitCode: 2, message: expect.stringContaining("--yes") });
});

test("with --yes the change is shown and made, without a question, and what is next is said", async () => {
  const { asked, failure, out, answered } = await destroyed("-s dev --yes");
  expect([asked, failure]).toEqual([
    ["open dev existing", "show destroy", "make destroy"],
    undefined,
  ]);
  expect(out).toContain("pulumi stack rm dev");
  expect(documentOf("destroy", answered!)).toMatchObject({
    stack: "dev",
    change: "destroy",
    changed: true,
    operations: { delete: 2 },
    review: { changes: [{ subject: "Global Reader" }] },
  });
});

test("on a terminal it is asked, by the name of the stack, and a no changes nothing", async () => {
  const { asked, questions, failure } = await destroyed("-s dev", [permissionChange()], "no");
  expect(questions).toEqual(["\nRemove the whole access of the stack dev? (yes or no) "]);
  expect(asked).toEqual(["open dev existing", "show destroy"]);
  expect(failure).toMatchObject({ exitCode: 1, message: "Nothing was changed." });
});

test("a yes on the terminal removes it", async () => {
  expect((await destroyed("", [permissionChange()], "yes")).asked).toContain("make destroy");
});

test("a stack that holds nothing is told so, and not asked about", async () => {
  const { asked, questions, out, answered } = await destroyed("-s dev", [], "yes");
  expect([asked.length, questions]).toEqual([2, []]);
  expect(out).toBe("  The stack dev holds nothing.\n");
  expect(documentOf("destroy", answered!)).toMatchObject({ changed: false, operations: {} });
});
