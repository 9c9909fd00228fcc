import { Command, Option } from "@commander-js/extra-typings";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { meansSeveral } from "../../operations/chooseStacks";
import { findStack } from "../../operations/project";
import { gate, type GateVerdict } from "../../review/gate";
import type { ReviewAbout, StackReview } from "../../review/documentShape";
import type { Risk } from "../../review/model";
import { gateInWords } from "../../review/render/gateText";
import { runGit } from "../../system/git";
import { ownVersion } from "../ownVersion";
import { parsePreviewText } from "../../review/input/previewText";
import { type Preview, PreviewFormatError } from "../../review/input/preview";
import { readEvents } from "../../review/input/engineEvents";
import { review } from "../../review/review";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { hangingIndent } from "../hangingIndent";
import { warningsOfEndpoints } from "../endpoints";
import { readPolicies } from "../policyConfiguration";
import type { Io } from "../io";
import { failOnOption, type OptionsOf, filePathOption, policyPackConfigOption } from "../options";
import { withStackChoice } from "../stackChoice";
import { concludeStacks, failedStacks, overStacks } from "../manyStacks";
import { partOfReview } from "../recordParts";
import { formatReviews, reviewFormatOption } from "../reviewFormats";
import type * as driftModule from "../driftNow";
import type * as previewModule from "../previewNow";
import { readText } from "../../system/readText";
import { isSystemError, systemReason } from "../../system/systemErrors";

const parser = () =>
  withStackChoice(new Command())
    .addOption(
      new Option(
        "--from <file>",
        "saved `pulumi preview --json` or engine events; - for standard input",
      ).argParser(filePathOption),
    )
    .addOption(
      new Option(
        "--refresh",
        "tell also what was changed in the tenant besides the stack, apart from what the settings change",
      ).conflicts("from"),
    )
    .addOption(reviewFormatOption())
    .addOption(failOnOption())
    .addOption(policyPackConfigOption());

type ReviewOptions = OptionsOf<typeof parser>;

/** Makes `apponly review`. */
export const reviewCommand = (io: Io, run = reviewPreview) =>
  parser().action((options) => run(options, io));

/**
 * Reviews what previews would change, and which policies the stacks violate; the gate's exit code
 * is 3.
 */
export async function reviewPreview(options: ReviewOptions, io: Io): Promise<void> {
  const { failOn, format, from } = options;
  if (from !== undefined && meansSeveral(options)) {
    throw new UsageFailure("--from is the preview of one stack. Name that one with --stack.");
  }
  const policies = await readPolicies(options.policyPackConfig);
  const driftOf = async (stack: string, own: Io) => {
    // oxlint-disable-next-line typescript/no-require-imports -- import() leads nowhere once compiled
    const { driftNow } = require("../driftNow") as typeof driftModule;
    return (await driftNow(stack, own.progress, policies)).drift.review;
  };
  const outcomes = await overStacks("review", options, io, async (wanted, own) => {
    const { stack, preview, warnings, ...named } = await savedOrNewPreview(
      { stack: wanted, from },
      own,
    );
    const reviewed = review(preview, { stack, policies, ...named });
    const whole = { ...reviewed, warnings: [...reviewed.warnings, ...warnings] };
    own.record(partOfReview(whole));
    // Of a stack that was never deployed nothing can have been changed.
    const isDeployed = [...preview.before.resources].length > 0;
    return { whole, drift: options.refresh && isDeployed ? await driftOf(stack, own) : undefined };
  });
  const done = outcomes.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const reviews = done.map(({ whole }) => whole);
  const drift = done.flatMap(({ drift: one }) => (one === undefined ? [] : [one]));
  const failed = failedStacks(outcomes);
  const unseen = failed.map(({ stack, failure }) => ({ stack, why: failure }));
  const verdict = failOn && gate([...drift, ...reviews], failOn);
  const said = failOn && verdict && gateInWords(verdict, failOn);
  // Only what is kept as evidence says it, and git is asked for the commit.
  const about =
    format === "json" || format === "html"
      ? await aboutReview(failOn, (limit) => gate([...drift, ...reviews], limit, unseen))
      : undefined;
  await io.out(
    formatReviews(reviews, format, io, {
      about,
      failed,
      ...(options.refresh === true ? { drift } : {}),
    }),
  );
  const [only, ...others] = reviews;
  if (io.interactive && format === "terminal" && others.length === 0) {
    await io.out(wayOn(only, io));
  }
  const isClosed = verdict !== undefined && verdict.kind !== "passed";
  concludeStacks(outcomes, io, isClosed ? new Failure(said ?? "", exitCodes.gate) : undefined);
  if (said !== undefined) {
    io.err(`${said}\n`);
  }
}

/** What somebody who reads the review of a stack does next, where it changes something. */
function wayOn(review: StackReview | undefined, { columns }: Io): string {
  return review === undefined || review.changes.length === 0
    ? ""
    : `\n${hangingIndent(`  Roll it out: apponly up --stack ${review.stack}`, 2, columns)}\n`;
}

/**
 * What a review says of itself, so that it can be kept as evidence.
 *
 * @param judge The gate of all stacks: one that was not seen keeps it closed.
 */
async function aboutReview(
  failOn: Risk | undefined,
  judge: (failOn: Risk) => GateVerdict,
): Promise<ReviewAbout> {
  const verdict = failOn && judge(failOn);
  const commit = await commitHere();
  return {
    createdAt: `${new Date().toISOString().slice(0, 19)}Z`,
    toolVersion: ownVersion(),
    ...(commit === undefined ? {} : { commit }),
    ...(failOn === undefined || verdict === undefined
      ? {}
      : {
          gate: {
            failOn,
            verdict: verdict.kind === "passed" ? "passed" : "failed",
            text: gateInWords(verdict, failOn),
          },
        }),
  };
}

/** The commit that is checked out in the current folder, where it is one of git. */
async function commitHere(): Promise<string | undefined> {
  const { code, stdout } = await runGit(["rev-parse", "HEAD"], {
    environment: process.env,
    timeoutMs: 10_000,
  }).catch(() => ({ code: 1, stdout: "" }));
  return code === 0 && /^[0-9a-f]{40,64}$/.test(stdout.trim()) ? stdout.trim() : undefined;
}

async function savedOrNewPreview(
  {
    stack: wanted,
    from,
  }: { readonly stack: string | undefined; readonly from?: string | undefined },
  io: Io,
): Promise<{
  stack: string;
  preview: Preview;
  warnings: readonly string[];
  principals?: ReadonlyMap<string, string>;
  deployer?: string | undefined;
}> {
  if (from === undefined) {
    // oxlint-disable-next-line typescript/no-require-imports -- import() leads nowhere once compiled
    const { previewNow } = require("../previewNow") as typeof previewModule;
    const events: EngineEvent[] = [];
    const { warnings, ...previewed } = await previewNow(wanted, io.progress, events, {
      plugins: io.plugins,
    });
    return {
      ...previewed,
      preview: readEvents(events),
      warnings: [...warningsOfEndpoints(process.env), ...warnings],
    };
  }
  // A saved preview does not say whose it is, and whoever reviews one may have no project.
  const stack = wanted ?? findStack().name;
  try {
    const text = from === "-" ? await io.input() : await readText(from);
    // Nor does it tell who was asked.
    return { stack, preview: parsePreviewText(text), warnings: [] };
  } catch (error) {
    if (error instanceof PreviewFormatError) {
      throw new UsageFailure(`--from "${from}" cannot be read as a preview: ${error.message}`);
    }
    if (isSystemError(error)) {
      throw new UsageFailure(
        `--from "${from}" ${systemReason(error, "read")}. Name the file that \`pulumi preview --json\` wrote.`,
      );
    }
    throw error;
  }
}
