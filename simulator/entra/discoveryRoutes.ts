import type { SimulatorApp } from "../http/context";
import { findTenant } from "./tokenRoute";

/**
 * OpenID Connect discovery, keys and instance discovery, as client libraries read them before
 * they ask for a token. Addresses have the scheme and host of the request.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-protocols-oidc
 */
export function installDiscoveryRoutes(app: SimulatorApp): void {
  app.get("/:tenant/v2.0/.well-known/openid-configuration", (c) => {
    const { tenantId, cloud } = findTenant(c).identity;
    const base = `${c.var.request.origin}/${tenantId}`;
    return c.json({
      token_endpoint: `${base}/oauth2/v2.0/token`,
      token_endpoint_auth_methods_supported: [
        "client_secret_post",
        "private_key_jwt",
        "client_secret_basic",
      ],
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_modes_supported: ["query", "fragment", "form_post"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      response_types_supported: ["code", "id_token", "code id_token", "id_token token"],
      scopes_supported: ["openid", "profile", "email", "offline_access"],
      issuer: `${base}/v2.0`,
      request_uri_parameter_supported: false,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      claims_supported: ["sub", "iss", "aud", "exp", "iat", "nonce", "tid", "ver"],
      tenant_region_scope: cloud === "usgovernment" || cloud === "dod" ? "USGov" : "NA",
      cloud_instance_name: new URL(c.var.request.origin).host,
    });
  });

  app.get("/:tenant/discovery/v2.0/keys", (c) => c.json({ keys: [c.var.services.signingKey.jwk] }));
  app.get("/:tenant/discovery/keys", (c) => c.json({ keys: [c.var.services.signingKey.jwk] }));

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
