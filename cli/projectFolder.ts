import { realpath } from "node:fs/promises";
import { posix, relative, sep } from "node:path";
import { folderInCheckout } from "../forge/git/changedFiles";
import type { ProjectFolder } from "../forge/changedStacks";
import { findProject, stacksOf } from "../operations/project";
import { UsageFailure } from "../system/failure";

/**
 * The person's Pulumi project, and where it lies in the checkout.
 *
 * @param checkout Root of the checkout, for where git cannot say.
 * @throws {UsageFailure} If there is no project, or it lies outside the checkout.
 */
export async function projectIn(directory: string, checkout?: string): Promise<ProjectFolder> {
  const project = findProject(directory);
  const folder = project.directory;
  const path = folderInCheckout(folder) ?? (await folderWithin(folder, checkout));
  const settings = relative(folder, project.settingsDirectory);
  return {
    path,
    stacks: stacksOf(project),
    ...(settings === "" ? {} : { settings: posix.join(path, settings.split(sep).join("/")) }),
  };
}

async function folderWithin(directory: string, checkout: string | undefined): Promise<string> {
  const path = relative(await realpath(checkout ?? directory), await realpath(directory));
  if (path.startsWith("..")) {
    throw new UsageFailure(
      `${directory} is not in the checkout ${checkout ?? ""}. Run the command in the project's folder.`,
    );
  }
  return path.split(sep).join("/");
}
