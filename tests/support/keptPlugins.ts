import { listen } from "../../toolchain/pluginProtocol/server";
import { azureadPlugin } from "../../toolchain/standIns/azuread/plugin";
import { tlsPlugin } from "../../toolchain/standIns/tls/plugin";
import type { EngineToolchain } from "../../toolchain/toolchain";

/** Plugins that stay up, so that an engine need not start them for each of many updates. */
export interface KeptPlugins {
  /** Makes the engine use them. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): void;
}

/**
 * Serves the stand-ins out of this process, where the toolchain has chosen them. The engine
 * configures them anew in each update, so that nothing but their start is saved.
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
  const served = await Promise.all(
    [azureadPlugin({ ...process.env, ...environment }), tlsPlugin].map(async (plugin) => ({
      name: plugin.name,
      ...(await listen(plugin)),
    })),
  );
  const addresses = served.map(({ name, port }) => `${name}:${port}`);
  return {
    environment: { PULUMI_DEBUG_PROVIDERS: addresses.join(",") },
    stop: () => served.forEach(({ close }) => close()),
  };
}
