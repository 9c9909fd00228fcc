import { join } from "node:path";
import { program } from "../index";
import { mendState } from "../operations/damagedState";
import { lockFolderOf, removeDeadLocks, stateFolderOf } from "../operations/engineLocks";
import { encryptionInWords } from "../operations/encryption";
import { findStack, ownNameOf, type Project } from "../operations/project";
import { requireOwnProgram } from "../operations/projectProgram";
import { providerSettingsIn } from "../operations/providerSettings";
import { type ChangeableStack, type Opening, openStack } from "../operations/openStack";
import { isLoopback } from "../system/loopback";
import { pulumiCommandOf } from "../toolchain/pulumiCommand";
import { StandingPlugins } from "../toolchain/standingPlugins";
import { prepareEngine } from "../toolchain/toolchain";
import { withHint } from "./embeddedFolder";
import { tidyAtEnd } from "./interruption";
import { stageProject } from "./stagedProject";
import type { Steps } from "./steps";

/** A stack of the person's project, open for previews and changes with the environment the person has set. */
export interface OpenedForChange {
  readonly stack: ChangeableStack;
  /** `Pulumi.STACK.yaml`. */
  readonly settingsFile: string;
  /** Has the engine read the settings as they are now. */
  readonly renewSettings: () => Promise<void>;
  /** Says, once something was previewed, that the update creates the stack in the backend; else nothing. */
  readonly warningsOfCreation: () => readonly string[];
}

/** Where, and by which plugins, a stack is worked on. */
export interface ChangePlace {
  /** Folder of the project, or one below it. @default the current one */
  readonly from?: string | undefined;
  /**
   * Those that its engines attach to.
   *
   * @default on a simulated tenant plugins that stay up as long as the command, else each engine's own
   */
  readonly plugins?: StandingPlugins | undefined;
}

/**
 * Opens a stack for previews and changes.
 *
 * @param wanted Its name; left out, the selected one.
 * @param opening What the backend has to have; a stack that it lacks is previewed on an empty state of this
 *   run, unless its settings import an environment of Pulumi ESC, which opens for a stack of the backend only.
 * @throws {UsageFailure} If there is no such stack, see {@link findStack}; or if the project has
 *   another program, see {@link requireOwnProgram}. That the backend has none is told by the first
 *   use, see {@link openStack}.
 * @throws {PluginError} If the plugins cannot be had.
 */
export async function openForChange(
  wanted: string | undefined,
  progress: Steps,
  opening: Opening,
  { from, plugins: wantedPlugins }: ChangePlace = {},
): Promise<OpenedForChange> {
  const found = findStack(wanted, from);
  const { name: stack, project, settingsFile } = found;
  const isEmbedded = process.env.APPONLY_EMBEDDED === "true";
  requireOwnProgram(project);
  await providerSettingsIn([project.file, settingsFile], process.env);
  return withHint(found, async () => {
    // A simulated tenant on this machine.
    const embeddedTenant = isLoopback(process.env.ARM_METADATA_HOSTNAME ?? "");
    const { pulumi, plugins, environment } = await prepareEngine({
      steps: progress,
      embeddedTenant,
    });
    const standing = wantedPlugins ?? (embeddedTenant ? pluginsOfCommand() : undefined);
    await takeOver(project, stack, progress);
    const staged = await stageProject(found);
    const own = { ...environment, ...staged.environment };
    const attached = await standing?.environmentFor(plugins, own);
    const target = {
      stack,
      workDirectory: staged.directory,
      program,
      pulumi: pulumiCommandOf(pulumi),
      environment: { ...own, ...attached },
    };
    const { secretsProvider, isInCloud } = staged;
    const aside = staged.aside && {
      environment: staged.aside,
      created: () => (isEmbedded ? Promise.resolve() : staged.keepEncryption()),
    };
    const opened = await openStack({ ...target, opening, secretsProvider, aside });
    const warningsOfCreation = () =>
      opened.isMissing() && !isEmbedded
        ? [
            `The backend does not have this stack yet. The update creates it, its secrets encrypted by ${encryptionInWords(secretsProvider, isInCloud)}, and adds to its settings what \`pulumi stack init\` does.`,
          ]
        : [];
    return { stack: opened, settingsFile, renewSettings: staged.renew, warningsOfCreation };
  });
}

/** Plugins that end with the command: several operations need them there, one after the other. */
function pluginsOfCommand(): StandingPlugins {
  const plugins = new StandingPlugins();
  tidyAtEnd(() => Promise.resolve(plugins.end()));
  return plugins;
}

/**
 * A stack whose state is in files is unlocked where the process is gone that has locked it, and what
 * its end, or a full disk, has left of its files is put in order.
 */
async function takeOver(project: Project, stack: string, progress: Steps): Promise<void> {
  const state = stateFolderOf(project);
  if (state === undefined) {
    return;
  }
  const folder = lockFolderOf(state, project, stack);
  const { removed, left } = await removeDeadLocks(folder, { isShared: true, waitMs: 10_000 });
  for (const { pid, host } of removed) {
    progress
      .start(`Unlock ${stack}`)
      .done(
        `process ${pid} on ${host} had it and is gone: it was ended in the middle of an operation`,
      );
  }
  if (left === undefined) {
    const notes: string[] = [];
    const own = join(state, "stacks", project.name, `${ownNameOf(stack)}.json`);
    const history = join(state, "history", project.name, ownNameOf(stack));
    await mendState(state, notes, [own, `${own}.attrs`, history]);
    notes.forEach((note) => progress.start(`Mend ${stack}`).done(note));
  }
}
