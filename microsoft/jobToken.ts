import { Failure } from "../system/failure";
import { refuseRedirectingVariables } from "./deployer/redirects";
import { NoAnswer, parseObject, send } from "./http";
import { decodeClaims } from "./tokens";
import type { Environment } from "../system/environment";

/** An outside identity provider gave no token. The message holds no secret. */
export class AssertionUnavailable extends Failure {}

/** Where a job of a pipeline gets tokens that say which job it is. */
export interface JobTokenSource {
  readonly platform: "GitHub Actions" | "Azure DevOps";
  /**
   * Requests a fresh token.
   *
   * @param audience For example `api://AzureADTokenExchange`.
   * @throws {AssertionUnavailable} If the platform gives none.
   */
  readonly request: (audience: string) => Promise<string>;
}

/** Who an outside identity provider says that somebody is. */
export interface AssertionIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly audiences: readonly string[];
}

/** Variables by which the tasks of Azure DevOps name the service connection. */
const serviceConnectionVariables = [
  "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID",
  "ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID",
  "ARM_OIDC_AZURE_SERVICE_CONNECTION_ID",
];

/**
 * The source of tokens of the job that this process runs in.
 *
 * @returns `undefined` where this is not such a job, or the job may not ask.
 * @see https://docs.github.com/actions/reference/security/oidc
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export function jobTokenSource(
  environment: Environment,
  extraCaPem?: string,
): JobTokenSource | undefined {
  const source = (
    platform: JobTokenSource["platform"],
    url: string | undefined,
    bearer: string | undefined,
    serviceConnectionId = "",
  ): JobTokenSource | undefined =>
    url && bearer
      ? {
          platform,
          request: async (audience) => {
            refuseRedirectingVariables(environment);
            return askForToken({ url, bearer, audience, serviceConnectionId, extraCaPem });
          },
        }
      : undefined;
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer } = environment;
  const { SYSTEM_OIDCREQUESTURI, SYSTEM_ACCESSTOKEN } = environment;
  const connection = serviceConnectionVariables.map((name) => environment[name]).find(Boolean);
  return (
    source("GitHub Actions", url, bearer) ??
    (connection
      ? source("Azure DevOps", SYSTEM_OIDCREQUESTURI, SYSTEM_ACCESSTOKEN, connection)
      : undefined)
  );
}

/** Who a token speaks for, unverified: it explains, it does not authorize. */
export function assertionIdentity(token: string): AssertionIdentity {
  const claims = decodeClaims(token) as { iss?: unknown; sub?: unknown; aud?: unknown };
  return {
    issuer: typeof claims.iss === "string" ? claims.iss : "",
    subject: typeof claims.sub === "string" ? claims.sub : "",
    audiences: [claims.aud ?? []].flat().map(String),
  };
}

async function askForToken(request: JobTokenRequest): Promise<string> {
  try {
    const { host, status, token } = await requestJobToken(request);
    if (token === undefined) {
      throw new AssertionUnavailable(`${host} answered ${status} without one`);
    }
    return token;
  } catch (error) {
    if (error instanceof NoAnswer) {
      throw new AssertionUnavailable(`${error.host} cannot be reached (${error.code})`);
    }
    throw error;
  }
}

/** How a platform is asked for the token of a job. */
export interface JobTokenRequest {
  /** Address that the platform gave the job. What it asks for already is kept. */
  readonly url: string;
  /** What the platform gave the job to ask with. Secret. */
  readonly bearer: string;
  readonly audience: string;
  /** Of Azure DevOps; empty at GitHub Actions. */
  readonly serviceConnectionId: string;
  readonly extraCaPem?: string | undefined;
}

/** What the platform answered. */
export interface JobTokenAnswer {
  readonly host: string;
  readonly status: number;
  /** Absent where the platform gives none. */
  readonly token?: string;
}

/**
 * Asks a platform for a token that says which job this is: Azure DevOps, where a service connection
 * is named, or GitHub Actions.
 *
 * @throws {NoAnswer} If the platform cannot be reached.
 * @throws {TypeError} If the address is not a URL.
 * @see https://docs.github.com/actions/reference/security/oidc
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export async function requestJobToken(request: JobTokenRequest): Promise<JobTokenAnswer> {
  const { audience, serviceConnectionId, bearer, extraCaPem } = request;
  const isAzure = serviceConnectionId !== "";
  const query: Readonly<Record<string, string>> = isAzure
    ? { "api-version": "7.1", serviceConnectionId, audience }
    : { audience };
  const url = new URL(request.url);
  for (const [name, value] of Object.entries(query)) {
    if (!url.searchParams.get(name)) {
      url.searchParams.set(name, value);
    }
  }
  const { status, body } = await send(url.href, {
    method: isAzure ? "POST" : "GET",
    headers: {
      Accept: "application/json",
      Authorization: `Bearer ${bearer}`,
      ...(isAzure ? { "Content-Type": "application/json" } : {}),
    },
    extraCaPem,
  });
  const { value, oidcToken }: Partial<Record<string, unknown>> = parseObject(body) ?? {};
  const token = isAzure ? oidcToken : value;
  const given = status === 200 && typeof token === "string" && token !== "";
  return { host: url.host, status, ...(given ? { token } : {}) };
}
