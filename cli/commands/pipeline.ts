import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { offers, planPipeline } from "../../access/pipelines/plan";
import {
  pipelineCredentials,
  PipelineError,
  type PipelineFile,
  pipelineKinds,
  pipelinePlatforms,
  type PipelineStack,
  type PipelineWishes,
} from "../../access/pipelines/types";
import { renderPipeline } from "../../access/pipelines/renderPipeline";
import { workloads } from "../../components/catalog/workloads";
import { federatedCredentialsOf, readOutputs } from "../../components/outputs";
import { outputValues } from "../../operations/stack";
import { UsageFailure } from "../../system/failure";
import { writeWhole } from "../../system/files";
import { readTarget } from "../stackTarget";
import type { Steps, Terminal } from "../steps";

/** The command line of `apponly pipeline`. */
export interface PipelineArguments {
  readonly stack: string;
  readonly kind: string;
  readonly platform?: string;
  readonly credential?: string;
  readonly workload?: readonly string[];
  readonly federation?: string;
  readonly identity?: string;
  readonly environment?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/**
 * Writes a ready pipeline for a stack, to standard output or below a folder.
 *
 * @param progress Where the steps are shown that come before.
 * @throws {Failure} If it cannot be generated, or a file is there already.
 */
export async function pipelineCommand(
  args: PipelineArguments,
  progress: Steps,
  terminal: Terminal,
): Promise<void> {
  const wishes = readWishes(args);
  const { outputs } = await readTarget(args.stack, progress);
  const known = readStack(args.stack, outputValues(outputs));
  const files = render(known, wishes);
  if (args.out === undefined) {
    terminal.write(asText(files));
    return;
  }
  for (const path of await writeFiles(args.out, files, args.force === true)) {
    terminal.write(`${path}\n`);
  }
}

/**
 * Reads the command line before anything is opened.
 *
 * @throws {Failure} If a value is not one of those there are.
 */
export function readWishes(args: PipelineArguments): PipelineWishes {
  const { platform, credential, workload, federation, identity, environment } = args;
  return {
    kind: oneOf("--kind", args.kind, pipelineKinds),
    ...(platform === undefined
      ? {}
      : { platform: oneOf("--platform", platform, pipelinePlatforms) }),
    ...(credential === undefined
      ? {}
      : { credential: oneOf("--credential", credential, pipelineCredentials) }),
    ...(workload === undefined
      ? {}
      : { workloads: workload.map((one) => oneOf("--workload", one, workloads)) }),
    ...(federation === undefined ? {} : { federation }),
    ...(identity === undefined ? {} : { identity }),
    ...(environment === undefined ? {} : { environment }),
  };
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw new UsageFailure(
      `${option} ${JSON.stringify(value)} is not known. Use ${allowed.join(", ")}.`,
    );
  }
  return found;
}

function readStack(stack: string, values: Readonly<Record<string, unknown>>): PipelineStack {
  const outputs = readOutputs(values, stack);
  const { cloud, tenantId, applicationId, organization, workloads: served } = outputs;
  return {
    stack,
    cloud,
    tenantId,
    applicationId,
    organization,
    workloads: served,
    certificate: outputs.certificates.some(({ active }) => active),
    federatedCredentials: federatedCredentialsOf(outputs, stack),
  };
}

function render(stack: PipelineStack, wishes: PipelineWishes): PipelineFile[] {
  try {
    return renderPipeline(planPipeline(stack, wishes));
  } catch (error) {
    if (error instanceof PipelineError) {
      throw new UsageFailure(error.message);
    }
    throw error;
  }
}

/** One file as it is; several with a line before each that says where it belongs. */
function asText(files: readonly PipelineFile[]): string {
  const [only, ...others] = files;
  return only !== undefined && others.length === 0
    ? only.content
    : files.map(({ path, content }) => `==> ${path} <==\n${content}`).join("\n");
}

/** Writes all files or none: whether one is there already is found out first. */
async function writeFiles(
  folder: string,
  files: readonly PipelineFile[],
  force: boolean,
): Promise<string[]> {
  const targets = files.map((file) => ({ ...file, target: join(folder, file.path) }));
  const there = targets.find(({ target }) => existsSync(target));
  if (there !== undefined && !force) {
    throw new UsageFailure(
      `${there.target} is there already. Remove it, or write over it with --force.`,
    );
  }
  for (const { target, content, executable } of targets) {
    await mkdir(dirname(target), { recursive: true });
    await writeWhole(target, content, { mode: executable ? 0o755 : 0o644 });
  }
  return targets.map(({ target }) => target);
}

/** What each kind offers, for the help text. */
export const pipelineHelp = pipelineKinds
  .map((kind) => {
    const { platforms, credentials } = offers[kind];
    return `  ${kind.padEnd(17)} ${platforms.join(", ").padEnd(15)} ${credentials.join(", ")}`;
  })
  .join("\n");
