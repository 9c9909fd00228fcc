import { type ChildProcess, spawn } from "node:child_process";
import type { Toolchain } from "../../toolchain";

/** Plugins that stay up, so that an engine need not start them for each of many updates. */
export interface KeptPlugins {
  /** Makes the engine use them. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): void;
}

/**
 * Starts the plugins that the toolchain has chosen. The engine configures them anew in each update,
 * so that nothing but their start is saved.
 *
 * @see https://www.pulumi.com/docs/iac/build-with-pulumi/debugging/#attaching-a-debugger-to-a-resource-provider
 */
export async function startKeptPlugins(
  { plugins }: Toolchain,
  environment: Readonly<Record<string, string>>,
): Promise<KeptPlugins> {
  const running = await Promise.all(
    plugins.map(async ({ name, kind, location }) => {
      if (kind !== "stand-in" || location === undefined) {
        return undefined;
      }
      const child = spawn(process.execPath, [location], {
        env: { ...process.env, ...environment },
        stdio: ["ignore", "pipe", "inherit"],
      });
      return { child, address: `${name}:${await portOf(child)}` };
    }),
  );
  const started = running.filter((one) => one !== undefined);
  return {
    environment:
      started.length === plugins.length
        ? { PULUMI_DEBUG_PROVIDERS: started.map(({ address }) => address).join(",") }
        : {},
    stop: () => started.forEach(({ child }) => child.kill()),
  };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.stdout?.once("data", (text: Buffer) => resolve(Number(text.toString().trim())));
    child.once("exit", (code) => reject(new Error(`The plugin ended with ${code}.`)));
  });
}
