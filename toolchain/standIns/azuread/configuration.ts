import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isLoopback } from "../../../system/loopback";
import type { Properties } from "../../pluginProtocol/values";

/** Endpoints that the tenant's metadata names. */
export interface Endpoints {
  /** Base of Microsoft Graph, without a trailing slash. */
  readonly graph: string;
  /** Base of the token endpoint, without a trailing slash. */
  readonly login: string;
  /** Authority that signed the certificates of both, PEM. */
  readonly ca?: string;
}

/** How the deployer signs in. */
export interface Credentials {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly oidcToken?: string;
}

/** What the plugin is configured with: from the stack's configuration, else from the environment. */
export function credentialsFrom(
  configuration: Properties,
  environment: NodeJS.ProcessEnv,
): Credentials & { metadataHost: string } {
  const value = (key: string, variable: string) => {
    const configured = configuration[key];
    return typeof configured === "string" && configured !== "" ? configured : environment[variable];
  };
  const required = (key: string, variable: string) => {
    const found = value(key, variable);
    if (found === undefined || found === "") {
      throw new Error(
        `azuread:${key} is missing. Set it, or the environment variable ${variable}; against a real tenant install the official azuread plugin.`,
      );
    }
    return found;
  };
  const clientSecret = value("clientSecret", "ARM_CLIENT_SECRET");
  // Without the switch the provider does not look at the token.
  const useOidc = configuration.useOidc ?? environment.ARM_USE_OIDC;
  const oidcToken =
    useOidc === true || useOidc === "true" ? value("oidcToken", "ARM_OIDC_TOKEN") : undefined;
  if (!clientSecret && !oidcToken) {
    throw new Error(
      "No way to sign in is configured that the stand-in knows. Set azuread:clientSecret or ARM_CLIENT_SECRET, or azuread:useOidc and azuread:oidcToken or ARM_USE_OIDC=true and ARM_OIDC_TOKEN, or install the official azuread plugin.",
    );
  }
  return {
    tenantId: required("tenantId", "ARM_TENANT_ID"),
    clientId: required("clientId", "ARM_CLIENT_ID"),
    metadataHost: required("metadataHost", "ARM_METADATA_HOSTNAME"),
    ...(clientSecret ? { clientSecret } : {}),
    ...(oidcToken ? { oidcToken } : {}),
  };
}

/**
 * Asks the metadata host for the tenant's endpoints.
 *
 * @throws {Error} If the host or an endpoint is not loopback.
 * @see https://github.com/hashicorp/go-azure-sdk/blob/main/sdk/environments/from_endpoint.go
 */
export async function discoverEndpoints(
  metadataHost: string,
  environment: NodeJS.ProcessEnv,
): Promise<Endpoints> {
  const url = `https://${metadataHost}/metadata/endpoints?api-version=2022-09-01`;
  requireLoopback("metadataHost", url);
  const caFile = environment.SSL_CERT_FILE;
  const ca = caFile === undefined ? undefined : readFileSync(caFile, "utf8");
  const { status, text } = await askLoopback(url, ca);
  if (status !== 200) {
    throw new Error(`The metadata host answered ${status} to ${url}.`);
  }
  const metadata = JSON.parse(text.replace(/^\uFEFF/, "")) as {
    microsoftGraphResourceId?: string;
    authentication?: { loginEndpoint?: string };
  };
  const graph = metadata.microsoftGraphResourceId?.replace(/\/$/, "") ?? "";
  const login = metadata.authentication?.loginEndpoint ?? "";
  requireLoopback("microsoftGraphResourceId", graph);
  requireLoopback("loginEndpoint", login);
  return { graph, login, ca };
}

/** Refuses every endpoint that is not on this machine. */
export function requireLoopback(key: string, url: string): void {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  if (!isLoopback(host)) {
    throw new Error(
      `${key} "${url}" is not on this machine, and the stand-in for the azuread plugin talks to nothing else. Install the official plugin: pulumi plugin install resource azuread`,
    );
  }
}

/** What an endpoint on this machine answered. */
export interface LoopbackAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** What is asked of an endpoint besides its address; by default, a GET. */
export interface LoopbackRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
}

/** Why there is no answer, in the words of the official plugin, which is written in Go. */
function lossInGo({ code, message }: NodeJS.ErrnoException, host: string): string {
  switch (code) {
    case "ECONNREFUSED":
      return `dial tcp ${host}: connect: connection refused`;
    case "ECONNRESET":
      return message === "socket hang up" ? "EOF" : `read tcp ${host}: connection reset by peer`;
    default:
      return message;
  }
}

/** Asks an endpoint whose authority only this tenant trusts; `fetch` cannot be told to trust it. */
export function askLoopback(
  url: string,
  ca?: string,
  { method = "GET", headers = {}, body }: LoopbackRequest = {},
): Promise<LoopbackAnswer> {
  const send = url.startsWith("https:") ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const { host, href } = new URL(url);
      const verb = method[0]?.toUpperCase() + method.slice(1).toLowerCase();
      reject(new Error(`${verb} "${href}": ${lossInGo(error, host)}`));
    };
    send(url, { ca, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("error", fail).on("end", () => {
        const retryAfter = response.headers["retry-after"] ?? null;
        resolve({ status: response.statusCode ?? 0, retryAfter, text });
      });
    })
      .on("error", fail)
      .end(body);
  });
}
