import { findStack, ownNameOf } from "../operations/project";
import {
  type ReadableStack,
  readNewStack,
  readStack,
  type ReadingTarget,
  StackMissing,
} from "../operations/readableStack";
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

/** What is read, and of which stack. */
interface ReadingWish extends Pick<ReadingTarget, "secrets" | "meanwhile"> {
  /** Whether one that the backend does not have is read as one without resources. @default false */
  readonly mayBeMissing?: boolean;
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
  { mayBeMissing = false, ...about }: ReadingWish = {},
): Promise<OpenedForReading> {
  const found = findStack(wanted);
  const { pulumi } = await findCli({ steps: progress });
  const { directory, environment, aside, secretsProvider } = await stageProject(found);
  const target = { stack: found.name, workDirectory: directory, environment, pulumi, ...about };
  const read = await withHint(found, () =>
    readStack(target).catch((error: unknown) => {
      if (!mayBeMissing || aside === undefined || !(error instanceof StackMissing)) {
        throw error;
      }
      const own = { ...target, environment: { ...environment, ...aside } };
      return readNewStack({ ...own, stack: ownNameOf(found.name) }, secretsProvider);
    }),
  );
  return { ...read, settingsFile: found.settingsFile };
}
