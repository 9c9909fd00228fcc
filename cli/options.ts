import { statSync } from "node:fs";
import { InvalidArgumentError, Option, type OptionValues } from "@commander-js/extra-typings";
import { resolve } from "node:path";
import { parseDuration } from "../system/durations";

/** What a command's parser makes of the command line. */
export type OptionsOf<Parser extends () => { opts(): OptionValues }> = ReturnType<
  ReturnType<Parser>["opts"]
>;

/** The folder that a command runs in, as `pulumi -C` takes it. */
export const folderOption = () =>
  new Option("-C, --cwd <folder>", "run as if started in this folder").argParser(pathOption);

/** The stack that a command works on, as Pulumi finds it where it is not named. */
export const stackOption = () =>
  new Option(
    "-s, --stack <name>",
    "stack; left out, what APPONLY_STACK, PULUMI_STACK or `pulumi stack select` names",
  ).argParser((name, before?: string) => {
    if (before !== undefined) {
      throw new InvalidArgumentError("The command takes one stack. Run it once for each.");
    }
    return name;
  });

/** The folder of the embedded tenant. */
export const embeddedFolderOption = () =>
  new Option(
    "-d, --directory <path>",
    "folder for what the tenant keeps; left out, .apponly in the project's",
  ).argParser(wholePathOption);

/** How a result is written: for people, or for programs. */
export const formatOption = () =>
  new Option("-f, --format <format>", "form of the result")
    .choices(["terminal", "json"] as const)
    .default("terminal" as const);

/** The answer to the question that stands before each change. */
export const yesOption = () =>
  new Option("-y, --yes", "change without a question, also where there is no terminal").default(
    // https://www.pulumi.com/docs/iac/cli/environment-variables/
    process.env.PULUMI_SKIP_CONFIRMATIONS === "true" ? true : undefined,
    "PULUMI_SKIP_CONFIRMATIONS",
  );

/** The gate of a review. */
export const failOnOption = () =>
  new Option("--fail-on <risk>", "exit with 3 from this risk on").choices([
    "critical",
    "high",
    "medium",
    "low",
  ] as const);

/** The file that `pulumi preview` takes under this name. */
export const policyPackConfigOption = () =>
  new Option(
    "--policy-pack-config <file>",
    "levels and settings of the policies, as `pulumi preview` takes them",
  ).argParser(filePathOption);

/** A length of time on the command line. */
export interface LengthOfTime {
  readonly text: string;
  readonly ms: number;
}

/**
 * Parses the value of an option that is a length of time.
 *
 * @param examples How it may be written, for the error.
 */
export function lengthOfTime(examples: string): (text: string) => LengthOfTime {
  return (text) => {
    const ms = parseDuration(text);
    if (ms === undefined) {
      throw new InvalidArgumentError(`It is not a length of time. Write it as ${examples}.`);
    }
    return { text, ms };
  };
}

/** An option as it is typed, by its name in the code. @example optionAsTyped("moduleVersion") // "--module-version" */
export function optionAsTyped(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Takes a path of the command line. An empty one would be the current folder, which nobody meant. */
function pathOption(path: string): string {
  if (path.trim() === "") {
    throw new InvalidArgumentError("It is empty. Name a file or a folder.");
  }
  return path;
}

/** The path of a file, to read or to write: a folder is refused before anything is done. */
export function filePathOption(path: string): string {
  if (whatLiesAt(path) === "folder") {
    throw new InvalidArgumentError("It is a folder. Name a file.");
  }
  return path;
}

/** The path of a folder, to read or to write: a file is refused before anything is done. */
export function folderPathOption(path: string): string {
  if (whatLiesAt(path) === "file") {
    throw new InvalidArgumentError("It is a file. Name a folder.");
  }
  return path;
}

function whatLiesAt(path: string): "folder" | "file" | undefined {
  try {
    return statSync(pathOption(path)).isDirectory() ? "folder" : "file";
  } catch (error) {
    if (error instanceof InvalidArgumentError) {
      throw error;
    }
    if ((error as NodeJS.ErrnoException).code === "ENOTDIR") {
      throw new InvalidArgumentError("A part of it that should be a folder is a file.");
    }
    // Whoever reads it says what is missing; who writes it makes it.
    return undefined;
  }
}

/** The same as a whole path: other programs, which run elsewhere, are given it too. */
function wholePathOption(path: string): string {
  return resolve(folderPathOption(path));
}
