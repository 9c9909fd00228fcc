import { changedPaths, type ProjectFolder, settingsFile, withinFolder } from "./changedStacks";
import type { ChangedFile, ChangedFiles } from "./model";

/** What a changed file is, of all that runs with the rights of a job, or decides what does. */
export type CodeKind =
  | (typeof guardedFiles)[number]["kind"]
  | "link or submodule"
  | "what the review reads"
  | "secrets provider"
  | "more than the forge lists";

/** A file that a pull request changes besides settings and documentation, or settings that do more. */
export interface CodeChange {
  readonly path: string;
  readonly kind: CodeKind;
  /** What changes, in our own words. */
  readonly detail?: string;
  /** What it holds now, by git's id or as a word; unknown where the forge does not tell. */
  readonly content?: string;
}

/**
 * Everything that owners have to guard, with examples of each kind; the first that fits decides.
 * `anywhere` are found in the whole repository, the others in the project's folder and above it.
 */
export const guardedFiles = [
  {
    kind: "code owners",
    anywhere: true,
    pattern: /(^|\/)CODEOWNERS$/i,
    examples: ["CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS"],
  },
  {
    kind: "workflow",
    anywhere: true,
    pattern:
      /^(\.github|\.azuredevops|azure-pipelines|\.circleci|\.gitlab)\/|(^|\/)(azure-pipelines[^/]*\.ya?ml|\.gitlab-ci\.ya?ml|Jenkinsfile[^/]*)$/i,
    examples: [".github/workflows/review.yml", "azure-pipelines/review.yml", "Jenkinsfile"],
  },
  {
    kind: "action",
    anywhere: true,
    pattern: /(^|\/)action\.ya?ml$/i,
    examples: ["action.yml", "tools/review/action.yaml"],
  },
  {
    kind: "submodule",
    anywhere: true,
    pattern: /^\.gitmodules$/i,
    examples: [".gitmodules"],
  },
  {
    kind: "hook",
    anywhere: true,
    pattern:
      /(^|\/)(\.husky|\.githooks|\.devcontainer|\.vscode|\.idea)\/|(^|\/)(\.gitattributes|\.?lefthook[^/]*\.ya?ml|\.pre-commit-config\.ya?ml|\.?simple-git-hooks[^/]*|\.pnpmfile\.c?js)$/i,
    examples: [".husky/pre-commit", ".gitattributes", "lefthook.yml"],
  },
  {
    kind: "lock file",
    anywhere: false,
    pattern:
      /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/i,
    examples: ["package-lock.json", "pnpm-lock.yaml"],
  },
  {
    kind: "dependencies and scripts",
    anywhere: false,
    pattern:
      /(^|\/)(package\.json|pnpm-workspace\.yaml|bunfig\.toml|\.npmrc|\.yarnrc(\.yml)?|\.nvmrc|\.node-version|\.tool-versions)$|(^|\/)(\.yarn|node_modules)\//i,
    examples: ["package.json", ".npmrc", "node_modules/apponly/index.js"],
  },
  {
    kind: "Pulumi project",
    anywhere: false,
    pattern: /(^|\/)(Pulumi\.(ya?ml|json)|PulumiPlugin\.ya?ml)$/i,
    examples: ["Pulumi.yaml"],
  },
  {
    kind: "policies",
    anywhere: false,
    pattern: /(^|\/)policy\/|(^|\/)PulumiPolicy\.ya?ml$|policy[^/]*\.json$/i,
    examples: ["policy/PulumiPolicy.yaml", "policy-config.json"],
  },
  { kind: "program", anywhere: false, pattern: /^/, examples: ["index.ts", "components/names.ts"] },
] as const;

/** What neither runs nor decides what runs. */
const documentation =
  /^(docs|tests?|__tests__)\/|(^|\/)([^/]+\.(mdx?|txt|png|jpe?g|gif|svg|webp)|LICENSE[^/]*|\.gitignore|\.editorconfig|\.prettierrc[^/]*|\.prettierignore)$|^\.github\/ISSUE_TEMPLATE\//i;

/** What is known of a checkout besides its files' names. */
export interface Checkout {
  /** Whether what a path names is neither a link nor a folder. */
  readonly isPlainFile: (path: string) => boolean;
  /** The text of a file, where it is there. */
  readonly textOf: (path: string) => string | undefined;
  /** Files and folders that the review itself was told to read. */
  readonly inputs: readonly string[];
}

/**
 * What a pull request changes besides settings and documentation: code of which a preview shows
 * nothing, because it runs before it, after it, or in its place. A renamed file is looked at in both
 * places, and a settings file that is a link, or a folder of another repository, is not a setting.
 *
 * @example
 * changedCode(changes, { path: "", stacks: ["contoso"] }, checkout)
 * // [{ path: ".github/workflows/review.yml", kind: "workflow" }]
 */
export function changedCode(
  changes: ChangedFiles,
  project: ProjectFolder,
  { isPlainFile, inputs }: Omit<Checkout, "textOf">,
): CodeChange[] {
  const isInput = (path: string) =>
    inputs.some((one) => path === one || one === "" || path.startsWith(`${one}/`));
  const contents = new Map(changes.files.flatMap(contentsOf));
  const found = [...contents.keys()].sort().flatMap((path): CodeChange[] => {
    const kind = isInput(path)
      ? "what the review reads"
      : isPlainFile(path)
        ? kindOfCode(path, project)
        : "link or submodule";
    const content = contents.get(path);
    return kind === undefined
      ? []
      : [{ path, kind, ...(content === undefined ? {} : { content }) }];
  });
  return changes.complete ? found : [...found, { path: "…", kind: "more than the forge lists" }];
}

/** What is in each place that a change touches, the one that a renamed file has left too. */
function contentsOf(file: ChangedFile): [path: string, content: string | undefined][] {
  return changedPaths(file).map((path) => [
    path,
    path === file.previousPath || file.change === "removed" ? "removed" : file.content,
  ]);
}

function kindOfCode(path: string, project: ProjectFolder): CodeKind | undefined {
  const local = withinFolder(path, project.path);
  const reaches = (kind: CodeKind) =>
    local !== undefined || (kind !== "program" && isAbove(path, project.path));
  const { kind } =
    guardedFiles.find(
      ({ anywhere, pattern, kind: one }) => pattern.test(path) && (anywhere || reaches(one)),
    ) ?? {};
  const isText =
    settingsFile.test(withinFolder(path, project.settings ?? project.path) ?? "") ||
    documentation.test(local ?? path);
  return isText && (kind === "program" || kind === "workflow") ? undefined : kind;
}

/** Whether a file lies in a folder that holds the project. */
function isAbove(path: string, project: string): boolean {
  const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
  return folder === "" || project.startsWith(`${folder}/`);
}
