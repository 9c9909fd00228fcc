import { refuseOtherThanUuid } from "../../pluginProtocol/schema";
import { text } from "../../pluginProtocol/values";
import { type Fields, fromGraph, toGraph } from "./fields";
import type { GraphError } from "./graph";
import { attempt, ignoreGone, madeResource, type Resource, segment, readSteady } from "./resource";

const requiredId = {
  type: "text",
  required: true,
  forceNew: true,
  refuse: refuseOtherThanUuid,
} as const;

const consentFields: Fields = {
  appRoleId: { ...requiredId, graph: "appRoleId" },
  principalDisplayName: { type: "text", outputOnly: true, graph: "principalDisplayName" },
  principalObjectId: { ...requiredId, graph: "principalId" },
  principalType: { type: "text", outputOnly: true, graph: "principalType" },
  resourceDisplayName: { type: "text", outputOnly: true, graph: "resourceDisplayName" },
  resourceObjectId: { ...requiredId, graph: "resourceId" },
};

/** @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/approleassignments/app_role_assignment_resource.go */
export const appRoleAssignment: Resource = {
  token: "azuread:index/appRoleAssignment:AppRoleAssignment",
  schema: consentFields,

  async create(graph, inputs) {
    const resourceId = text(inputs, "resourceObjectId");
    await attempt(`Service principal not found for resource (Object ID: "${resourceId}")`, () =>
      graph.get(`/v1.0/servicePrincipals/${resourceId}`),
    );
    const created = await attempt("Could not create app role assignment", () =>
      graph.send({
        method: "POST",
        path: `/v1.0/servicePrincipals/${resourceId}/appRoleAssignedTo`,
        retry: isPrincipalLate,
        body: {
          "@odata.type": "#microsoft.graph.appRoleAssignment",
          ...toGraph(consentFields, inputs),
        },
      }),
    );
    const id = `/servicePrincipals/${text(created, "resourceId")}/appRoleAssignedTo/${text(created, "id")}`;
    return madeResource(appRoleAssignment, graph, id, inputs);
  },

  async read(graph, id) {
    const found = await attempt(`retrieving ${id}`, () => ignoreGone(() => graph.get(pathTo(id))));
    return found && fromGraph(consentFields, found);
  },

  async delete(graph, id) {
    await attempt(`Deleting ${id}`, () => graph.send({ method: "DELETE", path: pathTo(id) }));
  },
};

function pathTo(id: string): string {
  const resource = segment(id, "servicePrincipals");
  return `/v1.0/servicePrincipals/${resource}/appRoleAssignedTo/${segment(id, "appRoleAssignedTo")}`;
}

function isPrincipalLate({ status, graphMessage }: GraphError): boolean {
  return (
    status === 404 || (status === 400 && graphMessage.includes("Not a valid reference update"))
  );
}

const roleFields: Fields = {
  appScopeId: { type: "text", computed: true, forceNew: true, graph: "appScopeId" },
  directoryScopeId: { type: "text", computed: true, forceNew: true, graph: "directoryScopeId" },
  principalObjectId: { ...requiredId, graph: "principalId" },
  roleId: { ...requiredId, graph: "roleDefinitionId" },
};

/** @see https://github.com/hashicorp/terraform-provider-azuread/blob/main/internal/services/directoryroles/directory_role_assignment_resource.go */
export const directoryRoleAssignment: Resource = {
  token: "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
  schema: roleFields,

  async create(graph, inputs) {
    const roleId = text(inputs, "roleId");
    const principalId = text(inputs, "principalObjectId");
    const appScopeId = text(inputs, "appScopeId");
    const created = await attempt(
      `Assigning directory role "${roleId}" to directory principal "${principalId}"`,
      () =>
        graph.send({
          method: "POST",
          path: "/v1.0/roleManagement/directory/roleAssignments",
          body: {
            "@odata.type": "#microsoft.graph.unifiedRoleAssignment",
            ...(appScopeId === ""
              ? { directoryScopeId: text(inputs, "directoryScopeId") || "/" }
              : { appScopeId }),
            principalId,
            roleDefinitionId: roleId,
          },
        }),
    );
    const id = `/roleManagement/directory/roleAssignments/${text(created, "id")}`;
    return madeResource(directoryRoleAssignment, graph, id, inputs, () =>
      readSteady(
        3,
        async () => (await ignoreGone(() => graph.get(`/v1.0${id}`))) !== undefined,
        `Waiting for role assignment for "${principalId}" to reflect in directory role "${roleId}"`,
      ),
    );
  },

  async read(graph, id) {
    const path = `/v1.0/roleManagement/directory/roleAssignments/${segment(id, "roleAssignments")}`;
    const found = await attempt(`Retrieving ${id}`, () => ignoreGone(() => graph.get(path)));
    return found && fromGraph(roleFields, found);
  },

  async delete(graph, id) {
    const path = `/v1.0/roleManagement/directory/roleAssignments/${segment(id, "roleAssignments")}`;
    await attempt(`Deleting ${id}`, () => graph.send({ method: "DELETE", path }));
  },
};
