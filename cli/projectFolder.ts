import { existsSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { folderInCheckout } from "../forge/git/changedFiles";
import { type ProjectFolder, stacksAmong } from "../forge/changedStacks";
import { UsageFailure } from "../system/failure";

/**
 * The Pulumi project in a folder, and where it lies in the checkout.
 *
 * @param checkout Root of the checkout, for where git cannot say.
 * @throws {UsageFailure} If there is no project, or it lies outside the checkout.
 */
export async function projectIn(directory: string, checkout?: string): Promise<ProjectFolder> {
  if (!existsSync(join(directory, "Pulumi.yaml"))) {
    throw new UsageFailure(
      `${directory} has no Pulumi.yaml. Run the command in the project's folder; the GitHub action takes it as working-directory.`,
    );
  }
  const stacks = stacksAmong(await readdir(directory));
  const path = (await folderInCheckout(directory)) ?? (await folderWithin(directory, checkout));
  return { path, stacks };
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
