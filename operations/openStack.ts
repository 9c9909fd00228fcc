import {
  LocalWorkspace,
  type OutputMap,
  type PulumiCommand,
  type PulumiFn,
  Stack,
} from "@pulumi/pulumi/automation";
import { cliVariables } from "../toolchain/pulumiVersion";
import { type ReadableStack, StackMissing } from "./readableStack";
import { type AsidePlace, beginStack, type StackBeginning } from "./stackAside";
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
  readonly secretsProvider?: string | undefined;
  /** Where `either` previews a stack that the backend does not have. @default it is created at once */
  readonly aside?: AsidePlace | undefined;
}

/**
 * What the backend has to have: an `existing` stack, a `new` one, which is created, or `either`, of which
 * a missing one is created by the first update. One that is `known` to be there is not asked for, nor selected.
 */
export type Opening = "existing" | "new" | "either" | "known";

/** A stack that is open for previews and changes; it can be read as well. */
export type ChangeableStack = Stack &
  ReadableStack &
  Pick<StackBeginning, "create" | "isMissing"> & {
    /** What the program gave in its last run but for previews, secrets in plain. */
    readonly given?: { outputs?: Readonly<Record<string, unknown>> };
  };

/**
 * Opens a stack. Whether the backend has it is told by the first thing that the CLI is started for:
 * where it does not, see {@link Opening}, or that fails with {@link StackMissing}.
 *
 * @see https://www.pulumi.com/docs/iac/automation-api/
 */
export async function openStack(target: StackTarget): Promise<ChangeableStack> {
  const environment = {
    ...cliVariables(),
    // The person's answer, which the CLI takes for one to its own question and refuses in a preview.
    PULUMI_SKIP_CONFIRMATIONS: "false",
    ...target.environment,
  };
  const given: NonNullable<ChangeableStack["given"]> = {};
  const opening = target.opening ?? "either";
  const isExpected = opening === "existing" || opening === "either";
  const beginning = beginStack(
    target.pulumi,
    async () => {
      if (opening === "existing") {
        throw new StackMissing(target.stack);
      }
      await workspace.createStack(target.stack);
    },
    opening === "either" ? target.aside : undefined,
  );
  const workspace: LocalWorkspace = await LocalWorkspace.create({
    program: wholeProgram(target.program, (outputs) => Object.assign(given, { outputs })),
    workDir: target.workDirectory,
    pulumiCommand: isExpected ? beginning.pulumi : target.pulumi,
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
    create: beginning.create,
    isMissing: beginning.isMissing,
    outputs: () => askForOutputs(workspace, target.stack),
  });
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
