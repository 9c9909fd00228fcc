/** Every command has tests of its own in milliseconds, beside its journeys. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandTable } from "../../../../cli/commandTable";
import { publishedShapes } from "../../../support/publishedShapes";
import { startedByNpx } from "../../../support/startedByNpx";
import { asTypedHere } from "../../../../cli/typedCommands";
import { commandNames } from "../../../../cli/command";

/** Files that test a command: one of its name, or a folder of it. */
function testsOf(name: string): string[] {
  const own = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const folder = join(__dirname, own);
  return existsSync(folder)
    ? readdirSync(folder).filter((file) => file.endsWith(".test.ts"))
    : [`${own}.test.ts`].filter((file) => existsSync(join(__dirname, file)));
}

const root = join(__dirname, "../../../..");
const reference = readFileSync(join(root, "docs/reference.md"), "utf8");
const testFiles = (readdirSync(join(root, "tests"), { recursive: true }) as string[])
  .filter((file) => file.endsWith(".test.ts"))
  .map((file) => readFileSync(join(root, "tests", file), "utf8"));

test.each(commandNames)("%s prints JSON by a published schema, or says why not", (name) => {
  const { answers } = commandTable[name]!;
  if (answers.schema === undefined) {
    expect(answers.because).toMatch(/^\w+ .{10,}/);
    expect(reference).toContain(`| \`${name}\` | none: ${answers.because} |`);
    return;
  }
  expect(reference).toContain(`| \`${name}\` | [${answers.schema}](../${answers.schema}) |`);
  expect(Object.keys(publishedShapes)).toContain(answers.schema);
  expect(existsSync(join(root, answers.schema))).toBe(true);
  // A test shows a document that the schema takes.
  expect(testFiles.some((text) => text.includes(`documentOf("${name}",`))).toBe(true);
});

test("no more than these have no JSON", () => {
  const without = commandNames.filter((name) => commandTable[name]!.answers.schema === undefined);
  expect(without).toEqual(["completion"]);
});

test.each(commandNames)("%s has unit tests", (name) => {
  expect(testsOf(name)).not.toEqual([]);
});

test.each(commandNames)(
  "what tells to run %s tells to run it by npx, where npx has started this",
  (name) => {
    startedByNpx("apponly", () => {
      expect(asTypedHere(`Run apponly ${name}.`)).toBe(`Run npx apponly ${name}.`);
    });
  },
);
