import { once } from "node:events";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import type * as connections from "../../exchange/connections";
import type * as exchange from "../../exchange/plugin";
import { listen, type Plugin } from "../../toolchain/pluginProtocol/server";
import { serveStandIns } from "../../toolchain/standIns/serve";
import type { EngineToolchain } from "../../toolchain/toolchain";
import type { Variables } from "./command";
import { rsaKeyInTurn } from "./keys";
import { onOneLine } from "./lineProcess";
import { workerHost } from "./workerHost";

/** Plugins that stay up, so that an engine need not start them for each of many updates. */
export interface KeptPlugins {
  /** Makes the engine use them. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same with other credentials than those with which they were started. */
  environmentWith(variables: Variables): Promise<Readonly<Record<string, string>>>;
  stop(): void;
}

/**
 * Keeps the stand-ins and this project's own provider up, where the toolchain has chosen them: under jest in a process beside the
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
    return {
      environment: {},
      environmentWith: () => Promise.resolve({}),
      stop: () => undefined,
    };
  }
  const ends: (() => void)[] = [];
  const serve = async (variables: Variables) => {
    const all = { ...process.env, ...environment, ...variables };
    const { addresses, close } = await ("expect" in globalThis
      ? askWorker(onOneLine(all))
      : servePlugins(all));
    ends.push(close);
    return { PULUMI_DEBUG_PROVIDERS: addresses };
  };
  return {
    environment: await serve({}),
    environmentWith: serve,
    stop: () => ends.forEach((end) => end()),
  };
}

/** Loaded where it is served, which is beside jest. */
function ownProvider(environment: NodeJS.ProcessEnv): Plugin {
  /* oxlint-disable typescript/no-require-imports */
  const { connect: open } = require("../../exchange/connections") as typeof connections;
  const { exchangePlugin } = require("../../exchange/plugin") as typeof exchange;
  /* oxlint-enable typescript/no-require-imports */
  return exchangePlugin((settings) => open(settings, environment));
}

/** Serves the stand-ins and this project's own provider out of this process. */
export async function servePlugins(
  environment: NodeJS.ProcessEnv,
): ReturnType<typeof serveStandIns> {
  // What a provider reads by itself; the files of a worker take turns.
  process.env.SSL_CERT_FILE = environment.SSL_CERT_FILE;
  const standIns = await serveStandIns(environment, rsaKeyInTurn);
  const own = ownProvider(environment);
  const { port, close } = await listen(own);
  return {
    addresses: `${standIns.addresses},${own.name}:${port}`,
    close: () => {
      standIns.close();
      close();
    },
  };
}

/** Has the process beside the worker serve them for as long as the connection stays open. */
async function askWorker(variables: string): ReturnType<typeof serveStandIns> {
  const host = workerHost("servePlugins.ts");
  await host.ready();
  const connection = connect(host.address);
  connection.write(`${variables}\n`);
  const [addresses] = (await once(createInterface(connection), "line")) as [string];
  return {
    addresses,
    close: () => {
      connection.destroy();
      void host.close();
    },
  };
}
