/* oxlint-disable typescript/no-require-imports --
   A command loads what it needs and no more, and only when it runs or shows its help. TypeScript
   wants a file's extension in import(), which leads nowhere once it is compiled. */
import {
  Command,
  CommanderError,
  type CommandUnknownOpts,
  Option,
} from "@commander-js/extra-typings";
import { exitCodes, UsageFailure } from "../system/failure";
import { commandAliases, type CommandEntry, commandTable } from "./commandTable";
import type * as completionsModule from "./completions";
import type * as embeddedFolderModule from "./embeddedFolder";
import type * as embeddedSession from "./embeddedSession";
import { asTypedHere, typedIo } from "./embeddedCommands";
import { failureOf, wholeText } from "./errors";
import { hangingIndent } from "./hangingIndent";
import { tidyUp } from "./interruption";
import { ownVersion } from "./ownVersion";
import type { Io } from "./io";
import { folderOption } from "./options";

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
  const program = commandLine(line, io);
  try {
    await program.parseAsync(line, { from: "user" });
    return concluded(io, exitCodes.ok);
  } catch (error) {
    if (error instanceof CommanderError) {
      // What is wrong with the command line, or its help, has been said by then.
      return concluded(io, error.exitCode === 0 ? exitCodes.ok : exitCodes.usage);
    }
    const failure = failureOf(error);
    io.err(`\n${readable(failure.message, io)}\n`);
    if (program.getOptionValue("debug") === true) {
      io.err(`\n${wholeText(failure)}\n`);
    }
    return failure.exitCode;
  } finally {
    await tidyUp();
  }
}

/** Wrapped between words, and with commands as they are typed for the tenant that was worked on. */
function readable(message: string, { columns }: Io): string {
  return asTypedHere(message)
    .split("\n")
    .map((line) => hangingIndent(line, 0, columns))
    .join("\n");
}

/** A result that nobody has got is a failure, also where nothing waited for it to be written. */
async function concluded(io: Io, exitCode: number): Promise<number> {
  const failure = await io.settled();
  if (failure === undefined) {
    return exitCode;
  }
  io.err(`\n${failure.message}\n`);
  return failure.exitCode;
}

/** The command line, of which the command that is named in it is loaded. */
export function commandLine(args: readonly string[], io: Io): Command {
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
    .hook("preAction", (program, command) => enterWhereAsked(program.opts(), command.name(), io))
    .version(ownVersion(), "--version", "print the version")
    .configureHelp({ showGlobalOptions: true, subcommandTerm: (command) => command.name() })
    .configureOutput({
      writeOut: (text) => void io.out(text),
      writeErr: io.err,
      getOutHelpWidth: () => io.columns ?? 100,
      getErrHelpWidth: () => io.columns ?? 100,
    })
    .showHelpAfterError("(run `apponly --help` for the commands)")
    .addHelpText("after", `\nMore: ${pages}/README.md`);
  const isValue = (at: number) => ["-C", "--cwd", "--color"].includes(args[at - 1] ?? "");
  const named = args.find((one, at) => namesOf.has(one) && !isValue(at)) ?? "";
  for (const [name, entry] of Object.entries(commandTable)) {
    const isNamed = namesOf.get(named) === name;
    program.addCommand(
      withHelp(isNamed ? entry.load()(typedIo(io, name)) : new Command(), name, entry, program),
    );
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
  { task, description, examples, page }: CommandEntry,
  program: Command,
): CommandUnknownOpts {
  const alias = commandAliases[name];
  if (alias !== undefined) {
    command.alias(alias);
  }
  const format = command.options.find(({ long }) => long === "--format");
  if (format?.argChoices?.includes("json") === true) {
    command.addOption(
      new Option("--json", "the same as --format json").implies({ format: "json" }),
    );
    command.hook("preAction", refuseTwoForms);
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

async function enterWhereAsked(
  { embedded }: { readonly embedded?: true },
  command: string,
  io: Io,
): Promise<void> {
  if (embedded === true && !["start", "simulator", "completion", "complete"].includes(command)) {
    const { enterEmbeddedTenant } = require("./embeddedSession") as typeof embeddedSession;
    const { embeddedFolder } = require("./embeddedFolder") as typeof embeddedFolderModule;
    await enterEmbeddedTenant(embeddedFolder(undefined), io);
  }
}

/** Options of a command that are paths are relative to it, as with Pulumi. */
function enterFolder(this: void, folder: string): void {
  try {
    process.chdir(folder);
  } catch (error) {
    const { code = "unknown" } = error as NodeJS.ErrnoException;
    throw new UsageFailure(`--cwd "${folder}" is not a folder that can be entered (${code}).`);
  }
}
