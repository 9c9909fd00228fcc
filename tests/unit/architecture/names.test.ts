/**
 * One name has one meaning in the tree: what two files declare under one name is found, whether it
 * leaves its file or not. What stands at the top of a file begins a line. And a function's name says
 * what it does without its file, also within a function or a class: it is more than a preposition or
 * a pronoun, and does not begin like the rest of a sentence that its caller has to complete.
 *
 * Not proven here: that a name says what it means; that names inside functions have one meaning.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./temporaryTree";

/** What more than one file may declare, and why. */
const allowed: Readonly<Record<string, string>> = {
  parser: "Each command's own options, by which all commands are made alike.",
  outside: "What a command asks of the world, which its unit tests replace.",
  dayMs: "A published pack has only the folder policy.",
  Workload: "The same two words: the tables in policy may not import the catalog.",
  Properties: "A JSON object: neither policy nor the protocol of plugins may import the other.",
  isUnknown: "A value that only the update decides, as for Properties.",
  unknownValue: "A value that only the update decides, as for Properties.",
};

/** Trees that share nothing with the rest on purpose: the same service in their own words. */
const apart = ["simulator/", "toolchain/standIns/"];

const declaration =
  /^(?:export )?(?:abstract )?(?:async )?(?:const|class|enum|function\*?|interface|let|type) (\w+)/gm;

/** Names that more than one of the files declares, with those files. */
function repeatedNames(files: Readonly<Record<string, string>>): Record<string, string[]> {
  const places = new Map<string, Set<string>>();
  for (const [file, text] of Object.entries(files)) {
    for (const [, name = ""] of text.matchAll(declaration)) {
      const key = `${apart.find((folder) => file.startsWith(folder)) ?? ""}${name}`;
      places.set(key, (places.get(key) ?? new Set()).add(file));
    }
  }
  return Object.fromEntries(
    [...places].flatMap(([name, of]) => (of.size > 1 ? [[name, [...of]] as const] : [])),
  );
}

const tracked = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
});
const sources = tracked
  .split("\n")
  .filter((file) =>
    /^(?!tests\/|policy\/tests\/|examples\/|docs\/|benchmarks\/).*\.ts$/.test(file),
  );

test("no two files declare the same name, save those that are named with a reason", () => {
  const texts = sources.map((file) => [file, readFileSync(join(root, file), "utf8")] as const);
  const repeated = repeatedNames(Object.fromEntries(texts));
  expect(sources.length).toBeGreaterThan(400);
  expect(Object.keys(repeated).sort()).toEqual(Object.keys(allowed).sort());
});

test.each([
  ["exported functions", "export function resourceOf() {}", "function resourceOf() {}"],
  ["a constant and a type", "const resourceOf = 1;", "export type resourceOf = string;"],
  ["an asynchronous function", "async function resourceOf() {}", "interface resourceOf {}"],
])("%s of one name are found", (_, one, other) => {
  expect(repeatedNames({ "a.ts": one, "b.ts": other })).toEqual({ resourceOf: ["a.ts", "b.ts"] });
});

test("the same name in one file, in a function or in a tree that stands apart is not a repetition", () => {
  const files = {
    "a.ts": "export const Risk = 1;\nexport type Risk = 1;\n",
    "b.ts": "function other() {\n  const Risk = 1;\n}\n",
    "simulator/a.ts": "const Risk = 1;\n",
    "toolchain/standIns/a.ts": "const Risk = 1;\n",
  };
  expect(repeatedNames(files)).toEqual({});
});

const functionNames = [
  /^\s*(?:export )?(?:async )?function\*? (\w+)/gm,
  /^\s*(?:export )?const (\w+)(?:: [^=\n]+)? = (?:async )?(?:<[^(\n]*>)?(?:\((?!await )[^\n]*\)?(?:: [^\n]+)? =>|\(\n|\w+ =>)/gm,
  /^ {2}(?:(?:private|protected|static|async|override) )*(\w+)(?:<[^(\n]*>)?\([^\n]*(?:\{|\()$/gm,
];

/** What says nothing without the file: words by themselves, and beginnings of a half sentence. */
const sayNothing = [
  /^(alone|at|both|by|each|either|few|for|found|from|given|how|in|into|is|kept|known|last|named|never|not|of|on|one|only|open|or|other|others|same|saved|shown|so|taken|that|then|this|told|until|unless|when|where|while|within|without)$/,
  /^(at|by|in|not|of|once|only|or|than|that|this|through|unless|until|while|whose|why)[A-Z]/,
  /(Followed|WayFailed)$/,
];

/** Methods that read well where they are called: their object says the rest. */
const saidByTheirObject = ["ofType", "notSimulated"];

/** The functions of a text whose names say nothing. */
function emptyNames(text: string): string[] {
  return functionNames
    .flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name))
    .filter(
      (name) => sayNothing.some((one) => one.test(name)) && !saidByTheirObject.includes(name),
    );
}

test("the name of every function says what it does, in sources and in tests", () => {
  const all = tracked.split("\n").filter((file) => file.endsWith(".ts"));
  const empty = all.flatMap((file) =>
    emptyNames(readFileSync(join(root, file), "utf8")).map((name) => `${file}: ${name}`),
  );
  expect(empty).toEqual([]);
  expect(all.length).toBeGreaterThan(800);
});

/** Titles of tests that say too little to be a sentence; those of a table are finished by its rows. */
function shortTitles(text: string): string[] {
  return [...text.matchAll(/^\s*(?:it|test)\(\s*"([^"]+)"/gm)].flatMap(([, title = ""]) =>
    title.split(" ").length < 4 ? [title] : [],
  );
}

test("the title of every test is a sentence, or with that around it becomes one", () => {
  const tests = tracked.split("\n").filter((file) => file.endsWith(".test.ts"));
  const short = tests.flatMap((file) =>
    shortTitles(readFileSync(join(root, file), "utf8")).map((title) => `${file}: ${title}`),
  );
  expect(short).toEqual([]);
  expect(tests.length).toBeGreaterThan(200);
  expect(shortTitles('  it("is slow", () => {\n')).toEqual(["is slow"]);
});

test.each<[string, string]>([
  ["function found(text: string) {", "found"],
  ["export async function only<T>(", "only"],
  ["  const open = (path: string) => path;", "open"],
  ["const is = async (\n", "is"],
  ["const known = <T>(keys: T) => keys;", "known"],
  ["const of: Reader = (text) => text;", "of"],
  ["  private async other(event: Properties): Promise<void> {", "other"],
  ["function orGone(run: () => void): void {", "orGone"],
  ["function goFollowed() {", "goFollowed"],
])("the name in %j says nothing", (line, name) => {
  expect(emptyNames(line)).toEqual([name]);
});

test.each([
  "function findOpen() {",
  "const found = await search(text);",
  "  if (open(path)) {",
  "function isOpen() {",
])("no name in %j says nothing", (line) => {
  expect(emptyNames(line)).toEqual([]);
});
