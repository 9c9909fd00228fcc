import pc from "picocolors";
import { formatDuration } from "../system/durations";

/** A step under way. */
export interface StepHandle {
  /** Says how far the step is; shown at once on a terminal, every 15 seconds elsewhere. */
  progress(text: string): void;
  /** Ends the step well. */
  done(detail?: string): void;
  /** Ends the step badly. */
  fail(reason: string): void;
}

/** Where steps are shown. */
export interface Terminal {
  write(text: string): void;
  /** Whether lines may be rewritten and coloured. */
  readonly interactive: boolean;
  /** Width of the terminal now; `undefined` where it is none. */
  readonly columns?: number | undefined;
}

/**
 * Whether a stream is a terminal whose lines may be rewritten and coloured. Always a plain boolean:
 * `isTTY` is undefined on a pipe, which picocolors reads as "decide from the environment".
 */
export function isInteractive(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  return stream.isTTY === true && environment.TERM !== "dumb" && !environment.NO_COLOR;
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const titleWidth = 18;
const quietInterval = 15_000;

/**
 * Shows steps one after the other: one calm line each, with its duration. On a terminal the line
 * moves while the step runs; elsewhere a long step says every 15 seconds how far it is.
 */
export class Steps {
  constructor(
    private readonly terminal: Terminal,
    private readonly now: () => number = Date.now,
  ) {}

  start(title: string): StepHandle {
    const { terminal } = this;
    const started = this.now();
    let text = "";
    let said = started;
    let frame = 0;
    const seconds = () => formatDuration(this.now() - started);
    const draw = () => {
      const line = `${spinner[frame++ % spinner.length] ?? ""} ${title.padEnd(titleWidth)} ${text}`;
      terminal.write(
        `\r\u001b[2K${pc.dim(line.slice(0, Math.min(110, (terminal.columns ?? 111) - 1)))}`,
      );
    };
    const timer = terminal.interactive ? setInterval(draw, 120) : undefined;
    const end = (mark: string, detail: string) => {
      clearInterval(timer);
      terminal.write(
        `${terminal.interactive ? "\r\u001b[2K" : ""}${mark} ${title.padEnd(titleWidth)} ${seconds().padStart(7)}${detail === "" ? "" : `  ${detail}`}\n`,
      );
    };
    const paint = pc.createColors(terminal.interactive);
    return {
      progress: (now) => {
        text = now;
        if (!terminal.interactive && this.now() - said > quietInterval) {
          said = this.now();
          terminal.write(`  ${title}: ${now} (${seconds()})\n`);
        }
      },
      done: (detail = "") => end(paint.green("✓"), detail),
      fail: (reason) => end(paint.red("✗"), reason),
    };
  }
}

/** Runs one step and shows how it ended; what it throws is thrown on. */
export async function runStep<T>(
  steps: Steps,
  title: string,
  run: (step: StepHandle) => Promise<T>,
  detail: (result: T) => string = () => "",
): Promise<T> {
  const step = steps.start(title);
  try {
    const result = await run(step);
    step.done(detail(result));
    return result;
  } catch (error) {
    step.fail("failed");
    throw error;
  }
}
