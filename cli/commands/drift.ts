import { Command, Option } from "@commander-js/extra-typings";
import { restoreApplication } from "../../microsoft/graph/tenant/restorable";
import { connectStackDeployer } from "../../operations/deployer";
import { type Drift, findDrift } from "../../operations/drift/drift";
import { extrasToRemove, removeExtra } from "../../operations/drift/removal";
import type { StackReview } from "../../review/documentShape";
import { gate } from "../../review/gate";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import type { Io } from "../io";
import { openForReading } from "../openForReading";
import { failOnOption, type OptionsOf, policyPackConfigOption, stackOption } from "../options";
import { readPolicies } from "../policyConfiguration";
import { formatReviews, reviewFormatOption } from "../reviewFormats";

const parser = () =>
  new Command()
    .addOption(stackOption())
    .addOption(reviewFormatOption())
    .addOption(failOnOption())
    .addOption(policyPackConfigOption())
    .addOption(new Option("--remove <id...>", "remove what the stack does not declare, by its ids"))
    .addOption(
      new Option(
        "--restore",
        "restore the app registration that was deleted, within 30 days",
      ).conflicts("remove"),
    );

type DriftOptions = OptionsOf<typeof parser>;

/** Makes `apponly drift`. */
export const driftCommand = (io: Io, run = showDrift) =>
  parser().action((options) => run(options, io));

/** What the command asks: replaced in unit tests. */
const outside = { openForReading, connectStackDeployer };

/**
 * Compares a stack with its tenant; the gate's exit code is 3. With `--remove` what is named is removed
 * after it was shown, with `--restore` a deleted registration is restored.
 */
export async function showDrift(options: DriftOptions, io: Io, asked = outside): Promise<void> {
  const { failOn, format, remove, restore } = options;
  const policies = await readPolicies(options.policyPackConfig);
  const { stack } = await asked.openForReading(options.stack, io.progress);
  const graph = await (await asked.connectStackDeployer(stack)).graph();
  const drift = await findDrift({ stack, graph, policies });
  if (remove !== undefined) {
    const chosen = extrasToRemove(drift, remove, new Date());
    const urns = new Set(chosen.map(({ urn }) => urn));
    await io.out(formatReviews([onlyOf(drift.review, urns)], format, io));
    for (const extra of chosen) {
      await removeExtra(graph, extra);
      io.err(`Removed ${extra.name}.\n`);
    }
    return;
  }
  if (restore === true) {
    await restoreDeleted(drift, stack.name, io, (id) => restoreApplication(graph, id));
    return;
  }
  await io.out(formatReviews([drift.review], format, io));
  if (failOn !== undefined && gate([drift.review], failOn).kind !== "passed") {
    throw new Failure(
      `The tenant was changed besides the stack by at least ${failOn}, violates a mandatory policy of that severity, or could not be read as a whole.`,
      exitCodes.gate,
    );
  }
}

/** The review of what is about to be removed, and nothing else. */
function onlyOf(review: StackReview, urns: ReadonlySet<string>): StackReview {
  const changes = review.changes.filter(({ resource }) => urns.has(resource));
  return { ...review, changes, violations: [], rest: {}, replacements: [] };
}

async function restoreDeleted(
  { restorable }: Drift,
  stack: string,
  io: Io,
  restoreOne: (objectId: string) => Promise<void>,
): Promise<void> {
  if (restorable.length === 0) {
    throw new UsageFailure(
      `No app registration of the stack "${stack}" is deleted and could be restored. Leave --restore out to see what differs.`,
    );
  }
  for (const id of restorable) {
    await restoreOne(id);
  }
  await io.out(
    `Restored the app registration ${restorable.join(", ")}. What was granted to it comes back with: pulumi up --refresh --stack ${stack}\n`,
  );
}
