/**
 * Text stays text: whatever a stack, a server or the command line says, standard output and standard
 * error hold no command of a pipeline's runner, and nothing that a terminal acts on, that the command
 * did not mean. The runners' own rules are played: no job ran on a forge.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { run } from "../../../cli/command";
import { exportAccess, exportCommand } from "../../../cli/commands/export/export";
import { pipelineCommand, writePipeline } from "../../../cli/commands/pipeline";
import { engineFailure, explainFailure } from "../../../cli/errors";
import { explainLock } from "../../../cli/lockedStack";
import { openIo, type ProcessStreams } from "../../../cli/io";
import { runStep } from "../../../cli/steps";
import { describeChain } from "../../../cli/commands/verify/verifyText";
import { jsonText, printableText, withoutCommands } from "../../../system/visibleText";
import { makeGeneration, sampleOutputs } from "../../support/exportSample";
import { failureOf, openedForReading } from "../../support/openedForReading";
import { parsedOptions } from "../../support/parsedOptions";
import { previewText } from "../../support/hostilePreview";
import {
  expectHarmless,
  hostileSeed as seed,
  hostileText as hostile,
} from "../../support/hostileText";
import { recordingIo } from "../../support/recordingIo";

const { PATH } = process.env;

afterEach(() => {
  delete process.env.GITHUB_ACTIONS;
  delete process.env.TF_BUILD;
  process.env.PATH = PATH;
});

test("standard output and standard error only show text", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expectHarmless(printableText(text));
      expectHarmless(printableText(`before\n${text}\nafter`));
    }),
    { numRuns: 10_000, seed },
  );
});

test("JSON is harmless too, and means the same", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const written = jsonText({ [text]: [text] });
      expectHarmless(written);
      const same = JSON.stringify(JSON.parse(written)) === JSON.stringify({ [text]: [text] });
      return same && printableText(written) === written;
    }),
    { numRuns: 10_000, seed },
  );
});

test("everything that is written goes the same way, and commands that are meant do not", async () => {
  const io = recordingIo();
  await io.out("a\u001b[31m ##vso[task.setvariable variable=PATH]evil\n");
  io.err("::error::x\n");
  await runStep(
    io.progress,
    "::error::x\n##[group]y ##teamcity[z]",
    () => Promise.resolve("##vso[a]"),
    String,
  );
  expectHarmless(io.written());
  expectHarmless(io.said());
  expect(io.said()).toContain("# #teamcity[z]");
  await io.commands("::add-mask::x\n");
  expect(io.written()).toContain("\n::add-mask::x\n");
});

test("bytes in which a runner would find a command are refused", async () => {
  const io = recordingIo();
  await expect(io.out(Buffer.from("\x30\x82\n##vso[task.setvariable]x", "latin1"))).rejects.toThrow(
    "Write it to a file with --out.",
  );
  await io.out(Buffer.from([0x30, 0x82, 0x00]));
  expect(io.written()).toHaveLength(3);
});

test("a terminal gets the colours of the commands, and no other escape sequence", () => {
  const showText = (text: string) =>
    describeChain(
      {
        identity: { kind: "certificate", name: text, active: true },
        workload: "exchange",
        links: [{ link: "token", state: "failed", detail: text }],
        diagnosis: { cause: text, remedy: text, source: text },
      } as never,
      { colour: true },
    );
  const own = /\u001b\[(2|22|31|32|39)m/g;
  fc.assert(
    fc.property(hostile, (text) => {
      const written = printableText(showText(text), true);
      expectHarmless(written.replace(own, ""));
      expect(written.match(own)).toEqual(showText("").match(own));
    }),
    { numRuns: 500, seed },
  );
});

/** A value of which each text ends with another. */
function replaceWithin(value: unknown, text: string): unknown {
  return typeof value === "string"
    ? value + text
    : JSON.parse(
        JSON.stringify(value ?? null, (_key, one: unknown) =>
          typeof one === "string" ? one + text : one,
        ),
      );
}

const failureOfError = (failure: unknown) =>
  failure === undefined ? { message: "" } : (failure as { message: string });

describe("the real commands", () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "apponly-output-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const formats = ["terminal", "markdown", "html", "json"] as const;
  const runners = [{ GITHUB_ACTIONS: "true" }, { TF_BUILD: "True" }];

  test.each(formats.flatMap((format) => runners.map((runner) => [format, runner] as const)))(
    "review --format %s under %j prints no command",
    async (format, runner) => {
      // The commit is not what this is about, and starting git takes longer than everything else.
      Object.assign(process.env, runner, { PATH: folder });
      const file = join(folder, "preview.json");
      await fc.assert(
        fc.asyncProperty(hostile, async (text) => {
          writeFileSync(file, previewText(text));
          const io = recordingIo();
          const code = await run(["review", "-s", "dev", "--from", file, "-f", format], io);
          expect([code, io.said()]).toEqual([0, ""]);
          expectHarmless(io.written());
        }),
        { numRuns: 60, seed },
      );
    },
  );

  const generation = makeGeneration("2026-11");
  const commands = [
    ["pipeline", pipelineCommand, writePipeline, ["-k cron", "-k jenkins", "-k github-actions"]],
    ["export", exportCommand, exportAccess, ["-f json", "-f env"]],
  ] as const;

  test.each(commands.flatMap((one) => runners.map((runner) => [...one, runner] as const)))(
    "%s prints no command out of a stack's outputs",
    async (_name, command, execute, lines, runner) => {
      Object.assign(process.env, runner);
      const all = sampleOutputs([generation]);
      const names = Object.keys(all);
      await fc.assert(
        fc.asyncProperty(
          hostile,
          fc.constantFrom(...names),
          fc.constantFrom(...lines),
          async (text, name, line) => {
            const io = recordingIo();
            const options = await parsedOptions(command as never, `--stack dev ${line}`);
            // A text in the place of an output, and within each text of one that is not.
            for (const value of [text, replaceWithin(all[name], text)]) {
              const open = openedForReading({ ...all, [name]: value });
              const failure = await failureOf(
                (execute as typeof writePipeline)(options as never, io, open),
              );
              io.err(failureOfError(failure).message);
            }
            expectHarmless(io.written());
            expectHarmless(io.said());
          },
        ),
        { numRuns: 50, seed },
      );
    },
  );

  test.each(runners)("what is wrong with the command line is harmless under %j", async (runner) => {
    Object.assign(process.env, runner);
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        for (const args of [
          [text],
          ["review", "-s", "dev", "--from", `${folder}/${text}`],
          ["review", "-s", "dev", `--policy-pack-config=${folder}/${text}`],
          ["verify", "-s", text, "--format", text],
          ["verify", "-s", text],
          ["pipeline", "-s", text, "-k", "cron"],
        ]) {
          const io = recordingIo();
          await run(args, io);
          expectHarmless(io.written());
          expectHarmless(io.said());
        }
      }),
      { numRuns: 100, seed },
    );
  });
});

describe("a result that cannot be written", () => {
  const failing = (code: string) => {
    const said: string[] = [];
    const stream = (write: unknown) => ({ write, on: () => undefined, listenerCount: () => 0 });
    const full = (_: unknown, done: (error: Error) => void) =>
      void done(Object.assign(new Error("write"), { code }));
    const io = openIo({
      stdin: process.stdin,
      stdout: stream(full),
      stderr: stream((text: string) => said.push(text)),
      env: {},
    } as unknown as ProcessStreams);
    return { io, said };
  };

  test.each([
    ["ENOSPC", "no space is left"],
    ["EPIPE", "whoever read it has ended"],
    ["EIO", "the device reports an error"],
  ])("ends every command with 1 and one sentence: %s", async (code, reason) => {
    for (const args of [["--help"], ["review", "--help"], ["stacks"]]) {
      const { io, said } = failing(code);
      expect(await run(args, io)).toBe(1);
      expect(said).toEqual([`\nStandard output could not be written: ${reason} (${code}).\n`]);
    }
  });
});

test("what explains a failure is found in time that grows with the text", () => {
  for (const text of [
    "\n".repeat(400_000),
    `stderr: ${"\n ".repeat(200_000)}`,
    `error: a${"\n\t".repeat(200_000)}`,
    `${" ".repeat(400_000)}:x`,
    `the stack is currently locked by ${"locks/".repeat(70_000)}`,
    `the stack is currently locked by locks/a/b.json: created by ${"@a ".repeat(130_000)}`,
  ]) {
    const start = process.cpuUsage();
    explainFailure(new Error(text));
    explainLock(text);
    withoutCommands(text);
    printableText(text);
    // What grows with its square takes minutes; other processes do not count.
    expect(process.cpuUsage(start).user).toBeLessThan(5_000_000);
  }
});

test("what explains a failure is what the engine reports", () => {
  const log = [
    "code: 255",
    "stdout: Previewing update (dev):",
    "    error: preview failed",
    "  error: The configuration has 1 fault; nothing has been changed.",
    " - apponly:cloud",
    "     at parse (parse.ts:1:1)",
    "  error: another",
    "",
    "stderr: warning: x",
    "  err?: Error",
  ];
  expect(explainFailure(new Error(log.join("\n")))).toBe(
    "The configuration has 1 fault; nothing has been changed.\n - apponly:cloud\nanother",
  );
  expect(engineFailure(new Error(log.join("\n")), "nobody/has/it").message).toMatch(
    /^The configuration of the stack nobody\/has\/it has 1 fault; nothing has been changed\.\n/,
  );
  expect(engineFailure(new Error(log.join("\n")), "dev").message).toMatch(
    /^The configuration in Pulumi\.dev\.yaml has 1 fault; nothing has been changed\.\n/,
  );
  expect(explainFailure(new Error("a\nstderr: x\ny\n\n  err?: z"))).toBe("x\ny");
  const begun =
    "stderr:\nerror: no plugins: not a directory\nPreviewing update (dev):\n  pulumi: warning";
  expect(explainFailure(new Error(begun))).toBe("no plugins: not a directory");
  expect(explainFailure("plain ")).toBe("plain");
});
