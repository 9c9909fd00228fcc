import { existsSync, lstatSync, readFileSync, realpathSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import type { Checkout } from "../../../forge/changedCode";
import type { ProjectFolder } from "../../../forge/changedStacks";
import { type Project, stacksOf } from "../../../operations/project";
import { ownRoot } from "../../../operations/projectProgram";
import { UsageFailure } from "../../../system/failure";
import { checkoutOf } from "../../../system/git";

/**
 * Refuses to review where this program itself came with the checkout: a pull request would bring its
 * own reviewer.
 *
 * @param directory Folder of the project.
 * @param reviewer Folder of this program.
 * @throws {UsageFailure} If the program lies in the same checkout.
 */
export function requireOwnCheckout(directory: string, reviewer = ownRoot): void {
  const [reviewed, own] = [checkoutOf(directory), checkoutOf(reviewer)];
  if (reviewed !== undefined && reviewed === own) {
    throw new UsageFailure(
      `The reviewer lies in the checkout of the pull request, ${own}, which could change it. Take it from the base of the pull request, or from a commit of its own, into another folder: docs/how-to/review-pull-requests.md shows how.`,
    );
  }
}

/**
 * What is known of the checkout that the project lies in.
 *
 * @param directory Folder of the project.
 * @param inputs Files and folders that the command line names, as it names them.
 */
export function checkoutAround(
  directory: string,
  { path }: ProjectFolder,
  inputs: readonly string[],
): Checkout {
  const depth = path === "" ? 0 : path.split("/").length;
  const root = join(realpathSync(directory), ...Array<string>(depth).fill(".."));
  return {
    isPlainFile: (file) => lstatSync(join(root, file), { throwIfNoEntry: false })?.isFile() ?? true,
    textOf: (file) => {
      const path = join(root, file);
      return existsSync(path) ? readFileSync(path, "utf8") : undefined;
    },
    inputs: inputs
      .filter((one) => existsSync(one))
      .map((one) => relative(root, realpathSync(one)).split(sep).join("/"))
      .filter((one) => !one.startsWith("..")),
  };
}

/** The text of a project's file and of all its stacks' settings. */
export function settingsTextIn(project: Project): string {
  const { file, settingsDirectory } = project;
  const settings = stacksOf(project).map((stack) =>
    join(settingsDirectory, `Pulumi.${stack}${extname(file)}`),
  );
  return [file, ...settings]
    .filter((one) => lstatSync(one).isFile())
    .map((one) => readFileSync(one, "utf8"))
    .join("\n");
}
