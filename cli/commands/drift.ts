import { Command, Option } from "@commander-js/extra-typings";
import type { Client } from "@microsoft/microsoft-graph-client";
import { restoreDeletedObject } from "../../microsoft/graph/tenant/restorable";
import { meansSeveral } from "../../operations/chooseStacks";
import type { Connections } from "../../exchange/resource";
import type { Drift } from "../../operations/drift/drift";
import { extrasToRemove, removeExtra } from "../../operations/drift/removal";
import type { StackReview } from "../../review/documentShape";
import { gate } from "../../review/gate";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { kindTitles, namedSubjectOf } from "../../review/render/wording";
import { visibleText } from "../../system/visibleText";
import type { Io } from "../io";
import { askedOfDrift, driftNow } from "../driftNow";
import { concludeStacks, failedStacks, overStacks } from "../manyStacks";
import { failOnOption, type OptionsOf, policyPackConfigOption, yesOption } from "../options";
import { readPolicies } from "../policyConfiguration";
import { partOfReview } from "../recordParts";
import { formatReviews, reviewFormatOption } from "../reviewFormats";
import { askFor, requireConsent } from "../consent";
import { withStackChoice } from "../stackChoice";

const parser = () =>
  withStackChoice(new Command())
    .addOption(reviewFormatOption())
    .addOption(failOnOption())
    .addOption(policyPackConfigOption())
    .addOption(new Option("--remove <id...>", "remove what the stack does not declare, by its ids"))
    .addOption(
      new Option(
        "--restore",
        "restore the app registration that was deleted, within 30 days",
      ).conflicts("remove"),
    )
    .addOption(yesOption());

type DriftCommandOptions = OptionsOf<typeof parser>;

/** Makes `apponly drift`. */
export const driftCommand = (io: Io, run = showDrift) =>
  parser().action((options) => run(options, io));

/**
 * Compares a stack with its tenant; the gate's exit code is 3. With `--remove` what is named is removed
 * after it was shown, with `--restore` a deleted registration is restored.
 */
export async function showDrift(
  options: DriftCommandOptions,
  io: Io,
  asked = askedOfDrift,
): Promise<void> {
  const { failOn, format, remove, restore } = options;
  if ((remove !== undefined || restore === true) && meansSeveral(options)) {
    throw new UsageFailure("--remove and --restore are for one stack. Name that one with --stack.");
  }
  const policies = await readPolicies(options.policyPackConfig);
  const outcomes = await overStacks("drift", options, io, async (wanted, own) => {
    const now = await driftNow(wanted, own.progress, policies, asked);
    const { stack, graph, exchange, drift } = now;
    own.record(partOfReview(drift.review, "drift"));
    if (remove === undefined && restore !== true) {
      return drift.review;
    }
    await (remove === undefined
      ? restoreDeleted(drift, stack.name, { ...options, io: own }, (id) =>
          restoreDeletedObject(graph, id),
        )
      : removeExtras(drift, remove, { graph, exchange }, { ...options, io: own }));
    return undefined;
  });
  const reviews = outcomes.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (remove !== undefined || restore === true) {
    return;
  }
  await io.out(
    formatReviews(reviews, format, io, { heading: "Drift", failed: failedStacks(outcomes) }),
  );
  const isClosed = failOn !== undefined && gate(reviews, failOn).kind !== "passed";
  const failure = `The tenant was changed besides the stack by at least ${failOn}, violates a mandatory policy of that severity, or could not be read as a whole.`;
  concludeStacks(outcomes, io, isClosed ? new Failure(failure, exitCodes.gate) : undefined);
}

/** Shows what is named, and removes it. */
async function removeExtras(
  drift: Drift,
  ids: readonly string[],
  { graph, exchange }: { readonly graph: Client; readonly exchange: Connections },
  { format, yes, io }: Pick<DriftCommandOptions, "format" | "yes"> & { readonly io: Io },
): Promise<void> {
  const chosen = extrasToRemove(drift, ids, new Date());
  const urns = new Set(chosen.map(({ urn }) => urn));
  await io.out(formatReviews([reviewOf(drift.review, urns)], format, io, { heading: "Drift" }));
  requireConsent(io, yes);
  await askFor(io, "Remove this from the tenant?", yes);
  for (const extra of chosen) {
    await removeExtra(graph, exchange, extra);
    const change = drift.review.changes.find(({ resource }) => resource === extra.urn);
    const what =
      change === undefined ? extra.name : `${kindTitles[change.kind]} ${namedSubjectOf(change)}`;
    io.err(`Removed: ${visibleText(what)}\n`);
  }
}

/** The review of what is about to be removed or restored, and nothing else: neither what to do nor what was not read. */
function reviewOf(review: StackReview, urns: ReadonlySet<string>): StackReview {
  const changes = review.changes
    .filter(({ resource }) => urns.has(resource))
    .map((change) => ({ ...change, remedies: [] }));
  const { unread: _, ...rest } = review;
  return {
    ...rest,
    changes,
    violations: [],
    rest: {},
    replacements: [],
    warnings: [],
    complete: true,
  };
}

async function restoreDeleted(
  { restorable, review }: Drift,
  stack: string,
  { format, yes, io }: Pick<DriftCommandOptions, "format" | "yes"> & { readonly io: Io },
  restoreOne: (objectId: string) => Promise<void>,
): Promise<void> {
  if (restorable.length === 0) {
    throw new UsageFailure(
      `No app registration of the stack "${stack}" is deleted and could be restored. Leave --restore out to see what differs.`,
    );
  }
  if (format !== "json") {
    const deleted = review.changes.filter(
      ({ kind, action }) => kind === "application" && action === "remove",
    );
    const shown = reviewOf(review, new Set(deleted.map(({ resource }) => resource)));
    await io.out(formatReviews([shown], format, io, { heading: "Drift" }));
  }
  requireConsent(io, yes);
  const principal = restorable.length > 1 ? " with its service principal" : "";
  const named = `the app registration${principal} ${restorable.join(", ")}`;
  await askFor(io, `Restore ${named}?`, yes);
  for (const id of restorable) {
    await restoreOne(id);
  }
  const done = `Restored ${named}. What was granted to it comes back with: apponly up --refresh --stack ${stack}\n`;
  if (format === "json") {
    io.err(done);
    await io.out(formatReviews([review], format, io));
  } else {
    await io.out(done);
  }
}
