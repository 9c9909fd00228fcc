import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isObject, propertiesOf, textOf } from "../policy/rules/values";
import { didYouMean } from "../system/didYouMean";
import { UsageFailure } from "../system/failure";
import { firstNames, mostNamedStacks } from "../system/firstNames";
import type { Waves } from "../access/pipelines/fleet/plan";
import { configurationIn, readPulumiFile, valueInProject } from "./pulumiYaml";
import {
  findProject,
  findStack,
  ownNameOf,
  type ProjectStack,
  requireKnown,
  stacksOf,
} from "./project";

/** Which stacks a command works on. What is left out does not narrow it. */
export interface StackChoice {
  /** Exactly these, in this order. */
  readonly stack?: readonly string[] | undefined;
  /** Every stack that the project has settings for. */
  readonly all?: boolean | undefined;
  /** Only those whose settings have every one of these tags. */
  readonly tag?: readonly Tag[] | undefined;
  /** Only those of one part of several. */
  readonly shard?: Shard | undefined;
  /** Not these. */
  readonly except?: readonly string[] | undefined;
}

/** A tag of a stack's own settings, `apponly:tags`. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** One of several parts of equal size, the first of which is number 1. */
export interface Shard {
  readonly number: number;
  readonly of: number;
}

/** Whether a choice can mean more than one stack. */
export function meansSeveral({ stack, all, tag, shard }: StackChoice): boolean {
  return (stack?.length ?? 0) > 1 || all === true || tag !== undefined || shard !== undefined;
}

/**
 * The stacks that are chosen; without a choice the selected one, as {@link findStack} finds it.
 *
 * @throws {UsageFailure} If there is no project, a stack is not there, or none is left.
 */
export function chooseStacks(choice: StackChoice, from = process.cwd()): ProjectStack[] {
  if (!meansSeveral(choice)) {
    return [findStack(choice.stack?.[0], from)];
  }
  const { tag = [], shard, except = [] } = choice;
  const known = stacksOf(findProject(from));
  requireKnown(except, known);
  const names = choice.stack ?? known;
  const chosen = new Set<string>();
  const named = names
    .filter((name) => !except.includes(ownNameOf(name)))
    .map((name) => findStack(name, from))
    // With its organisation and project before it, a name is that of the same stack.
    .filter(({ settingsFile }) => !chosen.has(settingsFile) && chosen.add(settingsFile));
  // A shard may be empty; what all shards leave out is a mistake that each of them tells.
  const tagged = named.filter((one) => tag.length === 0 || hasTags(one, tag));
  if (tagged.length === 0) {
    throw new UsageFailure(
      named.length === 0
        ? "No stack is chosen. Make one: apponly init"
        : `No stack is chosen: none has ${tag.map(tagText).join(" and ")}. ${knownTags(named, tag)}`,
    );
  }
  return tagged.filter(
    ({ name }) => shard === undefined || shardOf(ownNameOf(name), shard.of) === shard.number,
  );
}

const tagText = ({ key, value }: Tag) => `${key}=${value}`;

/** Which tags there are, for who has written another. */
function knownTags(stacks: readonly ProjectStack[], [wanted]: readonly Tag[]): string {
  const all = stacks.flatMap((one) =>
    Object.entries(tagsOf(one)).map(([key, value]) => tagText({ key, value })),
  );
  const known = [...new Set(all)].sort();
  return known.length === 0
    ? "Write them into the settings of each: apponly:tags: { KEY: VALUE }."
    : `${didYouMean(wanted === undefined ? "" : tagText(wanted), known)}Use one of: ${firstNames(known, mostNamedStacks)}.`;
}

/**
 * The shard of a stack, by its name only: the same in every run and on every machine, so that a
 * shard that is run again meets the same tenants.
 *
 * @returns From 1 to `of`.
 */
export function shardOf(stack: string, of: number): number {
  return (createHash("sha256").update(stack).digest().readUInt32BE() % of) + 1;
}

function hasTags(stack: ProjectStack, wanted: readonly Tag[]): boolean {
  const tags = tagsOf(stack);
  return wanted.every(({ key, value }) => tags[key] === value);
}

/**
 * The tags of a stack: those of its settings, and those of the project that it does not have.
 *
 * @throws {UsageFailure} If a file that may have some is not valid YAML.
 */
export function tagsOf({ settingsFile, project }: ProjectStack): Record<string, string> {
  return { ...tagsIn(project.file), ...tagsIn(settingsFile) };
}

function tagsIn(file: string): Record<string, string> {
  const text = readFileSync(file, "utf8");
  // To read YAML takes long. Only with an escape can a key be there whose name is not.
  const mayHave = /tags|\\/.test(text);
  const given = mayHave ? configurationIn(readPulumiFile(file, text))["apponly:tags"] : {};
  const shared = valueInProject(given);
  return Object.fromEntries(
    Object.entries(propertiesOf(isObject(shared) ? shared : given)).flatMap(([key, one]) => {
      const text = textOf(one);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}

/** Stacks that one shard reads at most, and shards that there are at most. */
const shardSize = 20;
const mostShards = 256;

/** How the stacks of a project are rolled out, and read. */
export interface FleetStacks {
  readonly stacks: readonly string[];
  readonly waves: Waves;
  /** 1 to {@link of}. */
  readonly shards: readonly number[];
  readonly of: number;
}

/**
 * The stacks in waves: those with the tag `wave: canary`, or one where there is none; then a tenth of
 * the others; then the rest. By a hash of the name, so that a wave is the same in each run.
 */
export function fleetOf(stacks: readonly ProjectStack[]): FleetStacks {
  const names = stacks.map(({ name }) => ownNameOf(name));
  const tagged = new Set(
    stacks.filter((one) => tagsOf(one).wave === "canary").map(({ name }) => ownNameOf(name)),
  );
  const hash = (name: string) => createHash("sha256").update(`wave ${name}`).digest("hex");
  const ordered = names
    .map((name) => ({ name, at: hash(name) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ name }) => name);
  const canary = tagged.size > 0 ? names.filter((name) => tagged.has(name)) : ordered.slice(0, 1);
  const others = ordered.filter((name) => !canary.includes(name));
  const tenth = Math.ceil(others.length / 10);
  const of = Math.min(mostShards, Math.max(1, Math.ceil(names.length / shardSize)));
  return {
    stacks: names,
    waves: {
      canary,
      tenth: others.slice(0, tenth).sort(),
      rest: others.slice(tenth).sort(),
    },
    shards: Array.from({ length: of }, (_, at) => at + 1),
    of,
  };
}
