import { spawn } from "node:child_process";
import type { Environment } from "./environment";

/** How a program is run. */
export interface RunOptions {
  /** Working folder. @default that of this process */
  readonly cwd?: string;
  /** The whole environment of the program. @default that of this process */
  readonly environment?: Environment;
  /** Whether it also gets what {@link withoutCredentials} leaves out. @default false */
  readonly withCredentials?: boolean;
  /** Written to its standard input, which is then closed. @default nothing */
  readonly input?: string;
  /** Milliseconds after which it is ended. @default never */
  readonly timeoutMs?: number;
  /** Most characters of each output; a program that writes more is ended. @default 16 million */
  readonly outputLimit?: number;
  /** Told each line of both outputs as it comes. */
  readonly onLine?: (line: string) => void;
  /**
   * Whether the command is a batch file on Windows, which only a shell runs. A shell reads the
   * arguments: they have to be checked before. @default whether its name ends so
   */
  readonly batchFile?: boolean;
}

/** What became of a program. */
export interface RunResult {
  /** Its exit code; 127 where it could not be started, 1 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Node's code where it could not be started, for example `ENOENT`. */
  readonly startError?: string;
  /** Why this process ended it. */
  readonly ended?: "timeout" | "output limit";
}

/**
 * An environment without what signs in: secrets, passwords, tokens and keys, the deployer's and the
 * pipeline's. Programs that only answer a question, or build something, have no use for them.
 *
 * @example withoutCredentials({ PATH: "/bin", ARM_CLIENT_SECRET: "x" }) // { PATH: "/bin" }
 */
export function withoutCredentials(environment: Environment): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !namesCredential(name)));
}

/** Whether a variable holds what signs in, or leads to it, by its name. */
export function namesCredential(name: string): boolean {
  return credential.test(name);
}

/** A path to a key is taken too: who cannot name the file does not read it by chance. */
const credential =
  /SECRET|PASSWO?R?D|PASSPHRASE|TOKEN|CREDENTIAL|PFX|CERTIFICATE|CONN(ECTION)?_?STR|WEBHOOK|BEARER|COOKIE|(PRIVATE|API|ACCESS|ACCOUNT|SIGNING|DEPLOY)_?KEY|AUTH_(CONFIG|SOCK)|_PWD$|(^|_)(KEY|SAS|PAT|PASS|JWT|DSN|AUTH)$|DATABASE_URL/i;

/** Time between the request to end and the end by force, milliseconds. */
const grace = 2_000;

/**
 * Runs a program to its end, without a shell. Never rejects: whether the outcome is a failure is
 * for the caller to say.
 *
 * @example const { code, stdout } = await runProgram("git", ["--version"], { timeoutMs: 5_000 });
 * @see https://nodejs.org/api/child_process.html#spawning-bat-and-cmd-files-on-windows
 */
export function runProgram(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { cwd, input, timeoutMs, outputLimit = 16_000_000, onLine } = options;
  const batchFile = options.batchFile ?? /\.(cmd|bat)$/i.test(command);
  const shell = batchFile && process.platform === "win32";
  const { environment = process.env, withCredentials = false } = options;
  return new Promise((resolve) => {
    const child = spawn(shell ? `"${command}"` : command, args, {
      cwd,
      env: withCredentials ? { ...environment } : withoutCredentials(environment),
      stdio: "pipe",
      shell,
      windowsHide: true,
    });
    const output = { stdout: "", stderr: "" };
    const timers: NodeJS.Timeout[] = [];
    let ended: RunResult["ended"];
    const end = (why: NonNullable<RunResult["ended"]>) => {
      if (ended !== undefined) {
        return;
      }
      ended = why;
      child.kill();
      timers.push(
        setTimeout(() => {
          child.kill("SIGKILL");
          // Programs that it has started may hold them open.
          child.stdout.destroy();
          child.stderr.destroy();
        }, grace),
      );
    };
    if (timeoutMs !== undefined) {
      timers.push(setTimeout(() => end("timeout"), timeoutMs));
    }
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        if (output[stream].length + text.length > outputLimit) {
          end("output limit");
          return;
        }
        output[stream] += text;
        if (onLine !== undefined) {
          text.split(/\r?\n/).filter(Boolean).forEach(onLine);
        }
      });
    }
    const settle = (result: RunResult) => {
      timers.forEach(clearTimeout);
      resolve(result);
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      const startError = error.code ?? "UNKNOWN";
      settle({ code: 127, stdout: "", stderr: error.message, startError });
    });
    child.on("close", (code) => {
      settle({ code: code ?? 1, ...output, ...(ended === undefined ? {} : { ended }) });
    });
    // A program that does not read its input may have closed it.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
