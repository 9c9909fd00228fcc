import { existsSync, readFileSync, statSync } from "node:fs";
import {
  createSecureContext,
  getCACertificates,
  rootCertificates,
  type SecureContext,
  setDefaultCACertificates,
} from "node:tls";
import type { Dispatcher, RequestInfo, RequestInit, Response } from "undici";
import { bypassesProxy, proxyFor, readProxySettings } from "../system/proxy";

/** How long a connection may take to come about, milliseconds. */
const connectTimeout = 30_000;

/** No answer of Microsoft's or a forge's is as long, bytes; what is would fill the memory. */
const maxResponseSize = 64 * 1024 * 1024;

/** Authorities in a file, and what tells its content from an earlier one of the same name. */
interface Authorities {
  readonly stamp: string;
  readonly pem: string;
}

const none: Authorities = { stamp: "", pem: "" };
let lastRead = none;

/**
 * Further authorities that this machine trusts, PEM; empty where `SSL_CERT_FILE` names none. A system's
 * file has 200 KiB, and every request asks: it is read again when it has changed.
 */
function readAuthorities(): Authorities {
  const { SSL_CERT_FILE: file } = process.env;
  const found = file ? statSync(file, { throwIfNoEntry: false }) : undefined;
  if (file === undefined || found === undefined) {
    return none;
  }
  const stamp = `${file}:${found.ino}:${found.size}:${found.mtimeMs}`;
  if (stamp !== lastRead.stamp) {
    lastRead = { stamp, pem: readFileSync(file, "utf8") };
  }
  return lastRead;
}

/** Loads undici with the first request, because most commands send none. */
export function loadUndici(): typeof import("undici") {
  // oxlint-disable-next-line typescript/no-require-imports -- import() starts the loader of ES modules
  return require("undici") as typeof import("undici");
}

const made = new Map<string, Dispatcher>();

/**
 * What every request leaves this machine by: through the proxy that is set for its host, trusting
 * the authorities of `NODE_EXTRA_CA_CERTS` and `SSL_CERT_FILE` besides the usual ones. It is made,
 * and undici loaded, with the first request, because most commands send none.
 *
 * @param extraCaPem Further authority that https trusts besides the usual ones, PEM.
 * @throws {UsageFailure} If a variable does not hold the address of a proxy.
 * @see https://undici.nodejs.org/#/docs/api/EnvHttpProxyAgent
 */
export function networkDispatcher(extraCaPem = ""): Dispatcher {
  neverTrustEverybody();
  const { Agent, EnvHttpProxyAgent, setGlobalDispatcher } = loadUndici();
  const proxies = readProxySettings(process.env);
  const authorities = readAuthorities();
  const key = JSON.stringify([proxies, authorities.stamp, extraCaPem]);
  const known = made.get(key);
  if (known !== undefined) {
    return known;
  }
  const secureContext = contextTrusting(authorities.pem, extraCaPem);
  const connect = { timeout: connectTimeout, ...(secureContext && { secureContext }) };
  const direct = new Agent({ connect, maxResponseSize });
  const dispatcher = new EnvHttpProxyAgent({
    ...proxies,
    connect,
    maxResponseSize,
    requestTls: connect,
    proxyTls: connect,
    proxyTunnel: false,
  }).compose(
    (dispatch) => (options, handler) =>
      bypassesProxy(new URL(options.origin ?? "").hostname)
        ? direct.dispatch(options, handler)
        : dispatch(options, handler),
  );
  made.set(key, dispatcher);
  if (extraCaPem === "") {
    // For packages that call the fetch of Node by themselves.
    setGlobalDispatcher(dispatcher);
  }
  return dispatcher;
}

/** `fetch` by the network's settings, for clients that take one. */
export async function networkFetch(url: RequestInfo, init: RequestInit = {}): Promise<Response> {
  const { fetch } = loadUndici();
  return await fetch(url, { ...init, dispatcher: networkDispatcher() });
}

/** How clients built on `typed-rest-client`, which have a transport of their own, reach a host. */
export function restClientOptions(url: string): {
  proxy: { proxyUrl: string; proxyUsername?: string; proxyPassword?: string };
  cert?: { caFile: string };
} {
  neverTrustEverybody();
  const proxy = proxyFor(new URL(url), readProxySettings(process.env));
  return {
    // An empty address keeps the client from reading the variables itself.
    proxy: {
      proxyUrl: proxy?.origin ?? "",
      ...(proxy?.username
        ? {
            proxyUsername: decodeURIComponent(proxy.username),
            proxyPassword: decodeURIComponent(proxy.password),
          }
        : {}),
    },
    ...trustEverywhere(readAuthorities()),
  };
}

/**
 * Takes away the variable by which Node connects to whoever answers, where it would hand over credentials.
 * Who trusts a proxy that opens https names its authority.
 *
 * @see https://nodejs.org/api/cli.html#node_tls_reject_unauthorizedvalue
 */
function neverTrustEverybody(): void {
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
}

/** The usual authorities and further ones; they have to be named again, because `ca` replaces them. */
function authoritiesWith(...further: readonly string[]): string[] {
  // Node before 22.15 lacks the function.
  const usual = (getCACertificates as typeof getCACertificates | undefined)?.("default");
  const { NODE_EXTRA_CA_CERTS: file } = process.env;
  const extra = usual === undefined && file && existsSync(file) ? [readFileSync(file, "utf8")] : [];
  return [...(usual ?? rootCertificates), ...extra, ...further.filter((pem) => pem !== "")];
}

/**
 * The usual authorities and further ones, once for each dispatcher. The option `ca` would replace the
 * usual ones, and to name them again is to parse them again, which takes longer than most requests:
 * they are added to a context by what Node itself calls for each of `ca`.
 *
 * @see https://github.com/nodejs/node/blob/v24.11.0/lib/internal/tls/secure-context.js
 */
function contextTrusting(...further: readonly string[]): SecureContext | undefined {
  const added = further.filter((pem) => pem !== "");
  if (added.length === 0) {
    return undefined;
  }
  const secureContext = createSecureContext();
  const store = secureContext.context as { addCACert(pem: string): void };
  added.forEach((pem) => store.addCACert(pem));
  return secureContext;
}

/** The authorities that every connection trusts by now. */
let trusted = none.stamp;

/** Trusts further authorities in every connection; with an older Node, in those of one client. */
function trustEverywhere({ stamp, pem }: Authorities): { cert?: { caFile: string } } {
  if (pem === "") {
    return {};
  }
  // Node before 22.19 lacks the function.
  if ((setDefaultCACertificates as typeof setDefaultCACertificates | undefined) !== undefined) {
    if (stamp !== trusted) {
      setDefaultCACertificates(authoritiesWith(pem));
      trusted = stamp;
    }
    return {};
  }
  return { cert: { caFile: process.env.SSL_CERT_FILE ?? "" } };
}
