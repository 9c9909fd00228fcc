import { formatDuration } from "../system/durations";
import type { StepHandle } from "../toolchain/steps";
import { stepColours, type StepOutput, Steps, stepText } from "./steps";

/** What is shown of one stack while it is worked on. */
interface BoardRow {
  readonly started: number;
  text: string;
}

const interval = 200;

/**
 * Shows how far many stacks are: on a terminal a line for each that is worked on, which moves, and
 * one for each that has ended; elsewhere only the latter.
 */
export class StackBoard {
  private readonly rows = new Map<string, BoardRow>();
  private readonly timer: NodeJS.Timeout | undefined;
  private drawn = 0;
  private ended = 0;

  /** @param count Number of stacks. */
  constructor(
    private readonly output: StepOutput,
    private readonly count: number,
    private readonly now: () => number = Date.now,
  ) {
    output.clearBefore?.(() => this.clear());
    this.timer = output.interactive ? setInterval(() => this.draw(), interval) : undefined;
  }

  /** The steps of one stack, which are shown in its line. */
  start(stack: string): Steps {
    // One that is begun once more goes on.
    const row = { started: this.rows.get(stack)?.started ?? this.now(), text: "" };
    this.rows.set(stack, row);
    return new StackSteps(row);
  }

  /** Says how one stack has ended. */
  end(stack: string, ok: boolean, detail: string): void {
    const row = this.rows.get(stack);
    this.rows.delete(stack);
    this.ended += 1;
    const paint = stepColours(this.output);
    const mark = ok ? paint.green("✓") : paint.red("✗");
    const took = formatDuration(this.now() - (row?.started ?? this.now()));
    const [first = ""] = detail.split("\n");
    this.clear();
    this.output.write(
      `${mark} ${stepText(stack).padEnd(24)} ${took.padStart(7)}${first === "" ? "" : `  ${this.cut(stepText(first), 36)}`}\n`,
    );
    this.draw();
  }

  /** Ends the moving lines. */
  close(): void {
    clearInterval(this.timer);
    this.clear();
    this.output.clearBefore?.(undefined);
  }

  private draw(): void {
    if (!this.output.interactive) {
      return;
    }
    this.clear();
    // What has left the top of the terminal could not be taken away again either.
    const room = Math.max(1, (this.output.rows ?? Infinity) - 3);
    const lines = [...this.rows]
      .slice(0, room)
      .map(([stack, { started, text }]) =>
        this.cut(
          `  ${stepText(stack).padEnd(24)} ${formatDuration(this.now() - started).padStart(7)}  ${stepText(text)}`,
          0,
        ),
      );
    const more = this.rows.size - lines.length;
    lines.push(`  ${this.ended} of ${this.count}${more === 0 ? "" : `, and ${more} more at work`}`);
    const { dim } = stepColours(this.output);
    this.output.write(lines.map((line) => `${dim(line)}\n`).join(""));
    this.drawn = lines.length;
  }

  /** Takes away the moving lines, the last of which the cursor stands below. */
  private clear(): void {
    if (this.drawn > 0) {
      // Line by line: of a whole screen that is cleared, some terminals keep a copy each time.
      this.output.write(`\r${"\u001b[1A\u001b[2K".repeat(this.drawn)}`);
      this.drawn = 0;
    }
  }

  /** A line that is broken by the terminal could not be taken away again. */
  private cut(text: string, used: number): string {
    const room = Math.max(1, (this.output.columns ?? 200) - 1 - used);
    return text.length > room ? `${text.slice(0, room - 1)}…` : text;
  }
}

/** Steps that only change a stack's line. */
class StackSteps extends Steps {
  constructor(private readonly row: BoardRow) {
    super({ write: () => undefined, interactive: false });
  }

  override start(name: string): StepHandle {
    this.row.text = name;
    return {
      progress: (now) => {
        this.row.text = `${name}: ${now}`;
      },
      done: () => undefined,
      fail: () => undefined,
    };
  }
}
