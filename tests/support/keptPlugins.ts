import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Toolchain } from "../../toolchain";
import { throughCompiler } from "./compiler";

/** Plugins that stay up, so that an engine need not start them for each of many updates. */
export interface KeptPlugins {
  /** Makes the engine use them. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): void;
}

/**
 * Starts the stand-ins, where the toolchain has chosen them. The engine configures them anew in each
 * update, so that nothing but their start is saved.
 *
 * @see https://www.pulumi.com/docs/iac/build-with-pulumi/debugging/#attaching-a-debugger-to-a-resource-provider
 */
export async function startKeptPlugins(
  { plugins }: Toolchain,
  environment: Readonly<Record<string, string>>,
): Promise<KeptPlugins> {
  if (plugins.some(({ kind }) => kind !== "stand-in")) {
    return { environment: {}, stop: () => undefined };
  }
  const child = spawn(process.execPath, [...throughCompiler, join(__dirname, "servePlugins.ts")], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [addresses] = (await Promise.race([
    once(createInterface(child.stdout), "line"),
    once(child, "exit").then(([code]) => {
      throw new Error(`The plugins ended with ${String(code)}.`);
    }),
  ])) as [string];
  return {
    environment: { PULUMI_DEBUG_PROVIDERS: addresses },
    stop: () => child.kill(),
  };
}
