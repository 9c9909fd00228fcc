/**
 * Every option that names a path refuses what is of the wrong kind before anything is done, and what
 * the system says of a file is told in a sentence.
 *
 * Not proven here: that each command reads and writes what it is given; its own tests do that.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandLine, commandNames, run } from "../../../cli/command";
import { failureOf } from "../../../cli/errors";
import { recordingIo } from "../../support/recordingIo";

const folder = mkdtempSync(join(tmpdir(), "apponly-paths-"));
const file = join(folder, "file");
const inner = join(folder, "folder");
mkdirSync(inner);
writeFileSync(file, "");
afterAll(() => rmSync(folder, { recursive: true }));

/** The options of all commands that name a file or a folder. */
const options = commandNames.flatMap((name) => {
  const program = commandLine([name], recordingIo());
  const command = program.commands.find((one) => one.name() === name);
  return [...(command?.options ?? []), ...program.options].flatMap(({ long, flags }) => {
    const kind = /<(file|folder|path)>/.exec(flags)?.[1];
    return kind === undefined || long === "--cwd" ? [] : [{ name, long: long ?? "", kind }];
  });
});

/** Those of `export`, of which it says more than the kind. */
const ownWords = ["--out", "--password-out"];

test("all commands together have options of both kinds", () => {
  const kinds = options.map(({ kind }) => kind);
  expect(kinds.filter((one) => one === "file").length).toBeGreaterThan(10);
  expect(kinds.filter((one) => one === "folder").length).toBeGreaterThan(5);
});

test.each(
  options
    .filter(({ name, long }) => name !== "export" || !ownWords.includes(long))
    .map(({ name, long, kind }) => [name, long, kind] as const),
)("%s refuses what is not %s's %s", async (name, long, kind) => {
  for (const [given, said] of [
    kind === "file"
      ? [inner, "It is a folder. Name a file."]
      : [file, "It is a file. Name a folder."],
    [join(file, "below"), "A part of it that should be a folder is a file."],
    [" ", "It is empty. Name a file or a folder."],
  ] as const) {
    const io = recordingIo();
    expect(await run([name, long, given], io)).toBe(2);
    expect(io.said()).toContain(said);
    expect(io.written()).toBe("");
  }
});

test("a folder for temporary files that cannot be used is told with the variable that names it", async () => {
  const error = await mkdtemp(join(folder, "none", "x-")).catch((one: unknown) => one);
  expect(failureOf(error).message).toBe(
    `The folder for temporary files, ${tmpdir()}, cannot be used: it does not exist. Name another one in TMPDIR.`,
  );
});

test.each([
  [() => readFile(inner), "A folder lies where a file is to be read."],
  [() => readFile(join(file, "below")), `${file}/below lies below something that is not a folder.`],
  [() => readFile(join(folder, "none")), `${folder}/none does not exist.`],
  [() => mkdir(file), `${file} is not a folder.`],
  [() => readFile(join(folder, "n".repeat(300))), "has too long a name."],
])("what the system says is told in a sentence, %#", async (act, told) => {
  const error: unknown = await act().catch((one: unknown) => one);
  expect(failureOf(error).message).toContain(told);
});
