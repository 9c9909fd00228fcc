import {
  createServer as createPlainServer,
  type IncomingMessage,
  request as sendPlain,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { makeCertificate } from "./certificates";

/**
 * A forward proxy on loopback, and the hosts that are behind it: names that resolve nowhere, so that
 * whoever reaches them has come through the proxy. It tunnels https by CONNECT, forwards plain http
 * by its absolute form, and lets nobody through without its user and password.
 */
export interface ForwardProxy {
  /** Address with user and password, as `HTTPS_PROXY` holds it. */
  readonly url: string;
  readonly password: string;
  /** Certificate of the hosts behind it, PEM. */
  readonly caCertificatePem: string;
  /** Each request to the proxy: `CONNECT host:port` or `GET http://host/path`. */
  readonly asked: string[];
  /** Requests that were turned away. */
  readonly refused: string[];
  close(): Promise<void>;
}

/** A host behind the proxy: the address of a plain server on loopback, or the port of a TLS one. */
export type Behind = string | number;

const credentials = { user: "job", password: "p@ss:word" };

export async function startForwardProxy(
  hosts: Readonly<Record<string, Behind>>,
): Promise<ForwardProxy> {
  const { certificatePem, privateKeyPem } = makeCertificate({
    commonName: "hosts behind a proxy",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: Object.keys(hosts).map((value) => ({ type: 2, value })) },
    ],
  });
  const [asked, refused] = [[] as string[], [] as string[]];
  const allowed = ({ headers }: IncomingMessage) =>
    headers["proxy-authorization"] ===
    `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
  const forward = (request: IncomingMessage, response: ServerResponse) => {
    const target = new URL(request.url ?? "", `http://${request.headers.host}`);
    const onward = sendPlain(
      new URL(target.pathname + target.search, String(hosts[target.hostname])),
      { method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  };

  const front = createTlsServer({ key: privateKeyPem, cert: certificatePem }, forward);
  const frontPort = await listen(front);
  const proxy = createPlainServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!allowed(request)) {
      refused.push(request.url ?? "");
      response.writeHead(407).end();
      return;
    }
    forward(request, response);
  });
  const sockets = new Set<Socket>();
  proxy.on("connect", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    asked.push(`CONNECT ${request.url}`);
    const behind = hosts[(request.url ?? "").replace(/:443$/, "")];
    if (!allowed(request) || behind === undefined) {
      refused.push(request.url ?? "");
      socket.end(
        `HTTP/1.1 ${behind === undefined ? "502 Bad Gateway" : "407 Proxy Authentication Required"}\r\n\r\n`,
      );
      return;
    }
    const tunnel = connect(typeof behind === "number" ? behind : frontPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      tunnel.write(head);
      tunnel.pipe(socket).pipe(tunnel);
    });
    for (const one of [socket, tunnel]) {
      sockets.add(one);
      one.on("error", () => [socket, tunnel].forEach((end) => end.destroy()));
    }
  });
  const port = await listen(proxy);
  const userInfo = `${credentials.user}:${encodeURIComponent(credentials.password)}`;
  return {
    url: `http://${userInfo}@127.0.0.1:${port}`,
    password: credentials.password,
    caCertificatePem: certificatePem,
    asked,
    refused,
    close: async () => {
      sockets.forEach((socket) => socket.destroy());
      await Promise.all([front, proxy].map(stop));
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
