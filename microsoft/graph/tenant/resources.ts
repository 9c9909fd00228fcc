import type { ViewedResource } from "../../../policy/rules/stackView";
import { types } from "../../../policy/rules/types";
import type { Properties } from "../../../policy/rules/values";
import { identifierAsThumbprint } from "../applicationKeys";
import { applicationInputs, servicePrincipalInputs } from "./applicationForm";
import type { GraphFederatedCredential, ListedKey, ListedSecret } from "./objects";
import type { HeldRole, ReadApplication } from "./readApplication";
import type { Usage } from "./usage";

/**
 * What was read of an application as the resources that a stack would have: with the provider's type
 * tokens, the ids that `pulumi import` takes, and inputs as the provider reads them back. What no
 * resource of the provider holds, such as a role through a group, stands among the outputs.
 *
 * @param usage With it the service principal and each credential tell their last sign-in.
 * @example resourcesOf(found).filter(({ type }) => type === types.applicationPassword)
 */
export function resourcesOf(found: ReadApplication, usage?: Usage): ViewedResource[] {
  const all = [...registrationResources(found), ...principalResources(found)];
  return usage === undefined ? all : all.map((one) => withUsage(one, usage));
}

function withUsage(one: ViewedResource, usage: Usage): ViewedResource {
  const { keyId, clientId } = one.outputs;
  const lastSignIn =
    one.type === types.servicePrincipal
      ? usage.applications.get(String(clientId).toLowerCase())
      : usage.credentials.get(String(keyId));
  return lastSignIn === undefined ? one : { ...one, outputs: { ...one.outputs, lastSignIn } };
}

function registrationResources(found: ReadApplication): ViewedResource[] {
  const { application, applicationOwners, federated } = found;
  if (application === undefined) {
    return [];
  }
  const { id } = application;
  const applicationId = `/applications/${id}`;
  const owners = applicationOwners.map((owner) => owner.id);
  return [
    resource(types.application, applicationId, application.displayName ?? id, {
      inputs: applicationInputs(application, owners),
      outputs: {
        clientId: application.appId,
        objectId: id,
        displayName: application.displayName,
        createdDateTime: application.createdDateTime,
        publisherDomain: application.publisherDomain,
        verifiedPublisher: application.verifiedPublisher?.displayName,
        instancePropertyLock: application.servicePrincipalLockConfiguration?.isEnabled === true,
        appManagementPolicies: found.policies,
      },
    }),
    ...(application.keyCredentials ?? []).map((key) =>
      certificateResource(types.applicationCertificate, id, key, { applicationId }),
    ),
    ...(application.passwordCredentials ?? []).map((secret) =>
      password(types.applicationPassword, id, secret, { applicationId }),
    ),
    ...federated.map((one) => federatedCredentialResource(id, one)),
  ];
}

function principalResources(found: ReadApplication): ViewedResource[] {
  const { servicePrincipal, servicePrincipalOwners, consents, delegated, roles } = found;
  if (servicePrincipal === undefined) {
    return [];
  }
  const { id } = servicePrincipal;
  const servicePrincipalId = `/servicePrincipals/${id}`;
  const owners = servicePrincipalOwners.map((owner) => owner.id);
  return [
    resource(types.servicePrincipal, servicePrincipalId, servicePrincipal.displayName ?? id, {
      inputs: servicePrincipalInputs(servicePrincipal, owners),
      outputs: {
        clientId: servicePrincipal.appId,
        objectId: id,
        displayName: servicePrincipal.displayName,
        applicationTenantId: servicePrincipal.appOwnerOrganizationId,
        type: servicePrincipal.servicePrincipalType,
      },
    }),
    ...(servicePrincipal.keyCredentials ?? []).map((key) =>
      certificateResource(types.servicePrincipalCertificate, id, key, { servicePrincipalId }),
    ),
    ...(servicePrincipal.passwordCredentials ?? []).map((secret) =>
      password(types.servicePrincipalPassword, id, secret, { servicePrincipalId }),
    ),
    ...consents.map((one) =>
      resource(
        types.appRoleAssignment,
        `/servicePrincipals/${one.resourceId}/appRoleAssignedTo/${one.id}`,
        one.appRoleId,
        {
          inputs: {
            appRoleId: one.appRoleId,
            principalObjectId: one.principalId,
            resourceObjectId: one.resourceId,
          },
          outputs: {
            principalDisplayName: one.principalDisplayName,
            resourceDisplayName: one.resourceDisplayName,
            createdDateTime: one.createdDateTime,
          },
        },
      ),
    ),
    ...delegated.map((one) =>
      resource(types.delegatedGrant, `/oauth2PermissionGrants/${one.id}`, one.scope ?? "", {
        inputs: {
          servicePrincipalObjectId: one.clientId,
          resourceServicePrincipalObjectId: one.resourceId,
          claimValues: (one.scope ?? "").split(" ").filter((scope) => scope !== ""),
          ...(one.principalId ? { userObjectId: one.principalId } : {}),
        },
        outputs: {},
      }),
    ),
    ...roles.map((held) => role(id, held)),
  ];
}

function certificateResource(
  type: string,
  holder: string,
  key: ListedKey,
  parent: Properties,
): ViewedResource {
  const thumbprint = identifierAsThumbprint(key.customKeyIdentifier ?? "");
  return resource(type, `${holder}/certificate/${key.keyId.toLowerCase()}`, nameOf(key), {
    inputs: { ...parent, ...validityInputs(key), type: "AsymmetricX509Cert" },
    outputs: {
      keyId: key.keyId.toLowerCase(),
      ...(thumbprint === "" ? {} : { thumbprint }),
      notBefore: key.startDateTime,
      notAfter: key.endDateTime,
    },
  });
}

function password(
  type: string,
  holder: string,
  secret: ListedSecret,
  parent: Properties,
): ViewedResource {
  return resource(type, `${holder}/password/${secret.keyId.toLowerCase()}`, nameOf(secret), {
    inputs: {
      ...parent,
      ...validityInputs(secret),
      displayName: secret.displayName ?? secret.keyId,
    },
    outputs: { keyId: secret.keyId.toLowerCase() },
  });
}

function federatedCredentialResource(
  holder: string,
  one: GraphFederatedCredential,
): ViewedResource {
  const expression = one.claimsMatchingExpression?.value;
  const isFlexible = expression !== undefined && expression !== null;
  return resource(
    isFlexible ? types.applicationFlexibleFederated : types.applicationFederated,
    `${holder}/federatedIdentityCredential/${one.id}`,
    one.name,
    {
      inputs: {
        applicationId: `/applications/${holder}`,
        displayName: one.name,
        issuer: one.issuer,
        ...(isFlexible ? { claimsMatchingExpression: expression } : { subject: one.subject }),
        ...(one.description ? { description: one.description } : {}),
        ...(isFlexible
          ? { audience: one.audiences?.[0] }
          : { audiences: [...(one.audiences ?? [])] }),
      },
      outputs: { credentialId: one.id },
    },
  );
}

function role(principalObjectId: string, held: HeldRole): ViewedResource {
  const { id, roleDefinitionId, directoryScopeId, how, group } = held;
  const inputs = { roleId: roleDefinitionId, principalObjectId };
  return how === "eligible"
    ? resource(types.directoryRoleEligibility, id, roleDefinitionId, {
        inputs: { ...inputs, roleDefinitionId, principalId: principalObjectId, directoryScopeId },
        outputs: {},
      })
    : resource(
        types.directoryRoleAssignment,
        `/roleManagement/directory/roleAssignments/${id}`,
        roleDefinitionId,
        {
          inputs: { ...inputs, ...(directoryScopeId === "/" ? {} : { directoryScopeId }) },
          outputs: group === undefined ? {} : { groupId: group.id, groupName: group.name },
        },
      );
}

function validityInputs({ startDateTime, endDateTime }: ListedKey): Properties {
  return { startDate: startDateTime, endDate: endDateTime };
}

function nameOf({ displayName, keyId }: ListedKey): string {
  return displayName ?? keyId;
}

/** A resource of the tenant; no program has it, so its URN is made of its id. */
function resource(
  type: string,
  id: string,
  name: string,
  parts: Pick<ViewedResource, "inputs" | "outputs">,
): ViewedResource {
  return { urn: `urn:pulumi:tenant::tenant::${type}::${name} ${id}`, type, name, id, ...parts };
}
