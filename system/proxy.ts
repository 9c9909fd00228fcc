import { UsageFailure } from "./failure";
import { isLoopback } from "./loopback";
import type { Environment } from "./environment";

/** The proxies that an environment names; empty where it names none. */
export interface ProxySettings {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  /** Hosts that are reached without them, separated by commas or blanks. */
  readonly noProxy: string;
}

/**
 * Reads `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in lower case first, as most programs do.
 *
 * @throws {UsageFailure} If a variable does not hold the address of a proxy.
 */
export function readProxySettings(environment: Environment): ProxySettings {
  const value = (name: string) => environment[name.toLowerCase()] || environment[name] || "";
  return {
    httpProxy: proxyAddress("HTTP_PROXY", value("HTTP_PROXY")),
    httpsProxy: proxyAddress("HTTPS_PROXY", value("HTTPS_PROXY")),
    noProxy: value("NO_PROXY"),
  };
}

/** Many programs take an address without a scheme too, and mean http. */
function proxyAddress(name: string, value: string): string {
  const address = value === "" || /^[a-z0-9]+:\/\//i.test(value) ? value : `http://${value}`;
  if (address !== "" && !(URL.canParse(address) && /^https?:/i.test(address))) {
    throw new UsageFailure(
      `${name} is not the address of a proxy. Write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT with special characters percent-encoded.`,
    );
  }
  return address;
}

/** The proxy by which an address is asked for, by the rules of undici's `EnvHttpProxyAgent`. */
export function proxyFor(
  url: URL,
  { httpProxy, httpsProxy, noProxy }: ProxySettings,
): URL | undefined {
  const secure = url.protocol === "https:";
  const address = secure ? httpsProxy || httpProxy : httpProxy;
  const port = url.port || (secure ? "443" : "80");
  const excepted = noProxy.split(/[,\s]+/).some((entry) => {
    const [, name = "", only = port] =
      /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    const fits = name === "*" || url.hostname === name || url.hostname.endsWith(`.${name}`);
    return name !== "" && fits && only === port;
  });
  return address === "" || excepted || bypassesProxy(url.hostname) ? undefined : new URL(address);
}

/**
 * Whether no proxy ever gets what is meant for a host: this machine, and the metadata service of a
 * virtual machine, which hands out the tokens of its identity.
 *
 * @see https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service
 */
export function bypassesProxy(hostname: string): boolean {
  return isLoopback(hostname) || hostname === "169.254.169.254";
}
