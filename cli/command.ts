/* eslint-disable @typescript-eslint/no-require-imports --
   A command loads what it needs and no more, and only when it runs or shows its help. TypeScript
   wants a file's extension in import(), which leads nowhere once it is compiled. */
import { Command, CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { exitCodes, UsageFailure } from "../system/failure";
import type * as adoptModule from "./commands/adopt";
import type * as auditModule from "./commands/audit";
import type * as adviseModule from "./commands/advise/advise";
import type * as certificatesModule from "./commands/certificates";
import type * as destroyModule from "./commands/destroy";
import type * as doctorModule from "./commands/doctor/doctor";
import type * as driftModule from "./commands/drift";
import type * as explainModule from "./commands/explain";
import type * as exportModule from "./commands/export/export";
import type * as initModule from "./commands/init";
import type * as pipelineModule from "./commands/pipeline";
import type * as pullRequestModule from "./commands/pullRequest/pullRequest";
import type * as recordModule from "./commands/record";
import type * as reportModule from "./commands/report";
import type * as retireModule from "./commands/retire";
import type * as reviewModule from "./commands/review";
import type * as rotateModule from "./commands/rotate";
import type * as simulatorModule from "./commands/simulator";
import type * as stacksModule from "./commands/stacks";
import type * as startModule from "./commands/start";
import type * as toolchainModule from "./commands/toolchain";
import type * as upModule from "./commands/up";
import type * as verifyModule from "./commands/verify/verify";
import type * as embeddedFolderModule from "./embeddedFolder";
import type * as embeddedSession from "./embeddedSession";
import { failureOf, wholeText } from "./errors";
import { hangingIndent } from "./hangingIndent";
import { tidyUp } from "./interruption";
import { ownVersion } from "./ownVersion";
import type { Io } from "./io";
import { folderOption } from "./options";

/** Makes the parser of a command, which runs it. */
type CommandMaker = (io: Io) => CommandUnknownOpts;

/** What stands in the list of commands, and where the rest of each is. */
const commands: Readonly<Record<string, readonly [description: string, load: () => CommandMaker]>> =
  {
    start: [
      "run the whole story on an embedded tenant",
      () => (require("./commands/start") as typeof startModule).startCommand,
    ],
    simulator: [
      "keep the embedded tenant up, for clients and for `pulumi up -s dev`",
      () => (require("./commands/simulator") as typeof simulatorModule).simulatorCommand,
    ],
    doctor: [
      "print what was found; with a stack, also what its deployer lacks or has in excess",
      () => (require("./commands/doctor/doctor") as typeof doctorModule).doctorCommand,
    ],
    toolchain: [
      "find, install or build what the other commands need",
      () => (require("./commands/toolchain") as typeof toolchainModule).toolchainCommand,
    ],
    verify: [
      "prove that every generation connects, link by link",
      () => (require("./commands/verify/verify") as typeof verifyModule).verifyCommand,
    ],
    explain: [
      "say what is behind a code or a message of PowerShell, and what to do",
      () => (require("./commands/explain") as typeof explainModule).explainCommand,
    ],
    review: [
      "show what access a preview changes, for whom, and how risky that is",
      () => (require("./commands/review") as typeof reviewModule).reviewCommand,
    ],
    drift: [
      "compare a stack with its tenant: what was changed besides it, by whom, and what to do",
      () => (require("./commands/drift") as typeof driftModule).driftCommand,
    ],
    up: [
      "roll out: review, question, update, and the proof that it connects",
      () => (require("./commands/up") as typeof upModule).upCommand,
    ],
    destroy: [
      "remove everything that a stack holds in the tenant, after a review and a question",
      () => (require("./commands/destroy") as typeof destroyModule).destroyCommand,
    ],
    retire: [
      "say who still uses a stack's access, disable it, and prove that it is gone",
      () => (require("./commands/retire") as typeof retireModule).retireCommand,
    ],
    audit: [
      "judge every application of a tenant that reaches into Exchange or compliance",
      () => (require("./commands/audit") as typeof auditModule).auditCommand,
    ],
    adopt: [
      "bring an app registration that was made elsewhere under a stack, as it is",
      () => (require("./commands/adopt") as typeof adoptModule).adoptCommand,
    ],
    "pull-request": [
      "review the stacks a pull request touches, and keep one comment on it up to date",
      () =>
        (require("./commands/pullRequest/pullRequest") as typeof pullRequestModule)
          .pullRequestCommand,
    ],
    init: [
      "make the settings of a stack, or of hundreds by a CSV, and the project where there is none",
      () => (require("./commands/init") as typeof initModule).initCommand,
    ],
    report: [
      "gather the records of many stacks into one report: page, Markdown, JSON, CSV, metrics",
      () => (require("./commands/report") as typeof reportModule).reportCommand,
    ],
    stacks: [
      "list the stacks of the project, or those that a change touches",
      () => (require("./commands/stacks") as typeof stacksModule).stacksCommand,
    ],
    advise: [
      "tell which cmdlets scripts use, what they need at least, and which lines would fail",
      () => (require("./commands/advise/advise") as typeof adviseModule).adviseCommand,
    ],
    record: [
      "write down which cmdlets a run really calls",
      () => (require("./commands/record") as typeof recordModule).recordCommand,
    ],
    export: [
      "hand the access over to a pipeline: as a document, to GitHub or to Azure Key Vault",
      () => (require("./commands/export/export") as typeof exportModule).exportCommand,
    ],
    pipeline: [
      "write a ready pipeline that connects with the stack's access",
      () => (require("./commands/pipeline") as typeof pipelineModule).pipelineCommand,
    ],
    certificates: [
      "list the generations: thumbprint, days left, active, registered",
      () => (require("./commands/certificates") as typeof certificatesModule).certificatesCommand,
    ],
    rotate: [
      "rotate the certificate without an outage; interrupted, it goes on when run again",
      () => (require("./commands/rotate") as typeof rotateModule).rotateCommand,
    ],
  };

/** Other names of commands, which Pulumi has for the same. */
const commandAliases: Readonly<Record<string, string>> = { review: "preview" };

/** Names of all commands. */
export const commandNames = Object.keys(commands);

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
  const commands = /(apponly [a-z-]+(?: --[a-z-]+)* --stack [\w/-]+)/g;
  const whole =
    process.env.APPONLY_EMBEDDED === "true" ? message.replace(commands, "$1 --embedded") : message;
  return whole
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
function commandLine(args: readonly string[], io: Io): Command {
  const program = new Command("apponly")
    .description(
      "App-only access to Exchange Online PowerShell and Security & Compliance PowerShell",
    )
    .exitOverride()
    .addOption(folderOption())
    .on("option:cwd", enterFolder)
    .option("--embedded", "work on the embedded tenant, which needs no account")
    .option("--debug", "print all that is known of a failure, the engine's text too")
    .hook("preAction", (program, command) => enterWhereAsked(program.opts(), command.name(), io))
    .version(ownVersion(), "--version", "print the version")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.out(text),
      writeErr: io.err,
      getOutHelpWidth: () => io.columns ?? 100,
      getErrHelpWidth: () => io.columns ?? 100,
    })
    .showHelpAfterError("(run `apponly --help` for the commands)");
  const isValue = (at: number) => ["-C", "--cwd"].includes(args[at - 1] ?? "");
  const named = args.find((one, at) => namesOf.has(one) && !isValue(at)) ?? "";
  for (const [name, [description, load]] of Object.entries(commands)) {
    const command = namesOf.get(named) === name ? load()(io) : new Command();
    const alias = commandAliases[name];
    if (alias !== undefined) {
      command.alias(alias);
    }
    program.addCommand(
      command
        .name(name)
        .description(description)
        .copyInheritedSettings(program)
        .showHelpAfterError(`(run \`apponly ${name} --help\` for its options)`),
    );
  }
  return program;
}

async function enterWhereAsked(
  { embedded }: { readonly embedded?: true },
  command: string,
  io: Io,
): Promise<void> {
  if (embedded === true && !["start", "simulator"].includes(command)) {
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
