/**
 * What a person accepts, and what does not pass with it. Not proven here: how a forge tells who has
 * written what.
 */
import {
  acceptanceLine,
  isAcceptable,
  type Statement,
  withAcceptance,
} from "../../../review/acceptance";
import { type ChangedCode, gate } from "../../../review/gate";
import { changeWith, reviewWith, violationWith } from "./reviews";

const head = "a".repeat(40);
const code: ChangedCode = { path: "index.ts", kind: "program", content: "1".repeat(40) };
const tripped = (files: readonly ChangedCode[] = [code], changes = [changeWith()]) =>
  gate([reviewWith(changes)], "critical", [], files);
const saying = (text: string): Statement => ({
  by: "anna",
  at: "2026-11-25T12:00:00Z",
  commit: head,
  text,
});
const verdictWith = (text: string, verdict = tripped()) =>
  withAcceptance(verdict, head, [saying(text)]);
const line = acceptanceLine(tripped(), head);

test("a line that names what trips the gate opens it, and says by whom, when and at which commit", () => {
  expect(verdictWith(`Read it.\r\n${line}\r\n`)).toEqual({
    ...tripped(),
    kind: "accepted",
    acceptance: {
      by: "anna",
      at: "2026-11-25T12:00:00Z",
      commit: head,
      fingerprint: line.replace("apponly accept ", ""),
    },
  });
});

test.each([
  ["a quotation", `> ${line}\nNo.`],
  ["a part of it", line.slice(0, -1)],
  ["more than it", `${line}0`],
  ["a line in a sentence", `Write ${line} to accept`],
  ["another program's", line.replace("apponly", "terraform")],
  ["nothing", ""],
])("%s does not open it", (_what, text) => {
  expect(verdictWith(text)).toEqual(tripped());
});

test.each([
  ["another role", tripped([code], [changeWith({ subject: "Privileged Role Administrator" })])],
  ["another application", tripped([code], [changeWith({ target: "Other" })])],
  [
    "another value after it",
    tripped([code], [changeWith({ after: { state: "known", text: "x" } })]),
  ],
  ["the same change twice", tripped([code], [changeWith(), changeWith()])],
  ["other content of the same file", tripped([{ ...code, content: "2".repeat(40) }])],
  ["a file that was removed since", tripped([{ ...code, content: "removed" }])],
  ["another file with that content", tripped([{ ...code, path: "other.ts" }])],
  ["one more file", tripped([code, { ...code, path: "other.ts" }])],
  ["one file less", tripped([])],
  ["another stack", gate([reviewWith([changeWith()], { stack: "other" })], "critical", [], [code])],
  [
    "a policy that is violated now",
    gate(
      [reviewWith([changeWith()], { violations: [violationWith({ severity: "critical" })] })],
      "critical",
      [],
      [code],
    ),
  ],
])("what was accepted does not open it for %s", (_what, verdict) => {
  expect(verdict.kind).toBe("tripped");
  expect(verdictWith(line, verdict)).toEqual(verdict);
});

test("the order of changes and files, other words for a risk, and what does not trip it change nothing", () => {
  const other = { ...code, path: "a.ts" };
  const second = changeWith({ subject: "Other" });
  const lineOf = (files: readonly ChangedCode[], changes = [changeWith()]) =>
    acceptanceLine(tripped(files, changes), "b".repeat(40));
  expect(lineOf([code, other], [changeWith(), second])).toBe(
    lineOf(
      [other, code],
      [second, changeWith({ reason: "In other words.", consequence: "None." })],
    ),
  );
  expect(lineOf([code], [changeWith(), changeWith({ risk: "low", subject: "x" })])).toBe(line);
});

test("a file whose content is not known is accepted only for the commit that was looked at", () => {
  const unknown = tripped([{ path: "…", kind: "more than the forge lists" }]);
  const accepted = acceptanceLine(unknown, head);
  expect(withAcceptance(unknown, head, [saying(accepted)]).kind).toBe("accepted");
  expect(withAcceptance(unknown, "b".repeat(40), [saying(accepted)]).kind).toBe("tripped");
});

test("what nobody has seen cannot be accepted", () => {
  const unseen = gate(
    [reviewWith([changeWith()])],
    "critical",
    [{ stack: "dev", why: "No." }],
    [code],
  );
  expect(isAcceptable(unseen)).toBe(false);
  expect(withAcceptance(unseen, head, [saying(acceptanceLine(unseen, head))])).toEqual(unseen);
  expect(isAcceptable(gate([reviewWith([], { complete: false })], "low"))).toBe(false);
  expect(isAcceptable(gate([], "low"))).toBe(false);
});
