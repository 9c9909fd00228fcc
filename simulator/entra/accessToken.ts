import { randomBytes } from "node:crypto";
import { SignJWT } from "jose";
import type { Clock } from "../clock";
import { clouds } from "../seed/clouds";
import type { ServicePrincipalRecord } from "../state/entities";
import type { Tenant } from "../state/tenants";
import type { FederatedIssuers } from "./federatedIssuers";
import type { SigningKey } from "./signingKey";

/** With what tokens are issued. */
export interface TokenIssuance {
  readonly clock: Clock;
  readonly signingKey: SigningKey;
  readonly issuers: FederatedIssuers;
  readonly tokenLifetimeSeconds: number;
}

/** What every principal of a tenant has, whatever roles it holds. */
const defaultWid = "0997a1d0-0d1d-4acb-b408-d5ca73121e90";

/**
 * Issues the access token that Entra would: permissions in `roles`, directory roles in `wids`.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export async function issueAccessToken(
  issuance: TokenIssuance,
  grant: {
    tenant: Tenant;
    client: ServicePrincipalRecord;
    resource: ServicePrincipalRecord;
    /** The identifier as the client wrote it; it becomes the audience. */
    audience: string;
    /** How the client proved who it is: `1` by a secret, `2` by an assertion. */
    authentication: "1" | "2";
  },
): Promise<string> {
  const { tenant, client, resource } = grant;
  const { tenantId, cloud } = tenant.identity;
  const now = Math.floor(issuance.clock.now().getTime() / 1000);
  const issuer = `${clouds[cloud].issuer}${tenantId}/`;
  const arrived = (id: string) => !tenant.faults.grantLags(id);
  const roles = grantedRoles(tenant, client, resource, arrived);
  return new SignJWT({
    aud: grant.audience,
    iss: issuer,
    iat: now,
    nbf: now,
    exp: now + issuance.tokenLifetimeSeconds,
    aio: randomBytes(24).toString("base64url"),
    app_displayname: tenant.state.nameOf(client),
    appid: client.appId,
    appidacr: grant.authentication,
    idp: issuer,
    idtyp: "app",
    oid: client.id,
    rh: `1.${randomBytes(24).toString("base64url")}.`,
    ...(roles.length === 0 ? {} : { roles }),
    sub: client.id,
    tid: tenantId,
    uti: randomBytes(16).toString("base64url"),
    ver: "1.0",
    wids: roleIdsOf(tenant, client, arrived),
  })
    .setProtectedHeader({
      typ: "JWT",
      alg: "RS256",
      x5t: issuance.signingKey.jwk.kid,
      kid: issuance.signingKey.jwk.kid,
    })
    .sign(issuance.signingKey.privateKey);
}

/** Values of the app roles of a resource that a client was granted. */
export function grantedRoles(
  tenant: Tenant,
  client: ServicePrincipalRecord,
  resource: ServicePrincipalRecord,
  arrived: (id: string) => boolean = () => true,
): string[] {
  const offered = tenant.state.appRolesOf(resource);
  return tenant.state.appRoleAssignments
    .findBy("principalId", client.id)
    .filter(({ id, resourceId }) => resourceId === resource.id && arrived(id))
    .flatMap(({ appRoleId }) => offered.find(({ id }) => id === appRoleId)?.value ?? []);
}

/**
 * Template ids of the directory roles a client holds in the whole tenant, also as a member of a
 * group that is assignable to roles.
 *
 * @see https://learn.microsoft.com/entra/identity/role-based-access-control/groups-concept
 */
function roleIdsOf(
  tenant: Tenant,
  client: ServicePrincipalRecord,
  arrived: (id: string) => boolean,
): string[] {
  const { state } = tenant;
  const groups = state
    .groupsOf(client.id)
    .filter(({ properties }) => properties.isAssignableToRole);
  const held = [client, ...groups]
    .flatMap(({ id }) => state.roleAssignments.findBy("principalId", id))
    .filter(({ id, directoryScopeId }) => directoryScopeId === "/" && arrived(id))
    .map(({ roleDefinitionId }) => roleDefinitionId);
  return [...new Set([...held, defaultWid])];
}
