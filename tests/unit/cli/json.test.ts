/** JSON of the commands beside their documents: where texts go, what a failure is, several stacks. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { remedyIn } from "../../../cli/failureJson";
import { answeringIo } from "../../../cli/json";
import { onEachStack } from "../../../cli/manyStacks";
import { run } from "../../../cli/command";
import { documentOfFailure, documentsOf } from "../../support/documents";
import { recordingIo } from "../../support/recordingIo";

async function failed(...args: string[]) {
  const io = recordingIo();
  const code = await run(args, io);
  return { code, out: io.written(), err: io.said(), document: documentOfFailure(io.said()) };
}

test("what the command line lacks is one line of JSON, with the way to the help", async () => {
  const { code, out, err, document } = await failed("up", "--json", "--geneation", "x");
  expect([code, out, err.split("\n").length]).toEqual([2, "", 2]);
  expect(document).toEqual({
    version: 1,
    error: {
      code: "settings",
      message: "unknown option '--geneation'. Run apponly up --help.",
      remedy: "Run apponly up --help.",
      exitCode: 2,
    },
  });
});

test.each([
  [["verify", "--json", "--stack", "missing"], 2, "stack-missing", "Name an existing stack"],
  [["verify", "-f", "json", "--stack", "missing"], 2, "stack-missing", "Name an existing stack"],
  [["destroy", "--json", "--stack", "dev"], 2, "settings", "Run this with --yes."],
  [["explain", "--json", "nothing like it"], 1, "other", "Give the whole message"],
])("the failure of %j has code %s, %s and a remedy", async (args, exitCode, code, remedy) => {
  const folder = mkdtempSync(join(tmpdir(), "apponly-json-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  const before = process.cwd();
  const ended = await failed("-C", folder, ...args).finally(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
  expect([ended.code, ended.out]).toEqual([exitCode, ""]);
  expect(ended.document).toMatchObject({
    error: { code, exitCode, remedy: expect.stringContaining(remedy) },
  });
});

test("without --json a failure stays a text for people", async () => {
  const io = recordingIo();
  expect(await run(["explain", "nothing like it"], io)).toBe(1);
  expect(io.said()).toMatch(/^\nNothing is known of this text\. /);
});

test("--debug says all that is known before the line that programs read", async () => {
  const { err, document } = await failed("explain", "--json", "--debug", "nothing like it");
  expect(err).toMatch(/\n +at /);
  expect(document).toMatchObject({ error: { exitCode: 1 } });
});

test.each([
  [
    "It is locked. Wait until it has ended, and run it again.",
    "Wait until it has ended, and run it again.",
  ],
  ["Nothing was changed: run the same command again.", "run the same command again."],
  [
    "Not all of it is gone:\n- one\nThen look again: apponly retire",
    "Then look again: apponly retire",
  ],
  ["The access does not work.", undefined],
  ["The group Add Only is not there.", undefined],
])("of %j the remedy is found", (message, remedy) => {
  expect(remedyIn(message)).toBe(remedy);
});

test("what is told on the way goes beside the document, and stays where JSON is a format", async () => {
  for (const isFormat of [false, true]) {
    const io = recordingIo();
    const own = answeringIo(io, () => isFormat);
    await own.out("shown\n");
    await own.answer({ version: 1 });
    const document = '{\n  "version": 1\n}\n';
    expect([io.written(), io.said()]).toEqual(
      isFormat ? [`shown\n${document}`, ""] : [document, "shown\n"],
    );
  }
});

test("several stacks are one list, each with its document or why it has none", async () => {
  const folder = mkdtempSync(join(tmpdir(), "apponly-json-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  for (const stack of ["a", "b"]) {
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), "config: {}\n");
  }
  const before = process.cwd();
  process.chdir(folder);
  const io = recordingIo();
  const shape = { version: 1, change: "update", changed: false, operations: {} };
  const review = {
    stack: "a",
    changes: [],
    violations: [],
    rest: {},
    replacements: [],
    warnings: [],
  };
  const ended = onEachStack(
    "up",
    { all: true },
    answeringIo(io, () => false),
    async (stack, own) => {
      await own.out(`text of ${stack ?? ""}\n`);
      if (stack === "b") {
        throw new Error("It broke.");
      }
      await own.answer({ ...shape, stack, review: { ...review, complete: true } });
    },
  );
  await expect(ended).rejects.toThrow("1 of 2 stacks failed.");
  process.chdir(before);
  rmSync(folder, { recursive: true });
  expect(documentsOf("up", io.written())).toEqual([
    { stack: "a", exitCode: 0, document: expect.objectContaining({ stack: "a" }) },
    { stack: "b", exitCode: 1, failure: "It broke." },
  ]);
  expect(io.said()).toContain("text of a");
});
