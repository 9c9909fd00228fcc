import { join } from "node:path";
import { executableNames, findOnPath, type Machine, reachesDownloads } from "./machine";
import { Failure } from "../system/failure";
import type { PulumiCli } from "./pulumiCli";
import type { StepSink } from "./steps";
import { type PluginName, pluginNames, pluginVersion, standInDirectory } from "./versions";

/** Which plugin runs, and why. */
export interface PluginChoice {
  readonly name: PluginName;
  readonly kind: "official" | "stand-in";
  readonly version: string;
  /** Path of the executable; empty where the engine is left to download it. */
  readonly location: string;
  /** Why this one, as a clause. */
  readonly reason: string;
}

/** What `APPONLY_PLUGINS` may say. */
export const pluginModes = ["auto", "official", "stand-in"] as const;

/** One of {@link pluginModes}. */
export type PluginMode = (typeof pluginModes)[number];

/** The plugins cannot be chosen as asked. */
class PluginError extends Failure {}

/** The mode that the environment asks for. */
export function pluginMode(environment: NodeJS.ProcessEnv): PluginMode {
  const mode = environment.APPONLY_PLUGINS ?? "auto";
  if (!(pluginModes as readonly string[]).includes(mode)) {
    throw new PluginError(
      `APPONLY_PLUGINS "${mode}" is not a choice of plugins. Use auto, official or stand-in, or leave it unset.`,
    );
  }
  return mode as PluginMode;
}

/** The official plugin that is already on the machine, or `undefined`. */
export function installedPlugin(machine: Machine, name: PluginName): PluginChoice | undefined {
  const version = pluginVersion(name);
  const program = `pulumi-resource-${name}`;
  const onPath = findOnPath(machine, program);
  if (onPath !== undefined && !onPath.startsWith(standInDirectory)) {
    return { name, kind: "official", version, location: onPath, reason: "found on PATH" };
  }
  const home = machine.environment.PULUMI_HOME ?? join(machine.home, ".pulumi");
  const folder = join(home, "plugins", `resource-${name}-v${version}`);
  const [file = program] = executableNames(machine, program);
  const location = join(folder, file);
  return machine.isExecutable(location)
    ? { name, kind: "official", version, location, reason: "installed" }
    : undefined;
}

/**
 * Chooses the plugins. Against a real tenant only the official ones will do, and the engine
 * downloads what is missing; on the embedded tenant the stand-ins take the place of what cannot be
 * had.
 *
 * @throws {PluginError} If official plugins are demanded and cannot be had.
 */
export async function choosePlugins(
  machine: Machine,
  pulumi: PulumiCli,
  embeddedTenant: boolean,
  steps: StepSink,
): Promise<PluginChoice[]> {
  const mode = pluginMode(machine.environment);
  const step = steps.start("Plugins");
  const choices: PluginChoice[] = [];
  let reachable: boolean | undefined;
  const canDownload = async () => (reachable ??= await reachesDownloads(machine, "get.pulumi.com"));
  for (const name of pluginNames) {
    choices.push(
      embeddedTenant
        ? await chooseForEmbedded(machine, pulumi, name, mode, canDownload)
        : await chooseForReal(machine, name, mode, canDownload),
    );
  }
  step.done(choices.map((one) => `${one.name} ${one.version} ${one.kind}`).join(", "));
  return choices;
}

async function chooseForReal(
  machine: Machine,
  name: PluginName,
  mode: PluginMode,
  canDownload: () => Promise<boolean>,
): Promise<PluginChoice> {
  if (mode === "stand-in") {
    throw new PluginError(
      "APPONLY_PLUGINS=stand-in serves only the embedded tenant: the stand-ins refuse every other. Unset it.",
    );
  }
  const installed = installedPlugin(machine, name);
  if (installed !== undefined) {
    return installed;
  }
  if (!(await canDownload())) {
    throw pluginUnavailable(name);
  }
  return {
    name,
    kind: "official",
    version: pluginVersion(name),
    location: "",
    reason: "the engine downloads it",
  };
}

async function chooseForEmbedded(
  machine: Machine,
  pulumi: PulumiCli,
  name: PluginName,
  mode: PluginMode,
  canDownload: () => Promise<boolean>,
): Promise<PluginChoice> {
  const version = pluginVersion(name);
  const standIn = (reason: string): PluginChoice => ({
    name,
    kind: "stand-in",
    version,
    location: join(
      standInDirectory,
      `pulumi-resource-${name}${machine.platform === "win32" ? ".cmd" : ""}`,
    ),
    reason,
  });
  if (mode === "stand-in") {
    return standIn("asked for by APPONLY_PLUGINS");
  }
  if (name === "azuread" && machine.platform !== "linux") {
    if (mode === "official") {
      throw new PluginError(
        "APPONLY_PLUGINS=official cannot work with the embedded tenant here: on macOS and Windows Go ignores SSL_CERT_FILE, so the azuread plugin cannot trust it. Unset it, or use Linux.",
      );
    }
    return standIn(
      "Go ignores SSL_CERT_FILE on this platform, so the official one cannot trust the simulator",
    );
  }
  const installed = installedPlugin(machine, name);
  if (installed !== undefined) {
    return installed;
  }
  if (await canDownload()) {
    const result = await machine.run(
      pulumi.command,
      ["plugin", "install", "resource", name, version],
      { timeoutMs: 180_000 },
    );
    const now = result.code === 0 ? installedPlugin(machine, name) : undefined;
    if (now !== undefined) {
      return { ...now, reason: "downloaded" };
    }
  }
  if (mode === "official") {
    throw pluginUnavailable(name);
  }
  return standIn("the official one cannot be downloaded here");
}

function pluginUnavailable(name: PluginName): PluginError {
  const version = pluginVersion(name);
  return new PluginError(
    `The official ${name} plugin ${version} is neither installed nor can it be downloaded from get.pulumi.com. ` +
      `On a machine that can, run \`pulumi plugin install resource ${name} ${version}\` and copy the plugins folder of PULUMI_HOME, or put pulumi-resource-${name} on PATH.`,
  );
}
