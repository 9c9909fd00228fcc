import { DeployerSettingsError } from "../../../microsoft/deployer/settings";
import { TokenRefused } from "../../../microsoft/tokens";
import { type DeployerReport, inspectDeployer } from "../../../operations/deployer";
import { inspectToolchain, type ToolReport } from "../../../toolchain/inspect";
import { deployerDocument, describeDeployer } from "./deployerReport";
import { exitCodes, Failure, UsageFailure } from "../../../system/failure";
import { openTarget } from "../../stackTarget";
import { runStep, type Steps, type Terminal } from "../../steps";

/** The command line of `apponly doctor`. */
export interface DoctorArguments {
  readonly stack?: string;
  readonly format: string;
}

/**
 * Prints what is on the machine: tools, versions, which plugins will run and why. With a stack also
 * what its deployer may do, and what is missing or in excess; exit code 4 when something is missing.
 */
export async function doctor(
  args: DoctorArguments,
  steps: Steps,
  terminal: Terminal,
): Promise<void> {
  if (args.format !== "terminal" && args.format !== "json") {
    throw new UsageFailure(`--format "${args.format}" is not known. Use terminal or json.`);
  }
  const json = args.format === "json";
  const tools = await inspectToolchain();
  if (!json) {
    terminal.write(tools.map(describeTool).join(""));
  }
  const report = args.stack === undefined ? undefined : await inspect(args.stack, steps);
  if (json) {
    const deployer = report === undefined ? {} : { deployer: deployerDocument(report) };
    terminal.write(`${JSON.stringify({ version: 1, tools, ...deployer }, null, 2)}\n`);
  } else if (report !== undefined) {
    terminal.write(describeDeployer(report, terminal.interactive));
  }
  if (report?.ok === false) {
    throw new Failure(
      "The deployer may not do everything this stack needs.",
      exitCodes.verification,
    );
  }
}

function describeTool({ tool, ready, version, detail }: ToolReport): string {
  return `${ready ? "✓" : "·"} ${tool.padEnd(18)} ${(version ?? "").padEnd(10)} ${detail}\n`;
}

async function inspect(stackName: string, steps: Steps): Promise<DeployerReport> {
  const { stack } = await openTarget(stackName, steps, "existing");
  try {
    return await runStep(steps, "Deployer", () => inspectDeployer(stack));
  } catch (error) {
    if (error instanceof DeployerSettingsError) {
      throw new UsageFailure(error.message);
    }
    if (error instanceof TokenRefused) {
      throw new Failure(
        `The deployer cannot sign in: ${error.description}`,
        exitCodes.verification,
      );
    }
    throw error;
  }
}
