import type { SimulatorApp, SimulatorContext } from "../http/context";
import type { ApplicationRecord, ServicePrincipalRecord } from "../state/entities";
import { hashSecret, type Tenant } from "../state/tenants";
import { type ClientAuthentication, grantedRoles, issueAccessToken } from "./accessToken";
import { parseAssertion } from "./assertion";
import { verifyCertificateAssertion } from "./certificateAssertion";
import { entraErrors } from "./errors";
import { verifyFederatedAssertion } from "./federatedAssertion";
import { findResource } from "./resources";

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * The token endpoint, for the client credentials grant.
 *
 * The checks come in the service's order: tenant, parameters, application, credential, state of
 * the application, scope, resource, policies.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export function installTokenRoute(app: SimulatorApp): void {
  app.post("/:tenant/oauth2/v2.0/token", async (c) => {
    const { services, request } = c.var;
    const tenant = findTenant(c);
    const form = new URLSearchParams(request.text);
    const grantType = required(form, "grant_type");
    if (grantType !== "client_credentials") {
      throw entraErrors.unsupportedGrantType(grantType);
    }
    const { registration, client, authentication } = await authenticate(c, tenant, form);
    if (!client.properties.accountEnabled || isDisabled(registration)) {
      throw entraErrors.applicationDisabled(client.appId, tenant.state.nameOf(client));
    }
    const scope = required(form, "scope");
    const { resource, audience } = resourceOf(c, tenant, scope);
    enforcePolicies(tenant, client, resource, audience);
    const accessToken = await issueAccessToken(services, {
      tenant,
      client,
      resource,
      audience,
      authentication,
    });
    return c.json(
      {
        token_type: "Bearer",
        expires_in: services.tokenLifetimeSeconds,
        ext_expires_in: services.tokenLifetimeSeconds,
        access_token: accessToken,
      },
      200,
      { "Cache-Control": "no-store, no-cache", Pragma: "no-cache" },
    );
  });
}

/** The tenant in the path. Throws AADSTS90002, AADSTS900023 or AADSTS50059. */
export function findTenant(c: SimulatorContext): Tenant {
  const name = c.req.param("tenant") ?? "";
  const tenant = c.var.services.tenants.find(name);
  if (tenant !== undefined) {
    c.var.request.tenant = tenant;
    return tenant;
  }
  if (["common", "organizations", "consumers"].includes(name.toLowerCase())) {
    throw entraErrors.tenantMissing();
  }
  const wellFormed = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$|^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;
  throw wellFormed.test(name)
    ? entraErrors.tenantNotFound(name)
    : entraErrors.tenantMalformed(name);
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === "") {
    throw entraErrors.missingParameter(name);
  }
  return value;
}

async function authenticate(
  c: SimulatorContext,
  tenant: Tenant,
  form: URLSearchParams,
): Promise<{
  registration: ApplicationRecord;
  client: ServicePrincipalRecord;
  authentication: ClientAuthentication;
}> {
  const { services, request } = c.var;
  const basic = basicCredentials(c.req.header("authorization"));
  const assertionText = form.get("client_assertion");
  const assertion = assertionText === null ? undefined : parseAssertion(assertionText);
  const appId = (
    form.get("client_id") ??
    basic?.clientId ??
    assertion?.claims.sub ??
    required(form, "client_id")
  ).toLowerCase();
  request.clientAppId = appId;
  const found = services.tenants.registrationFor(tenant, appId);
  const client = tenant.state.servicePrincipalOf(appId);
  if (found === undefined || (found.home !== tenant && client === undefined)) {
    throw entraErrors.applicationNotFound(appId, tenant.identity.displayName);
  }
  const { application, home } = found;
  const now = services.clock.now();
  const secret = form.get("client_secret") ?? basic?.secret;
  if (assertion !== undefined) {
    if (form.get("client_assertion_type") !== jwtBearer) {
      throw entraErrors.assertionTypeInvalid();
    }
    const issuer = String(assertion.claims.iss).toLowerCase();
    if (/^https?:\/\//.test(issuer)) {
      await verifyFederatedAssertion(assertion, application, services.issuers, now);
    } else if (issuer !== appId || String(assertion.claims.sub).toLowerCase() !== appId) {
      throw entraErrors.assertionIdentityMismatch();
    } else {
      await verifyCertificateAssertion(assertion, application, tenant, services.endpoints(), now);
    }
  } else if (secret === undefined || secret === "") {
    throw entraErrors.credentialMissing();
  } else {
    verifySecret(home, application, secret, now);
  }
  if (client === undefined) {
    throw entraErrors.servicePrincipalMissing(appId, tenant.identity.tenantId);
  }
  return { registration: application, client, authentication: assertion === undefined ? "1" : "2" };
}

function basicCredentials(
  authorization: string | undefined,
): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) {
    return undefined;
  }
  const [clientId = "", secret = ""] = Buffer.from(encoded, "base64")
    .toString()
    .split(":", 2)
    .map((part) => decodeURIComponent(part.replaceAll("+", " ")));
  return { clientId, secret };
}

function verifySecret(home: Tenant, application: ApplicationRecord, secret: string, now: Date) {
  if (home.hasVolatileSecret(application.appId, secret)) {
    return;
  }
  const hash = hashSecret(secret);
  const credential = application.passwordCredentials.find(({ secretHash }) => secretHash === hash);
  if (credential === undefined || new Date(credential.startDateTime) > now) {
    throw entraErrors.secretInvalid(application.appId);
  }
  if (new Date(credential.endDateTime) < now) {
    throw entraErrors.secretExpired(application.appId);
  }
}

function isDisabled(application: ApplicationRecord): boolean {
  return (
    application.properties["disabledByMicrosoftStatus"] ===
    "DisabledDueToViolationOfServicesAgreement"
  );
}

function resourceOf(
  c: SimulatorContext,
  tenant: Tenant,
  scope: string,
): { resource: ServicePrincipalRecord; audience: string } {
  const scopes = scope.trim().split(/\s+/);
  const [only = ""] = scopes;
  if (scopes.length !== 1) {
    throw entraErrors.scopeInvalid(scope);
  }
  if (!only.endsWith("/.default")) {
    throw entraErrors.scopeNotDefault(scope);
  }
  const identifier = only.slice(0, -"/.default".length);
  const resource = findResource(tenant, identifier, c.var.services.endpoints());
  if (resource === undefined) {
    throw entraErrors.resourceNotFound(identifier, tenant.identity.displayName);
  }
  if (!resource.properties.accountEnabled) {
    throw entraErrors.resourceDisabled(identifier, tenant.state.nameOf(resource));
  }
  return { resource, audience: identifier };
}

function enforcePolicies(
  tenant: Tenant,
  client: ServicePrincipalRecord,
  resource: ServicePrincipalRecord,
  audience: string,
): void {
  const { state } = tenant;
  const blocked = state.blockedByConditionalAccess;
  if (blocked.has("*") || blocked.has(client.appId)) {
    throw entraErrors.conditionalAccess();
  }
  if (
    resource.properties.appRoleAssignmentRequired &&
    grantedRoles(tenant, client, resource).length === 0
  ) {
    throw entraErrors.assignmentRequired(
      client.appId,
      state.nameOf(client),
      audience,
      state.nameOf(resource),
    );
  }
}
