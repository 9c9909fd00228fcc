import type { SimulatorApp, SimulatorContext } from "../http/context";
import { clouds } from "../seed/clouds";
import type { SigningKey } from "./signingKey";
import { findTenant } from "./tokenRoutes";

/**
 * OpenID Connect discovery, keys and instance discovery, as client libraries read them before
 * they ask for a token. Addresses have the scheme and host of the request.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export function installDiscoveryRoutes(app: SimulatorApp, { jwk }: SigningKey): void {
  app.get("/:tenant/v2.0/.well-known/openid-configuration", (c) => {
    const { base, id } = authorityInPath(c);
    return c.json({
      ...configuration(c, base, "/oauth2/v2.0"),
      jwks_uri: `${base}/discovery/v2.0/keys`,
      scopes_supported: ["openid", "profile", "email", "offline_access"],
      issuer: `${c.var.request.origin}/${id}/v2.0`,
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
      userinfo_endpoint: "https://graph.microsoft.com/oidc/userinfo",
    });
  });

  app.get("/:tenant/.well-known/openid-configuration", (c) => {
    const { base, id, issuer } = authorityInPath(c);
    return c.json({
      ...configuration(c, base, "/oauth2"),
      jwks_uri: `${base}/discovery/keys`,
      issuer: `${issuer}${id}/`,
      microsoft_multi_refresh_token: true,
      check_session_iframe: `${base}/oauth2/checksession`,
      userinfo_endpoint: `${base}/openid/userinfo`,
    });
  });

  app.get("/:tenant/discovery/v2.0/keys", (c) => c.json({ keys: [jwk] }));
  app.get("/:tenant/discovery/keys", (c) => c.json({ keys: [jwk] }));

  app.get("/common/discovery/instance", (c) => {
    const host = new URL(c.var.request.origin).host;
    const authority = c.req.query("authorization_endpoint") ?? "";
    const tenant = /^https?:\/\/[^/]+\/([^/]+)/.exec(authority)?.[1] ?? "common";
    return c.json({
      tenant_discovery_endpoint: `${c.var.request.origin}/${tenant}/v2.0/.well-known/openid-configuration`,
      "api-version": "1.1",
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    });
  });
}

/** Authorities that stand for many tenants, with the tenant that their issuer names. */
const sharedAuthorities = new Map([
  ["common", "{tenantid}"],
  ["organizations", "{tenantid}"],
  ["consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"],
]);

function authorityInPath(c: SimulatorContext): { base: string; id: string; issuer: string } {
  const name = (c.req.param("tenant") ?? "").toLowerCase();
  const shared = sharedAuthorities.get(name);
  if (shared !== undefined) {
    const { issuer } = clouds.global;
    return { base: `${c.var.request.origin}/${name}`, id: shared, issuer };
  }
  const { tenantId, cloud } = findTenant(c, "invalid_tenant").identity;
  const { issuer } = clouds[cloud];
  return { base: `${c.var.request.origin}/${tenantId}`, id: tenantId, issuer };
}

/** @see https://github.com/Azure/azure-cli/issues/28925 for a whole document */
function configuration(c: SimulatorContext, base: string, protocol: string) {
  const cloud = c.var.request.tenant?.identity.cloud ?? "global";
  return {
    token_endpoint: `${base}${protocol}/token`,
    token_endpoint_auth_methods_supported: [
      "client_secret_post",
      "private_key_jwt",
      "client_secret_basic",
    ],
    response_modes_supported: ["query", "fragment", "form_post"],
    subject_types_supported: ["pairwise"],
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}${protocol}/authorize`,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}${protocol}/logout`,
    claims_supported: ["sub", "iss", "aud", "exp", "iat", "nonce", "tid", "ver"],
    kerberos_endpoint: `${base}/kerberos`,
    tenant_region_scope: cloud === "usgovernment" || cloud === "dod" ? "USGov" : "NA",
    cloud_instance_name: new URL(c.var.request.origin).host,
    cloud_graph_host_name: "graph.windows.net",
    msgraph_host: new URL(clouds[cloud].graph[0]!).host,
    rbac_url: "https://pas.windows.net",
  };
}
