import type { SimulatorApp, SimulatorContext } from "../http/context";
import { ProtocolError } from "../http/protocolError";
import type { Service } from "../http/service";
import { clouds } from "../seed/clouds";
import { managementAppId } from "../seed/firstParty";
import { findResource } from "../state/resources";

/** An error answer of Azure Resource Manager. */
class ManagementError extends ProtocolError {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }

  toResponse(): Response {
    const { status, headers } = this;
    const error = { code: this.errorCode, message: this.message };
    return Response.json({ error }, { status, headers });
  }
}

/**
 * As much of Azure Resource Manager as signing in needs: the metadata of the cloud, where the
 * azuread provider and the Azure CLI learn their addresses, and lists of subscriptions and tenants,
 * empty as they are for an application without an Azure role.
 *
 * @see https://registry.terraform.io/providers/hashicorp/azuread/latest/docs#metadata_host-1
 * @see https://learn.microsoft.com/rest/api/resources/subscriptions/list
 */
export const managementService: Service = {
  owns: (path) => /^\/+(metadata\/endpoints|subscriptions|tenants)\/?$/i.test(path),
  routed: (path) => path.toLowerCase().replace(/^\/+/, "/").replace(/\/$/, ""),
  faultAnswers: {
    throttle: (_, { retryAfterSeconds }) =>
      new ManagementError(429, "TooManyRequests", "The request is being throttled.", {
        "Retry-After": String(retryAfterSeconds),
      }),
    serverError: (_, { status, retryAfterSeconds }) =>
      new ManagementError(status, "ServiceUnavailable", "The service is unavailable.", {
        "Retry-After": String(retryAfterSeconds),
      }),
  },
  install: installManagement,
};

function installManagement(app: SimulatorApp): void {
  app.get("/metadata/endpoints", (c) => {
    const { login, graph, management } = addressesFor(c.var.request.origin);
    const environment = {
      name: "ApponlySimulator",
      resourceManager: management,
      portal: management,
      graphAudience: graph,
      microsoftGraphResourceId: graph,
      authentication: {
        loginEndpoint: login,
        audiences: ["https://management.core.windows.net/", "https://management.azure.com/"],
        tenant: "common",
        identityProvider: "AAD",
      },
      suffixes: {},
    };
    // Older versions of the document were a list.
    return c.json(c.req.query("api-version") === "2019-05-01" ? [environment] : environment);
  });

  for (const path of ["/subscriptions", "/tenants"]) {
    app.get(path, (c) => {
      requireManagementToken(c);
      return c.json({ value: [], count: { type: "Total", value: 0 } });
    });
  }
}

/**
 * Where a client finds the services: at Microsoft's names who asked one of them, else at the address
 * that was asked, whose scheme matters: Microsoft's libraries refuse what is not https.
 */
function addressesFor(origin: string): { login: string; graph: string; management: string } {
  const cloud = Object.values(clouds).find(({ management }) => management.includes(origin));
  return cloud === undefined
    ? { login: origin, graph: origin, management: origin }
    : { login: cloud.loginHosts[0]!, graph: cloud.graph[0]!, management: origin };
}

function requireManagementToken(c: SimulatorContext): void {
  const { caller } = c.var.request;
  if (c.req.header("authorization") === undefined) {
    throw new ManagementError(
      401,
      "AuthenticationFailed",
      "Authentication failed. The 'Authorization' header is missing.",
    );
  }
  const resource =
    caller && findResource(caller.tenant, caller.audience, c.var.services.endpoints());
  if (resource?.appId !== managementAppId) {
    throw new ManagementError(
      401,
      "InvalidAuthenticationToken",
      "The access token is invalid, or was obtained for another audience or resource.",
    );
  }
}
