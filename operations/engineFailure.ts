/**
 * The exit code with which the engine ended an operation that failed. The SDK's error has it only in its
 * text.
 *
 * @returns Nothing where the engine did not come to run or was killed.
 * @see https://github.com/pulumi/pulumi/blob/master/pkg/cmd/pulumi/cmd/exit_codes.go
 */
export function engineExitCode(error: unknown): number | undefined {
  const text = error instanceof Error ? error.message : String(error);
  const code = /Command failed with exit code (\d+)/.exec(text)?.[1];
  return code === undefined ? undefined : Number(code);
}
