import { delimiter, dirname } from "node:path";
import { type Machine, pathVariable, thisMachine } from "./machine";
import type * as officialInstaller from "./officialInstaller";
import { choosePlugins, type PluginChoice } from "./plugins";
import { getPulumi, type PulumiCli } from "./pulumiCli";
import type { StepSink } from "./steps";
import { exchangeDirectory, standInDirectory } from "./versions";

/** What {@link findCli} is given. */
export interface ToolchainOptions {
  readonly steps: StepSink;
  /** @default the machine this program runs on */
  readonly machine?: Machine;
}

/** What {@link prepareEngine} is given. */
export interface EngineOptions extends ToolchainOptions {
  /** Whether the embedded tenant is worked on; only then may stand-ins run. */
  readonly embeddedTenant: boolean;
}

/** What reads a stack: its outputs, its configuration, its state. */
export interface ReadingToolchain {
  readonly pulumi: PulumiCli;
}

/** What previews and changes a stack. */
export interface EngineToolchain extends ReadingToolchain {
  readonly plugins: readonly PluginChoice[];
  /** Folders in which the engine finds the chosen plugins, and they find this Node, in order. */
  readonly programFolders: readonly string[];
  /** Environment of the engine: a `PATH` on which it finds the plugins, and they find this Node. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Gets what reads a stack: the Pulumi CLI found, installed or built. Plugins are neither looked for
 * nor needed.
 *
 * @throws {NoPulumiError} If there is no way to a Pulumi CLI.
 */
export async function findCli({
  steps,
  machine = thisMachine,
}: ToolchainOptions): Promise<ReadingToolchain> {
  return { pulumi: await getPulumi(machine, steps, installLater) };
}

/**
 * Gets what changes a stack: the Pulumi CLI, and the plugins chosen.
 *
 * @throws {NoPulumiError} If there is no way to a Pulumi CLI.
 * @throws {PluginError} If the plugins cannot be chosen as asked.
 * @example const toolchain = await prepareEngine({ steps, embeddedTenant: true });
 */
export async function prepareEngine(options: EngineOptions): Promise<EngineToolchain> {
  const { machine = thisMachine, steps, embeddedTenant } = options;
  const { pulumi } = await findCli(options);
  const plugins = await choosePlugins(machine, pulumi, embeddedTenant, steps);
  const programFolders = foldersFor(machine, plugins);
  return {
    pulumi,
    plugins,
    programFolders,
    environment: engineEnvironment(machine, plugins, programFolders),
  };
}

/** The SDK is loaded only where there is something to install. */
function installLater(root: string, version: string): Promise<void> {
  // oxlint-disable-next-line typescript/no-require-imports -- import() leads nowhere once compiled
  const installer = require("./officialInstaller") as typeof officialInstaller;
  return installer.installPulumi(root, version);
}

function foldersFor(machine: Machine, plugins: readonly PluginChoice[]): string[] {
  const standIns = plugins.filter((plugin) => plugin.kind === "stand-in");
  const officialFolders = plugins
    .filter((plugin) => plugin.kind === "official" && plugin.location !== "")
    .map((plugin) => dirname(plugin.location));
  return [
    dirname(machine.node),
    exchangeDirectory,
    // The engine takes the first plugin on PATH, and the stand-ins share a folder: an official
    // plugin beside a stand-in has to come before it.
    ...(standIns.length > 0 ? [...officialFolders, standInDirectory] : []),
  ];
}

function engineEnvironment(
  machine: Machine,
  plugins: readonly PluginChoice[],
  programFolders: readonly string[],
): Record<string, string> {
  const separator = machine.platform === "win32" ? ";" : delimiter;
  return {
    PATH: [...programFolders, pathVariable(machine.environment) ?? ""].join(separator),
    ...(plugins.every((plugin) => plugin.kind === "stand-in")
      ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }
      : {}),
  };
}
