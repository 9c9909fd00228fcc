import { Command, Option } from "@commander-js/extra-typings";
import { commentKey, markerSize, partKey } from "../../../forge/marker";
import type { Forge } from "../../../forge/forge";
import type { ReviewOutputs } from "../../../forge/model";
import { ForgeFailure } from "../../../forge/forgeFailure";
import { keepOneComment } from "../../../forge/keepOneComment";
import { openAzureDevOps } from "../../../forge/azureDevOps/openAzureDevOps";
import { openGitHub } from "../../../forge/github/openGitHub";
import { commentLimit } from "../../../review/render/markdown";
import { compareRisk, type Risk, risks } from "../../../review/model";
import { acceptanceLine, isAcceptable, withAcceptance } from "../../../review/acceptance";
import { gate, isOpen } from "../../../review/gate";
import { gateInWords } from "../../../review/render/gateText";
import {
  type PullRequestReport,
  renderPullRequest,
  type ReviewOutcome,
} from "../../../review/render/pullRequest";
import { codeInWords, resultInWords } from "../../../review/render/pullRequest";
import { renderTerminal } from "../../../review/render/terminal";
import { exitCodes, Failure, UsageFailure } from "../../../system/failure";
import { backendOf, findProject } from "../../../operations/project";
import { takeForgeAccess, takeHandedOverToken } from "./environment";
import { checkoutAround, requireOwnCheckout, settingsTextIn } from "./reviewer";
import { projectIn } from "../../projectFolder";
import { readPolicies } from "../../policyConfiguration";
import { reviewStack } from "./reviewStack";
import { type Selected, selectStacks } from "./selectStacks";
import type { PullRequestDocument } from "../../documents/pullRequest";
import type { Io } from "../../io";
import {
  failOnOption,
  type OptionsOf,
  folderPathOption,
  policyPackConfigOption,
} from "../../options";
import { runStep, Steps } from "../../steps";
import type { Environment } from "../../../system/environment";

const parser = () =>
  new Command()
    .addOption(
      new Option("--forge <name>", "left out, the one whose pipeline runs it").choices([
        "github",
        "azure-devops",
      ] as const),
    )
    .option("--base <ref>", "compare with this by git, instead of asking the forge for the files")
    .option("-s, --stack <name...>", "review these stacks, whatever the pull request touches")
    .addOption(
      new Option(
        "--from <folder>",
        "saved previews, STACK.json or STACK.ndjson, instead of the engine",
      ).argParser(folderPathOption),
    )
    .addOption(failOnOption())
    .option(
      "--accept-from <name...>",
      "accounts whose approval accepts what trips the gate; left out, all who may write",
    )
    .option("--comment", "keep a comment on the pull request", true)
    .option("--no-comment", "write none")
    .addOption(policyPackConfigOption());

type PullRequestOptions = OptionsOf<typeof parser>;

/** Makes `apponly pull-request`. */
export const pullRequestCommand = (io: Io, run = reviewPullRequest) =>
  parser().action((options) => run(options, io));

/**
 * Reviews the stacks that a pull request touches, keeps one comment on it up to date, and stops it
 * where the gate says so.
 */
async function reviewPullRequest(options: PullRequestOptions, io: Io): Promise<void> {
  const { failOn, from } = options;
  const found = findProject();
  requireOwnCheckout(found.directory);
  takeHandedOverToken(process.env);
  const state = backendOf(found, process.env) ?? "";
  const environment = takeForgeAccess(process.env, `${settingsTextIn(found)}\n${state}`);
  const policies = await readPolicies(options.policyPackConfig);
  const forge = await openForge(options.forge, environment, io);
  const progress = new Steps({ write: io.err, interactive: false });
  const project = await projectIn(
    process.cwd(),
    environment.GITHUB_WORKSPACE ?? environment.BUILD_SOURCESDIRECTORY,
  );
  const inputs = [from, options.policyPackConfig].filter((one) => one !== undefined);
  const checkout = checkoutAround(found.directory, project, inputs);
  const selection = await selectStacks(options, forge, project, checkout, progress);
  const outcomes: ReviewOutcome[] = [];
  for (const stack of selection.stacks) {
    const { fromFork } = forge.pullRequest;
    outcomes.push(
      await reviewStack(stack, {
        fromFork,
        projectChanged: selection.code.some(({ kind }) => kind === "Pulumi project"),
        progress,
        policies,
        ...(from === undefined ? {} : { from }),
      }),
    );
  }
  const report = await withApprovals(
    reportOf(forge, outcomes, selection, failOn),
    forge,
    options.acceptFrom,
  );
  const reviews = outcomes.flatMap(({ review }) => (review === undefined ? [] : [review]));
  await io.out(
    codeInWords(selection.code) + renderTerminal(reviews, { colour: false, width: 100 }),
  );
  await forge.publishSummary((limit) => renderPullRequest(report, Math.max(limit, 4_000)));
  const commented =
    options.comment && forge.pullRequest.queued !== true
      ? await comment(forge, commentKey(project.path), partKey(options.stack), report, progress)
      : {};
  const outputs: ReviewOutputs = {
    risk:
      reviews.flatMap(({ changes }) => changes.map(({ risk }) => risk)).sort(compareRisk)[0] ??
      "none",
    changes: reviews.reduce((sum, { changes }) => sum + changes.length, 0),
    stacks: selection.stacks,
    notPreviewed: outcomes.filter(isMissing).map(({ stack }) => stack),
    commentUrl: commented.url ?? "",
    gate: gateOutput(report),
    acceptedBy: report.verdict?.acceptance?.by ?? "",
  };
  await forge.setOutputs(outputs);
  const { removed, code } = selection;
  const answer: PullRequestDocument = {
    version: 1,
    ...outputs,
    removed,
    code: code.map(({ path, kind, detail, content }) => ({
      path,
      kind,
      ...(detail && { detail }),
      ...(content && { content }),
    })),
    reviews,
  };
  await io.answer(answer);
  finish(forge, report, commented.failure);
}

async function openForge(
  name: PullRequestOptions["forge"],
  environment: Environment,
  io: Io,
): Promise<Forge> {
  const write = (line: string) => void io.commands(`${line}\n`);
  const chosen = name ?? (environment.TF_BUILD ? "azure-devops" : "github");
  try {
    return await (chosen === "github" ? openGitHub : openAzureDevOps)(environment, { write });
  } catch (error) {
    throw error instanceof ForgeFailure ? new UsageFailure(error.message) : error;
  }
}

const isMissing = ({ problem }: ReviewOutcome) => problem !== undefined;

function reportOf(
  { pullRequest, runUrl }: Forge,
  outcomes: readonly ReviewOutcome[],
  { removed, code }: Selected,
  failOn: Risk | undefined,
): PullRequestReport {
  const reviews = outcomes.flatMap(({ review }) => (review === undefined ? [] : [review]));
  const notPreviewed = outcomes.flatMap(({ stack, problem: why }) =>
    why === undefined ? [] : [{ stack, why }],
  );
  return {
    outcomes,
    removed,
    code,
    ...(failOn === undefined ? {} : { verdict: gate(reviews, failOn, notPreviewed, code), failOn }),
    head: pullRequest.head,
    ...(runUrl === undefined ? {} : { runUrl }),
  };
}

/**
 * The report with what people have accepted on the forge, or with the line by which they can.
 *
 * @param only Names of accounts; left out, of all who may.
 */
async function withApprovals(
  report: PullRequestReport,
  forge: Forge,
  only: readonly string[] | undefined,
): Promise<PullRequestReport> {
  const { verdict, head } = report;
  if (verdict === undefined || !isAcceptable(verdict)) {
    return report;
  }
  const approvals = await forge.approvals().catch((error: unknown) => {
    if (!(error instanceof ForgeFailure)) {
      throw error;
    }
    forge.annotate("warning", error.message);
    return [];
  });
  const named = only?.map((name) => name.toLowerCase());
  const counting = approvals.filter(({ by }) => named?.includes(by.toLowerCase()) ?? true);
  const line = acceptanceLine(verdict, head);
  return {
    ...report,
    verdict: withAcceptance(verdict, head, counting),
    acceptable: { line, way: forge.approvalWay },
  };
}

/** Keeps the comment; that of a fork, which may not write, does not fail the review. */
async function comment(
  forge: Forge,
  key: string,
  part: string,
  report: PullRequestReport,
  progress: Steps,
): Promise<{ url?: string; failure?: string }> {
  const { pullRequest, run, attempt } = forge;
  try {
    return await runStep(
      progress,
      "comment on the pull request",
      () =>
        keepOneComment(forge.comments(key), {
          run: { key, ...(part === "" ? {} : { part }), head: pullRequest.head, run, attempt },
          says: resultInWords(report),
          text: renderPullRequest(report, commentLimit - markerSize),
          attention: needsAttention(report),
          // Who changes no access is not bothered; a comment of an earlier commit is updated.
          createIfMissing: report.outcomes.length + report.removed.length + report.code.length > 0,
        }),
      ({ outcome, url }) => (url === undefined ? outcome : `${outcome}: ${url}`),
    );
  } catch (error) {
    if (!(error instanceof ForgeFailure)) {
      throw error;
    }
    forge.annotate("warning", error.message);
    return error.readOnly && pullRequest.fromFork ? {} : { failure: error.message };
  }
}

/** What later steps of the pipeline read: a review that is not whole trips the gate too. */
function gateOutput({ verdict }: PullRequestReport): "off" | "passed" | "tripped" {
  return verdict === undefined ? "off" : isOpen(verdict) ? "passed" : "tripped";
}

function needsAttention({ verdict, outcomes, code }: PullRequestReport): boolean {
  return verdict === undefined
    ? code.length > 0 ||
        outcomes.some(
          ({ review, problem }) =>
            problem !== undefined ||
            (review?.changes.length ?? 0) + (review?.violations.length ?? 0) > 0,
        )
    : !isOpen(verdict);
}

function finish(forge: Forge, report: PullRequestReport, failure: string | undefined): void {
  const missing = report.outcomes.filter(isMissing);
  const unseen = `Not previewed: ${missing.map(({ stack }) => stack).join(", ")}.`;
  if (gateOutput(report) === "tripped") {
    const message =
      missing.length > 0
        ? `${unseen} What nobody has seen counts as ${risks[0]}.`
        : report.code.length > 0
          ? `Code changes, of which the review shows nothing: it counts as ${risks[0]}.`
          : gateInWords(report.verdict!, report.failOn!);
    forge.annotate("error", message);
    throw new Failure(message, exitCodes.gate);
  }
  if (report.verdict?.acceptance !== undefined) {
    forge.annotate("warning", gateInWords(report.verdict, report.failOn!));
  }
  if (missing.length > 0) {
    forge.annotate("error", unseen);
    throw new Failure(unseen);
  }
  if (failure !== undefined) {
    throw new Failure(failure);
  }
}
