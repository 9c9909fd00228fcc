import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { refuseRedirects } from "../microsoft/deployer/redirects";
import { StackNotFoundError } from "@pulumi/pulumi/automation";
import { program } from "../index";
import { StackMissing } from "../operations/readableStack";
import { type ChangeableStack, type Opening, openStack } from "../operations/stack";
import { isLoopback } from "../system/loopback";
import { pulumiCommandOf } from "../toolchain/pulumiCommand";
import { prepareEngine } from "../toolchain/toolchain";
import { folderOfStack } from "./openForReading";
import type { Steps } from "./steps";

/** A stack of the project, open for previews and changes with the environment the person has set. */
export interface OpenedForChange {
  readonly stack: ChangeableStack;
  /** Folder with `Pulumi.yaml` and the stack's settings. */
  readonly workDirectory: string;
}

/**
 * Opens a stack for previews and changes.
 *
 * @param opening What the backend has to have; a first preview creates what it lacks.
 * @throws {UsageFailure} If the project has no settings for the stack, or the backend no stack.
 * @throws {PluginError} If the plugins cannot be had.
 */
export async function openForChange(
  stack: string,
  progress: Steps,
  opening: Opening,
): Promise<OpenedForChange> {
  const workDirectory = folderOfStack(stack);
  refuseRedirects(await providerSettingsIn(workDirectory, stack), process.env);
  const { pulumi, environment } = await prepareEngine({
    steps: progress,
    // A simulated tenant on this machine.
    embeddedTenant: isLoopback(process.env.ARM_METADATA_HOSTNAME ?? ""),
  });
  const target = { stack, workDirectory, program, pulumi: pulumiCommandOf(pulumi), environment };
  try {
    return { stack: await openStack({ ...target, opening }), workDirectory };
  } catch (error) {
    throw error instanceof StackNotFoundError ? new StackMissing(stack) : error;
  }
}

/** What the project's and the stack's files configure for the azuread provider. */
async function providerSettingsIn(folder: string, stack: string): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const file of ["Pulumi.yaml", `Pulumi.${stack}.yaml`]) {
    const document = parseDocument(await readFile(join(folder, file), "utf8"));
    // Whoever reads the file next says what is wrong with it; nothing is sent by then.
    const { config } = (document.errors.length === 0 ? (document.toJS() ?? {}) : {}) as {
      config?: Record<string, unknown>;
    };
    for (const [key, value] of Object.entries(config ?? {})) {
      const given = (value as { value?: unknown } | null)?.value ?? value;
      if (key.startsWith("azuread:") && typeof given === "string") {
        settings[key.slice("azuread:".length)] = given;
      }
    }
  }
  return settings;
}
