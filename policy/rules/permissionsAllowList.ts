import { appOnlyPermissions, defaultAccess, type PermissionId } from "./data/permissions";
import { applicationNameOrId } from "./data/microsoftApplications";
import { type CommonSettings, settingsOf } from "./exemptions";
import { types } from "./types";
import {
  undecidedOn,
  type Rule,
  type Scene,
  type Ruling,
  violationOf,
  violationUnless,
} from "./rule";
import type { ViewedResource } from "./stackView";
import { elementsOf, isAbsent, isHidden, propertiesOf, textOf } from "./values";

/** Settings of {@link permissionsAllowList}. */
export interface PermissionSettings extends CommonSettings {
  /** Permissions that applications may ask for and be granted. */
  readonly allowedPermissions: readonly PermissionId[];
  /** Claim values, such as `User.Read`, that a delegated grant may hold. */
  readonly allowedScopes: readonly string[];
}

/** Application permissions, requested or granted, are on an allow list; so are delegated ones. */
export const permissionsAllowList: Rule<PermissionSettings> = {
  name: "entra-permissions-disallow-unlisted",
  displayName: "Permissions are on the allow list",
  description:
    "Applications ask for, and are granted, only the permissions that are on the allow list.",
  severity: "high",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the permission, or have it added to allowedPermissions (for a delegated grant: to allowedScopes) in the policy's configuration.",
  url: "https://learn.microsoft.com/entra/identity-platform/permissions-consent-overview",
  settings: settingsOf({
    allowedPermissions: {
      type: "array",
      description:
        "Permissions that applications may ask for and be granted. The default is Exchange.ManageAsApp of the two Exchange resources.",
      default: appOnlyPermissions,
      items: {
        type: "object",
        properties: {
          resourceAppId: { type: "string", minLength: 36 },
          id: { type: "string", minLength: 36 },
          type: { type: "string", enum: ["Role", "Scope"] },
        },
        required: ["resourceAppId", "id", "type"],
        additionalProperties: false,
      },
    },
    allowedScopes: {
      type: "array",
      description: "Claim values, such as User.Read, that a delegated grant may hold.",
      default: [],
      items: { type: "string", minLength: 1 },
    },
  }),
  judgeResource: (resource, scene) => {
    const { inputs } = resource;
    switch (resource.type) {
      case types.application:
        return judgeManifest(resource, inputs.requiredResourceAccesses, scene.settings);
      case types.applicationApiAccess:
        return judgeManifest(resource, [apiAccess(resource)], scene.settings);
      case types.appRoleAssignment:
        return judgeConsent(resource, scene);
      case types.delegatedGrant:
        return judgeGrant(resource, scene.settings);
      default:
        return [];
    }
  },
};

/** One resource of a manifest, as `requiredResourceAccesses` has it. */
function apiAccess({ inputs }: ViewedResource): unknown {
  const accesses = (ids: unknown, type: string) => elementsOf(ids).map((id) => ({ id, type }));
  return {
    resourceAppId: inputs.apiClientId,
    resourceAccesses: [...accesses(inputs.roleIds, "Role"), ...accesses(inputs.scopeIds, "Scope")],
  };
}

function judgeManifest(
  resource: ViewedResource,
  manifest: unknown,
  settings: PermissionSettings,
): Ruling[] {
  return elementsOf(manifest).flatMap((access) => {
    const { resourceAppId, resourceAccesses } = propertiesOf(access);
    const entries = isHidden(access) ? [access] : elementsOf(resourceAccesses);
    return entries.flatMap((entry) => {
      const { id, type } = propertiesOf(entry);
      const [appId, permission] = [textOf(resourceAppId), textOf(id)];
      if (appId === undefined || permission === undefined) {
        return [unseenRuling(resource, "A permission that the application asks for")];
      }
      // Anything but a delegated permission is judged as the stronger kind.
      return judgeId(resource, appId, permission, type === "Scope" ? "Scope" : "Role", settings);
    });
  });
}

function judgeId(
  resource: ViewedResource,
  resourceAppId: string,
  id: string,
  type: PermissionId["type"],
  { allowedPermissions }: PermissionSettings,
): Ruling[] {
  const allowed = allowedPermissions.some(
    (one) =>
      one.type === type && equalTexts(one.id, id) && equalTexts(one.resourceAppId, resourceAppId),
  );
  const kind = type === "Role" ? "application" : "delegated";
  const of = applicationNameOrId(resourceAppId);
  const message = `The ${kind} permission ${id} of ${of} is not on the allow list.`;
  return violationUnless(allowed, resource, message);
}

/**
 * An `AppRoleAssignment` names the resource by the object id that it has in the tenant, so the app
 * role decides, unless the stack itself has the resource.
 */
function judgeConsent(resource: ViewedResource, scene: Scene<PermissionSettings>): Ruling[] {
  const { stack, settings } = scene;
  const id = textOf(resource.inputs.appRoleId);
  if (id === undefined) {
    return [unseenRuling(resource, "The app role that is granted")];
  }
  const listed = settings.allowedPermissions.filter(
    (one) => one.type === "Role" && equalTexts(one.id, id),
  );
  if (id === defaultAccess) {
    return [];
  }
  if (listed.length === 0) {
    return [violationOf(resource, `The application permission ${id} is not on the allow list.`)];
  }
  const of = stack.referred(resource, "resourceObjectId", [types.servicePrincipal]);
  if (of.kind === "open" && isHidden(resource.inputs.resourceObjectId)) {
    return [undecidedOn(resource, "Only the update decides whose app role is granted.")];
  }
  if (of.kind !== "resource") {
    return [];
  }
  // The stack's own applications can give an app role any id, that of a listed one included.
  const appId = textOf(of.resource.inputs.clientId) ?? textOf(of.resource.outputs.clientId);
  return violationUnless(
    listed.some((one) => appId !== undefined && equalTexts(one.resourceAppId, appId)),
    resource,
    `The application permission ${id} of ${appId ?? of.resource.name} is not on the allow list.`,
  );
}

function judgeGrant(resource: ViewedResource, { allowedScopes }: PermissionSettings): Ruling[] {
  const { claimValues } = resource.inputs;
  if (isAbsent(claimValues)) {
    return [];
  }
  return elementsOf(claimValues).flatMap((element) => {
    const claim = textOf(element);
    if (claim === undefined) {
      return [unseenRuling(resource, "A delegated permission that is granted")];
    }
    const message = `The delegated permission ${claim} is not on the allow list.`;
    return violationUnless(allowedScopes.includes(claim), resource, message);
  });
}

function unseenRuling(resource: ViewedResource, what: string): Ruling {
  return violationOf(
    resource,
    `${what} cannot be seen at preview, so it is not on the allow list. Write its id out.`,
  );
}

function equalTexts(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
