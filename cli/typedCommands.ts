import { isAbsolute } from "node:path";
import { shellWord } from "../system/shellWord";
import type { Io } from "./io";

/** Commands whose result is a document or files of their own, and no advice. */
const documents = ["export", "pipeline", "init", "record"];

/** A command of ours that names its stack, on however many lines a terminal has put it. */
const stackCommand =
  /(apponly\s+[a-z-]+(?:\s+--[a-z-]+)*\s+--stack\s+[\w/.-]*[\w/-])(?!\.?[\w/-])(?!\s+--embedded)/g;

/** Ours that work on one stack, and those of Pulumi, as far as an option names it. */
const namesOneStack =
  "apponly\\s+(?:doctor|review|preview|up|verify|export|pipeline|certificates|rotate|drift|retire|destroy)|pulumi\\s+(?:preview|up|refresh|cancel|destroy|config\\s+set)";

/** One of them that names none, and is not about several. */
const unnamedStack = new RegExp(
  `\\b(${namesOneStack})\\b(?![\\w-])(?!(?:\\s+-[^\\s\`]*(?:\\s+(?!-)(?:'[^']*'|[^\\s\`'])+)?)*?\\s+(?:--stack|-s|--all|--tag|--help)\\b)`,
  "g",
);

/** One that stands for any stack, where it is not known which. */
const stackPlaceholder = new RegExp(
  `\\b((?:${namesOneStack})(?:\\s+--[a-z-]+)*)\\s+--stack\\s+NAME\\b`,
  "g",
);

const commandWords =
  "start|simulator|doctor|toolchain|init|adopt|advise|record|review|preview|up|pull-request|stacks|verify|explain|export|pipeline|certificates|rotate|drift|audit|report|retire|destroy|completion";

/** A command of ours; not the name in a sentence. */
const ownCommand = new RegExp(
  `(?<![\\w./-])(apponly\\s+(?:${commandWords}))\\b(?!-)(?!\\s+(?:-C\\b|--help\\b))`,
  "g",
);

/** One of Pulumi's that is about a project. */
const pulumiCommand =
  /(?<![\w./-])pulumi(?=\s+(?:preview|up|refresh|cancel|destroy|config|stack|import|state)\b)/g;

/** One of ours in front of which nothing starts it. */
const bareCommand = new RegExp(`(?<!npx\\s+|[\\w./-])apponly(?=\\s+(?:${commandWords})\\b)`, "g");

/** What the command line of this run says of where it works. */
interface Whereabouts {
  /** The folder that it was led into, as it was typed. */
  readonly folder?: string | undefined;
  /** The one stack that it names; empty where it works on the one that is selected. */
  readonly stack?: string | undefined;
}

let whereabouts: Whereabouts = {};

/** Forgets where another command line of this process has worked. */
export function forgetWhereabouts(): void {
  whereabouts = {};
}

/** Takes the folder that the command line leads into: what people are told to type next works there. */
export function tellFolder(folder: string): void {
  const { folder: before } = whereabouts;
  whereabouts = {
    ...whereabouts,
    folder: before === undefined || isAbsolute(folder) ? folder : `${before}/${folder}`,
  };
}

/** The same of the stack; empty where it is the selected one, nothing where it is about several, or none. */
export function tellStack(stack: string | undefined): void {
  whereabouts = { ...whereabouts, stack };
}

/**
 * A text whose commands work as they are typed: in the folder, on the stack and on the tenant that was
 * worked on, and by npx where that has started this one, because then nothing of the name need be on
 * the `PATH`.
 *
 * @example asTypedHere("Next: apponly up --stack dev") // "Next: npx apponly up --stack dev --embedded"
 */
export function asTypedHere(text: string): string {
  const { APPONLY_EMBEDDED, npm_lifecycle_event, npm_lifecycle_script = "" } = process.env;
  const named = nameTheStack(text);
  const told = leadIntoFolder(
    APPONLY_EMBEDDED === "true"
      ? named.replace(stackCommand, (command) => `${command} ${embeddedOptions()}`)
      : named,
  );
  // What npm tells a program that it has started: jest may be one too. Scripts of this package start it by its file.
  return (npm_lifecycle_event === "npx" && /^["']?apponly\b/.test(npm_lifecycle_script)) ||
    /\bbin[/\\]apponly\.js\b/.test(npm_lifecycle_script)
    ? told.replace(bareCommand, "npx apponly")
    : told;
}

function nameTheStack(text: string): string {
  const { stack } = whereabouts;
  if (stack === undefined) {
    return text;
  }
  const option = stack === "" ? "" : ` --stack ${shellWord(stack)}`;
  return text
    .replace(stackPlaceholder, (_, command: string) => command + option)
    .replace(unnamedStack, (command) => command + option);
}

function leadIntoFolder(text: string): string {
  const { folder } = whereabouts;
  if (folder === undefined) {
    return text;
  }
  const option = `-C ${shellWord(folder)}`;
  return text
    .replace(ownCommand, (command) => `${command} ${option}`)
    .replace(pulumiCommand, (program) => `${program} ${option}`);
}

/** How a command is led to the embedded tenant that is worked on. */
export function embeddedOptions(environment: NodeJS.ProcessEnv = process.env): string {
  const { APPONLY_EMBEDDED_DIRECTORY: directory = "" } = environment;
  return `--embedded${directory === "" ? "" : ` --directory ${shellWord(directory)}`}`;
}

/** An io in whose texts commands work as they are typed. */
export function typedIo(io: Io, command: string): Io {
  return {
    ...io,
    err: (text) => io.err(asTypedHere(text)),
    out: (content) =>
      io.out(
        typeof content === "string" && !documents.includes(command)
          ? asTypedHere(content)
          : content,
      ),
  };
}
