import { type EntityType, propertiesByKind } from "./entityType";

/** What can be asked of logs. */
const logQueries = { negation: true, largestPage: 1000 };

/** @see https://learn.microsoft.com/graph/api/resources/directoryaudit#properties */
export const directoryAuditType: EntityType = {
  name: "directoryAudit",
  ...propertiesByKind({
    text: [
      "activityDisplayName filterable",
      "category filterable",
      "correlationId filterable",
      "id",
      "loggedByService filterable",
      "operationType",
      "result filterable",
      "resultReason",
    ],
    date: ["activityDateTime filterable"],
    object: ["initiatedBy filterable"],
    objects: ["additionalDetails", "targetResources filterable"],
  }),
  textIds: true,
  ...logQueries,
};

/** @see https://learn.microsoft.com/graph/api/resources/signin#properties */
export const signInType: EntityType = {
  name: "signIn",
  ...propertiesByKind({
    text: [
      "appDisplayName filterable",
      "appId filterable",
      "clientAppUsed filterable",
      "clientCredentialType",
      "conditionalAccessStatus filterable",
      "correlationId filterable",
      "federatedCredentialId filterable",
      "id",
      "ipAddress filterable",
      "resourceDisplayName filterable",
      "resourceId filterable",
      "resourceServicePrincipalId",
      "servicePrincipalCredentialKeyId filterable",
      "servicePrincipalCredentialThumbprint filterable",
      "servicePrincipalId filterable",
      "servicePrincipalName filterable",
      ...["userDisplayName", "userId", "userPrincipalName"].map((name) => `${name} filterable`),
    ],
    number: ["status/errorCode filterable"],
    date: ["createdDateTime filterable"],
    texts: ["signInEventTypes filterable"],
    object: ["status"],
  }),
  ...logQueries,
};

/** @see https://learn.microsoft.com/graph/api/resources/serviceprincipalsigninactivity#properties */
export const servicePrincipalActivityType: EntityType = {
  name: "servicePrincipalSignInActivity",
  ...propertiesByKind({
    text: ["appId filterable", "id"],
    object: [
      "applicationAuthenticationClientSignInActivity",
      "applicationAuthenticationResourceSignInActivity",
      "delegatedClientSignInActivity",
      "delegatedResourceSignInActivity",
      "lastSignInActivity",
    ],
  }),
};

/** @see https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity#properties */
export const credentialActivityType: EntityType = {
  name: "appCredentialSignInActivity",
  ...propertiesByKind({
    text: [
      "appId filterable",
      "appObjectId",
      "credentialOrigin",
      "id",
      "keyId filterable",
      "keyType",
      "keyUsage",
      "resourceId",
      "servicePrincipalObjectId",
    ],
    date: ["createdDateTime", "expirationDateTime"],
    object: ["signInActivity"],
  }),
};
