import { randomUUID } from "node:crypto";
import {
  refuseLengthOutside,
  refuseOtherThan,
  refuseOtherThanUuid,
} from "../../pluginProtocol/schema";
import { type Properties, text, texts } from "../../pluginProtocol/values";
import { type Fields, fromGraph, toGraph } from "./fields";
import type { GraphError, Json } from "./graph";
import { ownerIds, ownersToBind, replaceOwners, settleOwners } from "./owners";
import {
  attempt,
  ignoreGone,
  madeResource,
  removeAndWait,
  requireFound,
  type Resource,
  segment,
} from "./resource";
import {
  appRoleFields,
  featuresAt,
  featureTags,
  idsByValueAt,
  permissionScopeFields,
  tagsOf,
} from "./sharedFields";

const schema: Fields = {
  accountEnabled: { type: "flag", default: true, graph: "accountEnabled" },
  alternativeNames: { type: "set", graph: "alternativeNames" },
  appRoleAssignmentRequired: { type: "flag", graph: "appRoleAssignmentRequired" },
  appRoleIds: idsByValueAt("appRoles"),
  appRoles: { type: "list", outputOnly: true, fields: appRoleFields, graph: "appRoles" },
  applicationTenantId: { type: "text", outputOnly: true, graph: "appOwnerOrganizationId" },
  clientId: {
    type: "text",
    required: true,
    forceNew: true,
    refuse: refuseOtherThanUuid,
    graph: "appId",
    receivedOnly: true,
  },
  description: {
    type: "text",
    refuse: refuseLengthOutside(0, 1024),
    graph: "description",
    receivedOnly: true,
  },
  displayName: { type: "text", outputOnly: true, graph: "displayName" },
  featureTags,
  features: featuresAt(
    {
      customSingleSignOn: "customSingleSignOnApp",
      enterprise: "enterpriseApplication",
      gallery: "galleryApplication",
      hide: "visibleToUsers",
    },
    (feature, tagged) => (feature === "hide") !== tagged,
  ),
  homepageUrl: { type: "text", outputOnly: true, graph: "homepage" },
  loginUrl: { type: "text", graph: "loginUrl" },
  logoutUrl: { type: "text", outputOnly: true, graph: "logoutUrl" },
  notes: { type: "text", refuse: refuseLengthOutside(0, 1024), graph: "notes" },
  notificationEmailAddresses: { type: "set", graph: "notificationEmailAddresses" },
  oauth2PermissionScopeIds: idsByValueAt("oauth2PermissionScopes"),
  oauth2PermissionScopes: {
    type: "list",
    outputOnly: true,
    fields: permissionScopeFields,
    graph: "oauth2PermissionScopes",
  },
  objectId: { type: "text", outputOnly: true, graph: "id" },
  owners: { type: "set", refuse: refuseOtherThanUuid },
  preferredSingleSignOnMode: {
    type: "text",
    refuse: refuseOtherThan("oidc", "password", "saml", "notSupported"),
    graph: "preferredSingleSignOnMode",
  },
  redirectUris: { type: "list", outputOnly: true, graph: "replyUrls" },
  samlMetadataUrl: { type: "text", outputOnly: true, graph: "samlMetadataUrl" },
  samlSingleSignOn: {
    type: "object",
    fields: { relayState: { type: "text", graph: "relayState" } },
    graph: "samlSingleSignOnSettings",
  },
  servicePrincipalNames: { type: "list", outputOnly: true, graph: "servicePrincipalNames" },
  signInAudience: { type: "text", outputOnly: true, graph: "signInAudience" },
  tags: { type: "set", computed: true, graph: "tags", receivedOnly: true },
  type: { type: "text", outputOnly: true, graph: "servicePrincipalType" },
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
          ...principalBody(inputs),
          appId: clientId,
          description: `TERRAFORM_UPDATE_${randomUUID()}`,
          "owners@odata.bind": owners.bind,
        },
      }),
    );
    const objectId = text(created, "id");
    const id = `/servicePrincipals/${objectId}`;
    const path = `/v1.0${id}`;
    return madeResource(servicePrincipal, graph, id, inputs, async () => {
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
    });
  },

  async read(graph, id, known) {
    const path = `/v1.0/servicePrincipals/${segment(id, "servicePrincipals")}`;
    const found = await attempt(`Retrieving ${id}`, () => ignoreGone(() => graph.get(path)));
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
        body: { ...principalBody(inputs), description: text(inputs, "description") || null },
      }),
    );
    if (changed.has("owners")) {
      await replaceOwners(graph, path, texts(inputs, "owners"));
    }
    return requireFound(await servicePrincipal.read(graph, id, inputs));
  },

  async delete(graph, id, state) {
    const path = `/v1.0/servicePrincipals/${segment(id, "servicePrincipals")}`;
    if (state.useExisting === true) {
      // As in the official plugin: it is deleted all the same, and only errors are ignored.
      await graph.send({ method: "DELETE", path }).catch(() => undefined);
      return;
    }
    await removeAndWait(graph, path, `Deleting ${id}`, `Waiting for deletion of ${id}`);
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

function principalBody(inputs: Properties): Json {
  return {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    ...toGraph(schema, inputs),
    tags: tagsOf(inputs),
  };
}

/** A service principal as Graph returns it, as properties. */
export function servicePrincipalProperties(found: Json, beta: Json): Properties {
  const clientId = text(found, "appId").toLowerCase();
  const names = texts(found, "servicePrincipalNames");
  return {
    ...fromGraph(schema, { ...found, samlMetadataUrl: beta.samlMetadataUrl }),
    servicePrincipalNames: names.filter((name) => name.toLowerCase() !== clientId),
  };
}
