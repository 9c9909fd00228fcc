import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import type { SimulatorApp } from "../http/context";
import type { TlsMaterial } from "./authority";

/** The two listeners, which serve the same routes. */
export interface Listeners {
  readonly http: number;
  readonly https: number;
  close(): Promise<void>;
}

const host = "127.0.0.1";

/**
 * Opens both listeners. A wanted port that is taken is replaced by a free one; 0 asks for one.
 */
export async function openListeners(
  app: SimulatorApp,
  tls: TlsMaterial,
  wanted: { http: number; https: number },
): Promise<Listeners> {
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const handle = (...[request, response]: Parameters<typeof listener>) =>
    void listener(request, response);
  const http = createServer(handle);
  const https = createTlsServer({ cert: tls.certificatePem, key: tls.keyPem }, handle);
  const servers = [http, https];
  for (const server of servers) {
    // A connection closed while a client is about to use it again fails a request that cannot be
    // repeated; on a busy machine the default of five seconds is short enough for that.
    server.keepAliveTimeout = 65_000;
  }
  await listen(http, wanted.http);
  try {
    await listen(https, wanted.https);
  } catch (problem) {
    http.close();
    throw problem;
  }
  return {
    http: (http.address() as AddressInfo).port,
    https: (https.address() as AddressInfo).port,
    close: async () => {
      await Promise.all(servers.map(closeServer));
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  try {
    await listenOn(server, port);
  } catch (problem) {
    if (port === 0 || !["EADDRINUSE", "EACCES"].includes((problem as { code: string }).code)) {
      throw problem;
    }
    await listenOn(server, 0);
  }
}

async function listenOn(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
