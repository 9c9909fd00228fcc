import { basename, dirname, join, resolve } from "node:path";
import { createHash } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { BuildFailed, buildPulumi } from "./goBuild";
import {
  cacheDirectory,
  executableNames,
  findOnPath,
  type Machine,
  reachesDownloads,
} from "./machine";
import { Failure } from "../system/failure";
import { versionOf } from "./pulumiVersion";
import type { StepSink } from "./steps";
import { isAtLeast, oldestPulumiVersion, pulumiVersion } from "./versions";

/** A Pulumi CLI that is ready to be run. */
export interface PulumiCli {
  /** Absolute path of the executable. */
  readonly command: string;
  /** Folder whose `bin` holds it: what `PulumiCommand.get({ root })` wants. */
  readonly root: string;
  readonly version: string;
  readonly source: "path" | "cache" | "installer" | "go";
}

/** Installs the CLI below a folder by the official installer; replaced in unit tests. */
export type Installer = (root: string, version: string) => Promise<void>;

/** No CLI, and no way to one. Names every way and what became of it. */
class NoPulumiError extends Failure {}

/**
 * The CLI of `PATH` or of the cache, without installing or building anything. A CLI that is too
 * old is reported through `tooOld`.
 *
 * @throws {NoPulumiError} If `APPONLY_PULUMI` names something else than a CLI that will do.
 */
export async function findPulumi(
  machine: Machine,
  tooOld: (command: string, version: string) => void = () => undefined,
): Promise<PulumiCli | undefined> {
  const { APPONLY_PULUMI: named } = machine.environment;
  const onPath = named ? resolve(named) : findOnPath(machine, "pulumi");
  if (onPath !== undefined) {
    const version = await versionOf(machine, onPath);
    if (version !== undefined && isAtLeast(version, oldestPulumiVersion)) {
      return { command: onPath, root: rootOf(onPath), version, source: "path" };
    }
    if (named) {
      throw new NoPulumiError(
        `APPONLY_PULUMI "${named}" is not a Pulumi CLI ${oldestPulumiVersion} or newer: ${version ?? "it tells no version"}. Correct the path, or unset it to have the CLI found, installed or built.`,
      );
    }
    tooOld(onPath, version ?? "unknown version");
  }
  const cached = cachedCommand(machine);
  if (machine.isExecutable(cached)) {
    const version = await versionOf(machine, cached);
    if (version === pulumiVersion) {
      return { command: cached, root: rootOf(cached), version, source: "cache" };
    }
  }
  return undefined;
}

/**
 * A CLI that is ready: found, or installed, or built.
 *
 * @throws {NoPulumiError} If all three ways fail.
 */
export async function getPulumi(
  machine: Machine,
  steps: StepSink,
  install: Installer,
): Promise<PulumiCli> {
  const step = steps.start("Pulumi CLI");
  const ways: string[] = [];
  const found = await findPulumi(machine, (command, version) => {
    ways.push(`PATH has ${command} (${version}), older than ${oldestPulumiVersion}.`);
  });
  if (found !== undefined) {
    const root = await runnableRoot(machine, found.command);
    step.done(`${found.version} from ${found.source === "path" ? found.command : "the cache"}`);
    return { ...found, root };
  }
  ways.push(...(ways.length === 0 ? ["PATH has no pulumi."] : []));
  const target = cachedCommand(machine);
  step.progress("asking for the official installer");
  if (await reachesDownloads(machine, "get.pulumi.com")) {
    try {
      step.progress("installing");
      await install(rootOf(target), pulumiVersion);
      step.done(`${pulumiVersion} from the official installer`);
      return { command: target, root: rootOf(target), version: pulumiVersion, source: "installer" };
    } catch (error) {
      ways.push(`The official installer failed: ${firstLineOf(error)}`);
    }
  } else {
    ways.push("The official installer at get.pulumi.com cannot be reached.");
  }
  try {
    step.progress("building it with Go");
    await buildPulumi(machine, target, step);
    step.done(`${pulumiVersion} built with Go`);
    return { command: target, root: rootOf(target), version: pulumiVersion, source: "go" };
  } catch (error) {
    if (!(error instanceof BuildFailed)) {
      throw error;
    }
    ways.push(`It cannot be built: ${error.message}`);
  }
  step.fail("not found");
  throw new NoPulumiError(
    `There is not a Pulumi CLI, and no way to get one.\n${ways.map((way) => ` - ${way}`).join("\n")}\n` +
      `Install Pulumi ${oldestPulumiVersion} or newer and put it on PATH, or allow access to get.pulumi.com, or install Go 1.26 or newer.`,
  );
}

/** Where the cache keeps the CLI of this version, platform and architecture. */
export function cachedCommand(machine: Machine): string {
  const folder = `pulumi-${pulumiVersion}-${machine.platform}-${machine.architecture}`;
  const [name = "pulumi"] = executableNames(machine, "pulumi");
  return join(cacheDirectory(machine), folder, "bin", name);
}

function firstLineOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

/** The folder above a CLI's own. */
function rootOf(command: string): string {
  return dirname(dirname(command));
}

/**
 * A folder whose `bin` holds the CLI: what `PulumiCommand.get({ root })` wants. Version managers
 * and some installers put the CLI elsewhere or under another name; then a script in the cache
 * starts it.
 */
export async function runnableRoot(machine: Machine, command: string): Promise<string> {
  const inBin = basename(dirname(command)) === "bin";
  if (inBin && executableNames(machine, "pulumi").includes(basename(command).toLowerCase())) {
    return rootOf(command);
  }
  const id = createHash("sha256").update(command).digest("hex").slice(0, 12);
  const root = join(cacheDirectory(machine), `pulumi-found-${id}`);
  const windows = machine.platform === "win32";
  const script = join(root, "bin", windows ? "pulumi.cmd" : "pulumi");
  const text = windows
    ? `@"${command}" %*\r\n`
    : `#!/bin/sh\nexec '${command.replace(/'/g, `'\\''`)}' "$@"\n`;
  await mkdir(dirname(script), { recursive: true });
  await writeFile(script, text);
  await chmod(script, 0o755);
  return root;
}
