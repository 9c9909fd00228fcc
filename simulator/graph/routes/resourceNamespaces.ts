import { type ResourceAction, resourceActions } from "../../seed/resourceActions";
import type { EntitySet } from "../entitySet";
import { findInPath } from "../lookup";
import { type EntityType, propertiesByKind } from "../model/entityType";

const namespaceType: EntityType = {
  name: "unifiedRbacResourceNamespace",
  ...propertiesByKind({ text: ["id filterable", "name filterable"] }),
};
const actionType: EntityType = {
  name: "unifiedRbacResourceAction",
  ...propertiesByKind({
    text: [
      "actionVerb filterable",
      "description filterable",
      "id filterable",
      "name filterable",
      "resourceScopeId",
    ],
    boolean: ["isPrivileged filterable"],
  }),
};
const readActions = [
  "RoleManagement.Read.Directory",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Directory",
];
const verbs: Readonly<Record<string, string>> = {
  create: "POST",
  delete: "DELETE",
  read: "GET",
  update: "PATCH",
};
const namespaces = [...resourceActions.keys()].map((name) => ({ id: name, name }));

/**
 * What directory roles can allow, by namespace.
 *
 * @see https://learn.microsoft.com/graph/api/resources/unifiedrbacresourcenamespace?view=graph-rest-beta
 */
export const resourceNamespaces: readonly EntitySet<{ readonly id: string }>[] = [
  {
    paths: ["/roleManagement/directory/resourceNamespaces"],
    type: namespaceType,
    read: readActions,
    all: () => namespaces,
    show: (_, one) => ({ ...one }),
  },
  {
    paths: ["/roleManagement/directory/resourceNamespaces/:id/resourceActions"],
    parameter: "action",
    type: actionType,
    setName: (call) =>
      `roleManagement/directory/resourceNamespaces('${call.param("id")}')/resourceActions`,
    read: readActions,
    all: (call) => {
      const { id } = findInPath(call, (_, key) => namespaces.find((one) => one.id === key));
      return resourceActions.get(id)!.map((one) => shownAction(id, one));
    },
    show: (_, one) => ({ ...one }),
  },
];

function shownAction(namespace: string, { name, description, isPrivileged }: ResourceAction) {
  const fullName = `${namespace}/${name}`;
  const actionVerb = verbs[name.split("/").at(-1)!] ?? null;
  const parts = [
    ...fullName.split("/"),
    ...(actionVerb === null ? [] : [actionVerb.toLowerCase()]),
  ];
  return {
    id: parts.join("-"),
    actionVerb,
    description,
    isPrivileged,
    name: fullName,
    resourceScopeId: null,
  };
}
