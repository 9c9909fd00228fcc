/**
 * Serves both stand-ins by one process. Asked by a line, it answers where they are, as
 * `PULUMI_DEBUG_PROVIDERS` takes it; it ends with its input.
 */
import { createInterface } from "node:readline";
import { serveStandIns } from "./keptPlugins";

async function main(): Promise<void> {
  const { addresses } = await serveStandIns(process.env);
  createInterface(process.stdin)
    .on("line", () => process.stdout.write(`${addresses}\n`))
    .on("close", () => process.exit(0));
}

void main();
