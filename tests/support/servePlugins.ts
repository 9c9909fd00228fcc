/**
 * Serves plugins by one process. A connection sends the variables of a journey as JSON on a line
 * and is answered where its plugins are, as `PULUMI_DEBUG_PROVIDERS` takes it; they end with it.
 */
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { servePlugins } from "./keptPlugins";
import { listenForWorker } from "./workerHost";

const server = createServer((connection) => {
  createInterface(connection).once("line", (line) => {
    const served = servePlugins(JSON.parse(line) as NodeJS.ProcessEnv);
    void served.then(({ addresses }) => connection.write(`${addresses}\n`));
    void once(connection, "close")
      .then(() => served)
      .then(({ close }) => close());
  });
});
listenForWorker(server);
