/**
 * What shells complete: the words of the real options, stacks of the project, roles, and files
 * where nothing else is meant. The scripts are run by the shells that are here.
 *
 * Not proven here: what PowerShell does with its script; only that it is PowerShell.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { run } from "../../../../cli/command";
import { describeWithTool, findShell } from "../../../support/externalTools";
import { powershellParser, syntaxErrors } from "../../../support/powershell";
import { recordingIo } from "../../../support/recordingIo";

const before = process.cwd();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "apponly-completion-"));
  for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml"]) {
    writeFileSync(join(folder, name), "name: apponly\n");
  }
});
beforeEach(() => process.chdir(folder));
afterEach(() => process.chdir(before));
afterAll(() => rmSync(folder, { recursive: true }));

async function completed(...words: string[]): Promise<string[]> {
  const io = recordingIo();
  expect(await run(["complete", "--", ...words], io)).toBe(0);
  expect(io.said()).toBe("");
  return io
    .written()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("\t")[0] ?? "");
}

test.each<[string, string[], string[]]>([
  ["a command", ["ro"], ["rotate"]],
  ["a command behind options that every command has", ["-q", "-C", "..", "ro"], ["rotate"]],
  ["an option", ["review", "--sta"], ["--stack"]],
  ["an option of every command", ["review", "--emb"], ["--embedded"]],
  ["a stack", ["review", "--stack", ""], ["dev", "prod"]],
  ["a stack after a short option", ["review", "-s", "p"], ["prod"]],
  ["a stack in one word with its option", ["review", "--stack=d"], ["--stack=dev"]],
  ["a stack as bash splits the word", ["review", "--stack", "=", "d"], ["dev"]],
  ["one of several stacks", ["stacks", "--except", "dev", "p"], ["prod"]],
  ["an option behind several values", ["stacks", "--except", "dev", "--ba"], ["--base"]],
  ["a form", ["certificates", "--format", ""], ["terminal", "json"]],
  ["a workload", ["init", "--workload", "c"], ["compliance"]],
  ["a role", ["init", "--role", "Global"], ["Global Administrator", "Global Reader"]],
  ["a role in quotes", ["init", "--role", '"Security R'], ["Security Reader"]],
  ["a role with an escaped space", ["init", "--role", "Security\\ R"], ["Security Reader"]],
  ["a code of a failure", ["explain", "throt"], ["throttled"]],
  ["a shell", ["completion", "f"], ["fish"]],
  ["a command whose help is wanted", ["help", "verif"], ["verify"]],
  ["nothing where a file is meant", ["export", "--out", ""], []],
  ["nothing behind the end of the options", ["record", "--", "p"], []],
  ["nothing for a command that is not there", ["unknown", "--stack", "d"], []],
])("%s is completed", async (_, words, expected) => {
  expect(await completed(...words)).toEqual(expected);
});

test("without a beginning, a command that takes no argument offers its options", async () => {
  expect(await completed("destroy", "")).toEqual(expect.arrayContaining(["--stack", "--yes"]));
});

test("stacks are those of the folder that the line names, and none where there is no project", async () => {
  process.chdir(tmpdir());
  expect(await completed("-C", folder, "review", "-s", "")).toEqual(["dev", "prod"]);
  process.chdir(tmpdir());
  expect(await completed("review", "-s", "")).toEqual([]);
});

test("a candidate comes with what it means, behind a tab", async () => {
  const io = recordingIo();
  await run(["complete", "--", "destr"], io);
  expect(io.written()).toMatch(/^destroy\tremove everything that a stack holds/);
});

async function scriptOf(shell: string): Promise<string> {
  const io = recordingIo();
  expect(await run(["completion", shell], io)).toBe(0);
  return io.written();
}

test("a shell that is not known is a usage error", async () => {
  const io = recordingIo();
  expect(await run(["completion", "tcsh"], io)).toBe(2);
  expect(io.said()).toContain("Allowed choices are bash, zsh, fish, powershell.");
});

test("the script of PowerShell is PowerShell, and that of every shell is its file", async () => {
  expect(syntaxErrors(await powershellParser(), await scriptOf("powershell"))).toEqual([]);
  const file = join(__dirname, "../../../../cli/commands/completion/completion.zsh");
  expect(await scriptOf("zsh")).toBe(readFileSync(file, "utf8"));
});

/** Runs a shell in which `apponly` answers from here, and leaves a mark where it evaluates a word. */
function runInShell(command: string, args: readonly string[]): string[] {
  const bin = mkdtempSync(join(folder, "bin-"));
  const own = join(bin, "apponly");
  // What the command itself answers is shown above; here it does so where it was given the words before.
  writeFileSync(
    own,
    `#!/bin/sh\nshift 2\nfor last do :; done\ncase "$1 $2 $last" in\n*none) ;;\n"review --stack "* | "init --role "*) printf 'dev\\tfirst\\nGlobal Reader\\trole\\n' ;;\nesac\n`,
  );
  chmodSync(own, 0o755);
  return execFileSync(command, args, {
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, PATH: [bin, process.env.PATH].join(delimiter), HOME: folder },
  })
    .split("\n")
    .filter((line) => line !== "");
}

const scripts = join(__dirname, "../../../../cli/commands/completion");

describeWithTool("bash", findShell("bash"), ({ command }) => {
  const ask = (...words: string[]) =>
    runInShell(command, [
      "--norc",
      "-c",
      `source '${scripts}/completion.bash'; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _apponly; printf '%s\\n' "\${COMPREPLY[@]}"`,
      "bash",
      "apponly",
      ...words,
    ]);

  test("candidates are escaped, or left as they are within a quote", () => {
    expect(ask("init", "--role", "")).toEqual(["dev", "Global\\ Reader"]);
    expect(ask("init", "--role", '"Gl')).toEqual(["dev", "Global Reader"]);
    expect(ask("export", "none")).toEqual([]);
  });

  test("what is typed is not evaluated", () => {
    ask("review", "--stack", `$(touch ${folder}/evaluated)`);
    expect(existsSync(join(folder, "evaluated"))).toBe(false);
  });
});

describeWithTool("fish", findShell("fish"), ({ command }) => {
  const ask = (line: string) =>
    runInShell(command, [
      "--no-config",
      "-c",
      `source '${scripts}/completion.fish'; complete -C '${line}'`,
    ]);

  test("candidates of a word are offered with their meaning, files where there are none", () => {
    expect(ask("apponly review --stack d")).toEqual(["dev\tfirst"]);
    expect(ask("apponly init --role Glo")).toEqual(["Global Reader\trole"]);
    expect(ask("apponly review --stack ").length).toBe(2);
  });
});

describeWithTool("zsh", findShell("zsh"), ({ command }) => {
  test("the script is read, and completes a word", () => {
    const lines = runInShell(command, [
      "-f",
      "-c",
      // The completion system itself needs a terminal: what it is handed is shown.
      `compdef() { :; }; compadd() { shift 3; shift; print -l -- "\${(@P)1}"; }; _files() { print files; }
       source '${scripts}/completion.zsh'
       words=(apponly review --stack ''); CURRENT=4; _apponly; words=(apponly none); CURRENT=2; _apponly`,
    ]);
    expect(lines).toEqual(["dev", "Global Reader", "files"]);
  });
});
