import type { OpenedForReading } from "../../cli/openForReading";

/** A stack that is open for reading, as a command gets it, without a Pulumi CLI. */
export const openedForReading =
  (outputs: Readonly<Record<string, unknown>>, resources: readonly object[] = []) =>
  (): Promise<OpenedForReading> =>
    Promise.resolve({
      stack: {
        name: "dev",
        environment: {},
        getAllConfig: () => Promise.resolve({}),
        exportStack: () => Promise.resolve({ version: 3, deployment: { resources } }),
      },
      outputs,
      settingsFile: "/stack/Pulumi.dev.yaml",
    });

/** What a command that is expected to fail has thrown; nothing where it succeeds. */
export async function failureOf(
  ended: Promise<unknown>,
): Promise<{ exitCode: number; message: string } | undefined> {
  return ended.then(
    () => undefined,
    (error: unknown) => error as { exitCode: number; message: string },
  );
}
