/* oxlint-disable typescript/no-require-imports --
   A command loads what it needs and no more, and only when it runs or shows its help. TypeScript
   wants a file's extension in import(), which leads nowhere once it is compiled. */
import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  Option,
} from "@commander-js/extra-typings";
import { didYouMean } from "../system/didYouMean";
import { exitCodes, type Failure, UsageFailure } from "../system/failure";
import { jsonText } from "../system/visibleText";
import { commandAliases, type CommandEntry, commandTable } from "./commandTable";
import type * as completionsModule from "./completions";
import type * as embeddedFolderModule from "./embeddedFolder";
import type * as embeddedSession from "./embeddedSession";
import { failureOf, wholeText } from "./errors";
import { hangingIndent } from "./hangingIndent";
import { tidyUp } from "./interruption";
import { answeringIo } from "./json";
import type * as failureJsonModule from "./failureJson";
import { ownVersion } from "./ownVersion";
import { type Io, preferencesIn } from "./io";
import { embeddedFolderOption, folderOption } from "./options";
import { asTypedHere, forgetWhereabouts, tellFolder, tellStack, typedIo } from "./typedCommands";

/** Names of all commands. */
export const commandNames = Object.keys(commandTable);

/** Each command by all its names. */
const namesOf: ReadonlyMap<string, string> = new Map(
  commandNames.flatMap((name) =>
    [name, commandAliases[name] ?? name].map((one) => [one, name] as const),
  ),
);

/**
 * Runs the command.
 *
 * @param args Command line behind the command's name.
 * @returns The exit code.
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const line = args.length === 0 ? ["--help"] : args;
  forgetWhereabouts();
  const program = commandLine(line, io);
  try {
    const ended = await program.parseAsync(line, { from: "user" }).then(
      () => undefined,
      (error: unknown) => endOf(error, namedIn(line)),
    );
    // A result that nobody has got is a failure, also where nothing waited for it to be written.
    const failure = ended ?? (await io.settled());
    if (failure === undefined) {
      return exitCodes.ok;
    }
    tell(failure, io, {
      json: preferencesIn(line).json,
      debug: program.getOptionValue("debug") === true,
    });
    return failure.exitCode;
  } finally {
    await tidyUp();
  }
}

/** The failure that an error is; the help, which ends the parser too, is not one. */
function endOf(error: unknown, name: string): Failure | undefined {
  if (!(error instanceof CommanderError)) {
    return failureOf(error);
  }
  const help = `Run apponly ${name === "" ? "" : `${name} `}--help.`;
  const text = withNearChoice(error.message)
    .replace(/^error: /, "")
    .replace(/([^.?)])$/, "$1.");
  return error.exitCode === 0 ? undefined : new UsageFailure(`${text} ${help}`, { cause: error });
}

/** What the parser says of a value that is not one of a few, with the one that may be meant. */
function withNearChoice(text: string): string {
  const [, value, choices] = /'([^']*)' is invalid.* Allowed choices are (.*)\./.exec(text) ?? [];
  const near = value && choices ? didYouMean(value, choices.split(", ")) : "";
  return near === "" ? text : text.replace(" Allowed choices", ` ${near}Allowed choices`);
}

/** Says what failed: to people, or as the last line for programs. */
function tell(failure: Failure, io: Io, { json, debug }: Record<"json" | "debug", boolean>): void {
  const all = debug ? `\n${wholeText(failure)}\n` : "";
  if (json) {
    const { failureDocument } = require("./failureJson") as typeof failureJsonModule;
    const typed = { message: asTypedHere(failure.message), exitCode: failure.exitCode };
    io.err(`${all}${jsonText(failureDocument(typed), 0)}\n`);
    return;
  }
  // What is wrong with the command line the parser has said by then.
  const text =
    failure.cause instanceof CommanderError ? "" : `\n${readableMessage(failure.message, io)}\n`;
  io.err(text + all);
}

/** Wrapped between words, and with commands as they are typed for the tenant that was worked on. */
function readableMessage(message: string, { columns }: Io): string {
  return asTypedHere(message)
    .split("\n")
    .map((line) => hangingIndent(line, /^ *(- )?/.exec(line)?.[0].length ?? 0, columns))
    .join("\n");
}

/** Name of the command that a line runs, or nothing. */
function namedIn(args: readonly string[]): string {
  const isValue = (at: number) => ["-C", "--cwd", "--color"].includes(args[at - 1] ?? "");
  return namesOf.get(args.find((one, at) => namesOf.has(one) && !isValue(at)) ?? "") ?? "";
}

/** The command line, of which the command that is named in it is loaded. */
export function commandLine(args: readonly string[], io: Io): Command {
  const { json } = preferencesIn(args);
  const named = namedIn(args);
  const program = new Command("apponly")
    .description(
      "App-only access to Exchange Online PowerShell and Security & Compliance PowerShell",
    )
    .exitOverride()
    .addOption(folderOption())
    .on("option:cwd", enterFolder)
    .option("--embedded", "work on the embedded tenant, which needs no account")
    .option("-q, --quiet", "only the result, questions, warnings and errors: no progress")
    .option("--debug", "print all that is known of a failure, the engine's text too")
    .addOption(
      new Option("--color <when>", "colours; auto: on a terminal, by NO_COLOR and FORCE_COLOR")
        .choices(["auto", "always", "never"])
        .default("auto"),
    )
    .hook("preAction", (program, command) => {
      tellStack(oneStackOf(command));
      return enterWhereAsked(program.opts(), command.name(), io);
    })
    .version(ownVersion(), "--version", "print the version")
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => void io.out(text),
      writeErr: json ? () => undefined : (text) => io.err(asTypedHere(text)),
      outputError: (text, write) => write(withNearChoice(text)),
      getOutHelpWidth: () => io.columns ?? 100,
      getErrHelpWidth: () => io.columns ?? 100,
    })
    .showHelpAfterError("(run `apponly --help` for the commands)")
    .addHelpText("after", `\nMore: ${pages}/README.md`);
  if (!withOwnFolder.includes(named)) {
    program.addOption(embeddedFolderOption());
  }
  for (const [name, entry] of Object.entries(commandTable)) {
    if (named !== name) {
      program.addCommand(withHelp(new Command(), name, entry, program));
      continue;
    }
    const own = typedIo(io, name);
    const command: CommandUnknownOpts = entry.load()(
      json ? answeringIo(own, () => jsonFormatOf(command) !== undefined) : own,
    );
    program.addCommand(withHelp(command, name, entry, program));
  }
  program.commandsGroup("Begin:").helpCommand("help [command]", "show the help of a command");
  program.addCommand(completer(io), { hidden: true });
  return program;
}

/** Pages that say more than the help does. */
const pages = "https://github.com/apponly/apponly/blob/main";

/** Gives a command what the help says of it. */
function withHelp(
  command: CommandUnknownOpts,
  name: string,
  { task, description, examples, page, answers }: CommandEntry,
  program: Command,
): CommandUnknownOpts {
  const alias = commandAliases[name];
  if (alias !== undefined) {
    command.alias(alias);
  }
  if (jsonFormatOf(command) !== undefined) {
    command.addOption(
      new Option("--json", "the same as --format json").implies({ format: "json" }),
    );
    command.hook("preAction", refuseTwoForms);
  } else if (answers.schema !== undefined) {
    command.option("--json", "the result as JSON; what is said on the way goes to standard error");
  }
  const lines = examples.map((example) => `  apponly ${example}\n`).join("");
  return command
    .name(name)
    .description(description)
    .helpGroup(`${task}:`)
    .copyInheritedSettings(program)
    .showHelpAfterError(`(run \`apponly ${name} --help\` for its options)`)
    .addHelpText("after", `\nExamples:\n${lines}\nMore: ${pages}/${page}`);
}

/** The option by which a command writes JSON as one of its formats. */
function jsonFormatOf({ options }: CommandUnknownOpts): Option | undefined {
  return options.find(
    ({ long, argChoices }) => long === "--format" && argChoices?.includes("json"),
  );
}

function refuseTwoForms(command: CommandUnknownOpts): void {
  const { json, format } = command.opts();
  if (json === true && format !== "json") {
    command.error("error: option '--json' cannot be used with another '--format'");
  }
}

/** What the script of a shell asks: what the last of the words may become, one candidate a line. */
function completer(io: Io): Command<[string[]]> {
  return new Command("complete").argument("[words...]").action(async (words) => {
    const { completionsFor } = require("./completions") as typeof completionsModule;
    const lines = completionsFor(words, (line) => commandLine(line, io));
    // As bytes: a text would lose its tabs.
    await io.out(Buffer.from(lines));
  });
}

/** Commands that work on the embedded tenant without being asked to, in a folder that is an option of theirs. */
const withOwnFolder = ["start", "simulator"];

async function enterWhereAsked(
  { embedded, directory }: { readonly embedded?: true; readonly directory?: string },
  command: string,
  io: Io,
): Promise<void> {
  if (directory !== undefined && embedded !== true) {
    throw new UsageFailure(
      `--directory "${directory}" is the folder of an embedded tenant. Add --embedded, or leave it out.`,
    );
  }
  if (embedded === true && ![...withOwnFolder, "completion", "complete"].includes(command)) {
    const { enterEmbeddedTenant } = require("./embeddedSession") as typeof embeddedSession;
    const { embeddedFolder } = require("./embeddedFolder") as typeof embeddedFolderModule;
    await enterEmbeddedTenant(embeddedFolder(directory, command === "init"), io);
  }
}

/** The stack that a command line names, empty where it names none; nothing where it is about several, or none. */
function oneStackOf(command: CommandUnknownOpts): string | undefined {
  const { stack, all, tag, shard } = command.opts();
  const isAboutOne = command.options.some(({ long }) => long === "--stack");
  if (!isAboutOne || [all, tag, shard].some((one) => one !== undefined)) {
    return undefined;
  }
  const named: readonly unknown[] = [stack ?? ""].flat();
  const isNamed = command.getOptionValueSource("stack") === "cli";
  return named.length === 1 ? (isNamed ? String(named[0]) : "") : undefined;
}

/** Options of a command that are paths are relative to it, as with Pulumi. */
function enterFolder(this: void, folder: string): void {
  try {
    process.chdir(folder);
    tellFolder(folder);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new UsageFailure(`--cwd "${folder}" is not a folder that can be entered (${code}).`);
  }
}
