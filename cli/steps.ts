import { createColors } from "picocolors";
import { formatDuration } from "../system/durations";
import { visibleText, withoutCommands } from "../system/visibleText";
import type { StepHandle, StepSink } from "../toolchain/steps";

/** Where steps are shown. */
export interface StepOutput {
  write(text: string): void;
  /** Whether lines may be rewritten. */
  readonly interactive: boolean;
  /** Whether lines may be coloured. @default where they may be rewritten */
  readonly colour?: boolean | undefined;
  /** Width of the terminal now; `undefined` where there is none. */
  readonly columns?: number | undefined;
  /** Its height. @default no limit */
  readonly rows?: number | undefined;
  /** Told before anything else is written to the terminal, which moving lines would take away. */
  clearBefore?: ((clear: (() => void) | undefined) => void) | undefined;
}

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const titleWidth = 18;
const quietInterval = 15_000;

/**
 * Shows steps one after the other: one calm line each, with its duration. On a terminal the line
 * moves while the step runs; elsewhere a long step says every 15 seconds how far it is.
 */
export class Steps implements StepSink {
  constructor(
    private readonly output: StepOutput,
    private readonly now: () => number = Date.now,
  ) {}

  start(name: string): StepHandle {
    const { output } = this;
    const title = stepText(name);
    const started = this.now();
    let text = "";
    let said = started;
    let frame = 0;
    const seconds = () => formatDuration(this.now() - started);
    const paint = stepColours(output);
    const draw = () => {
      const line = `${spinner[frame++ % spinner.length] ?? ""} ${title.padEnd(titleWidth)} ${text}`;
      output.write(
        `\r\u001b[2K${paint.dim(line.slice(0, Math.min(110, (output.columns ?? 111) - 1)))}`,
      );
    };
    const timer = output.interactive ? setInterval(draw, 120) : undefined;
    const end = (mark: string, detail: string) => {
      clearInterval(timer);
      output.write(
        `${output.interactive ? "\r\u001b[2K" : ""}${mark} ${title.padEnd(titleWidth)} ${seconds().padStart(7)}${detail === "" ? "" : `  ${stepText(detail)}`}\n`,
      );
    };
    return {
      progress: (now) => {
        text = stepText(now);
        if (!output.interactive && this.now() - said > quietInterval) {
          said = this.now();
          output.write(`  ${title}: ${text} (${seconds()})\n`);
        }
      },
      done: (detail = "") => end(paint.green("✓"), detail),
      fail: (reason) => end(paint.red("✗"), reason),
    };
  }
}

/** The colours of steps: those of where they are shown, and not those of the process. */
export function stepColours({ colour, interactive }: StepOutput): ReturnType<typeof createColors> {
  return createColors(colour ?? interactive);
}

/** Text in a line of a step, which stays one line that only shows something. */
export function stepText(text: string): string {
  return withoutCommands(visibleText(text));
}

/**
 * Runs one step and shows how it ended; what it throws is thrown on.
 *
 * @param failed Whether a result is a failure, which is never shown with a green tick.
 */
export async function runStep<T>(
  steps: Steps,
  title: string,
  run: (step: StepHandle) => Promise<T>,
  detail: (result: T) => string = () => "",
  failed: (result: T) => boolean = () => false,
): Promise<T> {
  const step = steps.start(title);
  try {
    const result = await run(step);
    if (failed(result)) {
      step.fail(detail(result));
    } else {
      step.done(detail(result));
    }
    return result;
  } catch (error) {
    step.fail("failed");
    throw error;
  }
}
