import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ReadableStack, readStack } from "../operations/readableStack";
import { UsageFailure } from "../system/failure";
import { findCli } from "../toolchain/toolchain";
import { projectDirectory } from "./project";
import type { Steps } from "./steps";

/** A stack of the project, open for reading with the environment the person has set. */
export interface OpenedForReading {
  readonly stack: ReadableStack;
  /** The outputs by name, secrets in plain. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Folder with `Pulumi.yaml` and the stack's settings. */
  readonly workDirectory: string;
}

/**
 * Opens a stack for reading: the Pulumi CLI is all that is needed.
 *
 * @throws {UsageFailure} If the project has no settings for the stack, or the backend no stack.
 */
export async function openForReading(stack: string, progress: Steps): Promise<OpenedForReading> {
  const workDirectory = folderOfStack(stack);
  const { pulumi } = await findCli({ steps: progress });
  return { ...(await readStack({ stack, workDirectory, pulumi })), workDirectory };
}

/**
 * The project in the current folder, or this checkout.
 *
 * @throws {UsageFailure} If it has no settings for the stack.
 */
export function folderOfStack(stack: string): string {
  const here = process.cwd();
  const workDirectory = existsSync(join(here, "Pulumi.yaml")) ? here : projectDirectory;
  if (!existsSync(join(workDirectory, `Pulumi.${stack}.yaml`))) {
    throw new UsageFailure(
      `${workDirectory} has no Pulumi.${stack}.yaml. Name an existing stack, or create it: pulumi stack init ${stack}.`,
    );
  }
  return workDirectory;
}
