import { widsOfEverybody } from "../../policy/rules/data/directoryRoles";
import { decodeClaims, type TokenClaims } from "../tokens";

/** Whom a token speaks for, and what it says that it may do. */
export interface Deployer {
  readonly kind: "application" | "user";
  readonly tenantId: string;
  /** Application that was issued the token; for a user that of the client, such as the Azure CLI. */
  readonly applicationId: string;
  /** Object id of the service principal or the user. */
  readonly objectId: string;
  /** Its display name, or a user's sign-in name, where the token has it. */
  readonly name?: string;
  /** Application permissions of Microsoft Graph, by name. */
  readonly permissions: readonly string[];
  /** Delegated permissions of Microsoft Graph, by name. */
  readonly scopes: readonly string[];
  /** Template ids of directory roles; absent where the token names none at all. */
  readonly directoryRoles?: readonly string[];
}

interface DeployerClaims extends TokenClaims {
  readonly scp?: string;
  readonly idtyp?: string;
  readonly app_displayname?: string;
  readonly upn?: string;
  readonly unique_name?: string;
}

/**
 * What a token for Microsoft Graph says about its bearer. A token of a user carries delegated
 * permissions in `scp`; one of an application carries application permissions in `roles`.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export function deployerOf(token: string): Deployer {
  const claims: DeployerClaims = decodeClaims(token);
  const scopes = claims.scp?.split(" ").filter((scope) => scope !== "") ?? [];
  const isUser = claims.idtyp === "user" || (claims.idtyp !== "app" && scopes.length > 0);
  // Of a user's token the application is the client, such as the Azure CLI.
  const name = isUser ? (claims.upn ?? claims.unique_name) : claims.app_displayname;
  return {
    kind: isUser ? "user" : "application",
    tenantId: claims.tid ?? "",
    applicationId: claims.appid ?? "",
    objectId: claims.oid ?? "",
    ...(name === undefined ? {} : { name }),
    permissions: isUser ? [] : [...new Set(claims.roles ?? [])].sort(),
    scopes,
    ...(claims.wids === undefined
      ? {}
      : { directoryRoles: claims.wids.filter((role) => !widsOfEverybody.includes(role)) }),
  };
}
