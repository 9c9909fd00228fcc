/** Serves both stand-ins by one process, and prints where they are, as `PULUMI_DEBUG_PROVIDERS` takes it. */
import { azureadPlugin } from "../../simulator/plugins/azuread/plugin";
import { listen } from "../../simulator/plugins/protocol/server";
import { tlsPlugin } from "../../simulator/plugins/tls/plugin";

async function main(): Promise<void> {
  const plugins = [azureadPlugin, tlsPlugin];
  const addresses = plugins.map(async (one) => `${one.name}:${await listen(one)}`);
  process.stdout.write(`${(await Promise.all(addresses)).join(",")}\n`);
}

void main();
