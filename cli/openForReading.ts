import { findStack } from "../operations/project";
import { type ReadableStack, readStack, type ReadingTarget } from "../operations/readableStack";
import { findCli } from "../toolchain/toolchain";
import { withHint } from "./embeddedFolder";
import { stageProject } from "./stagedProject";
import type { Steps } from "./steps";

/** A stack of the person's project, open for reading with the environment the person has set. */
export interface OpenedForReading {
  readonly stack: ReadableStack;
  /** The outputs by name, secrets in plain where they were wanted. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** `Pulumi.STACK.yaml`. */
  readonly settingsFile: string;
}

/**
 * Opens a stack for reading: the Pulumi CLI is all that is needed.
 *
 * @param wanted Its name; left out, the selected one.
 * @param about Whether its secrets are wanted, and what is done while the CLI reads it.
 * @throws {UsageFailure} If there is no such stack, see {@link findStack}, or the backend has none.
 */
export async function openForReading(
  wanted: string | undefined,
  progress: Steps,
  about: Pick<ReadingTarget, "secrets" | "meanwhile"> = {},
): Promise<OpenedForReading> {
  const found = findStack(wanted);
  const { pulumi } = await findCli({ steps: progress });
  const { directory, environment } = await stageProject(found);
  const target = { stack: found.name, workDirectory: directory, environment, pulumi, ...about };
  const read = await withHint(found, () => readStack(target));
  return { ...read, settingsFile: found.settingsFile };
}
