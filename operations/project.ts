import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, extname, join } from "node:path";
import { propertiesOf, textOf } from "../policy/rules/values";
import { stackNameForm } from "../system/stackName";
import { didYouMean } from "../system/didYouMean";
import { UsageFailure } from "../system/failure";
import { firstNames, mostNamedStacks } from "../system/firstNames";
import type { Environment } from "../system/environment";
import type * as pulumiYaml from "./pulumiYaml";

/** A Pulumi project. */
export interface Project {
  /** Empty where the project's file names none. */
  readonly name: string;
  /** Folder of the project's file, in which the CLI is run. */
  readonly directory: string;
  /** `Pulumi.yaml`, `Pulumi.yml` or `Pulumi.json`, as a whole path. */
  readonly file: string;
  /** Folder of the stacks' settings: where `stackConfigDir` leads, else that of the project's file. */
  readonly settingsDirectory: string;
  /** Language of its program, for example `nodejs`. */
  readonly runtime?: string | undefined;
  /** Where its program is, relative to the project's folder. @default that folder */
  readonly main?: string | undefined;
  /** Where the project's file says that its state is kept. */
  readonly backend?: string | undefined;
}

/** One stack of a project. */
export interface ProjectStack {
  readonly project: Project;
  /** As Pulumi takes it: with its organisation where the person, or the selection, names it. */
  readonly name: string;
  /** `Pulumi.STACK.yaml`, as a whole path; it exists. */
  readonly settingsFile: string;
}

/** The CLI looks for them in this order. */
const projectFiles = ["Pulumi.json", "Pulumi.yaml", "Pulumi.yml"];

/**
 * Finds the project that a folder belongs to, as the Pulumi CLI does: in the folder, or the next one
 * above it. There is no other: a command never works on a project that the person is not in.
 *
 * @throws {UsageFailure} If there is none, or its file cannot be read.
 * @see https://www.pulumi.com/docs/iac/concepts/projects/
 */
export function findProject(from = process.cwd()): Project {
  const file = projectAbove(from);
  if (file === undefined) {
    throw new UsageFailure(
      `Neither ${from} nor a folder above it has a Pulumi.yaml. Run the command in the folder of your project, or name it with -C.`,
    );
  }
  return readProject(dirname(file), file);
}

/** The project's file in a folder, or in the next one above it that has one. */
export function projectAbove(from: string): string | undefined {
  const file = projectFiles.map((name) => join(from, name)).find(isFile);
  return file ?? (dirname(from) === from ? undefined : projectAbove(dirname(from)));
}

/** Whether a path leads to a file; one that cannot be looked at leads to none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Reads the project's file when something in it is asked for: to read YAML takes longer than to list stacks. */
function readProject(directory: string, file: string): Project {
  const text = readFileSync(file, "utf8");
  let content: Readonly<Record<string, unknown>> | undefined;
  const read = (key: string) => (content ??= parseProject(file, text))[key];
  return {
    directory,
    file,
    get name() {
      return textOf(read("name")) ?? "";
    },
    get settingsDirectory() {
      // `config` is an older name of it, where it is text.
      const mayLead = /stackConfigDir|\bconfig["']?\s*:[ \t]*[^\s{#]/.test(text);
      const folder = mayLead
        ? (textOf(read("stackConfigDir")) ?? textOf(read("config")))
        : undefined;
      return join(directory, folder ?? "");
    },
    get runtime() {
      const runtime = read("runtime");
      return textOf(runtime) ?? textOf(propertiesOf(runtime).name);
    },
    get main() {
      return textOf(read("main"));
    },
    get backend() {
      return textOf(propertiesOf(read("backend")).url);
    },
  };
}

function parseProject(file: string, text: string): Readonly<Record<string, unknown>> {
  // oxlint-disable-next-line typescript/no-require-imports -- import() leads nowhere once compiled
  const { readPulumiFile } = require("./pulumiYaml") as typeof pulumiYaml;
  return propertiesOf(readPulumiFile(file, text).toJS());
}

/** Names of the stacks that have settings in a project, in alphabetical order. */
export function stacksOf({ file, settingsDirectory }: Project): string[] {
  const end = extname(file);
  const files = existsSync(settingsDirectory)
    ? readdirSync(settingsDirectory, { withFileTypes: true })
    : [];
  return files
    .filter((one) => one.name.startsWith("Pulumi.") && one.name.endsWith(end))
    .filter((one) => !one.isDirectory())
    .map(({ name }) => name.slice("Pulumi.".length, -end.length))
    .filter((name) => stackNameForm.test(name))
    .sort();
}

/**
 * Finds a stack as the Pulumi CLI does: the one that is named, else that of `APPONLY_STACK` or
 * `PULUMI_STACK`, else the one that `pulumi stack select` has selected for the project.
 *
 * @param wanted A stack's name, also with organisation, or organisation and project, before it.
 * @param from The folder that the command runs in.
 * @throws {UsageFailure} If there is no project; if no stack is named or selected; if it is another
 *   project's; if the project has no settings for it.
 * @see https://www.pulumi.com/docs/iac/cli/commands/pulumi_stack_select/
 */
export function findStack(
  wanted?: string,
  from = process.cwd(),
  environment: Environment = process.env,
): ProjectStack {
  const project = findProject(from);
  const { APPONLY_STACK, PULUMI_STACK } = environment;
  const given = wanted ?? (APPONLY_STACK || PULUMI_STACK || selectedStack(project, environment));
  if (given === undefined) {
    throw new UsageFailure(
      `No stack is named, and none is selected in ${project.directory}. Name one with --stack, or select one: \`pulumi stack select NAME\`. ${availableStacks(project)}`,
    );
  }
  const { name, ownName } = nameIn(project, given);
  const settingsFile = join(project.settingsDirectory, `Pulumi.${ownName}${extname(project.file)}`);
  if (!isFile(settingsFile)) {
    if (existsSync(settingsFile)) {
      throw new UsageFailure(
        `${settingsFile} is not a file. Move away what is there, and put the stack's settings in its place.`,
      );
    }
    const other = findSettingsOfOtherForm(settingsFile);
    if (other !== undefined) {
      throw new UsageFailure(
        `${other} is not read: settings end as the project's file does, ${basename(project.file)}. Rename it to ${basename(settingsFile)}.`,
      );
    }
    throw new UsageFailure(
      `${dirname(settingsFile)} has no ${basename(settingsFile)}. ${didYouMean(ownName, stacksOf(project))}Name an existing stack, or create it: \`pulumi stack init ${name}\`. ${availableStacks(project)}`,
    );
  }
  return { project, name, settingsFile };
}

/** A file that would be a stack's settings, were the project's own of its form. */
function findSettingsOfOtherForm(settingsFile: string): string | undefined {
  const bare = settingsFile.slice(0, -extname(settingsFile).length);
  // What is JSON is YAML too.
  const endings = extname(settingsFile) === ".json" ? [] : [".yaml", ".yml", ".json"];
  return endings.map((end) => bare + end).find((file) => file !== settingsFile && isFile(file));
}

function availableStacks(project: Project): string {
  return `The project has settings for: ${knownStacksInWords(stacksOf(project))}`;
}

/** The first stacks of a project, and where they are all told: there may be thousands. */
export function knownStacksInWords(stacks: readonly string[]): string {
  const all = stacks.length > mostNamedStacks ? " List them: apponly stacks" : "";
  return `${firstNames(stacks, mostNamedStacks) || "no stack"}.${all}`;
}

/** The part of a stack's name that its settings are called by. */
export function ownNameOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

/** Takes a name apart; a stack of the same name in another project is another stack. */
function nameIn(project: Project, given: string): { name: string; ownName: string } {
  const parts = given.split("/");
  const ownName = ownNameOf(given);
  if (parts.length > 3 || parts.some((part) => !stackNameForm.test(part))) {
    throw new UsageFailure(
      `"${given}" is not the name of a stack. Write STACK, ORGANISATION/STACK or ORGANISATION/PROJECT/STACK.`,
    );
  }
  const named = parts.length === 3 ? parts[1] : undefined;
  if (named !== undefined && named !== project.name) {
    throw new UsageFailure(
      `The stack "${given}" belongs to the project "${named}", and ${project.file} is "${project.name}". Run the command in the folder of that project, or name it with -C.`,
    );
  }
  // Backends without organisations have this one, and their selection names it.
  return { name: parts[0] === "organization" && parts.length > 1 ? ownName : given, ownName };
}

/** Where the CLI keeps which stack is selected for a project. */
export function selectionFile(
  project: string,
  file: string,
  home = process.env.PULUMI_HOME || join(homedir(), ".pulumi"),
): string {
  const hash = createHash("sha1").update(file).digest("hex");
  return join(home, "workspaces", `${project}-${hash}-workspace.json`);
}

/**
 * The stack that is selected for a project and its backend; selections are kept in files that are
 * named after the project and its file's path.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/pkg/workspace/workspace.go
 */
function selectedStack(project: Project, environment: Environment): string | undefined {
  const home = homeOf(environment);
  for (const path of pathsTo(project.file, environment)) {
    const selection = readJson(selectionFile(project.name, path, home));
    if (selection !== undefined) {
      const { stack, stacks = {} } = selection as {
        stack?: string;
        stacks?: Record<string, string>;
      };
      const backend = backendOf(project, environment, home);
      return (backend === undefined ? undefined : stacks[backend]) ?? (stack || undefined);
    }
  }
  return undefined;
}

function homeOf({ PULUMI_HOME }: Environment): string {
  return PULUMI_HOME || join(homedir(), ".pulumi");
}

/** The CLI takes the path that the shell names, where a link leads to the folder. */
function pathsTo(file: string, { PWD }: Environment): string[] {
  const paths = [file];
  for (let folder = PWD ?? ""; folder !== dirname(folder); folder = dirname(folder)) {
    const named = join(folder, file.slice(dirname(file).length + 1));
    if (isFile(named) && realpathSync(named) === realpathSync(file)) {
      paths.unshift(named);
    }
  }
  return paths;
}

/** Where the state is kept: what the environment, the project or the last login says. */
export function backendOf(
  project: Project,
  environment: Environment,
  home = homeOf(environment),
): string | undefined {
  const login = readJson(join(home, "credentials.json")) as { current?: string } | undefined;
  return environment.PULUMI_BACKEND_URL || project.backend || login?.current;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Refuses to leave out what is not there: a slip would let the very stack through that was meant.
 *
 * @throws {UsageFailure} If a name is not that of a stack.
 */
export function requireKnown(except: readonly string[], known: readonly string[]): void {
  const unknown = except.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UsageFailure(
      `--except "${unknown}" is not a stack of the project. ${didYouMean(unknown, known)}Use one of: ${knownStacksInWords(known)}`,
    );
  }
}
