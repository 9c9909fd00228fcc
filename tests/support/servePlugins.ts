/**
 * Serves both stand-ins by one process. Asked by a line, it answers where they are, as
 * `PULUMI_DEBUG_PROVIDERS` takes it; it ends with its input.
 */
import { createInterface } from "node:readline";
import { azureadPlugin } from "../../toolchain/standIns/azuread/plugin";
import { listen } from "../../toolchain/pluginProtocol/server";
import { tlsPlugin } from "../../toolchain/standIns/tls/plugin";

async function main(): Promise<void> {
  const plugins = [azureadPlugin, tlsPlugin];
  const addresses = await Promise.all(
    plugins.map(async (one) => `${one.name}:${await listen(one)}`),
  );
  createInterface(process.stdin)
    .on("line", () => process.stdout.write(`${addresses.join(",")}\n`))
    .on("close", () => process.exit(0));
}

void main();
