import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type OutputMap, type Stack, StackNotFoundError } from "@pulumi/pulumi/automation";
import { type Endpoints, endpointsOf } from "../microsoft/endpoints";
import type { Cloud } from "../components/catalog/clouds";
import { program } from "../index";
import { type Opening, openStack, readStack, type StackTarget } from "../operations/stack";
import { prepareToolchain } from "../toolchain/toolchain";
import { pulumiCommandOf } from "../toolchain/pulumiCommand";
import { UsageFailure } from "../system/failure";
import { isLoopback } from "../system/loopback";
import { projectDirectory } from "./project";
import type { Steps } from "./steps";

/** A stack of the project, opened with the environment the person has set. */
export interface OpenedStack {
  readonly stack: Stack;
  readonly workDirectory: string;
}

/** One that was opened by reading it. */
export interface ReadStack extends OpenedStack {
  readonly outputs: OutputMap;
}

/**
 * Opens a stack of the project in the current folder, or of this checkout.
 *
 * @param opening What the backend has to have; a first preview creates what it lacks.
 * @throws {UsageFailure} If the project has no settings for the stack, or the backend no stack.
 */
export async function openTarget(
  stackName: string,
  steps: Steps,
  opening: Opening,
): Promise<OpenedStack> {
  const target = await targetOf(stackName, steps);
  const stack = await found(stackName, openStack({ ...target, opening }));
  return { stack, workDirectory: target.workDirectory };
}

/** The same, with the outputs, for a command that changes nothing of the stack. */
export async function readTarget(stackName: string, steps: Steps): Promise<ReadStack> {
  const target = await targetOf(stackName, steps);
  const read = await found(stackName, readStack(target));
  return { ...read, workDirectory: target.workDirectory };
}

async function targetOf(stackName: string, steps: Steps): Promise<StackTarget> {
  const here = process.cwd();
  const workDirectory = existsSync(join(here, "Pulumi.yaml")) ? here : projectDirectory;
  if (!existsSync(join(workDirectory, `Pulumi.${stackName}.yaml`))) {
    throw new UsageFailure(
      `${workDirectory} has no Pulumi.${stackName}.yaml. Name an existing stack, or create it: pulumi stack init ${stackName}.`,
    );
  }
  const toolchain = await prepareToolchain({ steps, embeddedTenant: isLoopbackTenant() });
  return {
    stack: stackName,
    workDirectory,
    program,
    pulumi: pulumiCommandOf(toolchain.pulumi),
    environment: toolchain.environment,
  };
}

async function found<T>(stackName: string, opened: Promise<T>): Promise<T> {
  try {
    return await opened;
  } catch (error) {
    if (error instanceof StackNotFoundError) {
      throw new UsageFailure(
        `The backend has no stack "${stackName}". Create it: pulumi stack init ${stackName}. Or log in to the backend that has it: pulumi login.`,
      );
    }
    throw error;
  }
}

/** Whether the environment points at a simulated tenant on this machine. */
function isLoopbackTenant(): boolean {
  return isLoopback(process.env.ARM_METADATA_HOSTNAME ?? "");
}

/**
 * Where tokens are issued and workloads answer: the cloud's endpoints, or those that the settings
 * of a simulated tenant put into the environment.
 */
export async function endpointsFor(cloud: Cloud): Promise<Endpoints> {
  const { APPONLY_AUTHORITY, APPONLY_EXCHANGE, APPONLY_COMPLIANCE, APPONLY_GRAPH, SSL_CERT_FILE } =
    process.env;
  if (!APPONLY_AUTHORITY || !APPONLY_EXCHANGE || !APPONLY_COMPLIANCE) {
    return endpointsOf(cloud);
  }
  return {
    authority: APPONLY_AUTHORITY,
    workloads: { exchange: APPONLY_EXCHANGE, compliance: APPONLY_COMPLIANCE },
    ...(APPONLY_GRAPH ? { graph: APPONLY_GRAPH } : {}),
    ...(SSL_CERT_FILE ? { extraCaPem: await readFile(SSL_CERT_FILE, "utf8") } : {}),
  };
}
