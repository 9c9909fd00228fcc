import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { engineExitCode } from "../../operations/engineFailure";
import { previewStack } from "../../operations/stack";
import { gate } from "../../review/gate";
import { jsonText, renderJson } from "../../review/render/json";
import { parsePreviewText } from "../../review/input/previewText";
import { PreviewFormatError, type PreviewSteps } from "../../review/input/previewSteps";
import { readEvents } from "../../review/input/engineEvents";
import { renderHtml } from "../../review/render/html";
import { renderMarkdown } from "../../review/render/markdown";
import { renderTerminal } from "../../review/render/terminal";
import { review } from "../../review/review";
import type { Risk, StackReview } from "../../review/model";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { explainFailure } from "../errors";
import { readPolicies } from "../policyConfiguration";
import { openTarget } from "../stackTarget";
import { runStep, type Steps, type Terminal } from "../steps";

/** The command line of `apponly review`. */
export interface ReviewArguments {
  readonly stack: string;
  readonly from?: string;
  readonly format: string;
  readonly failOn?: string;
  readonly policyPackConfig?: string;
}

const risks: readonly string[] = ["critical", "high", "medium", "low"] satisfies Risk[];

/** Reviews what a preview would change, and which policies it violates; the gate's exit code is 3. */
export async function reviewCommand(
  args: ReviewArguments,
  steps: Steps,
  terminal: Terminal,
): Promise<void> {
  const { failOn } = args;
  if (failOn !== undefined && !risks.includes(failOn)) {
    throw new UsageFailure(`--fail-on "${failOn}" is not a risk. Use one of: ${risks.join(", ")}.`);
  }
  const render = rendererOf(args.format, terminal);
  const policies = await readPolicies(args.policyPackConfig);
  const reviews = [review(await previewOf(args, steps), { stack: args.stack, policies })];
  terminal.write(render(reviews));
  if (failOn !== undefined && gate(reviews, failOn as Risk)) {
    throw new Failure(
      `The change is at least ${failOn}, violates a mandatory policy of that severity, or could not be seen as a whole.`,
      exitCodes.gate,
    );
  }
}

async function previewOf(args: ReviewArguments, steps: Steps): Promise<PreviewSteps> {
  if (args.from === undefined) {
    const { stack } = await openTarget(args.stack, steps, "either");
    const { events } = await runStep(steps, "Preview", () => previewStack(stack)).catch(
      (error: unknown) => {
        throw previewFailure(error);
      },
    );
    return readEvents([...events]);
  }
  try {
    return parsePreviewText(
      args.from === "-" ? await text(process.stdin) : await readFile(args.from, "utf8"),
    );
  } catch (error) {
    if (error instanceof PreviewFormatError || (error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UsageFailure(
        `--from "${args.from}" cannot be read as a preview: ${(error as Error).message}`,
      );
    }
    throw error;
  }
}

/** A preview that failed ends the command with the engine's own code, save the one of the gate. */
function previewFailure(error: unknown): Failure {
  const code = engineExitCode(error) ?? exitCodes.failed;
  return new Failure(explainFailure(error), code === exitCodes.gate ? exitCodes.failed : code);
}

function rendererOf(format: string, terminal: Terminal): (reviews: StackReview[]) => string {
  switch (format) {
    case "terminal":
      return (reviews) =>
        renderTerminal(reviews, {
          colour: terminal.interactive,
          width: process.stdout.columns || 100,
        });
    case "markdown":
      return (reviews) => renderMarkdown(reviews);
    case "json":
      return (reviews) => `${jsonText(renderJson(reviews))}\n`;
    case "html":
      return (reviews) => renderHtml(reviews);
    default:
      throw new UsageFailure(
        `--format "${format}" is not known. Use terminal, markdown, json or html.`,
      );
  }
}
