import { existsSync, readFileSync } from "node:fs";
import {
  createSecureContext,
  getCACertificates,
  rootCertificates,
  type SecureContext,
  setDefaultCACertificates,
} from "node:tls";
import type { Dispatcher, RequestInfo, RequestInit, Response } from "undici";
import { UsageFailure } from "../system/failure";
import { isLoopback } from "../system/loopback";

/**
 * The one place that reads how this machine reaches the network: `HTTPS_PROXY`, `HTTP_PROXY` and
 * `NO_PROXY` in either case, and `SSL_CERT_FILE`, a file of further authorities. Authorities of
 * `NODE_EXTRA_CA_CERTS` are Node's own to read. Loaded with the first request, because most
 * commands send none.
 */
interface NetworkSettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
  /** Content of the file of further authorities, PEM; empty where there is none. */
  readonly authorities: string;
}

/** How long a connection may take to come about, milliseconds. */
const connectTimeout = 30_000;

function readSettings(): NetworkSettings {
  const value = (name: string) => process.env[name.toLowerCase()] || process.env[name] || "";
  const { SSL_CERT_FILE: file } = process.env;
  return {
    httpProxy: proxyAddress("HTTP_PROXY", value("HTTP_PROXY")),
    httpsProxy: proxyAddress("HTTPS_PROXY", value("HTTPS_PROXY")),
    noProxy: value("NO_PROXY"),
    authorities: file && existsSync(file) ? readFileSync(file, "utf8") : "",
  };
}

/** Many tools take an address without a scheme too, and mean http. */
function proxyAddress(name: string, value: string): string {
  const address = value === "" || /^[a-z0-9]+:\/\//i.test(value) ? value : `http://${value}`;
  if (address !== "" && !(URL.canParse(address) && /^https?:/i.test(address))) {
    throw new UsageFailure(
      `${name} is not the address of a proxy. Write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded.`,
    );
  }
  return address;
}

const made = new Map<string, Dispatcher>();

/**
 * What requests leave this machine by. Hosts that are this machine, and the metadata service of a
 * virtual machine, are reached directly; every other host by the proxy that is set for it.
 *
 * @param extraCaPem Further authority that https trusts besides the usual ones, PEM.
 * @throws {UsageFailure} If a variable does not hold the address of a proxy.
 * @see https://undici.nodejs.org/#/docs/api/EnvHttpProxyAgent
 */
export async function networkDispatcher(extraCaPem = ""): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent, setGlobalDispatcher } = await import("undici");
  const settings = readSettings();
  const key = JSON.stringify([settings, extraCaPem]);
  const known = made.get(key);
  if (known !== undefined) {
    return known;
  }
  const { authorities, ...proxies } = settings;
  const secureContext = trusting(authorities, extraCaPem);
  const connect = { timeout: connectTimeout, ...(secureContext && { secureContext }) };
  // A connection that is kept would outlive a command.
  const direct = new Agent({ connect, pipelining: 0 });
  const dispatcher = new EnvHttpProxyAgent({
    ...proxies,
    connect,
    requestTls: connect,
    proxyTls: connect,
    proxyTunnel: false,
    pipelining: 0,
  }).compose(
    (dispatch) => (options, handler) =>
      isDirect(new URL(options.origin ?? "").hostname)
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
  const { fetch } = await import("undici");
  return fetch(url, { ...init, dispatcher: await networkDispatcher() });
}

/** How clients built on `typed-rest-client`, which have a transport of their own, reach a host. */
export function restClientOptions(url: string): {
  proxy: { proxyUrl: string; proxyUsername?: string; proxyPassword?: string };
  cert?: { caFile: string };
} {
  const settings = readSettings();
  const proxy = proxyOf(new URL(url), settings);
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
    ...trustEverywhere(settings.authorities),
  };
}

/** The proxy for a host, by the rules of undici's agent. */
function proxyOf(url: URL, { httpProxy, httpsProxy, noProxy }: NetworkSettings): URL | undefined {
  const address = url.protocol === "https:" ? httpsProxy || httpProxy : httpProxy;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  const excepted = noProxy.split(/[,\s]+/).some((entry) => {
    const [, name = "", only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const fits = url.hostname === name || url.hostname.endsWith(`.${name}`);
    return name !== "" && (fits || name === "*") && (only ?? port) === port;
  });
  return address === "" || excepted || isDirect(url.hostname) ? undefined : new URL(address);
}

/**
 * A proxy never gets what is meant for this machine, nor the tokens of a managed identity.
 *
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
 */
function isDirect(hostname: string): boolean {
  return isLoopback(hostname) || hostname === "169.254.169.254";
}

/** The usual authorities and further ones; they have to be named again, because `ca` replaces them. */
function authoritiesWith(...further: readonly string[]): string[] {
  // Node before 22.15 lacks the function.
  const usual = (getCACertificates as typeof getCACertificates | undefined)?.("default");
  const { NODE_EXTRA_CA_CERTS: file } = process.env;
  const extra = usual === undefined && file && existsSync(file) ? [readFileSync(file, "utf8")] : [];
  return [...(usual ?? rootCertificates), ...extra, ...further.filter((pem) => pem !== "")];
}

/** Read once for each dispatcher: reading all authorities takes longer than most requests. */
function trusting(...further: readonly string[]): SecureContext | undefined {
  return further.every((pem) => pem === "")
    ? undefined
    : createSecureContext({ ca: authoritiesWith(...further) });
}

/** Trusts further authorities in every connection; with an older Node, in those of one client. */
function trustEverywhere(authorities: string): { cert?: { caFile: string } } {
  if (authorities === "") {
    return {};
  }
  // Node before 22.19 lacks the function.
  if ((setDefaultCACertificates as typeof setDefaultCACertificates | undefined) !== undefined) {
    setDefaultCACertificates(authoritiesWith(authorities));
    return {};
  }
  return { cert: { caFile: process.env.SSL_CERT_FILE ?? "" } };
}
