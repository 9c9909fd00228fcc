import { Command, Option } from "@commander-js/extra-typings";
import { changedStacks } from "../../forge/changedStacks";
import { changesSince } from "../../forge/git/changedFiles";
import { jsonText } from "../../system/visibleText";
import type * as chooseModule from "../../operations/chooseStacks";
import type { StacksDocument } from "../documents/stacks";
import type { Io } from "../io";
import { formatOption, type OptionsOf } from "../options";
import { requireKnown } from "../../operations/project";
import { projectIn } from "../projectFolder";
import { shardIn } from "../stackChoice";

const parser = () =>
  new Command()
    .option("--base <ref>", "only those that the changes since it touch")
    .option("--except <name...>", "leave these out")
    .addOption(formatOption())
    .option("--fleet", "as a JSON document with the waves and shards in which pipelines take them")
    .addOption(
      new Option("--shard <i/n>", "with --fleet: only this part of the stacks")
        .argParser(shardIn)
        .implies({ fleet: true }),
    );

/** Makes `apponly stacks`. */
export const stacksCommand = (io: Io, run = listStacks) =>
  parser().action((options) => run(options, io));

/** What a push of a new branch names as the commit before it. */
const noCommit = /^0+$/;

/** Lists the stacks of the project in the current folder, or those that the changes since a base touch. */
async function listStacks(options: OptionsOf<typeof parser>, io: Io): Promise<void> {
  const { base, except = [], format, fleet, shard } = options;
  if (fleet === true) {
    // oxlint-disable-next-line typescript/no-require-imports -- who only lists them needs no YAML
    const choice = require("../../operations/chooseStacks") as typeof chooseModule;
    const fleetStacks: StacksDocument = choice.fleetOf(
      choice.chooseStacks({ all: true, except, shard }),
    );
    await io.out(`${jsonText(fleetStacks, 0)}\n`);
    return;
  }
  const directory = process.cwd();
  const project = await projectIn(directory);
  requireKnown(except, project.stacks);
  const { stacks } =
    base === undefined || noCommit.test(base)
      ? project
      : changedStacks(await changesSince(base, directory).changedFiles(), project);
  const chosen = stacks.filter((stack) => !except.includes(stack));
  await io.out(
    format === "json" ? `${jsonText(chosen, 0)}\n` : chosen.map((stack) => `${stack}\n`).join(""),
  );
}
