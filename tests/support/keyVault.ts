import { createServer as createPlainServer, type IncomingMessage, type Server } from "node:http";
import { createServer, type Server as TlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type MadeCertificate, makeCertificate } from "./certificates";
import { vaultApp } from "./keyVaultApp";
import { failure } from "./keyVaultFailure";
import type { KeyVault, KeyVersion, VaultRight, VaultVersion } from "./keyVaultState";
import { Faults } from "./loopback";

/** Has a vault refuse the next reading request by its firewall, and not for want of a role. */
export function closeFirewall({ faults }: KeyVault): void {
  const said = "Client address is not authorized and caller is not a trusted service.";
  faults.add({
    method: "GET",
    path: /./,
    answer: () => failure(403, "Forbidden", said, {}, { code: "ForbiddenByFirewall" }),
  });
}

/** Starts one. */
export async function startKeyVault(host = "contoso.vault.azure.net"): Promise<KeyVault> {
  const resource = `https://${host.slice(host.indexOf(".") + 1)}`;
  const tls = certificateFor(host);
  const state = {
    vaultUrl: `https://${host}`,
    caCertificatePem: tls.certificatePem,
    token: "a-token-of-this-vault",
    identityHeader: "a-header-of-this-identity",
    faults: new Faults(),
    requests: [] as string[],
    unknown: [] as string[],
    connections: [] as string[],
    imports: [] as Record<string, unknown>[],
    certificates: new Map<string, VaultVersion[]>(),
    keys: new Map<string, KeyVersion[]>(),
    denied: new Set<VaultRight>(),
    pendingAnswers: 0,
    deleted: new Set<string>(),
  };

  const answer = getRequestListener(vaultApp(state, resource).fetch);
  const vault = createServer(
    { key: tls.privateKeyPem, cert: tls.certificatePem },
    (...exchange) => {
      void answer(...exchange);
    },
  );
  const vaultPort = await listen(vault);
  const tunnels = new Set<() => void>();
  const proxy = createPlainServer((_, response) => response.writeHead(405).end());
  proxy.on("connect", (request: IncomingMessage, socket, head: Buffer) => {
    const asked = request.url ?? "";
    state.connections.push(asked);
    if (asked !== `${host}:443`) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const tunnel = connect(vaultPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      tunnel.write(head);
      tunnel.pipe(socket);
      socket.pipe(tunnel);
    });
    const end = () => {
      tunnel.destroy();
      socket.destroy();
    };
    tunnels.add(end);
    tunnel.on("error", end);
    socket.on("error", end);
  });
  const proxyPort = await listen(proxy);
  const identity = createPlainServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://127.0.0.1");
    const fits =
      pathname === "/msi/token" &&
      request.headers["x-identity-header"] === state.identityHeader &&
      searchParams.get("resource") === resource;
    response.writeHead(fits ? 200 : 400, { "content-type": "application/json" }).end(
      JSON.stringify(
        fits
          ? {
              access_token: state.token,
              expires_on: String(Math.floor(Date.now() / 1000) + 3600),
              resource,
              token_type: "Bearer",
            }
          : { statusCode: 400, message: "The request is not one of a managed identity." },
      ),
    );
  });
  const identityPort = await listen(identity);
  return Object.assign(state, {
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    port: vaultPort,
    identityEndpoint: `http://127.0.0.1:${identityPort}/msi/token`,
    close: async () => {
      // A server no longer knows the connections that became tunnels.
      tunnels.forEach((end) => end());
      await Promise.all([vault, proxy, identity].map(stop));
    },
  });
}

/** A certificate of its own for one host name. */
function certificateFor(host: string): MadeCertificate {
  return makeCertificate({
    commonName: host,
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
    ],
  });
}

async function listen(server: Server | TlsServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function stop(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
