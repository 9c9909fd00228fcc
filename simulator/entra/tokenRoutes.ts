import type { SimulatorApp, SimulatorContext } from "../http/context";
import type { ApplicationRecord, ServicePrincipalRecord } from "../state/entities";
import { findResource } from "../state/resources";
import { hashSecret, type Tenant } from "../state/tenants";
import { grantedRoles, issueAccessToken, type TokenIssuance } from "./accessToken";
import { parseAssertion } from "./assertion";
import { verifyCertificateAssertion } from "./certificateAssertion";
import { entraErrors } from "./errors";
import { verifyFederatedAssertion } from "./federatedAssertion";
import { logSignIn, type UsedCredential } from "./signInLog";

const jwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/** Scopes of OpenID Connect, which MSAL for Go and Java send with every request. */
const openIdScopes = ["openid", "profile", "offline_access", "email"];

/**
 * The token endpoints, for the client credentials grant. The older one names the resource itself,
 * the newer one a scope of it; everything else is the same.
 *
 * The checks come in the service's order: tenant, parameters, application, credential, state of
 * the application, scope, resource, policies.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 * @see https://learn.microsoft.com/previous-versions/azure/active-directory/azuread-dev/v1-oauth2-client-creds-grant-flow
 */
export function installTokenRoutes(app: SimulatorApp, issuance: TokenIssuance): void {
  app.post("/:tenant/oauth2/v2.0/token", async (c) => {
    const { accessToken, lifetime } = await grantToken(c, issuance, (form) =>
      scopedResource(required(form, "scope")),
    );
    return tokenResponse(c, {
      token_type: "Bearer",
      expires_in: lifetime,
      ext_expires_in: lifetime,
      access_token: accessToken,
    });
  });

  app.post("/:tenant/oauth2/token", async (c) => {
    const { accessToken, lifetime, audience } = await grantToken(c, issuance, (form) =>
      required(form, "resource"),
    );
    const now = Math.floor(issuance.clock.now().getTime() / 1000);
    return tokenResponse(c, {
      token_type: "Bearer",
      expires_in: String(lifetime),
      ext_expires_in: String(lifetime),
      expires_on: String(now + lifetime),
      not_before: String(now),
      resource: audience,
      access_token: accessToken,
    });
  });

  for (const path of ["/:tenant/oauth2/v2.0/token", "/:tenant/oauth2/token"]) {
    app.all(path, (c) => {
      throw entraErrors.methodNotAllowed(c.req.method);
    });
  }
}

async function grantToken(
  c: SimulatorContext,
  issuance: TokenIssuance,
  resourceIn: (form: URLSearchParams) => string,
): Promise<{ accessToken: string; audience: string; lifetime: number }> {
  const tenant = findTenant(c, "invalid_request");
  const { form } = c.var.request.body;
  const grantType = required(form, "grant_type");
  if (grantType !== "client_credentials") {
    throw entraErrors.unsupportedGrantType(grantType);
  }
  const { registration, client, used } = await authenticateClient(c, tenant, form, issuance);
  if (!client.properties.accountEnabled || isDisabled(registration)) {
    throw entraErrors.applicationDisabled(client.appId, tenant.state.nameOf(client));
  }
  const audience = resourceIn(form);
  const resource = enabledResource(c, tenant, audience);
  enforcePolicies(tenant, client, resource, audience);
  const authentication = used.type === "clientSecret" ? "1" : "2";
  const grant = { tenant, client, resource, audience, authentication } as const;
  const accessToken = await issueAccessToken(issuance, grant);
  logSignIn(tenant, client, resource, used);
  return { accessToken, audience, lifetime: issuance.tokenLifetimeSeconds };
}

function tokenResponse(c: SimulatorContext, body: Record<string, string | number>): Response {
  return c.json(body, 200, { "Cache-Control": "no-store, no-cache", Pragma: "no-cache" });
}

/** The tenant in the path. Throws AADSTS90002, AADSTS900023 or AADSTS50059. */
export function findTenant(
  c: SimulatorContext,
  unknownTenant: "invalid_request" | "invalid_tenant",
): Tenant {
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
    ? entraErrors.tenantNotFound(name, unknownTenant)
    : entraErrors.tenantMalformed(name);
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name);
  if (value === null || value === "") {
    throw entraErrors.missingParameter(name);
  }
  return value;
}

async function authenticateClient(
  c: SimulatorContext,
  tenant: Tenant,
  form: URLSearchParams,
  { issuers }: TokenIssuance,
): Promise<{
  registration: ApplicationRecord;
  client: ServicePrincipalRecord;
  used: UsedCredential;
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
  const found = tenant.registrationFor(appId);
  const client = tenant.state.servicePrincipalOf(appId);
  if (found === undefined || (found.home !== tenant && client === undefined)) {
    throw entraErrors.applicationNotFound(appId, tenant.identity.displayName);
  }
  const { application, home } = found;
  // A service principal can have credentials of its own beside the application's.
  const credentials: Credentials = {
    appId,
    keyCredentials: [...application.keyCredentials, ...(client?.keyCredentials ?? [])],
    passwordCredentials: [
      ...application.passwordCredentials,
      ...(client?.passwordCredentials ?? []),
    ],
  };
  const now = services.clock.now();
  const secret = form.get("client_secret") ?? basic?.secret;
  let used: UsedCredential;
  if (assertion !== undefined) {
    if (form.get("client_assertion_type") !== jwtBearer) {
      throw entraErrors.assertionTypeInvalid();
    }
    const issuer = String(assertion.claims.iss).toLowerCase();
    if (/^https?:\/\//.test(issuer)) {
      const { id } = await verifyFederatedAssertion(assertion, application, issuers, now);
      used = { type: "federatedIdentityCredential", federatedCredentialId: id };
    } else if (issuer !== appId || String(assertion.claims.sub).toLowerCase() !== appId) {
      throw entraErrors.assertionIdentityMismatch();
    } else {
      const endpoints = services.endpoints();
      const key = await verifyCertificateAssertion(assertion, credentials, tenant, endpoints, now);
      used = { type: "certificate", keyId: key.keyId, thumbprint: key.customKeyIdentifier };
    }
  } else if (secret === undefined || secret === "") {
    throw entraErrors.credentialMissing();
  } else {
    used = { type: "clientSecret", ...verifySecret(home, credentials, secret, now) };
  }
  if (client === undefined) {
    throw entraErrors.servicePrincipalMissing(appId, tenant.identity.tenantId);
  }
  return { registration: application, client, used };
}

/** Id and secret in the header, each form-encoded. Throws AADSTS9002313 when they cannot be read. */
function basicCredentials(
  authorization: string | undefined,
): { clientId: string; secret: string } | undefined {
  const encoded = /^Basic (.*)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) {
    return undefined;
  }
  const [clientId = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  if (clientId === "" || secret.length === 0) {
    throw entraErrors.requestMalformed();
  }
  try {
    const decoded = (part: string) => decodeURIComponent(part.replaceAll("+", " "));
    return { clientId: decoded(clientId), secret: decoded(secret.join(":")) };
  } catch {
    throw entraErrors.requestMalformed();
  }
}

/** With what an application can prove who it is. */
type Credentials = Pick<ApplicationRecord, "appId" | "keyCredentials" | "passwordCredentials">;

function verifySecret(
  home: Tenant,
  application: Credentials,
  secret: string,
  now: Date,
): Pick<UsedCredential, "keyId"> {
  if (home.hasVolatileSecret(application.appId, secret)) {
    return {};
  }
  const hash = hashSecret(secret);
  const credential = application.passwordCredentials.find(({ secretHash }) => secretHash === hash);
  if (credential === undefined || new Date(credential.startDateTime) > now) {
    throw entraErrors.secretInvalid(application.appId);
  }
  if (new Date(credential.endDateTime) < now) {
    throw entraErrors.secretExpired(application.appId);
  }
  return { keyId: credential.keyId };
}

function isDisabled(application: ApplicationRecord): boolean {
  return (
    application.properties["disabledByMicrosoftStatus"] ===
    "DisabledDueToViolationOfServicesAgreement"
  );
}

/**
 * The resource whose default scope is asked for. Scopes of OpenID Connect beside it mean nothing
 * without a user and are ignored.
 */
function scopedResource(scope: string): string {
  const scopes = scope
    .trim()
    .split(/\s+/)
    .filter((one) => !openIdScopes.includes(one.toLowerCase()));
  const [wanted = ""] = scopes;
  if (scopes.length > 1) {
    throw entraErrors.scopeInvalid(scope);
  }
  if (!wanted.endsWith("/.default")) {
    throw entraErrors.scopeNotDefault(scope);
  }
  return wanted.slice(0, -"/.default".length);
}

function enabledResource(
  c: SimulatorContext,
  tenant: Tenant,
  identifier: string,
): ServicePrincipalRecord {
  const resource = findResource(tenant, identifier, c.var.services.endpoints());
  if (resource === undefined) {
    throw entraErrors.resourceNotFound(identifier, tenant.identity.displayName);
  }
  if (!resource.properties.accountEnabled) {
    throw entraErrors.resourceDisabled(identifier, tenant.state.nameOf(resource));
  }
  return resource;
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
