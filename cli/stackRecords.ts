import { constants } from "node:fs";
import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { classOfFailure } from "../fleet/failureClass";
import { recordLine, type RecordPart, type StackRecord } from "../fleet/record";
import { type StackChoice, tagsOf } from "../operations/chooseStacks";
import type { ProjectStack } from "../operations/project";
import type { Environment } from "../system/environment";
import { exitCodes, type Failure, UsageFailure } from "../system/failure";
import { isSystemError, systemReason } from "../system/systemErrors";

// Windows has no such flag, and gives links only to who may make them.
const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW = 0 } = constants;

/** What is known of a stack once its command has ended. */
export interface Ended {
  readonly stack: ProjectStack;
  readonly started: Date;
  readonly ended: Date;
  readonly failure: Failure | undefined;
  /** What the command has found. */
  readonly part: RecordPart;
}

/**
 * What the records of one run share: the run of the pipeline, so that those of its jobs belong
 * together, else the time.
 */
export function runIdOf(environment: Environment, now: Date): string {
  const { APPONLY_RUN, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, BUILD_BUILDID, CI_PIPELINE_ID } =
    environment;
  return (
    APPONLY_RUN ||
    (GITHUB_RUN_ID && `github-${GITHUB_RUN_ID}-${GITHUB_RUN_ATTEMPT || "1"}`) ||
    (BUILD_BUILDID && `azure-devops-${BUILD_BUILDID}`) ||
    (CI_PIPELINE_ID && `gitlab-${CI_PIPELINE_ID}`) ||
    now.toISOString()
  );
}

/** The record of a stack. Its failure's message holds no secret, as no message does. */
export function recordOf(
  command: StackRecord["command"],
  run: string,
  { stack, started, ended, failure, part }: Ended,
): StackRecord {
  const tags = readableTags(stack);
  return {
    version: 1,
    run,
    command,
    stack: stack.name,
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    started: started.toISOString(),
    ended: ended.toISOString(),
    result: failure === undefined ? "succeeded" : "failed",
    exitCode: failure?.exitCode ?? exitCodes.ok,
    ...(failure === undefined
      ? {}
      : {
          failure: {
            class: classOfFailure(failure.message, failure.exitCode),
            message: failure.message,
          },
        }),
    ...part,
  };
}

/** The tags of a stack; none where its settings cannot be read, of which its own failure tells. */
function readableTags(stack: ProjectStack): Record<string, string> {
  try {
    return tagsOf(stack);
  } catch {
    return {};
  }
}

/**
 * Writes records to a folder, each as soon as there is one: whatever ends the command, what is done
 * by then is told. The file's name is its own among the jobs of a run.
 */
export class RecordFolder {
  private readonly file: string;

  constructor(
    private readonly folder: string,
    command: StackRecord["command"],
    { shard }: StackChoice,
    stacks: readonly ProjectStack[],
  ) {
    const [only] = stacks;
    const of =
      shard !== undefined
        ? `shard-${shard.number}-of-${shard.of}`
        : stacks.length === 1 && only !== undefined
          ? only.name.replace(/[^\w.-]/g, "_")
          : "stacks";
    this.file = join(folder, `${command}-${of}.jsonl`);
  }

  /**
   * Makes the file, before anything is done that it is to tell of.
   *
   * @throws {UsageFailure} If it cannot be written.
   */
  async prepare(): Promise<void> {
    try {
      await mkdir(this.folder, { recursive: true });
      await this.append("");
    } catch (error) {
      if (!isSystemError(error)) {
        throw error;
      }
      throw new UsageFailure(
        `--record "${this.folder}" cannot be used: ${error.path ?? this.file} ${systemReason(error, "written")}. Name another folder.`,
      );
    }
  }

  write(record: StackRecord): Promise<void> {
    return this.append(recordLine(record));
  }

  private async append(text: string): Promise<void> {
    const flag = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW;
    await appendFile(this.file, text, { flag }).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== "ELOOP") throw error;
      throw new UsageFailure(
        `${this.file} is a link, which may lead to a file of somebody else's. Remove it, or name another folder with --record.`,
      );
    });
  }
}
