import { listen } from "../pluginProtocol/server";
import { azureadPlugin } from "./azuread/plugin";
import { tlsPlugin } from "./tls/plugin";
import type { MakePrivateKey } from "./tls/privateKey";

/** Both stand-ins, served. */
export interface ServedStandIns {
  /** Where they are, as `PULUMI_DEBUG_PROVIDERS` takes it. */
  readonly addresses: string;
  readonly close: () => void;
}

/**
 * Serves both stand-ins out of this process.
 *
 * @param environment Where they find what a stack does not configure.
 * @param makeKey What makes their keys.
 * @see https://www.pulumi.com/docs/iac/build-with-pulumi/debugging/#attaching-a-debugger-to-a-resource-provider
 */
export async function serveStandIns(
  environment: NodeJS.ProcessEnv,
  makeKey?: MakePrivateKey,
): Promise<ServedStandIns> {
  const served = await Promise.all(
    [azureadPlugin(environment), tlsPlugin(makeKey)].map(async (plugin) => ({
      name: plugin.name,
      ...(await listen(plugin)),
    })),
  );
  return {
    addresses: served.map(({ name, port }) => `${name}:${port}`).join(","),
    close: () => served.forEach(({ close }) => close()),
  };
}
