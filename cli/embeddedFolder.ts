import { existsSync } from "node:fs";
import { lstat, mkdir, readFile } from "node:fs/promises";
import { join, sep } from "node:path";
import { removeDeadLocks } from "../operations/engineLocks";
import { findProject, ownNameOf, type Project, type ProjectStack } from "../operations/project";
import { StackMissing } from "../operations/readableStack";
import { Failure } from "../system/failure";
import { setAsideWrongKinds } from "./damagedFolder";
import { failureOf } from "./errors";
import { writeWhole } from "../system/files";
import { holderIn, holderState, takeLock } from "../system/processLock";

/**
 * The embedded tenant's folder where no other is named: in the person's project, ignored by git.
 *
 * @param makesProject Whether the command makes a project of this folder where there is none.
 */
export function embeddedFolder(named: string | undefined, makesProject = false): string {
  if (named !== undefined) {
    return named;
  }
  const project = makesProject ? projectHere() : findProject();
  return join(project?.directory ?? process.cwd(), ".apponly");
}

/** The project that a command is in; nothing where there is none, or its file is damaged. */
export function projectHere(): Project | undefined {
  try {
    return findProject();
  } catch {
    return undefined;
  }
}

/** The embedded tenant's folder as a command has to name it; empty where it is found without. */
export function folderToName(directory: string): string {
  return directory === embeddedFolder(undefined, true) ? "" : directory;
}

/** What a running simulator has written for the commands of its folder, if one runs. */
export async function runningSimulator(
  directory: string,
): Promise<Record<string, string> | undefined> {
  const [lock, settings] = await Promise.all(
    ["lock", simulatorSettings].map((name) =>
      readFile(join(directory, name), "utf8").catch(() => ""),
    ),
  );
  const holder = holderIn(lock ?? "");
  return holder !== undefined && holderState(holder) === "running"
    ? settingsIn(settings ?? "")
    : undefined;
}

function settingsIn(text: string): Record<string, string> | undefined {
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    // It is missing or damaged; whoever takes the folder is told which process has it.
    return undefined;
  }
}

/** File with what points a command at the simulator; the deployer's secret is in it. */
export const simulatorSettings = "simulator.json";

/**
 * Opens a stack; where that fails and the embedded tenant has one of that name, says how to reach it.
 *
 * @throws {Failure} What the opening failed with, in a sentence.
 */
export async function withHint<T>(
  { project, name }: ProjectStack,
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const failure = failureOf(error, undefined, name);
    const own = ownNameOf(name);
    if (process.env.APPONLY_EMBEDDED === "true") {
      throw failure instanceof StackMissing
        ? new Failure(
            `The embedded tenant has no stack "${own}" yet. Deploy it: apponly up --stack ${own}`,
            failure.exitCode,
            { cause: error },
          )
        : failure;
    }
    const states = [".apponly", "backend", ".pulumi", "stacks", project.name].join(sep);
    const isThere = [".json", ".json.gz"].some((end) =>
      existsSync(join(project.directory, states, own + end)),
    );
    throw isThere
      ? new Failure(
          `${failure.message}\nThe stack "${own}" of the embedded tenant is reached with --embedded.`,
          failure.exitCode,
          { cause: error },
        )
      : failure;
  }
}

/**
 * Takes the folder of the embedded tenant for this process: two that write into it would lose each
 * other's changes. Locks that an engine has left there, because it was killed, are removed.
 *
 * @returns What gives the folder back.
 * @throws {Failure} If a process that runs has it.
 */
export async function takeFolder(directory: string): Promise<() => Promise<void>> {
  if ((await lstat(directory).catch(() => undefined))?.isSymbolicLink() === true) {
    throw new Failure(
      `${directory} is a link, which may lead into a folder of somebody else's. Remove it, or name the folder itself with --directory.`,
    );
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await setAsideWrongKinds(directory);
  await writeWhole(join(directory, ".gitignore"), "*\n");
  const lock = await takeLock(join(directory, "lock"));
  if ("holder" in lock) {
    const { pid, host } = lock.holder;
    throw new Failure(
      `The folder ${directory} is in use by process ${pid} on ${host}: \`apponly start\` or \`apponly simulator\`. End that one first, or name another folder with --directory.`,
    );
  }
  try {
    const { left } = await removeDeadLocks(join(directory, "backend", ".pulumi", "locks"), {
      isShared: false,
      waitMs: 30_000,
    });
    if (left !== undefined) {
      throw new Failure(
        `The embedded stack is locked by process ${left.pid}, which is running. Wait until it has ended, and run the same command again.`,
      );
    }
  } catch (error) {
    await lock.release();
    throw error;
  }
  return lock.release;
}
