import { randomBytes } from "node:crypto";
import type { OAuth2PermissionGrantRecord } from "../../state/entities";
import { requiredGuid, requiredText } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findServicePrincipal, findInPath } from "../lookup";
import { findUser } from "./users";
import { oauth2PermissionGrantType } from "../model/grantTypes";
import { mergeProperties } from "../properties";

const writeGrants = ["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All"];
const readGrants = ["DelegatedPermissionGrant.Read.All", "Directory.Read.All", ...writeGrants];
const grantType = "OAuth2PermissionGrant";

const shared = {
  type: oauth2PermissionGrantType,
  setName: () => "oauth2PermissionGrants",
  read: readGrants,
  show: (_: GraphCall, grant: OAuth2PermissionGrantRecord) => ({ ...grant }),
};

/**
 * Consents to delegated permissions.
 *
 * @see https://learn.microsoft.com/graph/api/resources/oauth2permissiongrant
 */
export const permissionGrants: readonly EntitySet<OAuth2PermissionGrantRecord>[] = [
  {
    ...shared,
    paths: ["/oauth2PermissionGrants"],
    write: writeGrants,
    all: ({ state }) => state.oauth2PermissionGrants.all(),
    delta: true,
    create: (call) => ({ ...newGrant(call) }),
    update: ({ body }, grant) => {
      const { scope } = mergeProperties({}, body, oauth2PermissionGrantType);
      grant.scope = typeof scope === "string" ? scope : grant.scope;
    },
    remove: ({ state }, { id }) => state.oauth2PermissionGrants.delete(id),
  },
  {
    ...shared,
    paths: ["/servicePrincipals/:id/oauth2PermissionGrants"],
    parameter: "grant",
    all: (call) =>
      call.state.oauth2PermissionGrants.findBy(
        "clientId",
        findInPath(call, findServicePrincipal).id,
      ),
  },
  {
    ...shared,
    paths: ["/users/:id/oauth2PermissionGrants"],
    parameter: "grant",
    all: (call) => {
      const { id } = findInPath(call, findUser);
      return call.state.oauth2PermissionGrants
        .all()
        .filter(({ principalId }) => principalId === id);
    },
  },
];

function newGrant({ state, body }: GraphCall): OAuth2PermissionGrantRecord {
  const clientId = requiredGuid(body, "clientId", grantType);
  const resourceId = requiredGuid(body, "resourceId", grantType);
  const consentType = requiredText(body, "consentType", grantType);
  if (consentType !== "AllPrincipals" && consentType !== "Principal") {
    throw graphErrors.invalidValue("consentType", grantType);
  }
  const principalId =
    consentType === "Principal" ? requiredGuid(body, "principalId", grantType) : null;
  const scope = requiredText(body, "scope", grantType);
  for (const id of [clientId, resourceId]) {
    if (state.servicePrincipals.get(id) === undefined) {
      throw graphErrors.notFound(id);
    }
  }
  if (principalId !== null && state.users.get(principalId) === undefined) {
    throw graphErrors.notFound(principalId);
  }
  const known = state.oauth2PermissionGrants
    .findBy("clientId", clientId)
    .some((one) => one.resourceId === resourceId && one.principalId === principalId);
  if (known) {
    throw graphErrors.grantAlreadyExists();
  }
  const id = randomBytes(32).toString("base64url");
  const grant = { id, clientId, consentType, principalId, resourceId, scope } as const;
  return state.oauth2PermissionGrants.put({ ...grant });
}
