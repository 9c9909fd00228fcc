import { PulumiCommand } from "@pulumi/pulumi/automation";
import { delimiter, dirname } from "node:path";
import { SemVer } from "semver";
import { type Machine, pathOf, thisMachine } from "./machine";
import { choosePlugins, type PluginChoice } from "./plugins";
import { getPulumi, type Installer, type PulumiCli } from "./pulumiCli";
import type { StepSink } from "./steps";
import { standInDirectory } from "./versions";

/** What {@link prepareToolchain} is given. */
export interface ToolchainOptions {
  readonly steps: StepSink;
  /** Whether the embedded tenant is worked on; only then may stand-ins run. */
  readonly embeddedTenant: boolean;
  /** @default the machine this program runs on */
  readonly machine?: Machine;
}

/** The tools, ready to be used. */
export interface Toolchain {
  readonly pulumi: PulumiCli;
  readonly plugins: readonly PluginChoice[];
  /** Folders in which the engine finds the chosen plugins, and they find this Node, in order. */
  readonly programFolders: readonly string[];
  /** Environment of the engine: a `PATH` on which it finds the plugins, and they find this Node. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Gets the tools ready: the Pulumi CLI found, installed or built, and the plugins chosen.
 *
 * @throws {NoPulumiError} If there is no way to a Pulumi CLI.
 * @throws {PluginError} If the plugins cannot be chosen as asked.
 * @example const toolchain = await prepareToolchain({ steps, embeddedTenant: true });
 */
export async function prepareToolchain(options: ToolchainOptions): Promise<Toolchain> {
  const machine = options.machine ?? thisMachine;
  const pulumi = await getPulumi(machine, options.steps, officialInstaller);
  const plugins = await choosePlugins(machine, pulumi, options.embeddedTenant, options.steps);
  const programFolders = foldersFor(machine, plugins);
  return {
    pulumi,
    plugins,
    programFolders,
    environment: engineEnvironment(machine, plugins, programFolders),
  };
}

/** @see https://www.pulumi.com/docs/iac/download-install/ */
const officialInstaller: Installer = async (root, version) => {
  await PulumiCommand.install({ root, version: new SemVer(version) });
};

function foldersFor(machine: Machine, plugins: readonly PluginChoice[]): string[] {
  const standIns = plugins.filter((plugin) => plugin.kind === "stand-in");
  const officialFolders = plugins
    .filter((plugin) => plugin.kind === "official" && plugin.location !== "")
    .map((plugin) => dirname(plugin.location));
  return [
    dirname(machine.node),
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
    PATH: [...programFolders, pathOf(machine.environment) ?? ""].join(separator),
    ...(plugins.every((plugin) => plugin.kind === "stand-in")
      ? { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }
      : {}),
  };
}
