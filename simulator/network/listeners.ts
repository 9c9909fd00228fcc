import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import { getRequestListener } from "@hono/node-server";
import type { SimulatorApp } from "../http/context";
import { isMicrosoftHost, microsoftHosts } from "../seed/hosts";
import { certificateFor, type TlsMaterial } from "./authority";
import { forwardProxy } from "./forwardProxy";

/** On which ports a simulator listens. */
export interface Ports {
  readonly http: number;
  readonly https: number;
  /** Of the forward proxy. */
  readonly proxy: number;
}

/** The listeners, which serve the same routes. */
export interface Listeners extends Ports {
  close(): Promise<void>;
}

const host = "127.0.0.1";

/** A token with every permission of Graph is longer than the 16 KiB that Node takes otherwise. */
const serverOptions = { maxHeaderSize: 64 * 1024 };

/**
 * Opens the listeners: http, https, and the forward proxy that leads to https. A wanted port that is taken is replaced by a free one; 0 asks for one.
 */
export async function openListeners(
  app: SimulatorApp,
  tls: TlsMaterial,
  wanted: Ports,
): Promise<Listeners> {
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
  const handle = (...[request, response]: Parameters<typeof listener>) =>
    void listener(request, response);
  const http = createServer(serverOptions, handle);
  const https = createTlsServer(
    { ...serverOptions, cert: tls.certificatePem, key: tls.keyPem, SNICallback: certificates(tls) },
    handle,
  );
  const proxy = forwardProxy((connection) => https.emit("connection", connection));
  const servers = [http, https, proxy.server];
  for (const server of servers) {
    // A connection closed while a client is about to use it again fails a request that cannot be
    // repeated; on a busy machine the default of five seconds is short enough for that.
    server.keepAliveTimeout = 65_000;
  }
  try {
    await listen(http, wanted.http);
    await listen(https, wanted.https);
    await listen(proxy.server, wanted.proxy);
  } catch (problem) {
    servers.forEach((server) => server.close());
    throw problem;
  }
  const [httpPort = 0, httpsPort = 0, proxyPort = 0] = servers.map(
    (server) => (server.address() as AddressInfo).port,
  );
  return {
    http: httpPort,
    https: httpsPort,
    proxy: proxyPort,
    close: async () => {
      proxy.closeTunnels();
      await Promise.all(servers.map(closeServer));
    },
  };
}

/** The certificate for who asks for one of Microsoft's hosts, made when the first one does. */
function certificates(tls: TlsMaterial) {
  let ofMicrosoft: SecureContext | undefined;
  return (host: string, answer: (problem: Error | null, context?: SecureContext) => void) => {
    if (!isMicrosoftHost(host)) {
      answer(null);
      return;
    }
    ofMicrosoft ??= createSecureContext({
      cert: certificateFor(microsoftHosts, tls),
      key: tls.keyPem,
    });
    answer(null, ofMicrosoft);
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
