import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import type { Environment } from "../system/environment";

/** How the engine's CLI is run. */
export interface EngineRun {
  readonly cwd: string;
  /** In addition to that of this process. */
  readonly environment: Environment;
  readonly onOutput?: (text: string) => void;
  readonly onError?: (text: string) => void;
  /** Cancels the operation in an orderly way. */
  readonly signal?: AbortSignal;
  /** Written to its standard input, which is then closed. @default nothing */
  readonly input?: string;
}

/** How the CLI ended. */
export interface EngineEnded {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** Where a signal ended it. */
  readonly signal: NodeJS.Signals | null;
}

/** Commands that hear an interrupt and unlock the stack; every other is over in a moment. */
const engineOperations: ReadonlySet<string> = new Set(["preview", "up", "destroy", "refresh"]);

const running = new Map<ChildProcess, { readonly isOperation: boolean }>();
let stopping = false;

/**
 * Runs the engine's CLI to its end, in a process group of its own: a terminal sends an interrupt to
 * the whole group of a command, and the engine takes a second one for the wish to end at once, with
 * the stack still locked. It gets one through {@link stopEngines}.
 *
 * Once that was called nothing is started and nobody gets an answer any more: the process is ending.
 *
 * @throws {NodeJS.ErrnoException} If it cannot be started.
 */
export async function runEngine(
  command: string,
  args: readonly string[],
  options: EngineRun,
): Promise<EngineEnded> {
  if (stopping) {
    return neverSettling();
  }
  const ended = await start(command, args, options);
  return stopping ? neverSettling() : ended;
}

function start(
  command: string,
  args: readonly string[],
  { cwd, environment, onOutput, onError, signal, input }: EngineRun,
): Promise<EngineEnded> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...environment },
      // Elsewhere it would open a window.
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    running.set(child, { isOperation: engineOperations.has(args[0] ?? "") });
    const cancel = () => void child.kill("SIGINT");
    signal?.addEventListener("abort", cancel);
    const output = { stdout: "", stderr: "" };
    const collect = (name: "stdout" | "stderr", tell?: (text: string) => void) =>
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
        tell?.(text);
      });
    collect("stdout", onOutput);
    collect("stderr", onError);
    const end = () => {
      running.delete(child);
      signal?.removeEventListener("abort", cancel);
    };
    child.once("error", (error) => {
      end();
      reject(error);
    });
    child.once("close", (exitCode, killedBy) => {
      end();
      resolve({ ...output, exitCode, signal: killedBy });
    });
    // A program that does not read its input may have closed it.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Whether the engine is at work now. */
export function isEngineRunning(): boolean {
  return running.size > 0;
}

/** Asks what runs to end in an orderly way, starts nothing more, and waits until all has ended. */
export async function stopEngines(): Promise<void> {
  stopping = true;
  const ends = [...running].map(([child, { isOperation }]) => {
    const ended = new Promise((resolve) => child.once("close", resolve));
    if (isOperation) {
      child.kill("SIGINT");
    }
    return ended;
  });
  await Promise.all(ends);
}

/** Ends at once what runs, with everything it has started. */
export function killEngines(): void {
  stopping = true;
  for (const { pid } of running.keys()) {
    if (pid !== undefined) {
      killTree(pid);
    }
  }
}

/** Plugins are in process groups of their own, so they are found by who has started them. */
function killTree(pid: number): void {
  if (process.platform === "win32") {
    spawnSync("taskkill", ["/pid", String(pid), "/T", "/F"], { windowsHide: true });
    return;
  }
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = (stdout ?? "").split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const parent of family) {
    family.push(...rows.flatMap(([child, of]) => (of === parent && child ? [child] : [])));
  }
  for (const one of family) {
    try {
      process.kill(one, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

function neverSettling(): Promise<never> {
  return new Promise<never>(() => undefined);
}
