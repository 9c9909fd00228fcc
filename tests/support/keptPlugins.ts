import { join } from "node:path";
import type { EngineToolchain } from "../../toolchain/toolchain";
import { throughCompiler } from "./compiler";
import { LineProcess } from "./lineProcess";

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
  { plugins }: EngineToolchain,
  environment: Readonly<Record<string, string>>,
): Promise<KeptPlugins> {
  if (plugins.some(({ kind }) => kind !== "stand-in")) {
    return { environment: {}, stop: () => undefined };
  }
  const script = join(__dirname, "servePlugins.ts");
  const serving = new LineProcess(process.execPath, [...throughCompiler, script], environment);
  return {
    environment: { PULUMI_DEBUG_PROVIDERS: await serving.ask("addresses") },
    stop: () => serving.close(),
  };
}
