import type { ChangedFile, ChangedFiles } from "./model";

/** A Pulumi project in a repository, as the pull request leaves it. */
export interface ProjectFolder {
  /** Folder of `Pulumi.yaml`, relative to the repository, with slashes; empty for its root. */
  readonly path: string;
  /** Stacks that have settings. */
  readonly stacks: readonly string[];
  /** Folder of the stacks' settings, relative to the repository. @default that of `Pulumi.yaml` */
  readonly settings?: string;
}

/** The stacks that a pull request touches. */
export interface StackSelection {
  /** In alphabetical order. */
  readonly stacks: readonly string[];
  /** Stacks whose settings the pull request removes: what they manage stays. */
  readonly removed: readonly string[];
  /** Why all stacks are concerned: a path, or that the list of files is not whole. */
  readonly everything?: string;
}

/**
 * The settings of a stack, whose name it captures.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/projects/stack-settings-file/
 */
export const settingsFile = /^Pulumi\.([A-Za-z0-9_.-]{1,100})\.(?:ya?ml|json)$/;

/** What a package manager or a compiler reads from the folders above the project too. */
const sharedFiles =
  /^(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-(lock|workspace)\.yaml|bun\.lockb?|tsconfig(\..+)?\.json|\.npmrc|\.nvmrc|\.node-version|\.tool-versions)$/;

/** What no program of a project is built from. */
const harmless =
  /^(docs|tests?|__tests__|\.github|\.azuredevops|\.vscode|\.idea)\/|(^|\/)([^/]+\.mdx?|LICENSE[^/]*|CODEOWNERS|\.gitignore|\.gitattributes|\.editorconfig|\.prettierrc[^/]*|\.prettierignore)$/i;

/**
 * The stacks that a pull request touches.
 *
 * Settings concern their own stack. `Pulumi.yaml`, the program and whatever else lies in the
 * project's folder concern all of them, and so do the package manifests of the folders above. Only
 * documentation, tests and the forge's own files concern none: a file that is not known may be part
 * of the program.
 *
 * @example
 * changedStacks(
 *   { files: [{ path: "Pulumi.contoso.yaml", change: "modified" }], complete: true },
 *   { path: "", stacks: ["contoso", "fabrikam"] },
 * ).stacks // ["contoso"]
 */
export function changedStacks(changes: ChangedFiles, project: ProjectFolder): StackSelection {
  const present = new Set(project.stacks);
  const touched = new Set<string>();
  const removed = new Set<string>();
  let everything: string | undefined = changes.complete
    ? undefined
    : "the pull request changes more files than the forge lists";
  for (const path of changes.files.flatMap(changedPaths)) {
    const local = withinFolder(path, project.path);
    const settings = withinFolder(path, project.settings ?? project.path);
    const stack = settings === undefined ? undefined : settingsFile.exec(settings)?.[1];
    if (stack !== undefined) {
      (present.has(stack) ? touched : removed).add(stack);
    } else if (local === undefined ? isSharedAbove(path, project.path) : !harmless.test(local)) {
      everything ??= path;
    }
  }
  return {
    stacks: sortedNames(everything === undefined ? touched : present),
    removed: sortedNames(removed),
    ...(everything === undefined ? {} : { everything }),
  };
}

/** A renamed file is missing in one place and new in the other. */
export function changedPaths({ path, previousPath }: ChangedFile): string[] {
  return previousPath === undefined ? [path] : [path, previousPath];
}

/** The path from a folder on; nothing for a file elsewhere. */
export function withinFolder(path: string, folder: string): string | undefined {
  if (folder === "") {
    return path;
  }
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

function isSharedAbove(path: string, project: string): boolean {
  const cut = path.lastIndexOf("/");
  const folder = cut < 0 ? "" : path.slice(0, cut);
  return (
    (folder === "" || project.startsWith(`${folder}/`)) && sharedFiles.test(path.slice(cut + 1))
  );
}

function sortedNames(names: Iterable<string>): string[] {
  return [...names].sort();
}
