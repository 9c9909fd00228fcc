import type { Checkout, CodeChange } from "../../../forge/changedCode";
import { type ProjectFolder, settingsFile, withinFolder } from "../../../forge/changedStacks";
import type { Forge } from "../../../forge/forge";
import { ForgeFailure } from "../../../forge/forgeFailure";
import type { ChangedFile, ChangedFiles } from "../../../forge/model";
import { runInLanes } from "../../../fleet/sideBySide";
import { encryptionChange } from "../../../operations/encryption";
import { UsageFailure } from "../../../system/failure";

/** Requests to a forge at once. */
const lanes = 8;

/**
 * Settings by which a pull request changes what encrypts a stack's secrets. Where that cannot be
 * seen, it counts as changed.
 *
 * @param source Tells a file's text before the pull request.
 */
export async function changedEncryption(
  { files }: ChangedFiles,
  project: ProjectFolder,
  checkout: Checkout,
  source: Pick<Forge, "textBefore">,
): Promise<CodeChange[]> {
  const settings = files.filter(
    ({ path, change }) =>
      change !== "removed" &&
      settingsFile.test(withinFolder(path, project.settings ?? project.path) ?? "") &&
      checkout.isPlainFile(path),
  );
  const found = await runInLanes(settings, lanes, async (file): Promise<CodeChange[]> => {
    const detail = await changeIn(file, checkout, source);
    const { path, content } = file;
    return detail === undefined
      ? []
      : [{ path, kind: "secrets provider", detail, ...(content ? { content } : {}) }];
  });
  return found.flat();
}

async function changeIn(
  { path, change, previousPath }: ChangedFile,
  checkout: Checkout,
  source: Pick<Forge, "textBefore">,
): Promise<string | undefined> {
  try {
    const after = checkout.textOf(path) ?? "";
    const before = change === "added" ? undefined : await source.textBefore(previousPath ?? path);
    // What was renamed is the settings of a new stack too.
    return (
      encryptionChange(path, before, after) ??
      (change === "renamed" ? encryptionChange(path, undefined, after) : undefined)
    );
  } catch (error) {
    if (error instanceof ForgeFailure || error instanceof UsageFailure) {
      return "that cannot be compared with before";
    }
    throw error;
  }
}
