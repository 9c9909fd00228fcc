import type { JsonObject } from "../../../simulator/json";
import type { Simulated } from "./simulated";

/** An answer with its body taken apart. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // Bodies are asserted on as they are.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly text: string;
}

/** Sends a request with plain fetch, so that no client hides anything. */
export async function send(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", ...init });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== "" ? JSON.parse(text) : undefined,
    text,
  };
}

/** Asks the token endpoint. Parameters left out are those of a right request by the deployer. */
export async function requestToken(
  { simulator, tenant }: Simulated,
  parameters: Readonly<Record<string, string | undefined>> = {},
  authority = tenant.tenantId,
): Promise<Answer> {
  const form = new URLSearchParams();
  const all = {
    grant_type: "client_credentials",
    client_id: tenant.deployer.clientId,
    scope: `${simulator.endpoints.graph}/.default`,
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) {
      form.set(name, value);
    }
  }
  return send(`${simulator.endpoints.login}/${authority}/oauth2/v2.0/token`, {
    method: "POST",
    body: form,
  });
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as Record<
    string,
    unknown
  >;
}

/** A token of the deployer for Graph with the permissions it has now. */
export async function deployerToken(simulated: Simulated): Promise<string> {
  const answer = await requestToken(simulated, {
    client_secret: simulated.tenant.deployer.issueSecret(),
  });
  if (answer.status !== 200) {
    throw new Error(`the deployer got no token: ${answer.text}`);
  }
  return answer.body.access_token as string;
}

/** Graph with the deployer's token. */
export class Graph {
  private constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  static async connect(simulated: Simulated): Promise<Graph> {
    return new Graph(simulated.simulator.endpoints.graph, await deployerToken(simulated));
  }

  /** Graph with another token. */
  static with(simulated: Simulated, token: string): Graph {
    return new Graph(simulated.simulator.endpoints.graph, token);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return send(`${this.base}${path.startsWith("/beta") ? "" : "/v1.0"}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  /** A call that has to succeed; answers its body. */
  // oxlint-disable-next-line typescript/no-explicit-any
  async must(method: string, path: string, body?: unknown): Promise<any> {
    const answer = await this.call(method, path, body);
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    }
    return answer.body;
  }
}

/** An application with its service principal, made by the deployer. */
export async function makeApp(
  graph: Graph,
  properties: JsonObject = {},
): Promise<{ id: string; appId: string; servicePrincipalId: string }> {
  const { id, appId } = await graph.must("POST", "/applications", {
    displayName: "App",
    ...properties,
  });
  const servicePrincipal = await graph.must("POST", "/servicePrincipals", { appId });
  return { id, appId, servicePrincipalId: servicePrincipal.id };
}

/** Ids of Microsoft's applications. */
export const microsoft = {
  graph: "00000003-0000-0000-c000-000000000000",
  exchange: "00000002-0000-0ff1-ce00-000000000000",
  protection: "00000007-0000-0ff1-ce00-000000000000",
  manageAsApp: "dc50a0fb-09a3-484d-be87-e023b12c6440",
  manageAsAppOnProtection: "455e5cd2-84e8-4751-8344-5672145dfa17",
} as const;

/** Object id of a Microsoft-owned service principal. */
export async function resourceId(graph: Graph, appId: string): Promise<string> {
  return (await graph.must("GET", `/servicePrincipals(appId='${appId}')`)).id as string;
}

/** Consents to an application permission. */
export async function consent(
  graph: Graph,
  servicePrincipalId: string,
  resourceAppId: string,
  appRoleId: string,
): Promise<{ id: string; resourceId: string }> {
  const resource = await resourceId(graph, resourceAppId);
  return graph.must("POST", `/servicePrincipals/${resource}/appRoleAssignedTo`, {
    principalId: servicePrincipalId,
    resourceId: resource,
    appRoleId,
  });
}

/** Gives a directory role in the whole tenant. */
export async function giveRole(
  graph: Graph,
  servicePrincipalId: string,
  roleTemplateId: string,
): Promise<{ id: string }> {
  return graph.must("POST", "/roleManagement/directory/roleAssignments", {
    principalId: servicePrincipalId,
    roleDefinitionId: roleTemplateId,
    directoryScopeId: "/",
  });
}
