import { type Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { Shard, Tag } from "../operations/chooseStacks";
import { folderPathOption } from "./options";

/** The options by which a command is told its stacks, and what it leaves of each. */
export function withStackChoice<Args extends unknown[], Opts extends Record<string, unknown>>(
  command: Command<Args, Opts>,
) {
  return command
    .addOption(
      new Option(
        "-s, --stack <name>",
        "stack, also several times; left out, what APPONLY_STACK, PULUMI_STACK or `pulumi stack select` names",
      ).argParser((name, before: string[] | undefined) => [...(before ?? []), name]),
    )
    .addOption(new Option("--all", "every stack of the project").conflicts("stack"))
    .addOption(
      new Option(
        "--tag <key=value>",
        "every stack with this tag in apponly:tags; also several times",
      )
        .argParser((text, before: Tag[] | undefined) => [...(before ?? []), tagIn(text)])
        .conflicts("stack"),
    )
    .addOption(
      new Option("--shard <i/n>", "the i-th of n parts of the stacks, always the same ones")
        .argParser(shardIn)
        .conflicts("stack"),
    )
    .addOption(new Option("--except <name...>", "not these stacks").conflicts("stack"))
    .addOption(
      new Option("--jobs <n>", "stacks at once; left out, what cores and memory allow").argParser(
        jobsIn,
      ),
    )
    .addOption(
      new Option(
        "--record <folder>",
        "folder for a record of each stack, for apponly report",
      ).argParser(folderPathOption),
    );
}

/** Reads a tag, `tier=1` for example. */
export function tagIn(text: string): Tag {
  const [, key = "", value = ""] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key === "") {
    throw new InvalidArgumentError("It is not a tag. Write it as KEY=VALUE.");
  }
  return { key, value };
}

/** Reads a part of several, `2/8` for example. */
export function shardIn(text: string): Shard {
  const [number = 0, of = 0] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.slice(1).map(Number) ?? [];
  if (number < 1 || number > of) {
    throw new InvalidArgumentError("It is not a part of several. Write it as 1/8, 2/8 … 8/8.");
  }
  return { number, of };
}

function jobsIn(text: string): number {
  const jobs = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (jobs < 1) {
    throw new InvalidArgumentError("It is not a number from 1 to 999.");
  }
  return jobs;
}
