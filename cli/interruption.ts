import { isEngineRunning, killEngines, stopEngines } from "../toolchain/engineProcesses";
import type { Io } from "./io";

/** What is put in order before the process ends, whatever ends it in an orderly way. */
type Tidying = () => Promise<unknown> | void;

const tidyings = new Set<Tidying>();

/**
 * Runs something that leaves nothing behind: what tidies up after it is done at its end, and also
 * when a signal ends the command in the middle.
 */
export async function runTidily<T>(work: () => Promise<T>, tidy: Tidying): Promise<T> {
  tidyings.add(tidy);
  try {
    return await work();
  } finally {
    if (tidyings.delete(tidy)) {
      await tidy();
    }
  }
}

/** Has something put in order when the command ends, whatever ends it in an orderly way. */
export function tidyAtEnd(tidy: Tidying): void {
  tidyings.add(tidy);
}

/** Puts in order what is left to be, the last first. */
export async function tidyUp(): Promise<void> {
  for (const tidy of [...tidyings].reverse()) {
    if (tidyings.delete(tidy)) {
      await Promise.resolve(tidy()).catch(() => undefined);
    }
  }
}

let outcome: string | undefined;

/** Has an interruption of something say what has become of it, where that is known. */
export async function tellAtInterruption<T>(
  text: string,
  work: () => Promise<T> | undefined,
): Promise<T | undefined> {
  outcome = text;
  try {
    return await work();
  } finally {
    outcome = undefined;
  }
}

/** Exit code of a shell for a command that a signal has ended: 128 and its number. */
const endedBy = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** A terminal and npm both send the same interrupt; the second within this time says nothing new. */
const sameMs = 500;

/**
 * Ends the process on SIGINT, SIGTERM and SIGHUP: the engine is told once and waited for, until it
 * has unlocked the stack. A second signal ends everything at once.
 *
 * @returns Whether a signal has come: what the command then still comes to is not how it ends.
 */
export function endOnSignals(
  process: Pick<NodeJS.Process, "on" | "exit">,
  io: Pick<Io, "err">,
): () => boolean {
  let first: number | undefined;
  const end = (code: number) => process.exit(code);
  // The Node that has started this one is gone.
  process.on("disconnect", () => void endInOrder(io).finally(() => end(endedBy.SIGTERM)));
  for (const [name, code] of Object.entries(endedBy)) {
    process.on(name, () => {
      if (first === undefined) {
        first = Date.now();
        void endInOrder(io).finally(() => end(code));
      } else if (Date.now() - first > sameMs) {
        killEngines();
        io.err(
          "Ended at once. What was under way is unknown: run the same command again, it looks.\n",
        );
        end(code);
      }
    });
  }
  return () => first !== undefined;
}

async function endInOrder(io: Pick<Io, "err">): Promise<void> {
  const engine = isEngineRunning();
  const known = outcome;
  if (engine) {
    io.err("\nInterrupted: the engine ends what it has begun. Interrupt again to end at once.\n");
  }
  await stopEngines();
  await tidyUp();
  io.err(
    engine
      ? "The engine has ended; run the same command again and it goes on from here.\n"
      : known === undefined
        ? "\nInterrupted: run the same command again and it goes on from here.\n"
        : `\nInterrupted. ${known}\n`,
  );
}
