import { Command, CommanderError } from "commander";
import { commands } from "./commands/index";
import type { CertificatesArguments } from "./commands/certificates";
import type { DoctorArguments } from "./commands/doctor/doctor";
import type { ExportArguments } from "./commands/export/exportPlan";
import type { ExportStreams } from "./commands/export/export";
import type { PipelineArguments } from "./commands/pipeline";
import type { PullRequestArguments } from "./commands/pullRequest/pullRequest";
import type { ReviewArguments } from "./commands/review";
import type { RotateArguments } from "./commands/rotate";
import type { StacksArguments } from "./commands/stacks";
import type { VerifyArguments } from "./commands/verify/verify";
import { exitCodes, Failure } from "../system/failure";
import { explainFailure } from "./errors";
import { embeddedDirectory, projectDirectory } from "./project";
import { isInteractive, Steps, type Terminal } from "./steps";

const terminal: Terminal = {
  write: (text) => {
    process.stdout.write(text);
  },
  interactive: isInteractive(process.stdout, process.env),
  get columns() {
    return process.stdout.isTTY ? process.stdout.columns : undefined;
  },
};
const steps = new Steps(terminal);
/** For output that a program reads. */
const silentSteps = new Steps({ write: () => undefined, interactive: false });
/** For progress beside output that a program reads. */
const errorSteps = new Steps({ write: (text) => process.stderr.write(text), interactive: false });
const exportStreams: ExportStreams = {
  write: (content) =>
    new Promise((resolve, reject) => {
      process.stdout.write(content, (error) => (error ? reject(error) : resolve()));
    }),
  warn: (text) => {
    process.stderr.write(text);
  },
  toTerminal: process.stdout.isTTY,
  steps,
  errorSteps,
};
const common = { steps, terminal, projectDirectory };

/** The command with all its commands, which are loaded when they are run. */
function commandLine(): Command {
  const command = new Command("apponly")
    .description(
      "App-only access to Exchange Online PowerShell and Security & Compliance PowerShell",
    )
    .exitOverride()
    .showHelpAfterError("(run `apponly --help` for the commands)");

  command
    .command("start")
    .description("run the whole story on an embedded tenant")
    .option("-s, --stack <name>", "example stack", "dev")
    .option("-d, --directory <path>", "folder for what the tenant keeps", embeddedDirectory)
    .action((args: { stack: string; directory: string }) =>
      commands.start().start({ ...common, ...args }),
    );

  command
    .command("simulator")
    .description("keep the embedded tenant up, for clients and for `pulumi up -s dev`")
    .option("-d, --directory <path>", "folder for what the tenant keeps", embeddedDirectory)
    .action((args: { directory: string }) => commands.simulate().simulate({ ...common, ...args }));

  command
    .command("doctor")
    .description(
      "print what was found; with a stack, also what its deployer lacks or has in excess",
    )
    .option("-s, --stack <name>", "stack")
    .option("-f, --format <format>", "terminal or json", "terminal")
    .action((args: DoctorArguments) =>
      commands.doctor().doctor(args, args.format === "json" ? silentSteps : steps, terminal),
    );

  command
    .command("toolchain")
    .description("find, install or build what the other commands need")
    .action(() => commands.toolchain().toolchain(steps));

  command
    .command("verify")
    .description("prove that every generation connects, link by link")
    .requiredOption("-s, --stack <name>", "stack")
    .option("-g, --generation <name>", "one generation, or federated credential, alone")
    .option("-w, --wait <time>", "how long to wait for what was granted to arrive, for example 30m")
    .option("--pfx <file>", "the job's own .pfx; its password is in APPONLY_PFX_PASSWORD")
    .option("--key <file>", "the job's own key in PEM; its password is in APPONLY_KEY_PASSWORD")
    .option("--assertion-file <file>", "token of the identity provider of a federated credential")
    .option("--allow-unverified", "no failure when this job holds no credential of the stack")
    .option("--powershell", "connect with the real PowerShell module too, where it is installed")
    .option("-f, --format <format>", "terminal or json", "terminal")
    .action((args: VerifyArguments) =>
      args.format === "json"
        ? commands.verify().verifyCommand(args, silentSteps, errorSteps, terminal)
        : commands.verify().verifyCommand(args, steps, steps, terminal),
    );

  command
    .command("review")
    .description("show what access a preview changes, for whom, and how risky that is")
    .requiredOption("-s, --stack <name>", "stack")
    .option("--from <file>", "saved `pulumi preview --json` or engine events; - for standard input")
    .option("-f, --format <format>", "terminal, markdown, json or html", "terminal")
    .option("--fail-on <risk>", "exit with 3 from this risk on: critical, high, medium or low")
    .option(
      "--policy-pack-config <file>",
      "levels and settings of the policies, as `pulumi preview` takes them",
    )
    .action((args: ReviewArguments) =>
      commands
        .review()
        .reviewCommand(args, args.format === "terminal" ? steps : silentSteps, terminal),
    );

  command
    .command("pull-request")
    .description("review the stacks a pull request touches, and keep one comment on it up to date")
    .option("--forge <name>", "github or azure-devops; left out, the one whose pipeline runs it")
    .option("--base <ref>", "compare with this by git, instead of asking the forge for the files")
    .option("-s, --stack <name...>", "review these stacks, whatever the pull request touches")
    .option("--from <folder>", "saved previews, STACK.json or STACK.ndjson, instead of the engine")
    .option("--fail-on <risk>", "exit with 3 from this risk on: critical, high, medium or low")
    .option("--comment", "keep a comment on the pull request", true)
    .option("--no-comment", "write none")
    .option(
      "--policy-pack-config <file>",
      "levels and settings of the policies, as `pulumi preview` takes them",
    )
    .action((args: PullRequestArguments) =>
      commands.pullRequest().pullRequestCommand(args, terminal),
    );

  command
    .command("stacks")
    .description("list the stacks of the project, or those that a change touches")
    .option("--base <ref>", "only those that the changes since it touch")
    .option("--except <name...>", "leave these out")
    .option("-f, --format <format>", "terminal or json", "terminal")
    .action((args: StacksArguments) => commands.stacks().stacksCommand(args, terminal));

  command
    .command("export")
    .description(
      "hand the access over to a pipeline: as a document, to GitHub or to Azure Key Vault",
    )
    .requiredOption("-s, --stack <name>", "stack")
    .requiredOption(
      "-f, --format <format>",
      "json, env, github, azure-devops, pfx, cer, powershell or key-vault",
    )
    .option("-o, --out <path>", "file to write, which only its owner can read")
    .option("--password-out <path>", "pfx: file for its password, which only its owner can read")
    .option("--force", "replace the file if it is there")
    .option("-g, --generation <name>", "generation to export instead of the active one")
    .option("--include-secrets", "json, env, powershell: with the private key and its password")
    .option("--method <method>", "powershell: how the credential is handed over")
    .option("--encoding <encoding>", "cer: der or pem")
    .option("--output-variables", "azure-devops: for later jobs, as outputs of the step")
    .option("--repository <owner/name>", "github: repository")
    .option("--environment <name>", "github: environment of the repository, which must exist")
    .option("--vault <url>", "key-vault: https://NAME.vault.azure.net")
    .option("--certificate-name <name>", "key-vault: name of the certificate")
    .action((args: ExportArguments) => commands.export().exportCommand(args, exportStreams));

  command
    .command("pipeline")
    .description("write a ready pipeline that connects with the stack's access")
    .requiredOption("-s, --stack <name>", "stack")
    .requiredOption("-k, --kind <kind>", "what runs it, see below")
    .option("--platform <name>", "linux or windows; left out, what the workloads need")
    .option("--credential <name>", "what it signs in with; left out, what the stack has")
    .option("--workload <name...>", "exchange, compliance; left out, all of the stack")
    .option("--federation <name>", "federated credential, where several fit")
    .option("--identity <client id>", "user-assigned managed identity; left out, the system's")
    .option("--environment <name>", "github-actions: environment with the secrets")
    .option("-o, --out <folder>", "folder to write the files in; left out, standard output")
    .option("--force", "replace files that are there")
    .addHelpText(
      "after",
      () => `\nKinds, with their platforms and credentials:\n${commands.pipeline().pipelineHelp}`,
    )
    .action((args: PipelineArguments) =>
      commands.pipeline().pipelineCommand(args, errorSteps, terminal),
    );

  command
    .command("certificates")
    .description("list the generations: thumbprint, days left, active, registered")
    .requiredOption("-s, --stack <name>", "stack")
    .option(
      "--fail-within <time>",
      "exit with 5 when one expires within this time, for example 30d",
    )
    .option("--remove <key id>", "take an entry that no generation has off the application")
    .action((args: CertificatesArguments) =>
      commands.certificates().certificatesCommand(args, steps, terminal),
    );

  command
    .command("rotate")
    .description("rotate the certificate without an outage; interrupted, it goes on when run again")
    .requiredOption("-s, --stack <name>", "stack")
    .option(
      "--overlap <time>",
      "how long the old generation stays after the new one is active",
      "14d",
    )
    .option("--now", "remove the old generation without waiting")
    .option("--plan", "write the next change of the settings, and update nothing")
    .option("--name <name>", "name of the new generation")
    .action((args: RotateArguments) => commands.rotate().rotateCommand(args, steps, terminal));
  return command;
}

/** Shows what is the person's to solve as it is, other errors with where they came from. */
function report(error: unknown): number {
  // Errors of the engine's floor that have not got the base yet, by name.
  const known =
    error instanceof Failure || (error instanceof Error && error.name === "ConfigurationError");
  const text = known ? error.message : explainFailure(error);
  process.stderr.write(`\n${text}\n`);
  // A fault that the program finds comes back as the engine's text, and nothing else.
  if (text.startsWith("The configuration has ")) {
    return exitCodes.usage;
  }
  return error instanceof Failure ? error.exitCode : exitCodes.failed;
}

/**
 * Runs the command.
 *
 * @param args Command line behind the command's name.
 * @returns The exit code.
 */
export async function run(args: readonly string[]): Promise<number> {
  process.exitCode = undefined;
  try {
    await commandLine().parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    // What the command line lacks has been said by then.
    return error instanceof CommanderError ? error.exitCode : report(error);
  }
}
