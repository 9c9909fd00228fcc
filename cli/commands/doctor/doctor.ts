import { Command } from "@commander-js/extra-typings";
import { TokenRefused } from "../../../microsoft/tokens";
import { assessReader } from "../../../microsoft/deployer/assessReader";
import { deployerOf } from "../../../microsoft/deployer/deployer";
import { connectDeployer, type DeployerSession } from "../../../microsoft/deployer/session";
import {
  connectStackDeployer,
  type DeployerReport,
  inspectDeployer,
} from "../../../operations/deployer";
import { inspectToolchain, type ToolReport } from "../../../toolchain/inspect";
import { deployerDocument, describeDeployer } from "./deployerReport";
import { describeReader, readerDocument } from "./readerReport";
import { describeVaults, inspectVaults, type VaultReport } from "./vaultReport";
import { exitCodes, Failure } from "../../../system/failure";
import type { DoctorDocument } from "../../documents/doctor";
import { failureOf } from "../../errors";
import { hangingIndent } from "../../hangingIndent";
import type { Io } from "../../io";
import { openForReading } from "../../openForReading";
import { formatOption, type OptionsOf } from "../../options";
import { meansSeveral } from "../../../operations/chooseStacks";
import { onEachStack } from "../../manyStacks";
import { withStackChoice } from "../../stackChoice";
import { runStep, type Steps } from "../../steps";

const parser = () =>
  withStackChoice(new Command())
    .addOption(formatOption())
    .option(
      "--reader",
      "what who signs in may read for drift, audit and retire, with the least permissions for it",
    );

/** Makes `apponly doctor`. */
export const doctorCommand = (io: Io, run = inspectAll) =>
  parser().action((options) =>
    // Without a stack it is about the machine.
    meansSeveral(options)
      ? onEachStack("doctor", options, io, (stack, own) => run({ ...options, stack }, own))
      : run(
          { ...options, stack: options.stack?.[0] ?? (process.env.APPONLY_STACK || undefined) },
          io,
        ),
  );

type DoctorOptions = Omit<OptionsOf<typeof parser>, "stack"> & {
  readonly stack?: string | undefined;
};

/** What the command asks: replaced in unit tests. */
const outside = { inspectToolchain, openForReading, inspectDeployer, inspectVaults };

/**
 * Prints what is on the machine: tools, versions, which plugins will run and why. With a stack also
 * what its deployer may do, and what is missing or in excess; exit code 4 when something is missing. Of
 * keys in vaults only whether they sign for whoever runs this, which need not be the job.
 */
export async function inspectAll(
  { stack, format, reader }: DoctorOptions,
  io: Io,
  asked = outside,
): Promise<void> {
  if (reader === true) {
    await inspectReader(stack, format, io);
    return;
  }
  const json = format === "json";
  const tools = await asked.inspectToolchain();
  if (!json) {
    await io.out(wrapRows(tools.map(describeTool).join(""), 30, io.columns));
  }
  const report = stack === undefined ? undefined : await inspect(stack, io.progress, asked);
  if (json) {
    const deployer =
      report === undefined
        ? {}
        : {
            deployer: deployerDocument(report),
            ...(report.vaults.length > 0 && { vaults: report.vaults }),
          };
    await io.document({ version: 1, tools, ...deployer } satisfies DoctorDocument);
  } else if (report !== undefined) {
    await io.out(
      wrapRows(
        `${describeDeployer(report, io.colour)}${describeVaults(report.vaults)}`,
        35,
        io.columns,
      ),
    );
  }
  if (report?.ok === false) {
    const names = report.needs
      .flatMap(({ state, permission }) => (state === "missing" ? [permission.name] : []))
      .join(", ");
    throw new Failure(
      `The deployer may not do everything this stack needs.${names === "" ? "" : ` Missing: ${names}.`} See what grants it: apponly doctor --stack ${report.stack}`,
      exitCodes.verification,
    );
  }
}

/** Whoever the stack, or else the environment, signs in, as a reader of the tenant. */
export async function inspectReader(
  stackName: string | undefined,
  format: DoctorOptions["format"],
  io: Io,
  connect: (
    stack: string | undefined,
    io: Io,
  ) => Promise<Pick<DeployerSession, "token">> = signInReader,
): Promise<void> {
  const session = await connect(stackName, io);
  const assessment = assessReader(deployerOf(await session.token()));
  if (format === "json") {
    const document: DoctorDocument = { version: 1, reader: readerDocument(assessment) };
    await io.document(document);
  } else {
    await io.out(wrapRows(describeReader(assessment, io.colour), 35, io.columns));
  }
  if (!assessment.ok) {
    throw new Failure(
      "The reader may not read all that drift, audit and retire look at.",
      exitCodes.verification,
    );
  }
}

async function signInReader(name: string | undefined, io: Io): Promise<DeployerSession> {
  if (name === undefined) {
    return connectDeployer({}, process.env);
  }
  return connectStackDeployer(
    (await openForReading(name, io.progress, { secrets: false, mayBeMissing: true })).stack,
  );
}

/**
 * Breaks sentences, and the rows that begin with a mark, as wide as the terminal: what is told of a row stays
 * in its last column. Commands stay whole, to be copied.
 *
 * @param last Where in a row its last column begins, behind the mark.
 */
function wrapRows(text: string, last: number, columns: number | undefined): string {
  return text
    .split("\n")
    .map((line) => {
      const [, mark = "", row = line] =
        /^((?:\u001b\[\d+m)*[✓✗·?!](?:\u001b\[\d+m)* )(.*)$/.exec(line) ?? [];
      if (mark !== "") {
        const width = columns === undefined ? undefined : columns - 2;
        return mark + hangingIndent(row, last, width).replaceAll("\n", "\n  ");
      }
      return line.startsWith(" ") ? line : hangingIndent(line, 0, columns);
    })
    .join("\n");
}

function describeTool({ tool, ready, version, detail }: ToolReport): string {
  return `${ready ? "✓" : "·"} ${tool.padEnd(18)} ${(version ?? "").padEnd(10)} ${detail}\n`;
}

async function inspect(
  stackName: string,
  progress: Steps,
  asked: typeof outside,
): Promise<DeployerReport & { readonly vaults: readonly VaultReport[] }> {
  const { stack, outputs } = await asked.openForReading(stackName, progress, {
    secrets: false,
    // Who is to roll it out can be asked before.
    mayBeMissing: true,
  });
  try {
    const report = await runStep(progress, "Deployer", () => asked.inspectDeployer(stack));
    return { ...report, vaults: await asked.inspectVaults(outputs, stack.name) };
  } catch (error) {
    if (!(error instanceof TokenRefused)) {
      throw error;
    }
    const { message, exitCode } = failureOf(error, exitCodes.verification, stackName);
    // The remedy that others name is this command.
    throw new Failure(message.replace(/, and see: apponly doctor .*$/, "."), exitCode);
  }
}
