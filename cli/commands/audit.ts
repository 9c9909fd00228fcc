import { readFile } from "node:fs/promises";
import { Command, Option } from "@commander-js/extra-typings";
import { readAccepted } from "../../audit/accepted";
import { auditTenant } from "../../audit/audit";
import { auditAsCsv, auditAsReview } from "../../audit/render";
import { connectDeployer } from "../../microsoft/deployer/session";
import { readOutputsIfUpdated } from "../../components/outputs";
import { findProject, stacksOf } from "../../operations/project";
import { readStack, StackMissing } from "../../operations/readableStack";
import { gate } from "../../review/gate";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { jsonText } from "../../system/visibleText";
import { findCli } from "../../toolchain/toolchain";
import type { Io } from "../io";
import { failOnOption, type OptionsOf, pathOption } from "../options";
import { formatReviews } from "../reviewFormats";
import { runStep } from "../steps";

const parser = () =>
  new Command()
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
      ).argParser(pathOption),
    )
    .option("--no-stacks", "do not ask the project's stacks what they manage");

type AuditCommandOptions = OptionsOf<typeof parser>;

/** Makes `apponly audit`. */
export const auditCommand = (io: Io, run = showAudit) =>
  parser().action((options) => run(options, io));

/** What the command asks: replaced in unit tests. */
const outside = {
  connect: (onRequest: () => void) =>
    connectDeployer({}, process.env).then((session) => session.graph(onRequest)),
  managedApplications,
};

/** Audits the tenant that the environment signs in to; the gate's exit code is 3. */
export async function showAudit(
  options: AuditCommandOptions,
  io: Io,
  asked = outside,
): Promise<void> {
  const { format, failOn } = options;
  const accepted = options.accepted === undefined ? [] : await acceptedIn(options.accepted);
  let requests = 0;
  const graph = await asked.connect(() => (requests += 1));
  const stacks = options.stacks ? await asked.managedApplications(io) : new Map<string, string>();
  const report = await runStep(io.progress, "Audit", (step) =>
    auditTenant({
      graph,
      requests: () => requests,
      stacks,
      accepted,
      onProgress: (done, all) => step.progress(`${done} of ${all} applications`),
    }),
  );
  const review = auditAsReview(report);
  switch (format) {
    case "json":
      await io.out(`${jsonText(report)}\n`);
      break;
    case "csv":
      await io.out(auditAsCsv(report));
      break;
    default:
      await io.out(formatReviews([review], format, io, { heading: "Audit" }));
  }
  if (failOn !== undefined && gate([review], failOn).kind !== "passed") {
    throw new Failure(
      `The audit has a finding of at least ${failOn} that is not accepted, or the tenant could not be read as a whole.`,
      exitCodes.gate,
    );
  }
}

async function acceptedIn(file: string) {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UsageFailure(`--accepted "${file}" cannot be read: ${(error as Error).message}`);
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
      const read = await readStack({ stack, workDirectory: project.directory, pulumi });
      const outputs = readOutputsIfUpdated(read.outputs, stack);
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
