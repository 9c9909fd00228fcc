import * as http from "node:http";
import * as https from "node:https";
import { connect } from "node:net";

/** What came of asking an address. */
export type Answer =
  | { readonly reached: true; readonly status: number }
  | { readonly reached: false; readonly reason: string };

/**
 * Asks an address whether it is there, without fetching what it has. Goes the way a download would
 * go: through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name, in either case.
 *
 * @param url Such as `https://get.pulumi.com/install.sh`.
 * @param timeoutMs The answer is there by then, slow name resolution included.
 * @returns The status of the address, or 200 where a proxy has opened the way to it.
 */
export async function probe(
  url: string,
  environment: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<Answer> {
  const proxy = proxyFor(new URL(url), environment);
  const late: Answer = {
    reached: false,
    reason: `no answer within ${timeoutMs / 1000} seconds`,
  };
  try {
    return await new Promise<Answer>((resolve, reject) => {
      // A name that is slow to resolve is not covered by the time limits of sockets.
      const timer = setTimeout(() => finish(late), timeoutMs);
      const stop =
        proxy === undefined
          ? askDirectly(url, finish, fail)
          : askProxy(new URL(url), proxy, finish, fail);
      function finish(answer: Answer) {
        clearTimeout(timer);
        stop();
        resolve(answer);
      }
      function fail(error: Error) {
        clearTimeout(timer);
        reject(error);
      }
    });
  } catch (error) {
    return { reached: false, reason: reasonOf(error, proxy) };
  }
}

type Finish = (answer: Answer) => void;
type Fail = (error: Error) => void;

function askDirectly(url: string, finish: Finish, fail: Fail): () => void {
  const { request } = url.startsWith("https:") ? https : http;
  const asked = request(url, {
    method: "HEAD",
    agent: false,
    // Only whether somebody is there: whoever downloads checks the certificate, and may trust
    // authorities of the company that this Node does not know.
    ...(url.startsWith("https:") ? { rejectUnauthorized: false } : {}),
  });
  asked.on("response", ({ statusCode = 0 }) => finish({ reached: true, status: statusCode }));
  asked.on("error", fail);
  asked.end();
  return () => asked.destroy();
}

function askProxy(url: URL, proxy: URL, finish: Finish, fail: Fail): () => void {
  if (!/^https?:$/.test(proxy.protocol)) {
    // A SOCKS proxy is not asked for the address, only whether it is there.
    const socket = connect(portOf(proxy), hostOf(proxy));
    socket.on("connect", () => finish({ reached: true, status: 200 }));
    socket.on("error", fail);
    return () => socket.destroy();
  }
  const target = `${url.hostname}:${portOf(url)}`;
  const { request } = proxy.protocol === "https:" ? https : http;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const asked = request({
    method: "CONNECT",
    host: hostOf(proxy),
    port: portOf(proxy),
    path: target,
    agent: false,
    headers: {
      host: target,
      ...(credentials === ":"
        ? {}
        : { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` }),
    },
  });
  asked.on("connect", ({ statusCode = 0 }, socket) => {
    socket.destroy();
    finish(
      statusCode === 200
        ? { reached: true, status: statusCode }
        : { reached: false, reason: `the proxy ${proxy.host} answers ${statusCode}` },
    );
  });
  asked.on("error", fail);
  asked.end();
  return () => asked.destroy();
}

/** The proxy for an address, or `undefined` where it is asked directly. */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): URL | undefined {
  const setting = (name: string) => environment[name] || environment[name.toLowerCase()];
  const proxy = setting(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY");
  if (!proxy || exempt(url, setting("NO_PROXY") ?? "")) {
    return undefined;
  }
  const address = proxy.includes("://") ? proxy : `http://${proxy}`;
  return URL.canParse(address) ? new URL(address) : undefined;
}

function exempt(url: URL, noProxy: string): boolean {
  const host = url.hostname.toLowerCase();
  // As Go has it, whose programs do most of the downloads: loopback never goes through a proxy.
  if (host === "localhost" || /^127\./.test(host) || host === "[::1]") {
    return true;
  }
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const [, name = "", port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      const named = name === "" ? entry === "*" : host === name || host.endsWith(`.${name}`);
      return named && (port === undefined || Number(port) === portOf(url));
    });
}

function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

function portOf(url: URL): number {
  const usual = url.protocol === "https:" ? 443 : url.protocol.startsWith("socks") ? 1080 : 80;
  return url.port === "" ? usual : Number(url.port);
}

function reasonOf(error: unknown, proxy: URL | undefined): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const whose = proxy === undefined ? "" : ` of the proxy ${proxy.host}`;
  switch (code) {
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `the name${whose} cannot be resolved`;
    case "ECONNREFUSED":
      return `the connection${whose === "" ? "" : ` to the proxy ${proxy?.host}`} is refused`;
    default:
      return `${code ?? message}${whose}`;
  }
}
