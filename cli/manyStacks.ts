import { availableParallelism, freemem } from "node:os";
import { setFlagsFromString } from "node:v8";
import { classOfFailure } from "../fleet/failureClass";
import type { FailureClass, RecordPart, StackRecord } from "../fleet/record";
import { DoneLater, runInLanes, sideBySide } from "../fleet/sideBySide";
import { chooseStacks, meansSeveral, type StackChoice } from "../operations/chooseStacks";
import { ownNameOf, type ProjectStack } from "../operations/project";
import type { FailedStack } from "../review/documentShape";
import type { Environment } from "../system/environment";
import { escapedPattern } from "../system/escapedPattern";
import { exitCodes, Failure } from "../system/failure";
import { StandingPlugins } from "../toolchain/standingPlugins";
import { firstNames, mostNamedStacks } from "../system/firstNames";
import type { StackDocument } from "./documents/severalStacks";
import { failureOf } from "./errors";
import { hangingIndent } from "./hangingIndent";
import type { Io } from "./io";
import { StackBoard } from "./stackBoard";
import { asTypedHere } from "./typedCommands";
import { recordOf, RecordFolder, runIdOf } from "./stackRecords";

/** What {@link withStackChoice} adds to a command. */
export interface ManyStacksOptions extends StackChoice {
  readonly jobs?: number | undefined;
  readonly record?: string | undefined;
}

/** What became of one stack. */
export interface StackOutcome<T> {
  readonly stack: string;
  /** Absent where it failed before it had a result. */
  readonly value?: T;
  readonly failure?: Failure;
  /** What the command wrote to standard output, and to standard error. */
  readonly written: string;
  readonly said: string;
  /** Its document, see {@link Io.document} and {@link Io.answer}. */
  readonly answer?: object | undefined;
  /** Absent where there is only one stack, and no record is asked for. */
  readonly record?: StackRecord;
}

/** What is the machine's, and the time's: replaced in unit tests. */
const surroundings = {
  machine: () => ({ cores: availableParallelism(), freeMemory: freemem() }),
  now: () => new Date(),
  environment: process.env as Environment,
  /** How long a tenant that throttles is left in peace before it is asked once more. */
  throttlePause: 30_000,
  /**
   * Left to itself, V8 lets what ended runs have left lie until the heap has grown to several times what
   * is in use: a third more memory, and no time gained.
   *
   * @see https://nodejs.org/docs/latest-v24.x/api/v8.html#v8setflagsfromstringflags
   */
  saveMemory: () => setFlagsFromString("--heap-growing-percent=15"),
};

/** What is done for one stack. */
export type StackWork<T> = (stack: string | undefined, io: Io) => Promise<T>;

/**
 * Does a command's work for each chosen stack, several side by side. One that fails does not stop
 * the others. Of a single stack the failure is thrown, and what it writes is written at once, as if
 * there were no others.
 */
export async function overStacks<T>(
  command: StackRecord["command"],
  options: ManyStacksOptions,
  io: Io,
  work: StackWork<T>,
  around = surroundings,
): Promise<StackOutcome<T>[]> {
  // A report is about many, also where there is one.
  const several = meansSeveral(options) || command === "report";
  if (!several && options.record === undefined) {
    const [stack] = options.stack ?? [];
    const value = await work(stack, io).catch((error: unknown) => {
      throw stack === undefined ? error : failureOf(error, exitCodes.failed, stack);
    });
    return [{ stack: stack ?? "", value, written: "", said: "" }];
  }
  const stacks = chooseStacks(options);
  const folder =
    options.record === undefined
      ? undefined
      : new RecordFolder(options.record, command, options, stacks);
  await folder?.prepare();
  const run = runIdOf(around.environment, around.now());
  const attempt = async (stack: ProjectStack, stackIo: Io) => {
    const started = around.now();
    let part: RecordPart = {};
    const record = (more: RecordPart) => {
      part = { ...part, ...more };
    };
    const result = await work(stack.name, { ...stackIo, record }).then(
      (value) => ({ value, failure: undefined }),
      (error: unknown) => ({
        value: undefined,
        failure: failureOf(error, exitCodes.failed, ownNameOf(stack.name)),
      }),
    );
    const ended = { stack, started, ended: around.now(), failure: result.failure, part };
    return { ...result, record: recordOf(command, run, ended) };
  };
  if (!several) {
    return [await attemptOnlyStack(stacks, io, attempt, (record) => folder?.write(record))];
  }
  return manyStacks(stacks, options, io, attempt, (record) => folder?.write(record), around);
}

type StackAttempt<T> = (
  stack: ProjectStack,
  io: Io,
) => Promise<{ value: T | undefined; failure: Failure | undefined; record: StackRecord }>;
type Keep = (record: StackRecord) => Promise<void> | undefined;

async function attemptOnlyStack<T>(
  [stack]: readonly ProjectStack[],
  io: Io,
  attempt: StackAttempt<T>,
  keep: Keep,
): Promise<StackOutcome<T>> {
  const { value, failure, record } = await attempt(stack as ProjectStack, io);
  await keep(record);
  if (failure !== undefined) {
    throw failure;
  }
  return { stack: record.stack, value: value as T, written: "", said: "", record };
}

async function manyStacks<T>(
  stacks: readonly ProjectStack[],
  { jobs }: ManyStacksOptions,
  io: Io,
  attempt: StackAttempt<T>,
  keep: Keep,
  { machine, throttlePause, saveMemory }: typeof surroundings,
): Promise<StackOutcome<T>[]> {
  saveMemory();
  const board = new StackBoard(io.board, stacks.length);
  const standing = new Map<number, StandingPlugins>();
  const once = async (stack: ProjectStack, lane: number) => {
    const plugins = standing.get(lane) ?? new StandingPlugins();
    standing.set(lane, plugins);
    const buffered = bufferedIo({ ...io, plugins }, board, stack.name);
    const result = await attempt(stack, buffered.io);
    return {
      ...result,
      written: buffered.written(),
      said: buffered.said(),
      answer: buffered.answer(),
    };
  };
  const throttled = new Set<ProjectStack>();
  const outcomes = await runInLanes(stacks, jobs ?? sideBySide(machine()), async (stack, lane) => {
    const result = await once(stack, lane);
    // The tenant limits its own callers: the others go on meanwhile.
    if (failureClassOf(result.failure) === "throttled" && !throttled.has(stack)) {
      throttled.add(stack);
      board.start(stack.name).start("throttled, is asked once more");
      return new DoneLater(throttlePause);
    }
    const { value, failure, record, written, said, answer } = result;
    await keep(record);
    board.end(stack.name, failure === undefined, asTypedHere(failure?.message ?? ""));
    return {
      stack: stack.name,
      ...(value === undefined ? {} : { value }),
      ...(failure === undefined ? {} : { failure }),
      written,
      said,
      ...(answer === undefined ? {} : { answer }),
      record,
    };
  });
  standing.forEach((plugins) => plugins.end());
  board.close();
  return outcomes;
}

/** What a stack's command writes is kept until all have ended, and told by stack. */
function bufferedIo(io: Io, board: StackBoard, stack: string) {
  const texts = { written: "", said: "" };
  let answer: object | undefined;
  const keepDocument = (document: object) => {
    answer = document;
    return Promise.resolve();
  };
  const own: Io = {
    ...io,
    interactive: false,
    // Several questions at once cannot be told apart.
    ask: undefined,
    out: (content) => {
      texts.written += typeof content === "string" ? content : Buffer.from(content).toString();
      return Promise.resolve();
    },
    document: keepDocument,
    answer: keepDocument,
    err: (text) => {
      texts.said += text;
    },
    progress: board.start(stack),
  };
  return { io: own, written: () => texts.written, said: () => texts.said, answer: () => answer };
}

/**
 * Runs a command that writes its result by itself for each chosen stack: of several, the results by
 * stack, or one JSON document with all.
 *
 * @throws {Failure} If one failed, with the exit code of the worst.
 */
export async function onEachStack(
  command: StackRecord["command"],
  options: ManyStacksOptions & { readonly format?: string | undefined },
  io: Io,
  run: (stack: string | undefined, io: Io) => Promise<void>,
  around = surroundings,
): Promise<void> {
  const outcomes = await overStacks(command, options, io, run, around);
  if (!meansSeveral(options)) {
    return;
  }
  const documents = outcomes.map((one) => outcomeDocument(one, one.answer));
  if (options.format === "json") {
    await io.document(documents);
  } else {
    // What is handed over is whole, however much it is like another's.
    const told = command === "export" ? outcomes.map((one) => [one]) : alikeOutcomes(outcomes);
    for (const [first, ...others] of told) {
      const names = others.map(({ stack }) => stack).join(", ");
      const title = `${first?.stack}${names === "" ? "" : `, and alike but for names and ids: ${names}`}`;
      const written = first?.written ?? "";
      await io.out(written === "" ? "" : `\n${hangingIndent(title, 0, io.columns)}\n${written}`);
    }
    await io.answer(documents);
  }
  concludeStacks(outcomes, io);
}

/** Outcomes of which the same is told but for the names of stack and tenant, and ids, in the order of the first. */
function alikeOutcomes(outcomes: readonly StackOutcome<unknown>[]): StackOutcome<unknown>[][] {
  const groups = new Map<string, StackOutcome<unknown>[]>();
  for (const outcome of outcomes) {
    const { stack, record, written } = outcome;
    const names = [record?.tenant ?? "", stack].filter((name) => name !== "");
    const key = names
      .reduce((text, name) => renamedIn(text, name, "NAME"), written)
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/gi, "ID");
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  return [...groups.values()];
}

/** A text with another name in the place of a stack's, or a tenant's, where that is not a part of a word. */
function renamedIn(text: string, name: string, other: string): string {
  return text.replace(new RegExp(`(?<![\\w-])${escapedPattern(name)}(?![\\w-])`, "g"), other);
}

/** One of several stacks, as every command tells it, with what the command tells of it. */
export function outcomeDocument(
  { stack, failure }: StackOutcome<unknown>,
  document: unknown,
): StackDocument {
  return {
    stack,
    exitCode: failure?.exitCode ?? exitCodes.ok,
    ...(failure === undefined ? {} : { failure: asTypedHere(failure.message) }),
    ...(document === undefined ? {} : { document }),
  };
}

/** Those that could not be looked at, for a document that tells of the others. */
export function failedStacks(outcomes: readonly StackOutcome<unknown>[]): FailedStack[] {
  return outcomes.flatMap(({ stack, value, failure }) =>
    failure === undefined || value !== undefined
      ? []
      : [{ stack, exitCode: failure.exitCode, failure: failure.message }],
  );
}

/** Worst first; a code of the engine's own stands for a failure like any other. */
const byGravity: readonly number[] = [
  exitCodes.failed,
  exitCodes.usage,
  exitCodes.gate,
  exitCodes.verification,
  exitCodes.expiring,
  exitCodes.propagating,
];

/**
 * Says what was said of single stacks, and sums up what failed: failures of one class together.
 *
 * @param judgement What is wrong with all that could be looked at.
 * @throws {Failure} If one failed, or there is such a judgement, with the exit code of the worst.
 */
export function concludeStacks(
  outcomes: readonly StackOutcome<unknown>[],
  io: Io,
  judgement?: Failure,
): void {
  for (const { stack, said } of outcomes) {
    if (said.trim() !== "") {
      io.err(`${stack}: ${said.trim()}\n`);
    }
  }
  const failed = outcomes.filter(({ failure }) => failure !== undefined);
  if (failed.length === 0) {
    if (judgement !== undefined) {
      throw judgement;
    }
    return;
  }
  const classes = new Map<FailureClass, StackOutcome<unknown>[]>();
  for (const outcome of failed) {
    const name = failureClassOf(outcome.failure) ?? "other";
    classes.set(name, [...(classes.get(name) ?? []), outcome]);
  }
  const parts = [...classes].map(([name, some]) => {
    return [
      `${name}: ${firstNames(
        some.map(({ stack }) => stack),
        mostNamedStacks,
      )}`,
      ...reasonsOf(some),
    ].join("\n");
  });
  const all = [...failed.map(({ failure }) => failure), ...(judgement ? [judgement] : [])];
  const codes = all.map((failure) => rankOf(failure?.exitCode ?? exitCodes.failed));
  throw new Failure(
    [
      `${failed.length} of ${outcomes.length} stacks failed.`,
      ...parts,
      ...(judgement ? [`Besides: ${judgement.message}`] : []),
    ].join("\n"),
    byGravity[Math.min(...codes)],
  );
}

/**
 * Why stacks of one class failed: a reason that several have once, each with its stacks where they
 * differ. What is to be typed names the first of them.
 */
function reasonsOf(failed: readonly StackOutcome<unknown>[]): string[] {
  const reasons = new Map<string, { readonly text: string; readonly stacks: string[] }>();
  for (const { stack, failure } of failed) {
    const text = failure?.message ?? "";
    // The name of the stack in it makes no other reason.
    const reason = renamedIn(text, stack, "");
    const same = reasons.get(reason) ?? { text, stacks: [] };
    same.stacks.push(stack);
    reasons.set(reason, same);
  }
  const shown = [...reasons.values()].slice(0, 5).map(({ text, stacks }) => {
    const whose = reasons.size === 1 ? "" : `${firstNames(stacks, mostNamedStacks)}: `;
    const [first = "", ...others] = stacks;
    const alike =
      others.length > 0 && renamedIn(text, first, "") !== text
        ? `\n  The same for each, in place of ${first}.`
        : "";
    return `  ${whose}${text.replaceAll("\n", "\n  ")}${alike}`;
  });
  const more = reasons.size - shown.length;
  return more === 0
    ? shown
    : [...shown, `  and ${more} more reasons, which the records tell: --record FOLDER`];
}

function rankOf(exitCode: number): number {
  return Math.max(0, byGravity.indexOf(exitCode));
}

function failureClassOf(failure: Failure | undefined): FailureClass | undefined {
  return failure === undefined ? undefined : classOfFailure(failure.message, failure.exitCode);
}
