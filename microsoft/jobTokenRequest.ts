import { parseObject, send } from "./http";

/** How a platform is asked for the token of a job. */
export interface JobTokenRequest {
  /** `GET` at GitHub, `POST` at Azure DevOps. */
  readonly method: "GET" | "POST";
  /** Address that the platform gave the job. What it asks for already is kept. */
  readonly url: string;
  /** Added to the address where it does not say so itself. */
  readonly query: Readonly<Record<string, string>>;
  /** What the platform gave the job to ask with. Secret. */
  readonly bearer: string;
  /** Property of the answer that holds the token. */
  readonly property: "value" | "oidcToken";
  readonly extraCaPem?: string | undefined;
}

/**
 * How a platform is asked: Azure DevOps, where a service connection is named, or GitHub Actions.
 *
 * @see https://docs.github.com/actions/reference/security/oidc
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export function askOf({
  audience,
  serviceConnectionId,
}: {
  readonly audience: string;
  readonly serviceConnectionId: string;
}): Pick<JobTokenRequest, "method" | "query" | "property"> {
  return serviceConnectionId === ""
    ? { method: "GET", query: { audience }, property: "value" }
    : {
        method: "POST",
        query: { "api-version": "7.1", serviceConnectionId, audience },
        property: "oidcToken",
      };
}

/** What the platform answered. */
export interface JobTokenAnswer {
  readonly host: string;
  readonly status: number;
  /** Absent where the platform gives none. */
  readonly token?: string;
}

/**
 * Asks a platform for a token that says which job this is.
 *
 * @throws {NoAnswer} If the platform cannot be reached.
 * @throws {TypeError} If the address is not a URL.
 * @see https://docs.github.com/actions/reference/security/oidc
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export async function requestJobToken(request: JobTokenRequest): Promise<JobTokenAnswer> {
  const { method, query, bearer, property, extraCaPem } = request;
  const url = new URL(request.url);
  for (const [name, value] of Object.entries(query)) {
    if (!url.searchParams.get(name)) {
      url.searchParams.set(name, value);
    }
  }
  const { status, body } = await send(url.href, {
    method,
    headers: {
      Accept: "application/json",
      Authorization: `Bearer ${bearer}`,
      ...(method === "POST" ? { "Content-Type": "application/json" } : {}),
    },
    extraCaPem,
  });
  const { [property]: token }: Partial<Record<string, unknown>> = parseObject(body) ?? {};
  const given = status === 200 && typeof token === "string" && token !== "";
  return { host: url.host, status, ...(given ? { token } : {}) };
}
