import { changedStacks } from "../../forge/changedStacks";
import { filesChangedSince } from "../../forge/git/changedFiles";
import { ForgeFailure } from "../../forge/forgeFailure";
import { Failure, UsageFailure } from "../../system/failure";
import { projectIn } from "../projectFolder";
import type { Terminal } from "../steps";

/** The command line of `apponly stacks`. */
export interface StacksArguments {
  readonly base?: string;
  readonly except?: readonly string[];
  readonly format: string;
}

/** What a push of a new branch names as the commit before it. */
const noCommit = /^0+$/;

/** Lists the stacks of the project in the current folder, or those that the changes since a base touch. */
export async function stacksCommand(args: StacksArguments, terminal: Terminal): Promise<void> {
  const { base, except = [], format } = args;
  if (format !== "terminal" && format !== "json") {
    throw new UsageFailure(`--format "${format}" is not known. Use terminal or json.`);
  }
  const directory = process.cwd();
  const project = await projectIn(directory);
  let { stacks } = project;
  if (base !== undefined && !noCommit.test(base)) {
    try {
      stacks = changedStacks(await filesChangedSince(base, directory), project).stacks;
    } catch (error) {
      throw error instanceof ForgeFailure ? new Failure(error.message) : error;
    }
  }
  const chosen = stacks.filter((stack) => !except.includes(stack));
  terminal.write(
    format === "json"
      ? `${JSON.stringify(chosen)}\n`
      : chosen.map((stack) => `${stack}\n`).join(""),
  );
}
