import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import { Command, Option } from "@commander-js/extra-typings";
import { cloudOfGraph } from "../../components/catalog/clouds";
import { connect } from "../../exchange/connections";
import { connectDeployer } from "../../microsoft/deployer/session";
import { type Adoption, adopt } from "../../operations/adopt/adopt";
import { ImportFailed } from "../../operations/adopt/importResources";
import { findRegistration } from "../../operations/adopt/findRegistration";
import { findProject, ownNameOf, type Project, stacksOf } from "../../operations/project";
import { providerSettingsIn } from "../../operations/providerSettings";
import { readStack, StackMissing } from "../../operations/readableStack";
import { applicationTypes } from "../../policy/rules/types";
import { viewOfState } from "../../review/input/stackState";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { findCli } from "../../toolchain/toolchain";
import { failureOf } from "../errors";
import type { Io } from "../io";
import { openForChange } from "../openForChange";
import { type OptionsOf, stackOption } from "../options";
import { formatReviews, reviewFormatOption } from "../reviewFormats";
import { runStep } from "../steps";

const parser = () =>
  new Command()
    .addOption(stackOption().makeOptionMandatory())
    .requiredOption(
      "-a, --application <id or name>",
      "client id, object id or display name of the app registration",
    )
    .addOption(
      new Option(
        "--drop <property...>",
        "let the stack set these anew instead of carrying them, for example application.owners",
      ),
    )
    .addOption(reviewFormatOption());

type AdoptCommandOptions = OptionsOf<typeof parser>;

/** Makes `apponly adopt`. */
export const adoptCommand = (io: Io, run = adoptRegistration) =>
  parser().action((options) => run(options, io));

/** What the command asks and changes: replaced in unit tests. */
const outside = {
  connectDeployer,
  findRegistration,
  adopt,
  openForChange,
  readStack: async (stack: string, { directory }: Project, io: Io) => {
    const { pulumi } = await findCli({ steps: io.progress });
    return readStack({ stack, workDirectory: directory, pulumi });
  },
};

/** Brings a registration that was made elsewhere under a stack, without a write to the tenant. */
export async function adoptRegistration(
  options: AdoptCommandOptions,
  io: Io,
  asked = outside,
): Promise<void> {
  const project = findProject();
  const name = options.stack ?? "";
  const settingsFile = join(
    project.settingsDirectory,
    `Pulumi.${ownNameOf(name)}${extname(project.file)}`,
  );
  const files = [project.file, ...(existsSync(settingsFile) ? [settingsFile] : [])];
  const configured = await providerSettingsIn(files, process.env);
  const deployer = await asked.connectDeployer(configured, process.env);
  const cloud = cloudOfGraph(deployer.authority.graph)?.name;
  const graph = await deployer.graph();
  const registration = await asked.findRegistration(graph, options.application);
  await refuseWhereManaged(project, ownNameOf(name), registration.id, io, asked);
  const adoption = await runStep(io.progress, `Adopt ${registration.displayName}`, () =>
    asked.adopt({
      graph,
      exchange: connect({ ...configured, ...(cloud && { cloud }) }, process.env),
      registration,
      ...(cloud === undefined ? {} : { cloud }),
      settingsFile,
      project: project.name,
      drop: options.drop ?? [],
      open: () => asked.openForChange(name, io.progress, "either"),
    }),
  ).catch((error: unknown) => {
    throw error instanceof ImportFailed ? explainImport(error, name) : error;
  });
  await io.out(formatReviews([adoption.review], options.format, io));
  if (options.format === "terminal") {
    await io.out(adoptionText(adoption, settingsFile, name));
  }
}

/** What kept the engine from an import, and that the same command goes on. */
function explainImport(error: ImportFailed, stack: string): Failure {
  const { message, exitCode } = failureOf(error, exitCodes.failed, stack);
  return new Failure(
    `The import failed, and the tenant is as it was. ${message}\nThen run the same command again: what was imported is left out.`,
    exitCode,
    { cause: error },
  );
}

/** Refuses a registration that another stack of the project manages. */
async function refuseWhereManaged(
  project: Project,
  own: string,
  objectId: string,
  io: Io,
  asked: typeof outside,
): Promise<void> {
  for (const stack of stacksOf(project).filter((one) => one !== own)) {
    const read = await asked.readStack(stack, project, io).catch((error: unknown) => {
      if (error instanceof StackMissing) {
        return undefined;
      }
      throw error;
    });
    const state = viewOfState((await read?.stack.exportStack())?.deployment);
    if (state.withId(objectId, applicationTypes) !== undefined) {
      throw new UsageFailure(
        `The stack "${stack}" manages this app registration already. Change it there, or let that stack go first: pulumi destroy --stack ${stack}`,
      );
    }
  }
}

function adoptionText(
  { plan, carried, drift }: Adoption,
  settingsFile: string,
  stack: string,
): string {
  const beyond = [...drift.review.changes].filter(({ action }) => action === "add");
  return [
    "",
    `Adopted: ${plan.resources.length} objects of the tenant, as ${settingsFile} declares them. The tenant was not written to.`,
    ...(carried.length === 0
      ? []
      : [
          `Carried as the tenant has it: ${carried.join(", ")}. To let the stack set one anew, run this again with --drop ${carried[0] ?? ""}.`,
        ]),
    ...(beyond.length === 0
      ? []
      : [
          `Left in the tenant, and not declared by the stack:`,
          ...beyond.map(({ kind, subject, id }) => `  ${kind} ${subject}  ${id ?? ""}`),
          `Remove one: apponly drift --stack ${stack} --remove ID`,
        ]),
    `Bring the stack's own records up to date, which writes nothing to the tenant: pulumi up --stack ${stack}`,
    "",
  ].join("\n");
}
