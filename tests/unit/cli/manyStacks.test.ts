/**
 * A command's work over many stacks: which ones, how many at once, what each leaves, and what is
 * said of those that fail. Not proven here: the engine's part, which journeys show.
 */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "@commander-js/extra-typings";
import { run } from "../../../cli/command";
import { concludeStacks, onEachStack, outcomeDocument, overStacks } from "../../../cli/manyStacks";
import { partOfSettings } from "../../../cli/recordParts";
import { runIdOf } from "../../../cli/stackRecords";
import { StackBoard } from "../../../cli/stackBoard";
import { Steps } from "../../../cli/steps";
import { withStackChoice } from "../../../cli/stackChoice";
import { classOfFailure } from "../../../fleet/failureClass";
import { recordShape } from "../../../fleet/record";
import { sideBySide } from "../../../fleet/sideBySide";
import { chooseStacks, shardOf, tagsOf } from "../../../operations/chooseStacks";
import { exitCodes, Failure } from "../../../system/failure";
import { documentOfFailure } from "../../support/documents";
import { recordingIo } from "../../support/recordingIo";

const before = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "apponly-many-"));
const names = Array.from({ length: 50 }, (_, at) => `tenant${String(at + 1).padStart(2, "0")}`);

beforeAll(() => {
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    "name: apponly\nruntime: nodejs\nconfig:\n  apponly:tags:\n    type: object\n    default: { ring: rest }\n",
  );
  for (const [at, name] of names.entries()) {
    const tags = at < 3 ? `  apponly:tags: { ring: canary, alias: C${at} }\n` : "";
    writeFileSync(
      join(folder, `Pulumi.${name}.yaml`),
      `config:\n  apponly:displayName: x\n${tags}`,
    );
  }
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const around = (changes: object = {}) => ({
  machine: () => ({ cores: 2, freeMemory: 8e9 }),
  now: () => new Date("2026-11-25T08:00:00Z"),
  environment: {},
  throttlePause: 1,
  saveMemory: () => undefined,
  ...changes,
});
const chosen = (choice: Parameters<typeof chooseStacks>[0]) =>
  chooseStacks(choice).map(({ name }) => name);

/** Gives a stack other settings while something runs. */
function withSettings<T>(stack: string, text: string, run: () => T): T {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const original = readFileSync(file, "utf8");
  const putBack = () => writeFileSync(file, original);
  writeFileSync(file, text);
  let result: T | undefined;
  try {
    result = run();
    return result;
  } finally {
    if (result instanceof Promise) void result.finally(putBack);
    else putBack();
  }
}

describe("stacks are chosen", () => {
  test("all, some by name in their order and once, and all but some", () => {
    expect(chosen({ all: true })).toEqual(names);
    expect(chosen({ stack: ["tenant07", "organization/apponly/tenant02", "tenant07"] })).toEqual([
      "tenant07",
      "tenant02",
    ]);
    // Whatever stands before its name, a stack is worked on once.
    expect(chosen({ stack: ["tenant07", "organization/apponly/tenant07"] })).toHaveLength(1);
    expect(chosen({ all: true, except: names.slice(1) })).toEqual(["tenant01"]);
  });

  test("and one that is not there is not left out in silence", () => {
    expect(() => chosen({ all: true, except: ["tenant07", "tennant08"] })).toThrow(
      /^--except "tennant08" is not a stack of the project\. Did you mean "tenant08"\? Use one of: tenant01, .*, tenant10 and 40 more\. List them: apponly stacks$/,
    );
  });

  test("by their own tags, and the project's where they have none of that name", () => {
    expect(chosen({ tag: [{ key: "ring", value: "canary" }] })).toEqual(names.slice(0, 3));
    expect(chosen({ tag: [{ key: "ring", value: "rest" }] })).toHaveLength(47);
    expect(
      chosen({
        tag: [
          { key: "ring", value: "canary" },
          { key: "alias", value: "C1" },
        ],
      }),
    ).toEqual(["tenant02"]);
    expect(() => chosen({ tag: [{ key: "ring", value: "none" }] })).toThrow(
      /^No stack is chosen: none has ring=none\. Use one of: alias=C0, alias=C1, alias=C2, ring=canary, ring=rest\.$/,
    );
    // A shard may be empty, and not all of them.
    const typed = { key: "rng", value: "canary" };
    expect(() => chosen({ tag: [typed], shard: { number: 1, of: 8 } })).toThrow(
      'none has rng=canary. Did you mean "ring=canary"?',
    );
    expect(tagsOf(chooseStacks({ stack: ["tenant02"] })[0]!)).toEqual({
      ring: "canary",
      alias: "C1",
    });
  });

  test.each([
    ["an older form of the key", "config:\n  apponly:config:tags: { ring: other }\n"],
    ["an alias", "x: &t { ring: other }\nconfig:\n  apponly:tags: *t\n"],
    ["a merge", "x: &c\n  apponly:tags: { ring: other }\nconfig:\n  <<: *c\n"],
    ["an escape", 'config:\n  "apponly:t\\x61gs": { ring: other }\n'],
  ])("by tags as the engine reads them: %s", (_form, text) => {
    withSettings("tenant50", text, () => {
      expect(chosen({ tag: [{ key: "ring", value: "other" }] })).toEqual(["tenant50"]);
    });
  });

  test.each(["config:\n  apponly:tags: { ring: rest\n", "? [a]\n: tags\n"])(
    "and a file that may have tags, and cannot be read, is not left out in silence: %s",
    (text) => {
      withSettings("tenant50", text, () => {
        expect(() => chosen({ tag: [{ key: "ring", value: "canary" }] })).toThrow(
          /Pulumi\.tenant50\.yaml (is not valid YAML|has .* read in different ways)/,
        );
        expect(chosen({ all: true })).toHaveLength(50);
      });
    },
  );

  test("by shards that part them all, the same ones each time", () => {
    const shards = [1, 2, 3, 4].map((number) => chosen({ shard: { number, of: 4 } }));
    expect(shards.flat().sort()).toEqual(names);
    expect(Math.max(...shards.map(({ length }) => length))).toBeLessThan(25);
    // Not by chance: another machine and another day have to come to the same.
    expect([shardOf("contoso", 256), shardOf("fabrikam", 256)]).toEqual([
      shardOf("contoso", 256),
      shardOf("fabrikam", 256),
    ]);
    // An empty shard is allowed: there may be more shards than stacks.
    expect(chosen({ shard: { number: 1, of: 9999 } })).toEqual([]);
  });

  test.each([
    ["--stack a --all", "cannot be used with option"],
    ["--tag ring", "It is not a tag. Write it as KEY=VALUE."],
    ["--shard 0/4", "It is not a part of several. Write it as 1/8"],
    ["--shard 5/4", "It is not a part of several. Write it as 1/8"],
    ["--jobs 0", "It is not a number from 1 to 999."],
  ])("%s is the command line's fault", (line, message) => {
    let said = "";
    const command = withStackChoice(new Command())
      .exitOverride()
      .configureOutput({ writeErr: (text) => (said += text) });
    expect(() => command.parse(line.split(" "), { from: "user" })).toThrow();
    expect(said).toContain(message);
  });
});

describe("work over fifty stacks", () => {
  /** One without consent, one locked, one throttled, one deleted, one slow. */
  const troubles: Readonly<Record<string, (attempt: number) => Promise<string>>> = {
    tenant05: () => Promise.reject(new Failure("AADSTS65001: consent", exitCodes.verification)),
    tenant11: () =>
      Promise.reject(
        new Failure("The stack tenant11 is locked by process 7 on ci, which is running."),
      ),
    tenant17: (attempt) =>
      attempt > 1 ? Promise.resolve("again") : Promise.reject(new Failure("429 Too Many Requests")),
    tenant23: () => Promise.reject(new Failure("AADSTS90002: Tenant not found.")),
    tenant29: () => new Promise((resolve) => setTimeout(() => resolve("late"), 50)),
    tenant41: () => Promise.reject(new Failure("AADSTS65001: other words", exitCodes.verification)),
  };

  const work = async () => {
    const io = recordingIo();
    const attempts = new Map<string, number>();
    const state = { now: 0, most: 0 };
    const record = mkdtempSync(join(tmpdir(), "apponly-records-"));
    const outcomes = await overStacks(
      "certificates",
      { all: true, record, jobs: 4 },
      io,
      async (stack = "", own) => {
        attempts.set(stack, (attempts.get(stack) ?? 0) + 1);
        state.now += 1;
        state.most = Math.max(state.most, state.now);
        own.record({ tenant: `${stack}.onmicrosoft.com` });
        await own.out(`result of ${stack}\n`);
        try {
          return await (troubles[stack]?.(attempts.get(stack) ?? 0) ??
            new Promise((resolve) => setTimeout(() => resolve(stack), 1)));
        } finally {
          state.now -= 1;
        }
      },
      around(),
    );
    const lines = readdirSync(record).flatMap((file) =>
      readFileSync(join(record, file), "utf8").trimEnd().split("\n"),
    );
    rmSync(record, { recursive: true });
    return { io, outcomes, attempts, most: state.most, lines };
  };

  test("bounded, in the order chosen, one that fails does not stop the others", async () => {
    const { outcomes, most, attempts } = await work();
    expect(outcomes.map(({ stack }) => stack)).toEqual(names);
    expect(most).toBe(4);
    expect(outcomes.filter(({ failure }) => failure !== undefined)).toHaveLength(4);
    expect(outcomes[0]).toMatchObject({ value: "tenant01", written: "result of tenant01\n" });
    // Only the tenant that throttles is asked once more.
    expect([...attempts].filter(([, count]) => count > 1)).toEqual([["tenant17", 2]]);
    expect(outcomes[16]).toMatchObject({ value: "again" });
  });

  test("a tenant that throttles keeps no lane: the others go on, and it is asked once more after them", async () => {
    const asked: string[] = [];
    const throttled = ["tenant01", "tenant02"];
    const outcomes = await overStacks(
      "certificates",
      { stack: names.slice(0, 6), jobs: 2 },
      recordingIo(),
      (stack = "") => {
        asked.push(stack);
        return throttled.includes(stack)
          ? Promise.reject(new Failure("429 Too Many Requests"))
          : new Promise((resolve) => setTimeout(resolve, 1));
      },
      around({ throttlePause: 100 }),
    );
    expect(asked.slice(0, 6)).toEqual(names.slice(0, 6));
    expect(asked.slice(6).sort()).toEqual(throttled);
    // In the order chosen all the same, and twice is enough.
    expect(outcomes.map(({ stack }) => stack)).toEqual(names.slice(0, 6));
    expect(outcomes.filter(({ failure }) => failure).map(({ stack }) => stack)).toEqual(throttled);
  });

  test("V8 is told to save memory, and knows how", async () => {
    let isSaved = false;
    const saveMemory = () => (isSaved = true);
    const worked = (...stack: readonly string[]) =>
      overStacks(
        "certificates",
        { stack },
        recordingIo(),
        () => Promise.resolve(),
        around({ saveMemory }),
      );
    await worked("tenant01");
    expect(isSaved).toBe(false);
    await worked("tenant01", "tenant02");
    expect(isSaved).toBe(true);
    // V8 names a flag that it does not know on standard error, and goes on.
    const { stdout } = spawnSync(process.execPath, ["--v8-options"], { encoding: "utf8" });
    expect(stdout).toContain("--heap-growing-percent");
  });

  test("each leaves exactly one record, also one that fails", async () => {
    const { lines } = await work();
    const records = lines.map((line) => recordShape.parse(JSON.parse(line)));
    expect(records.map(({ stack }) => stack).sort()).toEqual(names);
    expect(
      records
        .filter(({ result }) => result === "failed")
        .map(({ stack, failure }) => [stack, failure?.class])
        .sort(),
    ).toEqual([
      ["tenant05", "consent"],
      ["tenant11", "locked"],
      ["tenant23", "tenant-gone"],
      ["tenant41", "consent"],
    ]);
    expect(records.find(({ stack }) => stack === "tenant02")).toMatchObject({
      command: "certificates",
      tags: { alias: "C1" },
      tenant: "tenant02.onmicrosoft.com",
      exitCode: 0,
    });
  });

  test("one whose settings cannot be read leaves its record too", async () => {
    const settings = join(folder, "Pulumi.tenant50.yaml");
    await withSettings("tenant50", "config:\n  apponly:tags: { ring\n", async () => {
      const record = mkdtempSync(join(tmpdir(), "apponly-records-"));
      const outcomes = await overStacks(
        "certificates",
        { stack: ["tenant49", "tenant50"], record },
        recordingIo(),
        async (stack, own) => {
          if (stack === "tenant50") own.record(partOfSettings(settings));
        },
        around(),
      );
      rmSync(record, { recursive: true });
      expect(outcomes.map(({ record: left }) => left)).toMatchObject([
        { stack: "tenant49", result: "succeeded" },
        { stack: "tenant50", result: "failed" },
      ]);
      expect(outcomes[1]?.failure?.message).toContain("Pulumi.tenant50.yaml is not valid YAML");
    });
  });

  test("a record does not go through a link, and nothing is done", async () => {
    const record = mkdtempSync(join(tmpdir(), "apponly-records-"));
    const outside = join(record, "outside");
    const work = jest.fn(() => Promise.resolve());
    symlinkSync(outside, join(record, "certificates-stacks.jsonl"));
    const run = overStacks(
      "certificates",
      { stack: ["tenant01", "tenant02"], record },
      recordingIo(),
      work,
      around(),
    );
    await expect(run).rejects.toThrow(/certificates-stacks\.jsonl is a link, which may lead/);
    expect(readdirSync(record)).toEqual(["certificates-stacks.jsonl"]);
    expect(work).not.toHaveBeenCalled();
    rmSync(record, { recursive: true });
  });

  test("exceptions are recorded as the engine reads them", () => {
    const text =
      "x: &e [{ role: Exchange Administrator, until: 2027-01-31, reason: migration }]\nconfig:\n  apponly:config:exceptions: *e\n";
    withSettings("tenant50", text, () => {
      expect(partOfSettings(join(folder, "Pulumi.tenant50.yaml"))).toEqual({
        exceptions: [
          { subject: "Exchange Administrator", until: "2027-01-31", reason: "migration" },
        ],
      });
    });
  });

  test("exceptions that the project has for all stacks are a stack's where it has none", () => {
    const project = mkdtempSync(join(tmpdir(), "apponly-shared-"));
    const day = (until: string) => `[{ role: Exchange Administrator, until: "${until}" }]`;
    writeFileSync(
      join(project, "Pulumi.yaml"),
      `name: a\nruntime: nodejs\nconfig:\n  apponly:exceptions: { value: ${day("2027-01-31")} }\n`,
    );
    const daysOf = (name: string, text: string) => {
      const file = join(project, `Pulumi.${name}.yaml`);
      writeFileSync(file, text);
      return partOfSettings(file).exceptions?.map(({ until }) => until);
    };
    expect(daysOf("none", "config: {}\n")).toEqual(["2027-01-31"]);
    expect(daysOf("own", `config:\n  apponly:exceptions: ${day("2028-01-31")}\n`)).toEqual([
      "2028-01-31",
    ]);
    expect(daysOf("empty", "config:\n  apponly:exceptions: []\n")).toEqual([]);
    rmSync(project, { recursive: true });
  });

  test("failures of one class are summed up, and the exit code is the worst", async () => {
    const { outcomes } = await work();
    const io = recordingIo();
    let failure: unknown;
    try {
      concludeStacks(outcomes, io);
    } catch (error) {
      failure = error;
    }
    expect(failure).toMatchObject({ exitCode: 1 });
    expect((failure as Failure).message).toBe(
      [
        "4 of 50 stacks failed.",
        "consent: tenant05, tenant41",
        "  tenant05: AADSTS65001: consent",
        "  tenant41: AADSTS65001: other words",
        "locked: tenant11",
        "  The stack tenant11 is locked by process 7 on ci, which is running.",
        "tenant-gone: tenant23",
        "  AADSTS90002: Tenant not found.",
      ].join("\n"),
    );
    const endingWith = (exitCode: number) => ({
      stack: "a",
      written: "",
      said: "",
      failure: new Failure("x", exitCode),
    });
    expect(() => concludeStacks([endingWith(5), endingWith(3), endingWith(6)], io)).toThrow(
      expect.objectContaining({ exitCode: 3 }),
    );
    const failing = (stack: string, text: string) => ({
      ...endingWith(2),
      stack,
      failure: new Failure(text.replaceAll("STACK", stack), 2),
    });
    const different = [
      failing("north", "STACK has no role."),
      failing("south", "The passphrase of STACK is wrong."),
      failing("east", "STACK has no role."),
    ];
    expect(() => concludeStacks(different, io)).toThrow(
      [
        "3 of 3 stacks failed.",
        "settings: north, south, east",
        "  north, east: north has no role.",
        "  The same for each, in place of north.",
        "  south: The passphrase of south is wrong.",
      ].join("\n"),
    );
    // What is wrong with all the others is told besides, and weighed.
    const gate = new Failure("Gate: failed.", exitCodes.gate);
    expect(() => concludeStacks([endingWith(4)], io, gate)).toThrow(
      expect.objectContaining({
        exitCode: 3,
        message: "1 of 1 stacks failed.\nverification: a\n  x\nBesides: Gate: failed.",
      }),
    );
    expect(() => concludeStacks([], io, gate)).toThrow(gate);
    // A code of the engine's is a failure like any other.
    expect(() => concludeStacks([endingWith(255)], io)).toThrow(
      expect.objectContaining({ exitCode: 1 }),
    );
  });

  test("where there is no terminal, each stack is a plain line once it has ended", async () => {
    const { io } = await work();
    const lines = io.said().trimEnd().split("\n");
    expect(lines).toHaveLength(50);
    expect(lines.filter((line) => line.startsWith("✓ "))).toHaveLength(46);
    expect(io.said()).not.toContain("\u001b");
  });

  test("in its line a command is typed as it works here", async () => {
    const io = recordingIo();
    process.env.APPONLY_EMBEDDED = "true";
    let documents: unknown;
    try {
      const outcomes = await overStacks(
        "verify",
        { stack: ["tenant01", "tenant02"] },
        io,
        (stack) => Promise.reject(new Failure(`Deploy it: apponly up --stack ${stack}`)),
        around(),
      );
      documents = outcomes.map((one) => outcomeDocument(one, undefined));
    } finally {
      delete process.env.APPONLY_EMBEDDED;
    }
    expect(io.said()).toMatch(/Deploy it: apponly up --stack tenant01 --embedded\n/);
    expect(documents).toMatchObject([
      { failure: "Deploy it: apponly up --stack tenant01 --embedded" },
      { failure: "Deploy it: apponly up --stack tenant02 --embedded" },
    ]);
  });

  test("in a failure as JSON it is, too", async () => {
    const io = recordingIo();
    const line = ["-C", folder, "certificates", "--all", "--except", "zzz", "--json"];
    expect(await run(line, io)).toBe(2);
    expect(documentOfFailure(io.said())).toMatchObject({
      error: { remedy: expect.stringMatching(/List them: apponly stacks -C \S+$/) as unknown },
    });
  });

  test("results are told by stack, or as one document", async () => {
    const run = async (format: string, text = "fine", command: "doctor" | "export" = "doctor") => {
      const io = recordingIo();
      await onEachStack(
        command,
        { stack: ["tenant02", "tenant01", "tenant03"].slice(0, text === "fine" ? 2 : 3), format },
        io,
        (stack = "", own) => {
          own.record({ tenant: `${stack}.onmicrosoft.com` });
          const told = text.replaceAll("STACK", stack).replaceAll("ID", randomUUID());
          return format === "json" ? own.document({ of: stack }) : own.out(`${told}\n`);
        },
        around(),
      );
      return io.written().replace(/[\da-f]{8}-[\da-f-]{27}/g, "ID");
    };
    // What is told alike of several is there once, with all whom it concerns.
    expect(await run("terminal")).toBe(
      "\ntenant02, and alike but for names and ids: tenant01\nfine\n",
    );
    expect(await run("terminal", "STACK in STACK.onmicrosoft.com, ID")).toBe(
      "\ntenant02, and alike but for names and ids: tenant01, tenant03\ntenant02 in tenant02.onmicrosoft.com, ID\n",
    );
    // What is handed over is never cut.
    expect((await run("terminal", "fine", "export")).match(/fine/g)).toHaveLength(2);
    expect(JSON.parse(await run("json"))).toEqual([
      { stack: "tenant02", exitCode: 0, document: { of: "tenant02" } },
      { stack: "tenant01", exitCode: 0, document: { of: "tenant01" } },
    ]);
  });

  test("of a single stack the failure is thrown and the result written as it comes", async () => {
    const io = recordingIo();
    const record = join(folder, "records");
    await expect(
      onEachStack(
        "verify",
        { stack: ["tenant01"], record },
        io,
        async (stack, own) => {
          await own.out(`${stack ?? ""}\n`);
          throw new Failure("no", exitCodes.verification);
        },
        around({ environment: { GITHUB_RUN_ID: "7", GITHUB_RUN_ATTEMPT: "2" } }),
      ),
    ).rejects.toMatchObject({ exitCode: exitCodes.verification });
    expect(io.written()).toBe("tenant01\n");
    const [line = ""] = readFileSync(join(record, "verify-tenant01.jsonl"), "utf8").split("\n");
    expect(JSON.parse(line)).toMatchObject({ run: "github-7-2", result: "failed", exitCode: 4 });
    mkdirSync(record, { recursive: true });
    rmSync(record, { recursive: true });
  });
});

test("a terminal shows a line for each stack that is worked on, and takes them away", () => {
  let screen = "";
  jest.useFakeTimers();
  const board = new StackBoard(
    { write: (text) => void (screen += text), interactive: true, columns: 60 },
    3,
    () => 0,
  );
  board.start("a").start("Read").progress("halfway");
  board.start("b").start("Preview");
  jest.advanceTimersByTime(200);
  expect(screen).toMatch(
    / {2}a +0\.0 s {2}Read: halfway.*\n.* {2}b +0\.0 s {2}Preview.*\n.* {2}0 of 3/,
  );
  screen = "";
  board.end(
    "a",
    false,
    "AADSTS65001: a long explanation that does not fit the width of the terminal\nmore",
  );
  expect(screen.split("\u001b[1A\u001b[2K")).toHaveLength(4);
  // To clear all below would leave a copy of the board in the history of some terminals.
  expect(screen).not.toContain("\u001b[0J");
  expect(screen).toMatch(/✗.* a +0\.0 s {2}AADSTS65001.*…\n/);
  expect(screen).toContain("1 of 3");
  board.close();
  jest.useRealTimers();
});

test("what is said in between stands above the lines that move", () => {
  let screen = "";
  let clear: (() => void) | undefined;
  jest.useFakeTimers();
  const board = new StackBoard(
    {
      write: (text) => void (screen += text),
      interactive: true,
      colour: false,
      clearBefore: (moving) => void (clear = moving),
    },
    2,
    () => 0,
  );
  board.start("a").start("Read");
  jest.advanceTimersByTime(200);
  screen = "";
  clear?.();
  expect(screen).toBe("\r\u001b[1A\u001b[2K\u001b[1A\u001b[2K");
  screen = "";
  clear?.();
  jest.advanceTimersByTime(200);
  expect(screen).toMatch(/^ {2}a +0\.0 s {2}Read\n {2}0 of 2\n$/);
  board.close();
  expect(clear).toBeUndefined();
  jest.useRealTimers();
});

test.each([
  [true, true, true],
  [true, false, false],
  [false, true, false],
])(
  "where colours are %p and lines move is %p, moving lines are coloured: %p",
  (colour, interactive, moving) => {
    let screen = "";
    jest.useFakeTimers();
    const output = { write: (text: string) => void (screen += text), interactive, colour };
    const board = new StackBoard(output, 2, () => 0);
    board.start("a").start("Read");
    const step = new Steps(output, () => 0).start("Read");
    jest.advanceTimersByTime(200);
    expect(screen.includes("\u001b[2m")).toBe(moving);
    screen = "";
    step.done("");
    board.end("a", true, "");
    expect(screen.match(/\u001b\[32m/g) ?? []).toHaveLength(colour ? 2 : 0);
    board.close();
    jest.useRealTimers();
  },
);

test("a terminal with fewer rows than stacks at work shows as many as it can take away", () => {
  let screen = "";
  jest.useFakeTimers();
  const board = new StackBoard(
    { write: (text) => void (screen += text), interactive: true, columns: 60, rows: 5 },
    9,
    () => 0,
  );
  names.slice(0, 4).forEach((name) => board.start(name).start("Read"));
  jest.advanceTimersByTime(200);
  expect(screen.match(/tenant\d+/g)).toEqual(names.slice(0, 2));
  expect(screen).toContain("  0 of 9, and 2 more at work");
  board.close();
  jest.useRealTimers();
});

test("as many run at once as cores and memory allow, and at least one", () => {
  const GiB = 1024 ** 3;
  expect(sideBySide({ cores: 4, freeMemory: 16 * GiB })).toBe(8);
  expect(sideBySide({ cores: 4, freeMemory: GiB })).toBe(4);
  expect(sideBySide({ cores: 4, freeMemory: 1 })).toBe(1);
});

test("a failure's class is told by what Microsoft, Pulumi and the exit code say", () => {
  expect(classOfFailure("AADSTS700027: the key is not registered", 4)).toBe("sign-in");
  expect(classOfFailure("The stack a is locked by process 7 on b, which is running.", 1)).toBe(
    "locked",
  );
  expect(classOfFailure("connect ECONNREFUSED 127.0.0.1:1", 1)).toBe("unreachable");
  expect(classOfFailure('The backend has no stack "a".', 2)).toBe("stack-missing");
  expect(classOfFailure('The stack "a" has no outputs yet.', 1)).toBe("stack-missing");
  expect(classOfFailure("The configuration has 2 faults", 2)).toBe("settings");
  expect(classOfFailure("The change is at least high. 429 of them.", 3)).toBe("policy");
  expect(classOfFailure("Something else", 1)).toBe("other");
});

test("records of one run of a pipeline belong together, whichever runs it", () => {
  const now = new Date("2026-11-25T08:00:00Z");
  expect(runIdOf({ GITHUB_RUN_ID: "5" }, now)).toBe("github-5-1");
  expect(runIdOf({ BUILD_BUILDID: "6" }, now)).toBe("azure-devops-6");
  expect(runIdOf({ CI_PIPELINE_ID: "7" }, now)).toBe("gitlab-7");
  expect(runIdOf({ APPONLY_RUN: "mine", GITHUB_RUN_ID: "5" }, now)).toBe("mine");
  expect(runIdOf({}, now)).toBe("2026-11-25T08:00:00.000Z");
});
