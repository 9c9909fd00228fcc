import { Command, Option } from "@commander-js/extra-typings";
import { type CerEncoding, cerEncodings } from "../../../access/export/documents";
import { type GitHubTarget, readGitHubTarget } from "../../../access/export/github/target";
import { type KeyVaultTarget, readKeyVaultTarget } from "../../../access/export/keyVault/vault";
import { ownNameOf } from "../../../operations/project";
import { UsageFailure } from "../../../system/failure";
import { optionAsTyped, type OptionsOf } from "../../options";
import { withStackChoice } from "../../stackChoice";
import type { Environment } from "../../../system/environment";

const documentFormats = ["json", "env", "powershell", "cer", "pfx", "pem", "azure-devops"] as const;
const formats = [
  "json",
  "env",
  "github",
  "azure-devops",
  "pfx",
  "pem",
  "cer",
  "powershell",
  "key-vault",
] as const;

/** Reads the command line of `apponly export`. */
export const exportParser = () =>
  withStackChoice(new Command())
    .addOption(
      new Option("-f, --format <format>", "form of what is handed over")
        .choices(formats)
        .makeOptionMandatory(true),
    )
    .option("-o, --out <path>", "file to write, which only its owner can read")
    .option(
      "--password-out <path>",
      "pfx, pem: file for its password, which only its owner can read; it encrypts the key of a pem",
    )
    .option("--force", "replace the file if it is there")
    .option("-g, --generation <name>", "generation to export instead of the active one")
    .option("--include-secrets", "json, env, powershell: with the private key and its password")
    .option("--method <method>", "powershell: how the credential is handed over")
    .addOption(
      new Option("--encoding <encoding>", "cer: form of the certificate").choices(cerEncodings),
    )
    .option("--output-variables", "azure-devops: for later jobs, as outputs of the step")
    .option("--repository <owner/name>", "github: repository")
    .option("--environment <name>", "github: environment of the repository, which must exist")
    .option("--vault <url>", "key-vault: https://NAME.vault.azure.net")
    .option("--certificate-name <name>", "key-vault: name of the certificate");

/** What {@link exportParser} reads. */
export type ExportOptions = Omit<OptionsOf<typeof exportParser>, "stack"> & {
  readonly stack?: string | undefined;
};

/** What names the place that something is handed over to; `{stack}` in it is the stack's name. */
const places = [
  "out",
  "passwordOut",
  "repository",
  "environment",
  "vault",
  "certificateName",
] as const;

/**
 * The options of one of several stacks, of which each has a place of its own.
 *
 * @throws {UsageFailure} If what one stack hands over would replace what another has.
 */
export function exportOptionsOf(
  options: Omit<ExportOptions, "stack">,
  stack: string | undefined,
  several: boolean,
): ExportOptions {
  const filled = { ...options, stack };
  const named = places.filter((place) => options[place] !== undefined);
  for (const place of named) {
    filled[place] = options[place]?.replaceAll("{stack}", ownNameOf(stack ?? ""));
  }
  const printed = named.length === 0 && options.format === "json";
  if (several && !printed && !named.some((place) => options[place]?.includes("{stack}"))) {
    throw new UsageFailure(
      "Of several stacks each needs a place of its own: write {stack} where the stack's name belongs, for example --out {stack}.json.",
    );
  }
  return filled;
}

/** Where an export runs. */
export interface ExportSurroundings {
  readonly environment: Environment;
  /** Whether standard output is a terminal. */
  readonly toTerminal: boolean;
}

/** What is to be exported, and where to, after the command line has been checked. */
export type ExportPlan =
  | {
      readonly kind: "document";
      readonly format: DocumentFormat;
      /** File to write; standard output without one. */
      readonly out: string | undefined;
      /** Further file for the password of a `.pfx`. */
      readonly passwordOut: string | undefined;
      readonly force: boolean;
      /** Whether the document holds the key. */
      readonly secret: boolean;
      readonly method: string | undefined;
      readonly encoding: CerEncoding;
      readonly outputVariables: boolean;
    }
  | { readonly kind: "github"; readonly target: GitHubTarget }
  | { readonly kind: "key-vault"; readonly target: KeyVaultTarget };

/** A format whose result is a text or a file. */
export type DocumentFormat = (typeof documentFormats)[number];

/** The formats to which an option belongs that belongs only to some. */
const optionFormats: Readonly<Partial<Record<keyof ExportOptions, readonly string[]>>> = {
  out: documentFormats,
  passwordOut: ["pfx", "pem"],
  force: documentFormats,
  // Formats that exist to hand the key over take it too: it says nothing new.
  includeSecrets: formats.filter((format) => format !== "cer"),
  method: ["powershell"],
  encoding: ["cer"],
  outputVariables: ["azure-devops"],
  repository: ["github"],
  environment: ["github"],
  vault: ["key-vault"],
  certificateName: ["key-vault"],
};

/**
 * Checks a command line as a whole.
 *
 * @throws {UsageFailure | ExportError} If it is at fault.
 */
export function readExportPlan(
  args: ExportOptions,
  { environment, toTerminal }: ExportSurroundings,
): ExportPlan {
  const { format, out } = args;
  for (const [name, belongs] of Object.entries(optionFormats)) {
    if (args[name as keyof ExportOptions] !== undefined && !belongs.includes(format)) {
      throw new UsageFailure(
        `${optionAsTyped(name)} has no meaning for --format ${format}; it belongs to ${belongs.join(", ")}.`,
      );
    }
  }
  if (format === "github") {
    const { repository, environment: name } = args;
    const target = readGitHubTarget({ repository, environment: name, variables: environment });
    return { kind: "github", target };
  }
  if (format === "key-vault") {
    return { kind: "key-vault", target: readKeyVaultTarget(args.vault, args.certificateName) };
  }
  if (args.force && out === undefined) {
    throw new UsageFailure("--force overwrites the file of --out; there is no --out.");
  }
  for (const [option, path] of Object.entries({ out, "password-out": args.passwordOut })) {
    if (path?.trim() === "") {
      throw new UsageFailure(`--${option} is empty. Name a file.`);
    }
  }
  const plan = {
    kind: "document" as const,
    format,
    out,
    passwordOut: args.passwordOut,
    force: args.force ?? false,
    secret: ["pfx", "pem", "azure-devops"].includes(format) || (args.includeSecrets ?? false),
    method: args.method,
    encoding: args.encoding ?? "der",
    outputVariables: args.outputVariables ?? false,
  };
  if (out === undefined) {
    checkStandardOutput(plan, environment, toTerminal);
  }
  return plan;
}

/** What may go to standard output, which may be a screen or a log. */
function checkStandardOutput(
  { format, secret, encoding }: { format: DocumentFormat; secret: boolean; encoding: CerEncoding },
  environment: ExportSurroundings["environment"],
  toTerminal: boolean,
): void {
  if (format === "pfx" || format === "pem") {
    throw new UsageFailure(
      `--format ${format} writes a private key, only to a file. Name it with --out PATH.`,
    );
  }
  if (format === "cer" && encoding === "der" && toTerminal) {
    throw new UsageFailure(
      "A terminal cannot show a certificate's bytes. Use --out PATH or --encoding pem.",
    );
  }
  if (format === "azure-devops") {
    if (!isAzurePipelines(environment)) {
      throw new UsageFailure(
        "--format azure-devops prints secrets that only an Azure Pipelines agent takes out of the log, and this is not a pipeline (TF_BUILD is not set). Run it in a pipeline, or write the commands to a file with --out PATH.",
      );
    }
    return;
  }
  if (secret && (toTerminal || isGitHubActions(environment) || isAzurePipelines(environment))) {
    throw new UsageFailure(
      `--include-secrets would print a private key ${toTerminal ? "to the terminal" : "to the log of the job"}. Write it to a file with --out PATH.`,
    );
  }
}

/** Whether a GitHub Actions job runs the command. */
export function isGitHubActions({ GITHUB_ACTIONS }: ExportSurroundings["environment"]): boolean {
  return GITHUB_ACTIONS === "true";
}

/** Whether an Azure Pipelines job runs the command. */
export function isAzurePipelines({ TF_BUILD }: ExportSurroundings["environment"]): boolean {
  return TF_BUILD?.toLowerCase() === "true";
}
