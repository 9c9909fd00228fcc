/** docs/troubleshooting.md has the rows of the error table, word for word, and no others. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnosisCodes, errorTable } from "../../../../access/verify/errorTable";
import { linkNames } from "../../../../access/verify/documentShape";

const docs = join(__dirname, "../../../../docs");
const page = readFileSync(join(docs, "troubleshooting.md"), "utf8");
const howTo = readFileSync(join(docs, "how-to/verify.md"), "utf8");

/** The cells of the rows below a heading. */
function rowsBelow(text: string, heading: string): string[][] {
  const after = text.split(`\n| ${heading} |`)[1] ?? "";
  return (after.split("\n\n")[0] ?? "")
    .split("\n")
    .slice(2)
    .map((row) => row.split(/ ?\| ?/).slice(1, -1));
}

const withoutPlaces = (text: string) => text.replace(/\{\w+\}/g, "…");

test("every code stands there with its cause, remedy, waiting and page", () => {
  expect(rowsBelow(page, "Code")).toEqual(
    diagnosisCodes.map((code) => {
      const { cause, remedy, propagating, source } = errorTable[code];
      return [
        `\`${code}\``,
        withoutPlaces(cause),
        withoutPlaces(remedy),
        propagating === true ? "yes" : "",
        `[page](${source})`,
      ];
    }),
  );
});

test("every message leads to its codes", () => {
  const codesBy = new Map<string, string[]>();
  for (const code of diagnosisCodes) {
    for (const symptom of errorTable[code].symptoms ?? []) {
      codesBy.set(symptom, [...(codesBy.get(symptom) ?? []), code]);
    }
  }
  const shown = rowsBelow(page, "Message begins with").map(
    ([message = "", codes = ""]) =>
      [message.slice(1, -1), codes.split(", ").map((code) => code.slice(1, -1))] as const,
  );
  expect(shown).toEqual([...codesBy].sort(([one], [other]) => (one < other ? -1 : 1)));
});

test("every number leads to its code, and to one only", () => {
  const numbered = diagnosisCodes.flatMap((code) => {
    const { numbers = [] } = errorTable[code];
    return numbers.length === 0
      ? []
      : [[`\`${code}\``, numbers.map((n) => `AADSTS${n}`).join(", ")]];
  });
  expect(rowsBelow(page, "Code of the numbers")).toEqual(numbered);
  const all = diagnosisCodes.flatMap((code) => errorTable[code].numbers ?? []);
  expect(all).toHaveLength(new Set(all).size);
});

test("what no language changes leads to its code", () => {
  const marked = diagnosisCodes.flatMap((code) => {
    const { marks = [] } = errorTable[code];
    return marks.length === 0
      ? []
      : [[`\`${code}\``, marks.map((mark) => `\`${mark}\``).join(", ")]];
  });
  expect(rowsBelow(page, "Code of the marks")).toEqual(marked);
});

test("the table itself is whole: one line each, a page of Microsoft's, no bar that breaks the page", () => {
  for (const code of diagnosisCodes) {
    const { cause, remedy, source, symptoms = [] } = errorTable[code];
    for (const text of [cause, remedy, ...symptoms]) {
      expect([code, text]).toEqual([code, expect.stringMatching(/^[^\n|]{5,}$/)]);
    }
    expect([code, source]).toEqual([
      code,
      expect.stringMatching(/^https:\/\/learn\.microsoft\.com\//),
    ]);
  }
});

test("the how-to explains every link", () => {
  expect(rowsBelow(howTo, "Link").map(([link = ""]) => link.slice(1, -1))).toEqual([...linkNames]);
});
