import { lstat, mkdir, realpath } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { type FleetKind, fleetKinds } from "../../access/pipelines/fleet/plan";
import { renderFleet } from "../../access/pipelines/fleet/render";
import { offers, planPipeline } from "../../access/pipelines/plan";
import {
  pipelineCredentials,
  type PipelineFile,
  type PipelineKind,
  pipelineKinds,
  pipelinePlatforms,
  type PipelineStack,
} from "../../access/pipelines/types";
import { readSchedule } from "../../access/pipelines/schedule";
import { isReleasedVersion } from "../../access/connect/requirements";
import { vaultCredentialOf } from "../../access/connect/vaultTokens";
import { renderPipeline } from "../../access/pipelines/renderPipeline";
import { workloads } from "../../components/catalog/workloads";
import { federatedCredentialsOf, readOutputs } from "../../components/outputs";
import { chooseStacks, fleetOf } from "../../operations/chooseStacks";
import { UsageFailure } from "../../system/failure";
import { writeWhole } from "../../system/files";
import { readText } from "../../system/readText";
import type { PipelineDocument } from "../documents/pipeline";
import type { Io } from "../io";
import { openForReading } from "../openForReading";
import {
  optionAsTyped,
  type OptionsOf,
  filePathOption,
  folderPathOption,
  stackOption,
} from "../options";
import { shardIn } from "../stackChoice";
import { table } from "../table";
import { systemReason } from "../../system/systemErrors";

const parser = () =>
  new Command()
    .addOption(stackOption())
    .addOption(
      new Option("-k, --kind <kind>", "what runs it, see below")
        .choices([...pipelineKinds, ...fleetKinds])
        .makeOptionMandatory(true),
    )
    .addOption(
      new Option("--platform <name>", "left out, what the workloads need").choices(
        pipelinePlatforms,
      ),
    )
    .addOption(
      new Option(
        "--credential <name>",
        "what it signs in with; left out, what the stack has",
      ).choices(pipelineCredentials),
    )
    .addOption(new Option("--workload <name...>", "left out, all of the stack").choices(workloads))
    .option("--federation <name>", "federated credential, where several fit")
    .option("--identity <client id>", "user-assigned managed identity; left out, the system's")
    .option("--environment <name>", "github-actions: environment with the secrets")
    .addOption(
      new Option("--script <file>", "PowerShell that runs once connected").argParser(
        filePathOption,
      ),
    )
    .addOption(
      new Option("--schedule <cron>", "when it runs; left out, daily").argParser(scheduleOption),
    )
    .addOption(
      new Option("--module-version <number>", "of the PowerShell module").argParser(versionOption),
    )
    .addOption(
      new Option(
        "-o, --out <folder>",
        "folder to write the files in; left out, standard output",
      ).argParser(folderPathOption),
    )
    .option("--force", "replace files that are there")
    .option("--except <name...>", "fleet-*: not these stacks")
    .addOption(
      new Option("--shard <i/n>", "fleet-*: only this part of the stacks").argParser(shardIn),
    )
    .option(
      "--tickets",
      "fleet-*: the daily report keeps an issue or work item for each tenant and finding",
    )
    .addHelpText(
      "after",
      `\nKinds, with their platforms and credentials:\n${kindsText().trimEnd()}\n\nFor all stacks of the project:\n  ${fleetKinds.join(", ")}`,
    );

/** Makes `apponly pipeline`. */
export const pipelineCommand = (io: Io, run = writePipeline) =>
  parser().action((options) => run(options, io));

/**
 * Writes a ready pipeline for a stack, to standard output or below a folder.
 *
 * @throws {Failure} If it cannot be generated, or a file is there already.
 */
export async function writePipeline(
  { out, force, ...options }: OptionsOf<typeof parser>,
  io: Io,
  open = openForReading,
): Promise<void> {
  const files = isFleetKind(options.kind)
    ? fleetFiles({ ...options, kind: options.kind })
    : await stackFiles({ ...options, kind: options.kind }, io, open);
  const answer = (paths: readonly string[], written: boolean) => {
    const told = files.map(({ content, executable }, at) => ({
      path: paths[at] ?? "",
      content,
      executable,
    }));
    const document: PipelineDocument = { version: 1, kind: options.kind, files: told, written };
    return io.answer(document);
  };
  if (out === undefined) {
    // As bytes: they are the content of files, of which nothing may be written otherwise.
    await io.out(Buffer.from(filesAsText(files)));
    await answer(
      files.map(({ path }) => path),
      false,
    );
    return;
  }
  const paths = await writeFiles(out, files, force === true);
  for (const path of paths) {
    await io.out(`${path}\n`);
  }
  const page = isFleetKind(options.kind) ? "many-tenants" : options.kind;
  io.err(`Next, give the job what it signs in with, as docs/how-to/${page}.md shows.\n`);
  await answer(paths, true);
}

type PipelineOptions = Omit<OptionsOf<typeof parser>, "out" | "force" | "kind">;

function isFleetKind(kind: PipelineKind | FleetKind): kind is FleetKind {
  return (fleetKinds as readonly string[]).includes(kind);
}

/** Options that are about the pipeline of one stack. */
const ofOneStack = [
  "stack",
  "platform",
  "credential",
  "workload",
  "federation",
  "identity",
  "environment",
  "script",
  "schedule",
  "moduleVersion",
] as const;

/** The pipelines for all stacks of the project, in waves and shards. */
function fleetFiles(options: PipelineOptions & { readonly kind: FleetKind }): PipelineFile[] {
  const { kind, except, shard, tickets = false } = options;
  const [alien] = ofOneStack.filter((name) => options[name] !== undefined);
  if (alien !== undefined) {
    throw new UsageFailure(
      `${optionAsTyped(alien)} is about the pipeline of one stack, and ${kind} is for all. Leave it out.`,
    );
  }
  const { waves, of } = fleetOf(chooseStacks({ all: true, except, shard }));
  return renderFleet({ kind, waves, shards: of, tickets });
}

async function stackFiles(
  { stack: wanted, workload, ...options }: PipelineOptions & { readonly kind: PipelineKind },
  io: Io,
  open: typeof openForReading,
): Promise<PipelineFile[]> {
  const { except, shard, tickets, script: path, ...wishes } = options;
  if (except !== undefined || shard !== undefined || tickets !== undefined) {
    throw new UsageFailure(
      "--except, --shard and --tickets are for the kinds that begin with fleet-.",
    );
  }
  const script = path === undefined ? undefined : { path, text: await readOwnScript(path) };
  const { stack, outputs } = await open(wanted, io.progress);
  const workloadsWanted = workload === undefined ? {} : { workloads: workload };
  const plan = planPipeline(accessForPipeline(stack.name, outputs), {
    ...wishes,
    script,
    ...workloadsWanted,
  });
  return renderPipeline(plan);
}

async function readOwnScript(path: string): Promise<string> {
  return readText(path).catch((error: unknown) => {
    throw new UsageFailure(
      `--script "${path}" ${systemReason(error, "read")}. Name a file with the PowerShell that the job runs.`,
    );
  });
}

function scheduleOption(text: string): string {
  const read = readSchedule(text);
  if (typeof read === "string") {
    throw new InvalidArgumentError(read);
  }
  return read.text;
}

function versionOption(text: string): string {
  if (!isReleasedVersion(text)) {
    throw new InvalidArgumentError("It has to be the number of a release, as 3.9.2.");
  }
  return text;
}

function accessForPipeline(
  stack: string,
  values: Readonly<Record<string, unknown>>,
): PipelineStack {
  const outputs = readOutputs(values, stack);
  const { cloud, tenantId, applicationId, organization, workloads: served } = outputs;
  const active = outputs.certificates.find((one) => one.active);
  return {
    stack,
    cloud,
    tenantId,
    applicationId,
    organization,
    workloads: served,
    certificate: active !== undefined && active.vault === undefined,
    vault: vaultCredentialOf(active),
    federatedCredentials: federatedCredentialsOf(outputs, stack),
  };
}

/** One file as it is; several with a line before each that says where it belongs. */
function filesAsText(files: readonly PipelineFile[]): string {
  const [first, ...others] = files;
  return first !== undefined && others.length === 0
    ? first.content
    : files.map(({ path, content }) => `==> ${path} <==\n${content}`).join("\n");
}

/** Writes all files or none: whether one may not be written is found out first. */
async function writeFiles(
  folder: string,
  files: readonly PipelineFile[],
  force: boolean,
): Promise<string[]> {
  const root = resolve(folder);
  for (const { path } of files) {
    await refuseTaken(folder, path.split("/"), force);
  }
  const written: string[] = [];
  for (const { path, content, executable } of files) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true });
    // A link that has appeared among the folders since then is not followed either.
    const real = await realpath(root);
    const exact = join(real, path);
    await writeWhole(exact, content, { mode: executable ? 0o755 : 0o644, exactFolder: true });
    written.push(join(folder, path));
  }
  return written;
}

/** Refuses links below the folder, also those that lead nowhere, and files that are there. */
async function refuseTaken(
  folder: string,
  parts: readonly string[],
  force: boolean,
): Promise<void> {
  for (let count = 1; count <= parts.length; count += 1) {
    const path = join(folder, ...parts.slice(0, count));
    const found = await lstat(path).catch(() => undefined);
    if (found?.isSymbolicLink()) {
      throw new UsageFailure(
        `${path} is a symbolic link, which is not followed. Remove the link, or write elsewhere with --out.`,
      );
    }
    if (found !== undefined && count === parts.length && !force) {
      throw new UsageFailure(`${path} is there already. Remove it, or write over it with --force.`);
    }
  }
}

/** What each kind offers, for the help text. */
function kindsText(): string {
  return table(
    pipelineKinds.map((kind) => {
      const { platforms, credentials } = offers[kind];
      return [kind, platforms.join(", "), credentials.join(", ")];
    }),
  );
}
