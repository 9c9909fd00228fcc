import type { ConfigMap, Deployment } from "@pulumi/pulumi/automation";
import { listOf, propertiesOf, textOf } from "../policy/rules/values";
import { plainValue } from "../review/input/engineValues";
import { UsageFailure } from "../system/failure";
import { runProgram } from "../system/process";
import { cliVariables } from "../toolchain/pulumiVersion";
import type { ReadingToolchain } from "../toolchain/toolchain";

/**
 * A stack that can be read and not changed: neither an engine nor a plugin is needed for it, and
 * the Pulumi SDK is not loaded. A stack that is open for a change can be read in the same way.
 */
export interface ReadableStack {
  readonly name: string;
  /** Environment of the Pulumi CLI, in addition to that of the process. */
  readonly environment: Readonly<Record<string, string>>;
  /** Folder with `Pulumi.yaml` and the stack's settings, where they are known to be in one. */
  readonly workDirectory?: string;
  /** The configuration, secrets in plain. */
  getAllConfig(): Promise<ConfigMap>;
  /** The state, secrets in plain where they were wanted. */
  exportStack(): Promise<Deployment>;
}

/** When a stack's state was last written; nothing where it does not say. */
export async function lastChangeOf(
  stack: Pick<ReadableStack, "exportStack">,
): Promise<Date | undefined> {
  const state = (await stack.exportStack()) as { readonly deployment: unknown };
  const time = textOf(propertiesOf(propertiesOf(state.deployment).manifest).time);
  return time === undefined || Number.isNaN(Date.parse(time)) ? undefined : new Date(time);
}

/** Where a stack is read. */
export interface ReadingTarget extends ReadingToolchain {
  /** Name of the stack, as in `Pulumi.NAME.yaml`. */
  readonly stack: string;
  /** Folder with `Pulumi.yaml` and the stack's settings. */
  readonly workDirectory: string;
  /** Environment of the CLI, in addition to that of the process. @default nothing */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Whether the state's secrets are wanted. Without them no passphrase is needed, and the CLI takes less
   * than half of the time; outputs that are secret are absent then. @default true
   */
  readonly secrets?: boolean;
  /** Called once the CLI runs, which takes a while: for what loads something then. */
  readonly meanwhile?: (() => void) | undefined;
}

/** The backend does not have the stack. */
export class StackMissing extends UsageFailure {
  constructor(stack: string) {
    super(
      `The backend has no stack "${stack}". Roll it out: \`apponly up --stack ${stack}\`. Or log in to the backend that has it: pulumi login`,
    );
  }
}

/**
 * Opens an existing stack by reading its state, which tells as well as selecting it that it is
 * there, has its outputs, and leaves the person's selection as it is. One start of the CLI answers
 * both; the state, and the configuration once it was asked for, are then those of this moment.
 *
 * @returns The stack, and its outputs by name, secrets in plain where they are wanted.
 * @throws {StackMissing} If the backend does not have it.
 */
export async function readStack({
  stack,
  workDirectory,
  pulumi,
  environment: added = {},
  secrets = true,
  meanwhile,
}: ReadingTarget): Promise<{ stack: ReadableStack; outputs: Record<string, unknown> }> {
  const shown = "--show-secrets";
  const environment = { ...cliVariables(), ...added };
  const read = async <T>(...args: string[]): Promise<T> => {
    const target = { stack, workDirectory, pulumi, environment };
    const running = runCliAt(target, [...args, "--stack", stack]);
    meanwhile?.();
    return JSON.parse(await running) as T;
  };
  const state = await read<Deployment>("stack", "export", ...(secrets ? [shown] : []));
  let configuration: Promise<ConfigMap> | undefined;
  return {
    outputs: outputsIn(state),
    stack: {
      name: stack,
      environment,
      workDirectory,
      getAllConfig: () => (configuration ??= read("config", "--json", shown)),
      exportStack: () => Promise.resolve(state),
    },
  };
}

/**
 * The same of a stack that is made for that, in a backend of this run.
 *
 * @param secretsProvider As its settings name it. @default the backend's own, or a passphrase
 */
export async function readNewStack(
  target: ReadingTarget,
  secretsProvider: string | undefined,
): ReturnType<typeof readStack> {
  const by = secretsProvider === undefined ? [] : ["--secrets-provider", secretsProvider];
  await runCliAt(target, ["stack", "init", target.stack, ...by]);
  return readStack(target);
}

async function runCliAt(
  { stack, workDirectory, pulumi, environment }: ReadingTarget,
  args: readonly string[],
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(
    pulumi.command,
    [...args, "--non-interactive"],
    {
      cwd: workDirectory,
      environment: { ...process.env, ...cliVariables(), ...environment },
      withCredentials: true,
      outputLimit: Infinity,
    },
  );
  if (code !== 0) {
    // The CLI says it in its text, and nowhere else.
    throw /no stack named.*found/.test(stderr) ? new StackMissing(stack) : new Error(stderr);
  }
  return stdout;
}

/** The outputs in a stack's state, as `pulumi stack output --show-secrets` tells them. */
function outputsIn({ deployment }: { readonly deployment: unknown }): Record<string, unknown> {
  const root = listOf(propertiesOf(deployment).resources)
    .map(propertiesOf)
    .find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = Object.entries(propertiesOf(plainValue(root?.outputs)));
  return Object.fromEntries(outputs.filter(([, value]) => value !== undefined));
}
