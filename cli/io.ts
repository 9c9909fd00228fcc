import { createInterface } from "node:readline";
import { buffer } from "node:stream/consumers";
import { decodedText } from "../system/decodedText";
import { Failure } from "../system/failure";
import { jsonText, printableText, withoutCommands } from "../system/visibleText";
import type { RecordPart } from "../fleet/record";
import type { StandingPlugins } from "../toolchain/standingPlugins";
import { type StepOutput, Steps } from "./steps";
import type { Environment } from "../system/environment";

/** What a command reads and writes, made once and handed to each: no command knows the process. */
export interface Io {
  /**
   * Writes to standard output, which holds the result and nothing else; resolves once written.
   * Whatever is in a text, a terminal and the runner of a pipeline only show it.
   *
   * @throws {Failure} If it cannot be written.
   */
  readonly out: (content: string | Uint8Array) => Promise<void>;
  /** Writes the result as a document, by the schema that the command table names. */
  readonly document: (document: object) => Promise<void>;
  /**
   * Takes what a command that tells people what it does comes to, as such a document; written where
   * `--json` asks for it.
   */
  readonly answer: (document: object) => Promise<void>;
  /** Writes lines that the runner of a pipeline is to obey, values in them escaped by who made them. */
  readonly commands: (lines: string) => Promise<void>;
  /** Writes to standard error, like {@link out}, what somebody should know beside the result. */
  readonly err: (text: string) => void;
  /** Shows on standard error how far the command is. */
  readonly progress: Steps;
  /** Where the progress of several stacks is shown instead. */
  readonly board: StepOutput;
  /** Of a run over many stacks: plugins that this stack's engine attaches to, and no other's now. */
  readonly plugins?: StandingPlugins | undefined;
  /** Takes what a command has found of its stack, for the record of a run over many. */
  readonly record: (part: RecordPart) => void;
  /** Whether standard output is a terminal: what is secret does not belong there. */
  readonly interactive: boolean;
  /** Whether the result may be coloured. */
  readonly colour: boolean;
  /** Width of standard output now; `undefined` where it is not a terminal. */
  readonly columns?: number | undefined;
  /** Asks on the terminal, and answers the line that is typed; absent where nobody can be asked. */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /** All of standard input. */
  readonly input: () => Promise<string>;
  /** Waits for what is being written to standard output, and says why something could not be. */
  readonly settled: () => Promise<Failure | undefined>;
}

/** How a result looks. */
export type Look = Pick<Io, "colour" | "columns">;

/** What the command line says of everything that is written. */
export interface Preferences {
  /** Whether progress is not shown. */
  readonly quiet?: boolean;
  /** @default auto */
  readonly color?: string | undefined;
  /** Whether standard output is a JSON document. @default false */
  readonly json?: boolean;
}

/** Reads them before the command is known, because they are about what reads the rest, too. */
export function preferencesIn(args: readonly string[]): Preferences & { readonly json: boolean } {
  const own = args.slice(0, args.includes("--") ? args.indexOf("--") : args.length);
  const at = own.indexOf("--color");
  return {
    quiet: own.includes("--quiet") || own.includes("-q"),
    json: isJsonAsked(own),
    color: at === -1 ? own.findLast((one) => one.startsWith("--color="))?.slice(8) : own[at + 1],
  };
}

/** Whether JSON is asked for: also the failures of the command line are JSON then. */
function isJsonAsked(own: readonly string[]): boolean {
  return own.some(
    (word, at) =>
      ["--json", "--format=json", "-fjson"].includes(word) ||
      (["--format", "-f"].includes(word) && own[at + 1] === "json"),
  );
}

/** The streams of a process. */
export function openIo(
  { stdin, stdout, stderr, env }: ProcessStreams,
  { quiet = false, color, json = false }: Preferences = {},
): Io {
  for (const stream of [stdout, stderr]) {
    if (stream.listenerCount("error") === 0) {
      // Whoever writes is told; without a listener Node ends with a stack trace.
      stream.on("error", () => undefined);
    }
  }
  const colour = isColoured(stdout, env, color);
  const write = (contentOf: () => string | Uint8Array): Promise<void> => {
    const written = new Promise<void>((resolve, reject) => {
      stdout.write(contentOf(), (error) => (error ? reject(outputBroken(error)) : resolve()));
    });
    // Not everybody waits for it, so that in the end it is said whether all of it was.
    const outcome = written.then(
      () => undefined,
      (error: Failure) => error,
    );
    all = all.then(async (failure) => failure ?? (await outcome));
    return written;
  };
  let all = Promise.resolve<Failure | undefined>(undefined);
  let clear: (() => void) | undefined;
  const err = (text: string) => {
    clear?.();
    stderr.write(printableText(text));
  };
  const board: StepOutput = {
    // Besides texts, which it makes harmless itself, it moves the cursor.
    write: (text) => {
      if (!quiet) {
        stderr.write(text);
      }
    },
    interactive: !quiet && isInteractive(stderr, env) && color !== "never",
    colour: isColoured(stderr, env, color),
    get columns() {
      return stderr.isTTY ? stderr.columns : undefined;
    },
    get rows() {
      return stderr.isTTY ? stderr.rows : undefined;
    },
    clearBefore: (moving) => {
      clear = moving;
    },
  };
  return {
    out: (content) =>
      write(() =>
        typeof content === "string" ? printableText(content, colour) : withoutOrders(content),
      ),
    document: (document) => write(() => `${jsonText(document)}\n`),
    answer: () => Promise.resolve(),
    // A runner looks for them on either stream.
    commands: (lines) => (json ? Promise.resolve(void stderr.write(lines)) : write(() => lines)),
    err,
    progress: new Steps(board),
    board,
    record: () => undefined,
    // Always a plain boolean: `isTTY` is undefined on a pipe, which picocolors reads as "decide".
    interactive: stdout.isTTY === true,
    colour,
    get columns() {
      return stdout.isTTY ? stdout.columns : undefined;
    },
    ...(stdin.isTTY && stderr.isTTY ? { ask: (question) => askLine(stdin, question, err) } : {}),
    input: async () => decodedText(await buffer(stdin)),
    settled: () => all,
  };
}

/** The line after a question; empty where the input has ended. */
async function askLine(
  input: NodeJS.ReadStream,
  question: string,
  say: (text: string) => void,
): Promise<string> {
  say(question);
  // The terminal itself edits the line, and sends an interrupt to the process.
  const lines = createInterface({ input, terminal: false });
  try {
    for await (const line of lines) {
      return line;
    }
    return "";
  } finally {
    lines.close();
  }
}

/** What of a process is read and written. */
export type ProcessStreams = Pick<NodeJS.Process, "stdin" | "stdout" | "stderr" | "env">;

/** Bytes stay as they are, so that those in which a runner would find a command are refused. */
function withoutOrders(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  if (withoutCommands(text) !== text) {
    throw new Failure(
      "The content holds what the runner of a pipeline would take for a command, and was not written. Write it to a file with --out.",
    );
  }
  return bytes;
}

function outputBroken({ code, message }: NodeJS.ErrnoException): Failure {
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: "no space is left",
    EPIPE: "whoever read it has ended",
    EIO: "the device reports an error",
  };
  return new Failure(
    `Standard output could not be written: ${reasons[code ?? ""] ?? message} (${code ?? "unknown"}).`,
  );
}

/** Whether a stream is a terminal whose lines may be rewritten. */
function isInteractive(stream: { readonly isTTY?: boolean }, environment: Environment): boolean {
  return stream.isTTY === true && environment.TERM !== "dumb" && !environment.NO_COLOR;
}

/**
 * Whether what goes to a stream is coloured: as the option says, else as the environment does, else
 * where it is a terminal.
 *
 * @see https://no-color.org
 * @see https://force-color.org
 */
function isColoured(
  stream: { readonly isTTY?: boolean },
  environment: Environment,
  color = "auto",
): boolean {
  const { NO_COLOR, FORCE_COLOR } = environment;
  if (color !== "auto") {
    return color === "always";
  }
  const forced = !NO_COLOR && FORCE_COLOR && !["0", "false"].includes(FORCE_COLOR);
  return forced ? true : FORCE_COLOR ? false : isInteractive(stream, environment);
}
