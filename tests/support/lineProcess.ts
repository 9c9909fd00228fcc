import { type ChildProcess, spawn } from "node:child_process";
import { createInterface, type Interface } from "node:readline";
import { nextOf } from "./childProcess";

/**
 * A program that answers every line of its input by a line of its output, and ends with its input.
 * It is started for the first question: where loading takes far longer than an answer, one start
 * serves a test file.
 */
export class LineProcess {
  private running: { child: ChildProcess; answers: Interface } | undefined;

  constructor(
    private readonly command: string,
    private readonly args: readonly string[],
    private readonly environment: NodeJS.ProcessEnv = {},
  ) {}

  /**
   * @throws {Error} If the program ends instead of answering.
   */
  async ask(line: string): Promise<string> {
    const { child, answers } = (this.running ??= this.start());
    child.stdin?.write(`${line}\n`);
    return nextOf(child, answers, "line");
  }

  close(): void {
    this.running?.child.stdin?.end();
  }

  private start(): { child: ChildProcess; answers: Interface } {
    const child = spawn(this.command, this.args, {
      env: { ...process.env, ...this.environment },
      stdio: ["pipe", "pipe", "inherit"],
    });
    child.once("exit", () => (this.running = undefined));
    return { child, answers: createInterface(child.stdout) };
  }
}

/** A value as JSON on one line, also for Node, which ends lines at two more characters. */
export function onOneLine(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("\u2028", String.raw`\u2028`)
    .replaceAll("\u2029", String.raw`\u2029`);
}
