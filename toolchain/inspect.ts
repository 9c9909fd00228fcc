import { accessSync, constants } from "node:fs";
import { dirname, resolve } from "node:path";
import { cacheDirectory, findOnPath, type Machine, reachesDownloads, thisMachine } from "./machine";
import { installedPlugin, pluginMode } from "./plugins";
import { cachedCommand, findPulumi } from "./pulumiCli";
import { oldestPulumiVersion, pluginNames, pluginVersion } from "./versions";

/** One tool as it was found. */
export interface ToolReport {
  readonly tool: string;
  /** Whether it will do as it is. */
  readonly ready: boolean;
  readonly version?: string;
  /** Where it is, or why it is not there and what happens instead. */
  readonly detail: string;
}

/** What is there, without installing or building anything. */
export async function inspectToolchain(machine: Machine = thisMachine): Promise<ToolReport[]> {
  const reachable = await reachesDownloads(machine, "get.pulumi.com");
  return [
    { tool: "Node", ready: true, version: process.versions.node, detail: machine.node },
    await inspectGo(machine),
    await inspectPulumi(machine, reachable),
    ...pluginNames.map((name) => inspectPlugin(machine, name, reachable)),
    {
      tool: "Pulumi's downloads",
      ready: reachable,
      detail: reachable ? "get.pulumi.com answers" : "get.pulumi.com cannot be reached",
    },
    inspectCache(cacheDirectory(machine)),
  ];
}

function inspectCache(folder: string): ToolReport {
  return canBeWritten(resolve(folder))
    ? { tool: "Cache", ready: true, detail: folder }
    : {
        tool: "Cache",
        ready: false,
        detail: `${folder} cannot be written; name another folder by APPONLY_CACHE_DIR`,
      };
}

/** Whether a folder can be written, or made where it is missing. */
function canBeWritten(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return missing && dirname(folder) !== folder && canBeWritten(dirname(folder));
  }
}

async function inspectGo(machine: Machine): Promise<ToolReport> {
  const go = findOnPath(machine, "go");
  if (go === undefined) {
    return { tool: "Go", ready: false, detail: "not on PATH; only needed to build the Pulumi CLI" };
  }
  const version = (await machine.run(go, ["env", "GOVERSION"])).stdout.trim();
  return { tool: "Go", ready: true, version: version.replace(/^go/, ""), detail: go };
}

async function inspectPulumi(machine: Machine, reachable: boolean): Promise<ToolReport> {
  const tool = "Pulumi CLI";
  const found = await findPulumi(machine);
  if (found !== undefined) {
    return { tool, ready: true, version: found.version, detail: found.command };
  }
  const next = reachable ? "the official installer will be used" : "it will be built with Go";
  return {
    tool,
    ready: false,
    detail: `no ${oldestPulumiVersion} or newer on PATH, none at ${cachedCommand(machine)}; ${next}`,
  };
}

function inspectPlugin(
  machine: Machine,
  name: (typeof pluginNames)[number],
  reachable: boolean,
): ToolReport {
  const tool = `Plugin ${name}`;
  const version = pluginVersion(name);
  const mode = pluginMode(machine.environment);
  if (mode === "stand-in") {
    return { tool, ready: true, version, detail: "stand-in, asked for by APPONLY_PLUGINS" };
  }
  const installed = installedPlugin(machine, name);
  if (installed !== undefined) {
    return { tool, ready: true, version, detail: `official, ${installed.location}` };
  }
  return {
    tool,
    ready: reachable,
    version,
    detail: reachable
      ? "official, will be downloaded"
      : "cannot be downloaded: the embedded tenant uses the stand-in, a real tenant needs the official plugin",
  };
}
