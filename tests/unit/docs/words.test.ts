/**
 * Plain English where people read: words that the project once used in a sense of their own stay
 * out of code, messages and pages. What is right all the same is allowed line by line.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "../../..");

const unwanted: readonly (readonly [RegExp, string])[] = [
  [/\balone\b/i, "only, by itself"],
  [/\bbrought\b/i, "supplied"],
  [/\b(taken|takes?|taking|took) (it |them )?off\b/i, "removed"],
  // "There is no …" and "where one is none" are plain; "a text is no list" is not.
  [
    /(?<!\b(there|here|where|which|at|is|it) )\b(is|are|was|were) no (?!longer\b|more\b)/i,
    "is not",
  ],
  [/(?<!\b(there|where|which) )\b(is|are) none (of|that)\b/i, "is not one"],
  [/\b(whileLate|\w+Followed|\w+WayFailed)\b/, "a name that says what happens"],
  [/\bfunction (found|only|is|open|alone)\(/, "a name that says what the function does"],
];

/** Exact texts in which such a word is right, by file. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  "tests/unit/access/secretForms.test.ts": ["K-password_of-this+test/alone-0123456789abc"],
  "tests/unit/review/reviews.ts": ["\\ud800 alone \\udc00"],
};

const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" })
  .split("\n")
  .filter(
    (file) =>
      /\.(ts|js|mjs|md|ya?ml|json)$/.test(file) &&
      !/^(tests\/fixtures\/|package-lock\.json$|tests\/unit\/(docs\/words|architecture\/names)\.test\.ts$)/.test(
        file,
      ),
  );

/** Lines with an unwanted word, as `file:line: word (better)`. */
function faults(file: string, text: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const rest = (allowed[file] ?? []).reduce((left, right) => left.replace(right, ""), line);
    return unwanted.flatMap(([pattern, better]) => {
      const [word] = pattern.exec(rest) ?? [];
      return word === undefined ? [] : [`${file}:${index + 1}: ${word.trim()} (${better})`];
    });
  });
}

test("no file has an unwanted word", () => {
  expect(files.flatMap((file) => faults(file, readFileSync(join(root, file), "utf8")))).toEqual([]);
  expect(files.length).toBeGreaterThan(500);
});

test("unwanted words are found, and plain English is not", () => {
  const wrong = [
    "It works on Windows alone.",
    "a certificate that was brought",
    "Taken off: 1",
    "the file is no YAML",
    "the name is none of the stack's",
    "function only() {}",
  ];
  expect(wrong.map((line) => faults("a.md", line).length)).toEqual(wrong.map(() => 1));
  const right = ["There is no list.", "where there is none", "It is no longer used.", "only one"];
  expect(right.flatMap((line) => faults("a.md", line))).toEqual([]);
});

test("every allowance is still needed", () => {
  for (const [file, texts] of Object.entries(allowed)) {
    const content = readFileSync(join(root, file), "utf8");
    expect(texts.filter((text) => !content.includes(text))).toEqual([]);
  }
});
