import { randomUUID } from "node:crypto";
import type { SimulatorContext } from "../http/context";
import { asText, isGuid, isJsonObject, type Json, type JsonObject } from "../json";
import { directoryRoleTemplates } from "../seed/directoryRoles";
import type { KeyCredentialRecord, PasswordCredentialRecord } from "../state/entities";
import type { TenantState } from "../state/tenantState";
import type { Tenant } from "../state/tenants";
import { idInAddress } from "./body";
import { activityOf } from "./auditedActivities";
import { presentDirectoryObject } from "./present";

/** Requests that change nothing, although they are not reads by their method. */
const changesNothing =
  /\/(\$batch|getAvailableExtensionProperties|getByIds|(check|get)Member(Groups|Objects))$/;

/**
 * Writes down who changed what, whatever route did it: the objects that the request and its answer
 * name, as they were before and are after.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directoryaudit
 */
export async function auditChanges(c: SimulatorContext, next: () => Promise<void>): Promise<void> {
  const { caller, body } = c.var.request;
  if (c.req.method === "GET" || changesNothing.test(c.req.path) || caller === undefined) {
    return next();
  }
  const { tenant } = caller;
  const path = c.req.path.replace(/^\/[^/]+/, "");
  const sent = isJsonObject(body.json) ? body.json : {};
  const { "@odata.id": reference = [] } = sent;
  const before = objectsNamed(tenant, path, { "@odata.id": reference });
  await next();
  if (c.res.status < 200 || c.res.status > 299) {
    return;
  }
  const answer = c.res.status === 201 ? ((await c.res.clone().json()) as Json) : {};
  const made = isJsonObject(answer) ? answer : {};
  const after = objectsNamed(tenant, path, { ...sent, ...made });
  const activity = activityOf(c.req.method, path, sent);
  const { state } = tenant;
  const client = state.servicePrincipals.get(caller.objectId);
  state.log(state.directoryAudits, {
    id: `Directory_${randomUUID()}`,
    activityDateTime: state.now().toISOString(),
    activityDisplayName: activity.name,
    category: activity.category,
    operationType: activity.operationType,
    correlationId: c.var.request.requestId,
    initiatedBy: {
      user: null,
      app: {
        // The log leaves the application's id out, as it was seen to.
        appId: null,
        displayName: client === undefined ? null : state.nameOf(client),
        servicePrincipalId: caller.objectId,
        servicePrincipalName: null,
      },
    },
    targetResources: targets(before, after),
  });
}

/** An object of the tenant as the log tells it. */
interface Seen {
  readonly type: string;
  readonly displayName: string | null;
  readonly properties: Readonly<Record<string, Json>>;
}

/** What is named by a path and a body, by its id. */
function objectsNamed(tenant: Tenant, path: string, body: JsonObject): Map<string, Seen> {
  const { state } = tenant;
  const seen = new Map<string, Seen>();
  const add = (id: string) => {
    const found = idNamed(state, id);
    const object = found === undefined ? undefined : seenObject(tenant, found);
    if (found !== undefined && object !== undefined) {
      seen.set(found, object);
    }
  };
  const segments = path.split("/");
  const grants = grantsNamed(state, segments.at(-1) ?? "", body);
  const references = [body["@odata.id"] ?? [], body["id"] ?? []].flat().map(asText);
  for (const grant of grants) {
    const { roleDefinitionId, appRoleId, principalId, resourceId, clientId } = grant;
    const ends = [resourceId, clientId, principalId].map(asText).filter((id) => id !== "");
    ends.forEach(add);
    const role = directoryRoleTemplates.get(asText(roleDefinitionId));
    if (role !== undefined) {
      seen.set(role.id, { type: "Role", displayName: role.displayName, properties: {} });
    }
    const resource = state.servicePrincipals.get(asText(resourceId));
    const value =
      resource && state.appRolesOf(resource).find(({ id }) => id === asText(appRoleId))?.value;
    const first = seen.get(ends[0] ?? "");
    if (first !== undefined) {
      seen.set(ends[0]!, {
        ...first,
        properties: {
          ...(role ? { "Role.DisplayName": role.displayName, "Role.TemplateId": role.id } : {}),
          ...(appRoleId === undefined
            ? {}
            : {
                "AppRole.Id": asText(appRoleId),
                "AppRole.Value": value ?? null,
                "ServicePrincipal.ObjectID": asText(principalId),
              }),
          ...(grant["scope"] === undefined
            ? {}
            : { "DelegatedPermissionGrant.Scope": grant["scope"] }),
        },
      });
    }
  }
  for (const key of [...segments, ...references.map((one) => idInAddress(one) ?? one)]) {
    if (!seen.has(key)) {
      add(key);
    }
  }
  return seen;
}

/** The id that a part of a path names: itself, or the one behind an alternate key. */
function idNamed(state: TenantState, key: string): string | undefined {
  const appId = /^appId=(.*)$/i.exec(key)?.[1];
  if (appId !== undefined) {
    return (state.applications.firstBy("appId", appId) ?? state.servicePrincipalOf(appId))?.id;
  }
  return isGuid(key) ? key.toLowerCase() : undefined;
}

/** Consents and role assignments that a path or a body names. */
function grantsNamed(state: TenantState, key: string, body: JsonObject): JsonObject[] {
  const kept = [state.appRoleAssignments, state.roleAssignments, state.oauth2PermissionGrants]
    .map((grants) => grants.get(key))
    .flatMap((grant) => (grant === undefined ? [] : [{ ...grant }]));
  const sent = body["roleDefinitionId"] ?? body["appRoleId"] ?? body["clientId"];
  return sent === undefined ? kept : [...kept, body];
}

const objectTypes: Readonly<Record<string, string>> = {
  application: "Application",
  servicePrincipal: "ServicePrincipal",
  group: "Group",
  user: "User",
  directoryRole: "Role",
  administrativeUnit: "AdministrativeUnit",
};

function seenObject(tenant: Tenant, id: string): Seen | undefined {
  const { state } = tenant;
  const policy = state.appManagementPolicies.get(id);
  if (policy !== undefined) {
    return { type: "Policy", displayName: policy.displayName, properties: { ...policy } as never };
  }
  const shown = presentDirectoryObject(tenant, id);
  if (shown === undefined) {
    return undefined;
  }
  const {
    "@odata.type": odataType,
    keyCredentials: _,
    passwordCredentials: __,
    // Presented anew, but for the hundreds of Microsoft's own, which are the same objects.
    appRoles,
    ...rest
  } = shown;
  const application = state.applications.get(id);
  const holder = application ?? state.servicePrincipals.get(id);
  const credentials: JsonObject =
    holder === undefined
      ? {}
      : { KeyDescription: [...holder.keyCredentials, ...holder.passwordCredentials].map(describe) };
  if (application !== undefined) {
    credentials["FederatedIdentityCredentials"] = application.federatedCredentials.map(
      ({ name, issuer, subject }) => `${name}: ${subject ?? "expression"} from ${issuer}`,
    );
  }
  return {
    type: objectTypes[asText(odataType).replace("#microsoft.graph.", "")] ?? "Other",
    displayName: rest["displayName"] === undefined ? null : asText(rest["displayName"]),
    properties: {
      ...structuredClone({ ...rest, ...credentials }),
      ...(appRoles === undefined ? {} : { appRoles }),
    },
  };
}

function describe(one: KeyCredentialRecord | PasswordCredentialRecord): string {
  const type = "type" in one ? one.type : "Password";
  return `[KeyIdentifier=${one.keyId},KeyType=${type},KeyUsage=Verify,DisplayName=${one.displayName ?? ""}]`;
}

function targets(before: ReadonlyMap<string, Seen>, after: ReadonlyMap<string, Seen>) {
  return [...new Set([...before.keys(), ...after.keys()])].map((id): JsonObject => {
    const [old, now] = [before.get(id), after.get(id)];
    const { type, displayName } = (now ?? old)!;
    return {
      id,
      displayName,
      type,
      userPrincipalName: null,
      groupType: null,
      modifiedProperties: changesOfProperties(old?.properties ?? {}, now?.properties ?? {}),
    };
  });
}

/** Properties that differ, each side as JSON. */
function changesOfProperties(
  before: Readonly<Record<string, Json>>,
  after: Readonly<Record<string, Json>>,
): JsonObject[] {
  const text = (value: Json | undefined) => (value === undefined ? null : JSON.stringify(value));
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name])
    .map((name) => ({
      displayName: name,
      oldValue: text(before[name]),
      newValue: text(after[name]),
    }))
    .filter(({ oldValue, newValue }) => oldValue !== newValue);
}
