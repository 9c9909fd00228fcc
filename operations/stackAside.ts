import {
  type PulumiCommand,
  StackAlreadyExistsError,
  StackNotFoundError,
} from "@pulumi/pulumi/automation";
import { Failure } from "../system/failure";
import type { RunCli } from "../toolchain/pulumiCommand";
import { ownNameOf } from "./project";

/** Where a stack is previewed that the backend does not have yet. */
export interface AsidePlace {
  /** What the CLI is told there, and not with the stack's own backend: an empty one of this run above all. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told once the stack has been created in its own backend. */
  readonly created: () => Promise<void>;
}

/** A stack as it begins. */
export interface StackBeginning {
  /** The CLI, for the workspace of the stack. */
  readonly pulumi: PulumiCommand;
  /** Whether the backend does not have the stack, as far as the CLI has been asked. */
  readonly isMissing: () => boolean;
  /**
   * Creates the stack in its backend, if that does not have it.
   *
   * @throws {Failure} If the backend has got one since.
   */
  readonly create: () => Promise<void>;
}

/**
 * The CLI, which is told what to do when it does not find the stack at its first start. With a place
 * aside, what is asked of the stack from then on, previews above all, is asked of an empty one there, until
 * it is created: so nobody's backend has a stack because somebody looked at what it would be.
 *
 * @param missing Creates the stack where the CLI is pointed, or says that it is not there.
 */
export function beginStack(
  cli: PulumiCommand,
  missing: () => Promise<void>,
  aside?: AsidePlace,
): StackBeginning {
  const { run: runCli } = cli as unknown as { run: RunCli };
  const here: RunCli = (...args) => runCli.apply(cli, args);
  const there: RunCli = ([...args], cwd, environment, ...more) => {
    // A state in files has no organisations.
    const at = args.indexOf("--stack") + 1 || (args[1] === "init" ? 2 : 0);
    args.splice(at, at && 1, ...(at ? [ownNameOf(args[at] ?? "")] : []));
    return here(args, cwd, { ...environment, ...aside?.environment }, ...more);
  };
  let current = here;
  let isFirst = true;
  const run: RunCli = async (...args) => {
    const wasFirst = isFirst;
    isFirst = false;
    try {
      return await current(...args);
    } catch (error) {
      if (!wasFirst || !(error instanceof StackNotFoundError)) {
        throw error;
      }
      current = aside === undefined ? here : there;
      await missing();
      return current(...args);
    }
  };
  return {
    pulumi: Object.assign(Object.create(cli) as PulumiCommand, { run }),
    isMissing: () => current === there,
    create: async () => {
      if (current === there) {
        current = here;
        await missing().catch((error: unknown) => {
          throw error instanceof StackAlreadyExistsError
            ? new Failure(
                "The backend has had no stack of this name when the change was shown, and has one now. Nothing was changed: run the same command again.",
              )
            : error;
        });
        await aside?.created();
      }
    },
  };
}
