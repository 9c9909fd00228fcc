import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { listen } from "../../toolchain/pluginProtocol/server";
import { azureadPlugin } from "../../toolchain/standIns/azuread/plugin";
import { tlsPlugin } from "../../toolchain/standIns/tls/plugin";
import type { EngineToolchain } from "../../toolchain/toolchain";
import { onOneLine } from "./lineProcess";
import { workerHost } from "./workerHost";

/** Plugins that stay up, so that an engine need not start them for each of many updates. */
export interface KeptPlugins {
  /** Makes the engine use them. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): void;
}

/** Serves both stand-ins out of this process. Answers where they are, as the engine takes it. */
export async function serveStandIns(
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly addresses: string; readonly close: () => void }> {
  const served = await Promise.all(
    [azureadPlugin(environment), tlsPlugin].map(async (plugin) => ({
      name: plugin.name,
      ...(await listen(plugin)),
    })),
  );
  return {
    addresses: served.map(({ name, port }) => `${name}:${port}`).join(","),
    close: () => served.forEach(({ close }) => close()),
  };
}

/**
 * Keeps the stand-ins up, where the toolchain has chosen them: under jest in a process beside the
 * worker, because in jest's they take twice as long. The engine configures them anew in each update, so that
 * nothing but their start is saved.
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
  if (!("expect" in globalThis)) {
    const { addresses, close } = await serveStandIns({ ...process.env, ...environment });
    return { environment: { PULUMI_DEBUG_PROVIDERS: addresses }, stop: close };
  }
  const host = workerHost("servePlugins.ts");
  await host.ready();
  const connection = connect(host.address);
  connection.write(`${onOneLine({ ...process.env, ...environment })}\n`);
  const [addresses] = (await once(createInterface(connection), "line")) as [string];
  return {
    environment: { PULUMI_DEBUG_PROVIDERS: addresses },
    stop: () => {
      connection.destroy();
      void host.close();
    },
  };
}
