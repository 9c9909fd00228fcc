import { findResource } from "../state/resources";
import type { Caller, SimulatorContext } from "../http/context";
import { exchangeAppId, protectionAppId } from "../seed/firstParty";
import { ExchangeError } from "./errors";
import type { Workload } from "../state/exchangeEntities";
import { type Rights, rightsOf } from "./rights";

/**
 * Who calls the admin API of a workload, if everything is in place; throws what the service would
 * answer otherwise. In this order: a token, for this service, with permissions, with the right
 * one, of the tenant in the path, with a directory role or role group, with one that serves the
 * workload.
 *
 * What real servers answered: neither consent nor role 401, consent only 403, both 200.
 */
export function authorizeAdmin(
  c: SimulatorContext,
  workload: Workload,
): { readonly caller: Caller; readonly rights: Rights } {
  const { request, services } = c.var;
  if (request.callerProblem !== undefined) {
    throw request.callerProblem === "expired"
      ? tokenRefused("2000001", "The token has expired.", "token_expired")
      : tokenRefused("2000005", "The token signature is invalid.", "invalid_token");
  }
  const { caller } = request;
  if (caller === undefined) {
    throw tokenRefused();
  }
  checkAudience(c, caller, workload);
  if (caller.roles.length === 0) {
    throw tokenRefused(
      "2000008",
      "The token contains no permissions, or permissions can not be understood.",
      "invalid_grant",
    );
  }
  if (!caller.roles.includes("Exchange.ManageAsApp")) {
    throw new ExchangeError(403, "Forbidden", "Forbidden", { rawBody: "" });
  }
  const named = c.req.param("tenant") ?? "";
  const tenant = services.tenants.find(named);
  if (tenant === undefined) {
    throw ExchangeError.tenantUnknown(named);
  }
  if (tenant !== caller.tenant) {
    throw tokenRefused(
      "2000010",
      `The tenant of the token does not match the tenant of the request '${named}'.`,
      "invalid_tenant",
    );
  }
  checkAnchor(c, caller);
  return { caller, rights: checkedRights(caller, workload) };
}

function checkAudience(c: SimulatorContext, caller: Caller, workload: Workload): void {
  const resource = findResource(caller.tenant, caller.audience, c.var.services.endpoints());
  // The Security & Compliance URI names one or the other, as the tenant has it.
  const wanted =
    workload === "compliance" && caller.tenant.seed.complianceAudience !== "exchange"
      ? protectionAppId
      : exchangeAppId;
  if (resource?.appId !== wanted) {
    throw tokenRefused(
      "2000003",
      `The audience claim value is invalid for current resource. Audience claim is '${caller.audience}', request url is '${c.req.url}' and resource type is 'Exchange'.`,
      "invalid_resource",
    );
  }
}

/**
 * The routing hint has to lie in the caller's organisation: `UPN:…@<domain>`, `APP:…@<tenant>`,
 * `TID:<tenant>`.
 * Without it the tenant in the path routes the request.
 */
function checkAnchor(c: SimulatorContext, caller: Caller): void {
  const anchor = c.req.header("x-anchormailbox");
  if (anchor === undefined) {
    return;
  }
  const [, organization] =
    /^(?:UPN|APP|AAD-UPN|OID|SMTP):.*@([^@]+)$/i.exec(anchor) ?? /^TID:(.+)$/i.exec(anchor) ?? [];
  if (organization === undefined) {
    throw new ExchangeError(400, "BadRequest", "Invalid Operation", {
      internal: {
        type: "System.ArgumentException",
        message: `The anchor mailbox '${anchor}' is not valid.`,
      },
    });
  }
  if (c.var.services.tenants.find(organization) !== caller.tenant) {
    throw new ExchangeError(400, "BadRequest", "Invalid Operation", {
      internal: {
        type: "Microsoft.Exchange.Data.Directory.CannotResolveTenantNameException",
        message: `The organization '${organization}' of the anchor mailbox is not the organization of the caller.`,
      },
    });
  }
}

function checkedRights(caller: Caller, workload: Workload): Rights {
  const rights = rightsOf(caller, workload);
  if (rights.size > 0) {
    return rights;
  }
  const defaultWid = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";
  if (caller.wids.every((wid) => wid === defaultWid)) {
    throw ExchangeError.forbidden();
  }
  const message = `The role assigned to application ${caller.appId} isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.`;
  throw new ExchangeError(403, "Forbidden", "Invalid Operation", {
    internal: { type: "System.UnauthorizedAccessException", message },
    details: [
      {
        code: "Context",
        target: "",
        message: `|Microsoft.Exchange.Configuration.Authorization.CmdletAccessDeniedException|${message}`,
      },
    ],
  });
}

/**
 * 401 as the front end of Exchange answers it: no body, the reason in a header.
 *
 * @see https://learn.microsoft.com/exchange/client-developer/exchange-web-services/how-to-authenticate-an-ews-application-by-using-oauth
 */
function tokenRefused(number?: string, reason?: string, category?: string): ExchangeError {
  return new ExchangeError(401, "Unauthorized", "Unauthorized", {
    rawBody: "",
    headers: {
      "WWW-Authenticate":
        'Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers="00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"' +
        (category === undefined ? "" : `,error="invalid_token"`),
      ...(number === undefined
        ? {}
        : {
            "x-ms-diagnostics": `${number};reason="${reason}";error_category="${category}"`,
          }),
    },
  });
}
