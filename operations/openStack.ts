import {
  LocalWorkspace,
  type OutputMap,
  type PulumiCommand,
  type PulumiFn,
  Stack,
  StackNotFoundError,
} from "@pulumi/pulumi/automation";
import type { RunCli } from "../toolchain/pulumiCommand";
import { type ReadableStack, StackMissing } from "./readableStack";
import { wholeProgram } from "./wholeProgram";

/** Where and how one stack is operated. */
export interface StackTarget {
  /** Name of the stack, as in `Pulumi.NAME.yaml`. */
  readonly stack: string;
  /** Folder with `Pulumi.yaml` and the stack's settings. */
  readonly workDirectory: string;
  /** The program: the same function that `pulumi up` runs. */
  readonly program: PulumiFn;
  readonly pulumi: PulumiCommand;
  /** Environment of the engine and its plugins, in addition to that of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** @default "either" */
  readonly opening?: Opening;
  /**
   * What encrypts the secrets of a stack that is created.
   *
   * @default the backend's own, or a passphrase
   * @see https://www.pulumi.com/docs/iac/concepts/secrets/#available-encryption-providers
   */
  readonly secretsProvider?: string;
}

/**
 * What the backend has to have: an `existing` stack, a `new` one, which is created, or `either`, as a
 * preview or an update needs it. One that is `known` to be there is not asked for, nor selected.
 */
export type Opening = "existing" | "new" | "either" | "known";

/** A stack that is open for previews and changes; it can be read as well. */
export type ChangeableStack = Stack &
  ReadableStack & {
    /** What the program gave in its last run but for previews, secrets in plain. */
    readonly given?: { outputs?: Readonly<Record<string, unknown>> };
  };

/**
 * Opens a stack. Whether the backend has it is told by the first thing that the CLI is started for:
 * where it does not, the stack is created then, or that fails with {@link StackMissing}.
 *
 * @see https://www.pulumi.com/docs/iac/automation-api/
 */
export async function openStack(target: StackTarget): Promise<ChangeableStack> {
  const environment = {
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // The person's answer, which the CLI takes for one to its own question and refuses in a preview.
    PULUMI_SKIP_CONFIRMATIONS: "false",
    ...target.environment,
  };
  const given: NonNullable<ChangeableStack["given"]> = {};
  const opening = target.opening ?? "either";
  const isExpected = opening === "existing" || opening === "either";
  const workspace: LocalWorkspace = await LocalWorkspace.create({
    program: wholeProgram(target.program, (outputs) => Object.assign(given, { outputs })),
    workDir: target.workDirectory,
    pulumiCommand: isExpected
      ? cliExpectingStack(target.pulumi, async () => {
          if (opening === "existing") {
            throw new StackMissing(target.stack);
          }
          await workspace.createStack(target.stack);
        })
      : target.pulumi,
    envVars: environment,
    ...(target.secretsProvider === undefined ? {} : { secretsProvider: target.secretsProvider }),
  });
  if (opening !== "new") {
    // It has to be named in every start of the CLI, whatever is selected.
    workspace.selectStack = () => Promise.resolve();
  }
  const stack = await Stack[opening === "new" ? "create" : "select"](target.stack, workspace);
  return Object.assign(stack, {
    environment,
    workDirectory: target.workDirectory,
    given,
    outputs: () => askForOutputs(workspace, target.stack),
  });
}

/** The CLI, which is told what to do when it does not find the stack at its first start. */
function cliExpectingStack(pulumi: PulumiCommand, missing: () => Promise<void>): PulumiCommand {
  let isFirst = true;
  const { run: runCli } = pulumi as unknown as { run: RunCli };
  const run: RunCli = async (...args) => {
    const wasFirst = isFirst;
    isFirst = false;
    try {
      return await runCli.apply(pulumi, args);
    } catch (error) {
      if (!wasFirst || !(error instanceof StackNotFoundError)) {
        throw error;
      }
      await missing();
      return runCli.apply(pulumi, args);
    }
  };
  return Object.assign(Object.create(pulumi) as PulumiCommand, { run });
}

/** What the SDK's workspace runs the CLI with. */
interface CommandRunner {
  runPulumiCmd(args: readonly string[]): Promise<{ readonly stdout: string }>;
}

/**
 * The outputs of a stack, each marked as a secret. The SDK starts the CLI a second time to
 * learn which ones are, and nobody here makes a difference.
 */
async function askForOutputs(workspace: LocalWorkspace, name: string): Promise<OutputMap> {
  const args = ["stack", "output", "--json", "--show-secrets", "--stack", name];
  const { stdout } = await (workspace as unknown as CommandRunner).runPulumiCmd(args);
  const values = Object.entries(JSON.parse(stdout) as Record<string, unknown>);
  return Object.fromEntries(values.map(([key, value]) => [key, { value, secret: true }]));
}
