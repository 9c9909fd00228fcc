import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { isMicrosoftHost } from "../seed/hosts";

/**
 * A forward proxy for clients that know only Microsoft's host names and are told `HTTPS_PROXY`: it
 * hands their tunnels to the https listener, which has a certificate for those names, and opens none
 * to anywhere else, so that nothing they send leaves this machine.
 *
 * @param accept Takes a connection as if it had come in at the https listener.
 */
export function forwardProxy(accept: (connection: Socket) => void): {
  readonly server: Server;
  /** Ends the tunnels, which the server no longer knows. */
  readonly closeTunnels: () => void;
} {
  const tunnels = new Set<Socket>();
  const server = createServer((request, response) => {
    response
      .writeHead(403, { "Content-Type": "text/plain" })
      .end(
        `${request.method} ${request.url}: this proxy tunnels https to Microsoft's hosts only.\n`,
      );
  });
  server.on("connect", (request, connection: Socket, head: Buffer) => {
    connection.on("error", () => connection.destroy());
    const [, host = ""] = /^(.*):443$/.exec(request.url ?? "") ?? [];
    if (!isMicrosoftHost(host)) {
      connection.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    tunnels.add(connection);
    connection.on("close", () => tunnels.delete(connection));
    connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
    connection.unshift(head);
    accept(connection);
  });
  return { server, closeTunnels: () => tunnels.forEach((tunnel) => tunnel.destroy()) };
}
