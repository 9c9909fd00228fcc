import type { SimulatorApp } from "../../http/context";
import { asText } from "../../json";
import type { TenantState } from "../../state/tenantState";
import { type GraphCall, permit, versions } from "../call";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";

/** Objects that can be members of something. */
interface Members {
  readonly path: string;
  readonly read: readonly string[];
  readonly find: (call: GraphCall, key: string) => { readonly id: string } | undefined;
}

/**
 * What objects are members of, as ids: of all groups (`getMemberGroups`) or of those that are asked
 * for (`checkMemberGroups`), and the same with directory roles and administrative units
 * (`…MemberObjects`).
 *
 * @see https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups
 * @see https://learn.microsoft.com/graph/api/directoryobject-getmemberobjects
 */
export function installMembershipRoutes(app: SimulatorApp, { path, read, find }: Members): void {
  for (const kind of ["Groups", "Objects"] as const) {
    const answer = (call: GraphCall, isWanted: (id: string) => boolean) => {
      const { id } = findInPath(call, find);
      const value = allMemberships(call.state, id).filter(
        (one) => (kind === "Objects" || call.state.groups.get(one) !== undefined) && isWanted(one),
      );
      return call.c.json({ "@odata.context": call.context("Collection(Edm.String)"), value });
    };
    app.post(`${versions}${path}/:id/getMember${kind}`, (c) => {
      const call = permit(c, read);
      if (typeof call.body["securityEnabledOnly"] !== "boolean") {
        throw graphErrors.missingProperty("securityEnabledOnly", "DirectoryObject");
      }
      return answer(call, () => true);
    });
    app.post(`${versions}${path}/:id/checkMember${kind}`, (c) => {
      const call = permit(c, read);
      const name = kind === "Groups" ? "groupIds" : "ids";
      const ids = call.body[name];
      if (!Array.isArray(ids) || ids.length === 0 || ids.length > 20) {
        throw graphErrors.invalidValue(name, "DirectoryObject");
      }
      const wanted = new Set(ids.map((id) => asText(id).toLowerCase()));
      return answer(call, (id) => wanted.has(id.toLowerCase()));
    });
  }
}

/** Groups, administrative units and activated directory roles that have an object as a member. */
export function memberOf(state: TenantState, id: string): string[] {
  const roles = state.roleAssignments
    .findBy("principalId", id)
    .filter(({ directoryScopeId }) => directoryScopeId === "/")
    .flatMap(({ roleDefinitionId }) =>
      state.directoryRoles.findBy("roleTemplateId", roleDefinitionId),
    );
  const units = state.administrativeUnits.all().filter(({ members }) => members.includes(id));
  return [...state.groupsOf(id), ...roles, ...units].map((one) => one.id);
}

/** The same, also through groups in groups. */
export function allMemberships(state: TenantState, id: string): string[] {
  return closureOf(memberOf(state, id), (group) => memberOf(state, group));
}

/** Ids that can be reached, each once, however the groups are nested. */
export function closureOf(
  from: readonly string[],
  next: (id: string) => readonly string[],
): string[] {
  const reached = new Set(from);
  for (const id of reached) {
    for (const further of next(id)) {
      reached.add(further);
    }
  }
  return [...reached];
}
