/** The help: tasks, examples that the real options take, links that lead somewhere, and its width. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine, commandNames, run } from "../../../cli/command";
import { commandTable } from "../../../cli/commandTable";
import { recordingIo } from "../../support/recordingIo";

const root = join(__dirname, "../../..");

/** The words of a line as a shell makes them, without what it does with the output. */
const wordsOf = (line: string) =>
  [...line.replace(/ > .*$/, "").matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare = ""]) => quoted ?? bare,
  );

async function showHelp(columns: number, ...args: string[]) {
  const io = recordingIo({ columns });
  await run(args, io);
  return io.written();
}

test("the commands are listed by task, each once and in the order in which people meet them", async () => {
  const help = await showHelp(80, "--help");
  const tasks = [...help.matchAll(/^([A-Z][a-z ]+):$/gm)].map(([, task]) => task);
  expect(tasks).toEqual([
    "Options",
    ...new Set(commandNames.map((name) => commandTable[name]?.task)),
  ]);
  const listed = [...help.matchAll(/^ {2}([a-z][\w-]*) {2,}\S/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual([...commandNames, "help"].sort());
  // Each on one line: what fits is looked through, what is broken over lines is read.
  const [, list = ""] = help.split("\nBegin:\n");
  expect(list.split("\n").filter((line) => /^ {3}/.test(line))).toEqual([]);
});

test.each([["--help"], ...commandNames.map((name) => [name, "--help"])])(
  "%s %s fits a terminal of 80 columns",
  async (...args) => {
    const lines = (await showHelp(80, ...args.filter(Boolean))).split("\n");
    // A command line to copy, and an address, stay whole.
    const wide = lines.filter((line) => line.length > 80 && !/^ {2}apponly |https:/.test(line));
    expect(wide).toEqual([]);
  },
);

describe.each(commandNames)("the help of %s", (name) => {
  const { examples, page } = commandTable[name]!;

  test("has two different examples that its options take", async () => {
    expect(new Set(examples).size).toBe(2);
    for (const example of examples) {
      const words = wordsOf(example);
      expect(words[0]).toBe(name);
      const program = commandLine(words, recordingIo());
      const taken: unknown[] = [];
      program.commands
        .find((one) => one.name() === name)
        ?.action((...given) => void taken.push(given));
      await program.parseAsync(words, { from: "user" });
      expect(taken).toHaveLength(1);
    }
    expect(await showHelp(100, name, "--help")).toContain(
      `\nExamples:\n  apponly ${examples[0]}\n  apponly ${examples[1]}\n`,
    );
  });

  test("links a page of the repository", async () => {
    const [path = "", heading] = page.split("#");
    expect(existsSync(join(root, path))).toBe(true);
    const text = readFileSync(join(root, path), "utf8");
    expect(text).toMatch(
      heading === undefined ? /./ : new RegExp(`^## ${heading.replaceAll("-", " ")}$`, "im"),
    );
    expect(await showHelp(100, name, "--help")).toContain(`/blob/main/${page}\n`);
  });

  test("offers --json wherever it has a schema", async () => {
    const help = await showHelp(100, name, "--help");
    expect(/^ +--json/m.test(help)).toBe(commandTable[name]?.answers.schema !== undefined);
  });
});

test("--json is another way to say --format json, and contradicts another form", async () => {
  const folder = recordingIo();
  expect(await run(["-C", root, "stacks", "--json"], folder)).toBe(0);
  expect(folder.written()).toBe('["dev","reports"]\n');
  const io = recordingIo();
  expect(await run(["-C", root, "stacks", "--json", "--format", "terminal"], io)).toBe(2);
  expect(io.said()).toContain("'--json' cannot be used with another '--format'");
});

test.each([
  ["a command", ["verfy"], "verify"],
  ["an option", ["verify", "--geneation", "x"], "--generation"],
])("the near name of %s that is not there is told", async (_, args, near) => {
  const io = recordingIo();
  expect(await run(args, io)).toBe(2);
  expect(io.said()).toContain(`(Did you mean ${near}?)`);
});
