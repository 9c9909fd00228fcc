import { readText } from "../../system/readText";
import { Command, Option } from "@commander-js/extra-typings";
import type { Client } from "@microsoft/microsoft-graph-client";
import { readAccepted } from "../../audit/accepted";
import { auditTenant } from "../../audit/audit";
import type { AuditReport } from "../../audit/documentShape";
import { auditAsCsv, auditAsReview } from "../../audit/render";
import { cloudOfGraph } from "../../components/catalog/clouds";
import { connect } from "../../exchange/connections";
import { readRoleGroups } from "../../exchange/readAccess";
import type { Connections } from "../../exchange/resource";
import { deployerOf } from "../../microsoft/deployer/deployer";
import { connectDeployer } from "../../microsoft/deployer/session";
import { readPublicOutputs } from "../../components/outputs";
import { meansSeveral } from "../../operations/chooseStacks";
import { connectStackDeployer } from "../../operations/deployer";
import { connectStackExchange } from "../../operations/stackExchange";
import { findProject, stacksOf } from "../../operations/project";
import { readStack, StackMissing } from "../../operations/readableStack";
import { gate } from "../../review/gate";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { findCli } from "../../toolchain/toolchain";
import type { Io } from "../io";
import { concludeStacks, failedStacks, outcomeDocument, overStacks } from "../manyStacks";
import { openForReading } from "../openForReading";
import { failOnOption, type OptionsOf, filePathOption } from "../options";
import { partOfAudit } from "../recordParts";
import { formatReviews } from "../reviewFormats";
import { withStackChoice } from "../stackChoice";
import { runStep } from "../steps";
import { systemReason } from "../../system/systemErrors";

const parser = () =>
  withStackChoice(new Command())
    .addOption(
      new Option("-f, --format <format>", "form of the result")
        .choices(["terminal", "markdown", "json", "html", "csv"] as const)
        .default("terminal" as const),
    )
    .addOption(failOnOption())
    .addOption(
      new Option(
        "--accepted <file>",
        "findings that are accepted for a time, with reason and end date",
      ).argParser(filePathOption),
    )
    .option("--no-stacks", "do not ask the project's stacks what they manage");

type AuditCommandOptions = OptionsOf<typeof parser>;

/** Makes `apponly audit`. */
export const auditCommand = (io: Io, run = showAudit) =>
  parser().action((options) => run(options, io));

/** What the command asks: replaced in unit tests. */
const outside = { connect: connectAuditor, managedApplications };

/**
 * Audits the tenant that the environment signs in to, or those of the chosen stacks, each as its
 * deployer; the gate's exit code is 3.
 */
export async function showAudit(
  options: AuditCommandOptions,
  io: Io,
  asked = outside,
): Promise<void> {
  const { format, failOn } = options;
  const accepted = options.accepted === undefined ? [] : await acceptedIn(options.accepted);
  // One project, whatever the number of tenants.
  let managed: Promise<ReadonlyMap<string, string>> | undefined;
  const outcomes = await overStacks("audit", options, io, async (stack, own) => {
    let requests = 0;
    const { graph, exchange } = await asked.connect(stack, own, () => (requests += 1));
    managed ??= options.stacks ? asked.managedApplications(own) : Promise.resolve(new Map());
    const stacks = await managed;
    const report = await runStep(own.progress, "Audit", (step) =>
      auditTenant({
        graph,
        requests: () => requests,
        stacks,
        accepted,
        roleGroups: () => readRoleGroups(exchange),
        onProgress: (done, all) => step.progress(`${done} of ${all} applications`),
      }),
    );
    own.record(partOfAudit(report));
    return report;
  });
  const reports = outcomes.flatMap(({ value }) => value ?? []);
  const several = reports.length > 1;
  const reviews = outcomes.flatMap(({ stack, value }) =>
    value === undefined ? [] : [auditAsReview(value, stack || undefined, several)],
  );
  switch (format) {
    case "json":
      await io.document(
        meansSeveral(options)
          ? outcomes.map((outcome) => outcomeDocument(outcome, outcome.value))
          : (reports[0] as AuditReport),
      );
      break;
    case "csv":
      await io.out(auditAsCsv(reports));
      break;
    default:
      await io.out(
        formatReviews(reviews, format, io, { heading: "Audit", failed: failedStacks(outcomes) }),
      );
  }
  const isClosed = failOn !== undefined && gate(reviews, failOn).kind !== "passed";
  const failure = `The audit has a finding of at least ${failOn} that is not accepted, or the tenant could not be read as a whole.`;
  concludeStacks(outcomes, io, isClosed ? new Failure(failure, exitCodes.gate) : undefined);
}

/** The tenant as the deployer of a stack sees it, or whoever the environment signs in. */
async function connectAuditor(
  name: string | undefined,
  io: Io,
  onRequest: () => void,
): Promise<{ readonly graph: Client; readonly exchange: Connections }> {
  if (name === undefined) {
    const session = await connectDeployer({}, process.env);
    const cloud = cloudOfGraph(session.authority.graph)?.name;
    return {
      graph: await session.graph(onRequest),
      exchange: connect({
        tenantId: deployerOf(await session.token()).tenantId,
        ...(cloud === undefined ? {} : { cloud }),
      }),
    };
  }
  const { stack } = await openForReading(name, io.progress, { secrets: false });
  return {
    graph: await (await connectStackDeployer(stack)).graph(onRequest),
    exchange: await connectStackExchange(stack),
  };
}

async function acceptedIn(file: string) {
  const text = await readText(file).catch((error: unknown) => {
    throw new UsageFailure(
      `--accepted "${file}" cannot be read: it ${systemReason(error, "read")}.`,
    );
  });
  return readAccepted(text, file);
}

/** Names of the project's stacks by the client id of the application that each manages. */
async function managedApplications(io: Io): Promise<Map<string, string>> {
  const managed = new Map<string, string>();
  const project = findProject();
  const { pulumi } = await findCli({ steps: io.progress });
  for (const stack of stacksOf(project)) {
    try {
      const read = await readStack({
        stack,
        workDirectory: project.directory,
        pulumi,
        secrets: false,
      });
      const outputs = readPublicOutputs(read.outputs, stack);
      if (outputs !== undefined) {
        managed.set(outputs.applicationId.toLowerCase(), stack);
      }
    } catch (error) {
      if (!(error instanceof StackMissing)) {
        throw error;
      }
    }
  }
  return managed;
}
