import { Command, Option } from "@commander-js/extra-typings";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { findStack } from "../../operations/project";
import { gate } from "../../review/gate";
import { parsePreviewText } from "../../review/input/previewText";
import { type Preview, PreviewFormatError } from "../../review/input/preview";
import { readEvents } from "../../review/input/engineEvents";
import { review } from "../../review/review";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { endpointWarnings } from "../endpoints";
import { engineFailure } from "../errors";
import { readPolicies } from "../policyConfiguration";
import type { Io } from "../io";
import {
  failOnOption,
  type OptionsOf,
  pathOption,
  policyPackConfigOption,
  stackOption,
} from "../options";
import { formatReviews, reviewFormatOption } from "../reviewFormats";
import type * as previewModule from "../previewNow";
import { readText } from "../../system/files";

const parser = () =>
  new Command()
    .addOption(stackOption())
    .addOption(
      new Option(
        "--from <file>",
        "saved `pulumi preview --json` or engine events; - for standard input",
      ).argParser(pathOption),
    )
    .addOption(reviewFormatOption())
    .addOption(failOnOption())
    .addOption(policyPackConfigOption());

type ReviewOptions = OptionsOf<typeof parser>;

/** Makes `apponly review`. */
export const reviewCommand = (io: Io, run = reviewPreview) =>
  parser().action((options) => run(options, io));

/** Reviews what a preview would change, and which policies it violates; the gate's exit code is 3. */
export async function reviewPreview(options: ReviewOptions, io: Io): Promise<void> {
  const { failOn, format } = options;
  const policies = await readPolicies(options.policyPackConfig);
  const { stack, preview, warnings } = await previewOf(options, io);
  const reviewed = review(preview, { stack, policies });
  const reviews = [{ ...reviewed, warnings: [...reviewed.warnings, ...warnings] }];
  await io.out(formatReviews(reviews, format, io));
  if (failOn !== undefined && gate(reviews, failOn).kind !== "passed") {
    throw new Failure(
      `The change is at least ${failOn}, violates a mandatory policy of that severity, or could not be seen as a whole.`,
      exitCodes.gate,
    );
  }
}

async function previewOf(
  { stack: wanted, from }: ReviewOptions,
  io: Io,
): Promise<{ stack: string; preview: Preview; warnings: readonly string[] }> {
  if (from === undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() leads nowhere once compiled
    const { previewNow } = require("../previewNow") as typeof previewModule;
    const events: EngineEvent[] = [];
    const { stack, warnings } = await previewNow(wanted, io.progress, events, engineFailure);
    return {
      stack,
      preview: readEvents(events),
      warnings: [...endpointWarnings(process.env), ...warnings],
    };
  }
  // A saved preview does not say whose it is, and whoever reviews one may have no project.
  const stack = wanted ?? findStack().name;
  try {
    const text = from === "-" ? await io.input() : await readText(from);
    // Nor does it tell who was asked.
    return { stack, preview: parsePreviewText(text), warnings: [] };
  } catch (error) {
    if (error instanceof PreviewFormatError || (error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UsageFailure(
        `--from "${from}" cannot be read as a preview: ${(error as Error).message}`,
      );
    }
    throw error;
  }
}
