import { randomUUID } from "node:crypto";
import { InitializationFailed } from "../protocol/failures";
import { plannedState } from "../protocol/plan";
import {
  refuseLengthOutside,
  refuseOtherThan,
  refuseOtherThanUuid,
  type Schema,
} from "../protocol/schema";
import { items, nested, type Properties, text, texts } from "../protocol/values";
import { appRoles, featureTags, features, idsByValue, permissionScopes, tagsOf } from "./appRoles";
import type { GraphError, Json } from "./graph";
import { ownerIds, ownersToBind, replaceOwners, settleOwners } from "./owners";
import { attempt, orGone, requireFound, type Resource, segment } from "./resource";
import { untilSteady } from "./waiting";

const flags = (...names: string[]): Schema =>
  Object.fromEntries(names.map((name) => [name, { type: "flag" as const }]));

const schema: Schema = {
  accountEnabled: { type: "flag", default: true },
  alternativeNames: { type: "set" },
  appRoleAssignmentRequired: { type: "flag" },
  appRoleIds: { type: "map", outputOnly: true },
  appRoles: { type: "list", outputOnly: true },
  applicationTenantId: { type: "text", outputOnly: true },
  clientId: { type: "text", required: true, forceNew: true, refuse: refuseOtherThanUuid },
  description: { type: "text", refuse: refuseLengthOutside(0, 1024) },
  displayName: { type: "text", outputOnly: true },
  featureTags: {
    type: "list",
    computed: true,
    fields: flags("customSingleSignOn", "enterprise", "gallery", "hide"),
  },
  features: {
    type: "list",
    computed: true,
    fields: flags(
      "customSingleSignOnApp",
      "enterpriseApplication",
      "galleryApplication",
      "visibleToUsers",
    ),
  },
  homepageUrl: { type: "text", outputOnly: true },
  loginUrl: { type: "text" },
  logoutUrl: { type: "text", outputOnly: true },
  notes: { type: "text", refuse: refuseLengthOutside(0, 1024) },
  notificationEmailAddresses: { type: "set" },
  oauth2PermissionScopeIds: { type: "map", outputOnly: true },
  oauth2PermissionScopes: { type: "list", outputOnly: true },
  objectId: { type: "text", outputOnly: true },
  owners: { type: "set", refuse: refuseOtherThanUuid },
  preferredSingleSignOnMode: {
    type: "text",
    refuse: refuseOtherThan("oidc", "password", "saml", "notSupported"),
  },
  redirectUris: { type: "list", outputOnly: true },
  samlMetadataUrl: { type: "text", outputOnly: true },
  samlSingleSignOn: { type: "object", fields: { relayState: { type: "text" } } },
  servicePrincipalNames: { type: "list", outputOnly: true },
  signInAudience: { type: "text", outputOnly: true },
  tags: { type: "set", computed: true },
  type: { type: "text", outputOnly: true },
  useExisting: { type: "flag" },
};

/** @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/serviceprincipals/service_principal_resource.go */
export const servicePrincipal: Resource = {
  token: "azuread:index/servicePrincipal:ServicePrincipal",
  schema,

  async create(graph, inputs) {
    const clientId = text(inputs, "clientId");
    const existing = await attempt("Could not list existing service principals", () =>
      graph.list("/v1.0/servicePrincipals", { $filter: `appId eq '${clientId}'` }),
    );
    const [found] = existing;
    if (found !== undefined) {
      const id = `/servicePrincipals/${text(found, "id")}`;
      if (inputs.useExisting === true) {
        const update = servicePrincipal.update?.bind(servicePrincipal);
        const changed = new Set(inputs.owners === undefined ? [] : ["owners"]);
        return { id, state: (await update?.(graph, id, {}, inputs, changed)) ?? {} };
      }
      throw new Error(
        `A resource with the ID "${text(found, "id")}" already exists - to be managed via Terraform this resource needs to be imported into the State. Please see the resource documentation for "azuread_service_principal" for more information.`,
      );
    }
    const owners = await ownersToBind(graph, inputs);
    const created = await attempt("Could not create service principal", () =>
      graph.send({
        method: "POST",
        path: "/v1.0/servicePrincipals",
        retries: 14,
        retry: isBackingApplicationLate,
        body: {
          ...body(inputs),
          appId: clientId,
          description: `TERRAFORM_UPDATE_${randomUUID()}`,
          "owners@odata.bind": owners.bind,
        },
      }),
    );
    const objectId = text(created, "id");
    const id = `/servicePrincipals/${objectId}`;
    const path = `/v1.0${id}`;
    try {
      await attempt("Failed to patch service principal after creating", () =>
        graph.send({
          method: "PATCH",
          path,
          retries: 14,
          body: {
            "@odata.type": "#microsoft.graph.servicePrincipal",
            description: text(inputs, "description") || null,
          },
        }),
      );
      await settleOwners(graph, path, owners);
    } catch (error) {
      throw new InitializationFailed(id, plannedState({}, inputs), error as Error);
    }
    return { id, state: requireFound(await servicePrincipal.read(graph, id, inputs)) };
  },

  async read(graph, id, known) {
    const path = `/v1.0/servicePrincipals/${segment(id, "servicePrincipals")}`;
    const found = await attempt(`Retrieving ${id}`, () => orGone(() => graph.get(path)));
    if (found === undefined) {
      return undefined;
    }
    const beta = await graph.get(path.replace("/v1.0", "/beta"), { $select: "samlMetadataUrl" });
    return {
      ...servicePrincipalProperties(found, beta),
      owners: await ownerIds(graph, path),
      ...(known.useExisting === undefined ? {} : { useExisting: known.useExisting }),
    };
  },

  async update(graph, id, _state, inputs, changed) {
    const path = `/v1.0/servicePrincipals/${segment(id, "servicePrincipals")}`;
    await attempt(`Updating ${id}`, () =>
      graph.send({
        method: "PATCH",
        path,
        retries: 14,
        body: { ...body(inputs), description: text(inputs, "description") || null },
      }),
    );
    if (changed.has("owners")) {
      await replaceOwners(graph, path, texts(inputs, "owners"));
    }
    return requireFound(await servicePrincipal.read(graph, id, inputs));
  },

  async delete(graph, id, state) {
    const path = `/v1.0/servicePrincipals/${segment(id, "servicePrincipals")}`;
    const remove = () => graph.send({ method: "DELETE", path });
    if (state.useExisting === true) {
      // As in the official plugin: it is deleted all the same, and only errors are ignored.
      await remove().catch(() => undefined);
      return;
    }
    await attempt(`Deleting ${id}`, remove);
    await untilSteady(
      5,
      async () => (await orGone(() => graph.get(path))) === undefined,
      `Waiting for deletion of ${id}`,
    );
  },
};

function isBackingApplicationLate({ status, graphMessage }: GraphError): boolean {
  return status === 400
    ? /The appId '.+' of the service principal does not reference a valid application object/.test(
        graphMessage,
      )
    : status === 403 &&
        graphMessage.includes(
          "When using this permission, the backing application of the service principal being created must in the local tenant",
        );
}

function body(inputs: Properties): Json {
  const relayState = text(nested(inputs, "samlSingleSignOn"), "relayState");
  return {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    accountEnabled: inputs.accountEnabled !== false,
    alternativeNames: texts(inputs, "alternativeNames"),
    appRoleAssignmentRequired: inputs.appRoleAssignmentRequired === true,
    loginUrl: text(inputs, "loginUrl") || null,
    notes: text(inputs, "notes") || null,
    notificationEmailAddresses: texts(inputs, "notificationEmailAddresses"),
    preferredSingleSignOnMode: text(inputs, "preferredSingleSignOnMode") || null,
    samlSingleSignOnSettings: { relayState: relayState || null },
    tags: Array.isArray(inputs.featureTags)
      ? tagsOf(items(inputs, "featureTags")[0])
      : texts(inputs, "tags"),
  };
}

/** A service principal as Graph returns it, as properties. */
export function servicePrincipalProperties(found: Json, beta: Json): Properties {
  const clientId = text(found, "appId");
  return {
    accountEnabled: found.accountEnabled === true,
    alternativeNames: texts(found, "alternativeNames"),
    appRoleAssignmentRequired: found.appRoleAssignmentRequired === true,
    appRoleIds: idsByValue(found.appRoles),
    appRoles: appRoles(found.appRoles),
    applicationTenantId: text(found, "appOwnerOrganizationId"),
    clientId,
    description: text(found, "description"),
    displayName: text(found, "displayName"),
    featureTags: featureTags(found.tags),
    features: features(found.tags),
    homepageUrl: text(found, "homepage"),
    loginUrl: text(found, "loginUrl"),
    logoutUrl: text(found, "logoutUrl"),
    notes: text(found, "notes"),
    notificationEmailAddresses: texts(found, "notificationEmailAddresses"),
    oauth2PermissionScopeIds: idsByValue(found.oauth2PermissionScopes),
    oauth2PermissionScopes: permissionScopes(found.oauth2PermissionScopes),
    objectId: text(found, "id"),
    preferredSingleSignOnMode: text(found, "preferredSingleSignOnMode"),
    redirectUris: texts(found, "replyUrls"),
    samlMetadataUrl: text(beta, "samlMetadataUrl"),
    samlSingleSignOn: { relayState: text(nested(found, "samlSingleSignOnSettings"), "relayState") },
    servicePrincipalNames: texts(found, "servicePrincipalNames").filter(
      (name) => name.toLowerCase() !== clientId.toLowerCase(),
    ),
    signInAudience: text(found, "signInAudience"),
    tags: texts(found, "tags"),
    type: text(found, "servicePrincipalType"),
  };
}
