import { asText, isJsonObject, type JsonObject } from "../../json";
import { applicationDefaults } from "../../state/newEntities";
import type { ApplicationRecord } from "../../state/entities";
import { checkApplication, enforceDisabledFirst } from "../applicationChecks";
import {
  authorizeWrite,
  mayWriteApplications,
  readApplications,
  writeApplications,
} from "../authorization";
import { referencedIds, requiredText } from "../body";
import type { GraphCall } from "../call";
import { enforceKeyPolicy, enforcePasswordPolicy } from "../credentialPolicy";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { replaceKeyCredentials } from "../keyCredentials";
import { boundOwners, findApplication } from "../lookup";
import { applicationType } from "../model/directoryTypes";
import { federatedCredentialType } from "../model/grantTypes";
import { newPassword } from "../passwordCredentials";
import { presentApplication, presentFederatedCredential } from "../present";
import { mergeProperties } from "../properties";
import { relationTo } from "../references";

/**
 * App registrations.
 *
 * @see https://learn.microsoft.com/graph/api/resources/application
 */
export const applications: EntitySet<ApplicationRecord> = {
  paths: ["/applications"],
  type: {
    ...applicationType,
    navigation: {
      federatedIdentityCredentials: {
        many: true,
        type: federatedCredentialType,
        related: ({ state }, { id }) =>
          state.applications
            .get(asText(id))!
            .federatedCredentials.map((one) => presentFederatedCredential(one, "v1.0")),
      },
      owners: relationTo((state, { id }) => state.applications.get(asText(id))!.owners),
    },
  },
  read: readApplications,
  write: writeApplications,
  all: ({ state }) => state.applications.all(),
  delta: true,
  find: findApplication,
  show: ({ c, tenant }, application, single) => {
    // Key material is answered only where it was asked for by name, of one application.
    const withKeys = single && /select=[^&]*keyCredentials/i.test(c.req.url);
    return presentApplication(tenant, application, { withKeys });
  },
  upsertBy: "uniqueName",
  create: createApplication,
  update: updateApplication,
  remove: ({ caller, state }, application) => {
    authorizeWrite(caller, application);
    state.deleteApplication(application);
  },
};

function createApplication(call: GraphCall): JsonObject {
  const { body, caller, tenant, state } = call;
  const { "owners@odata.bind": bound, keyCredentials, passwordCredentials, ...sent } = body;
  const displayName = requiredText(sent, "displayName", "Application");
  const properties = mergeProperties(applicationDefaults(), sent, call.extended(applicationType));
  checkApplication(tenant, properties);
  const owners = boundOwners(state, referencedIds(bound));
  if (owners.length > 20) {
    throw graphErrors.badRequest("Too many owners are specified: at most 20 can be bound.");
  }
  if (mayWriteApplications(caller) === "owned") {
    const { api } = properties;
    // Only later, by an update.
    // @see https://github.com/nais/azurerator/issues/164
    if (isJsonObject(api) && api["acceptMappedClaims"] === true) {
      throw graphErrors.insufficientPrivileges();
    }
    // Who may only manage what it owns owns what it makes; otherwise it could not go on.
    // @see https://github.com/microsoftgraph/msgraph-sdk-powershell/issues/829
    if (owners.length === 0) {
      owners.push(caller.objectId);
    }
  }
  const now = state.now();
  const createdDateTime = now.toISOString();
  const keys =
    keyCredentials === undefined
      ? []
      : replaceKeyCredentials([], keyCredentials, now, (key) =>
          enforceKeyPolicy(tenant, { createdDateTime }, key),
        );
  const passwords = (Array.isArray(passwordCredentials) ? passwordCredentials : []).map((one) =>
    newPassword(one, now, (record) => enforcePasswordPolicy(tenant, { createdDateTime }, record)),
  );
  const application = state.addApplication(
    {
      properties: { ...properties, displayName },
      keyCredentials: keys,
      passwordCredentials: passwords.map(({ record }) => record),
      owners,
    },
    caller.appId,
  );
  return {
    ...presentApplication(tenant, application),
    passwordCredentials: passwords.map(({ shown }) => shown),
  };
}

function updateApplication(call: GraphCall, application: ApplicationRecord): void {
  const { body, caller, tenant } = call;
  authorizeWrite(caller, application);
  const { keyCredentials, ...sent } = body;
  if (Array.isArray(sent["passwordCredentials"])) {
    throw graphErrors.badRequest(
      "Update of passwordCredentials is not supported. Use the addPassword and removePassword actions.",
    );
  }
  const properties = mergeProperties(application.properties, sent, call.extended(applicationType));
  checkApplication(tenant, properties, application);
  enforceDisabledFirst(application.properties, properties);
  const keys =
    keyCredentials === undefined
      ? application.keyCredentials
      : replaceKeyCredentials(
          application.keyCredentials,
          keyCredentials,
          tenant.state.now(),
          (key) => enforceKeyPolicy(tenant, application, key),
        );
  application.properties = {
    ...properties,
    displayName: asText(properties["displayName"]),
    signInAudience: asText(properties["signInAudience"]),
  };
  application.keyCredentials = keys;
}
