/**
 * Runs one command after the other in this process, as it is asked over a socket. Loading the command
 * takes longer than most of what it does, and everything else is as in a process of its own.
 *
 * Started by `startCommands`.
 */
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { run } from "../../cli/command";
import { explainFailure } from "../../cli/errors";
import { openIo } from "../../cli/io";
import { patience } from "../../operations/converge";
import type { PulumiCli } from "../../toolchain/pulumiCli";
import { readStatesAtHand } from "./stateAtHand";
import { openStackHere, operateHere } from "./stackHere";
import { listenForWorker } from "./workerHost";

/** What is asked for: a command, or an operation of a stack in the folder. */
export interface CommandRequest {
  readonly args: readonly string[] | Operation;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** One operation, without a command around it. */
export interface Operation {
  readonly operation: keyof typeof operateHere | "create";
  readonly stack: string;
  readonly pulumi: PulumiCli;
  /** What encrypts the secrets of a stack that is created. */
  readonly secretsProvider?: string;
}

/** How a command ended; the streams in Base64. */
export interface CommandAnswer {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What the engine's CLI was started for, in order, for example `stack export`. */
  readonly engineStarts: readonly string[];
  /** What an operation gave. */
  readonly result?: unknown;
}

/** Collects what is written to a stream, until the answer takes it. */
function collect(stream: NodeJS.WriteStream): () => string {
  let chunks: Buffer[] = [];
  stream.write = (
    chunk: string | Uint8Array,
    encoding?: BufferEncoding | (() => void),
    written?: () => void,
  ) => {
    const named = typeof encoding === "string" ? encoding : "utf8";
    chunks.push(typeof chunk === "string" ? Buffer.from(chunk, named) : Buffer.from(chunk));
    (typeof encoding === "function" ? encoding : written)?.();
    return true;
  };
  return () => {
    const all = Buffer.concat(chunks).toString("base64");
    chunks = [];
    return all;
  };
}

// The Pulumi SDK keeps a stack of every promise; one line shows whether a command prints one.
Error.stackTraceLimit = 1;

// A simulated tenant has everything at once, so that nothing is waited for before the next try.
patience.pauseMs = 0;

const takeStdout = collect(process.stdout);
const takeStderr = collect(process.stderr);

let engineStarts: string[] = [];

readStatesAtHand((command) => void engineStarts.push(command));

/** The object stays the same: modules hold on to it. */
function replaceEnvironment(environment: CommandRequest["environment"]): void {
  for (const name of Object.keys(process.env)) {
    if (!(name in environment)) {
      delete process.env[name];
    }
  }
  Object.assign(process.env, environment);
}

/** What goes wrong is printed as the command prints it. */
async function operate(
  { operation, stack, pulumi, ...creation }: Operation,
  workDirectory: string,
): Promise<Pick<CommandAnswer, "code" | "result">> {
  const target = { stack, workDirectory, program: undefined, cli: pulumi, environment: {} };
  try {
    if (operation === "create") {
      await openStackHere({ ...target, ...creation, opening: "new" });
      return { code: 0 };
    }
    const opened = await openStackHere({ ...target, opening: "known" });
    const notes: string[] = [];
    const result = await operateHere[operation](opened, (sentence) => {
      notes.push(sentence);
      process.stderr.write(`${sentence}\n`);
    });
    if (operation === "outputs") {
      return { code: 0, result };
    }
    // A function does not go over the socket.
    const given = typeof result.outputs === "function" ? { given: result.outputs() } : {};
    return { code: 0, result: { ...result, ...given, notes } };
  } catch (error) {
    process.stderr.write(`${explainFailure(error)}\n`);
    return { code: 1 };
  }
}

async function answer({ args, cwd, environment }: CommandRequest): Promise<CommandAnswer> {
  process.chdir(cwd);
  replaceEnvironment(environment);
  engineStarts = [];
  const ended =
    "operation" in args ? await operate(args, cwd) : { code: await run(args, openIo(process)) };
  return { ...ended, stdout: takeStdout(), stderr: takeStderr(), engineStarts };
}

let last: Promise<unknown> = Promise.resolve();

/** Answers a request when those before it are answered. */
function runInTurn(request: CommandRequest): Promise<CommandAnswer> {
  const answered = last.then(() => answer(request));
  last = answered.catch(() => undefined);
  return answered;
}

/** A request a connection. */
const server = createServer({ allowHalfOpen: true }, (connection) => {
  void text(connection)
    // Who asks nothing wanted to know whether somebody is there.
    .then(async (request) =>
      request === "" ? "" : JSON.stringify(await runInTurn(JSON.parse(request) as CommandRequest)),
    )
    .then((ended) => connection.end(ended));
});
listenForWorker(server);
