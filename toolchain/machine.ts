import { spawn } from "node:child_process";
import { accessSync, constants, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { type Answer, probe } from "./network";

/** Outcome of a program that was run. */
export interface RunResult {
  /** 127 where the program could not be started, 124 where its time was up. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a program is run. */
export interface RunOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** The program is ended after so many milliseconds. @default no limit */
  readonly timeoutMs?: number;
  /** Called with each line of either stream, as soon as it is complete. */
  readonly onLine?: (line: string) => void;
}

/** The machine as the toolchain sees it: replaced in unit tests. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** As in `process.arch`. */
  readonly architecture: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  /** Path of the Node that runs this program. */
  readonly node: string;
  readonly nodeVersion: string;
  isExecutable(path: string): boolean;
  /** Names in a folder; none where the folder cannot be read. */
  list(folder: string): string[];
  /** Runs a program to its end; never rejects. */
  run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult>;
  /** What an address answers, by way of the proxy that the environment names; never rejects. */
  probe(url: string, environment: NodeJS.ProcessEnv, timeoutMs: number): Promise<Answer>;
}

/** The machine this program runs on. */
export const thisMachine: Machine = {
  platform: process.platform,
  architecture: process.arch,
  environment: process.env,
  home: homedir(),
  node: process.execPath,
  nodeVersion: process.versions.node,
  isExecutable,
  list,
  run,
  probe,
};

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return new Promise((resolve) => {
    const notStarted = (error: unknown) => {
      const stderr = error instanceof Error ? error.message : String(error);
      resolve({ code: 127, stdout: "", stderr });
    };
    try {
      const child = start(command, args, options);
      const output = { stdout: "", stderr: "" };
      for (const stream of ["stdout", "stderr"] as const) {
        const lines = lineSplitter(options.onLine);
        child[stream].setEncoding("utf8").on("data", (text: string) => {
          output[stream] += text;
          lines(text);
        });
      }
      child.on("error", notStarted);
      child.on("close", (code, signal) => {
        const ended = `${signal === "SIGTERM" ? "its time was up" : `it was ended by ${signal}`}`;
        resolve(
          code === null
            ? { ...output, code: 124, stderr: `${output.stderr}\n${ended}` }
            : { ...output, code },
        );
      });
    } catch (error) {
      notStarted(error);
    }
  });
}

function start(command: string, args: readonly string[], options: RunOptions) {
  const common = {
    cwd: options.cwd,
    env: options.environment,
    stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"],
    timeout: options.timeoutMs,
    windowsHide: true,
  };
  // Node starts scripts of Windows through the shell alone.
  // https://nodejs.org/api/child_process.html#spawning-bat-and-cmd-files-on-windows
  return process.platform === "win32" && /\.(cmd|bat)$/i.test(command)
    ? spawn([command, ...args].map((word) => `"${word}"`).join(" "), { ...common, shell: true })
    : spawn(command, args, common);
}

/** Cuts a stream into lines, whatever the pieces it arrives in. */
export function lineSplitter(onLine: ((line: string) => void) | undefined): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split(/\r?\n/);
    rest = lines.pop() ?? "";
    lines.filter(Boolean).forEach((line) => onLine?.(line));
  };
}
