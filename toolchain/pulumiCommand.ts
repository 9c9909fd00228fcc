import { delimiter, dirname, join, resolve } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import * as cmd from "@pulumi/pulumi/automation/cmd";
import * as errors from "@pulumi/pulumi/automation/errors";
import { SemVer } from "semver";
import { runEngine } from "./engineProcesses";
import type { PulumiCli } from "./pulumiCli";

/**
 * What the Automation API runs a CLI with. `PulumiCommand.get` would start the CLI once more to ask
 * for the version that is known, which takes as long as reading a stack. The CLI runs as
 * {@link runEngine} says, which the SDK has no option for.
 *
 * @example const stack = await openStack({ ...target, pulumi: pulumiCommandOf(toolchain.pulumi) });
 * @see https://www.pulumi.com/docs/reference/pkg/nodejs/pulumi/pulumi/classes/automation.PulumiCommand.html
 */
export function pulumiCommandOf({ root, version }: PulumiCli): PulumiCommand {
  const command = Object.create(PulumiCommand.prototype) as PulumiCommand;
  return Object.assign(command, {
    command: resolve(join(root, "bin", "pulumi")),
    version: new SemVer(version),
    run: runForSdk,
  });
}

/** What a run of the CLI has printed. */
interface CliOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the CLI as the SDK's method does, and takes a text for its standard input as well. */
export type RunCli = (...args: Parameters<typeof runForSdk>) => Promise<CliOutput>;

/** In the place of the SDK's method, with its errors word for word. */
async function runForSdk(
  this: PulumiCommand,
  args: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
  onOutput?: (text: string) => void,
  onError?: (text: string) => void,
  signal?: AbortSignal,
  input?: string,
): Promise<CliOutput> {
  const all = args.includes("--non-interactive") ? args : [...args, "--non-interactive"];
  const failed = (why: string, ...output: string[]) => {
    const message = [`Command ${why}: ${this.command} ${all.join(" ")}`, ...output];
    const text = message.filter(Boolean).join("\n");
    return createCommandError(new CommandResult("", text, -2, new Error(text)));
  };
  const {
    stdout,
    stderr,
    exitCode,
    signal: killedBy,
  } = await runEngine(this.command, all, {
    cwd,
    environment: {
      ...environment,
      // Plugins that came with the CLI are found before others.
      PATH: [dirname(this.command), environment.PATH || process.env.PATH].join(delimiter),
      PULUMI_AUTOMATION_API: "true",
    },
    ...(onOutput === undefined ? {} : { onOutput }),
    ...(onError === undefined ? {} : { onError }),
    ...(signal === undefined ? {} : { signal }),
    ...(input === undefined ? {} : { input }),
  }).catch((error: NodeJS.ErrnoException) => {
    throw failed(`failed with ${error.code ?? "UNKNOWN"}`, error.message);
  });
  if (exitCode !== 0) {
    throw failed(
      exitCode === null
        ? `was killed with ${killedBy ?? "a signal"}`
        : `failed with exit code ${exitCode}`,
      stderr.replace(/\r?\n$/, ""),
      stdout.replace(/\r?\n$/, ""),
    );
  }
  return new CommandResult(stdout.replace(/\r?\n$/, ""), stderr.replace(/\r?\n$/, ""), 0);
}

/** The SDK keeps both out of its types. */
const { CommandResult } = cmd as unknown as {
  CommandResult: new (stdout: string, stderr: string, code: number, error?: Error) => CliOutput;
};
const { createCommandError } = errors as unknown as {
  createCommandError: (result: object) => Error;
};
