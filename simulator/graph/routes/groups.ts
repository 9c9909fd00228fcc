import { randomUUID } from "node:crypto";
import { graphDate } from "../../clock";
import { asText, type JsonObject } from "../../json";
import type { GroupRecord } from "../../state/entities";
import { authorize } from "../authorization";
import { referencedIds, requiredText } from "../body";
import type { GraphCall } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { boundOwners, findByKey, findInPath } from "../lookup";
import { groupType } from "../model/directoryTypes";
import { presentGroup } from "../present";
import { mergeProperties } from "../properties";
import { type References, relationTo } from "../references";
import { closureOf } from "./memberships";
import { relationsToExpand } from "./relations";

const writeGroups = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];
const writeMembers = ["GroupMember.ReadWrite.All", ...writeGroups];
/** Permissions that suffice to read groups. */
export const groupReaders = [
  "Group.Read.All",
  "GroupMember.Read.All",
  "Directory.Read.All",
  ...writeMembers,
  "Group.Create",
];
/** What a group that is assignable to roles needs besides, as it hands roles on. */
const writeRoleGroups = ["RoleManagement.ReadWrite.Directory"];

/** A group by object id or `uniqueName=…`. */
export const findGroup = ({ state: { groups: all } }: GraphCall, key: string) =>
  findByKey(all, key, {
    uniqueName: (value) => all.all().find(({ properties }) => properties["uniqueName"] === value),
  });
const groupInPath = (call: GraphCall) => findInPath(call, findGroup);

/** @see https://learn.microsoft.com/graph/api/resources/group */
export const groups: EntitySet<GroupRecord> = {
  paths: ["/groups"],
  type: {
    ...groupType,
    navigation: {
      ...relationsToExpand("/groups"),
      members: relationTo((state, { id }) => state.groups.get(asText(id))!.members),
      owners: relationTo((state, { id }) => state.groups.get(asText(id))!.owners),
    },
  },
  read: groupReaders,
  write: ["Group.Create", ...writeGroups],
  all: ({ state }) => state.groups.all(),
  delta: true,
  find: findGroup,
  show: (_, group) => presentGroup(group),
  upsertBy: "uniqueName",
  create: createGroup,
  update: (call, group) => {
    authorizeGroupChange(call, group);
    const { isAssignableToRole, "members@odata.bind": members, ...sent } = call.body;
    if (isAssignableToRole !== undefined) {
      throw graphErrors.readOnlyProperty("isAssignableToRole", "Group");
    }
    const merged = mergeProperties(group.properties, sent, call.extended(groupType));
    addMembers(call, group, boundOwners(call.state, referencedIds(members)));
    group.properties = groupProperties(merged);
  },
  remove: (call, group) => {
    authorizeGroupChange(call, group);
    call.state.deleteGroup(group.id);
  },
};

function createGroup(call: GraphCall): JsonObject {
  const { body, state } = call;
  const { "owners@odata.bind": owners, "members@odata.bind": members, ...sent } = body;
  for (const name of ["displayName", "mailNickname"]) {
    requiredText(sent, name, "Group");
  }
  for (const name of ["mailEnabled", "securityEnabled"]) {
    if (typeof sent[name] !== "boolean") {
      throw graphErrors.missingProperty(name, "Group");
    }
  }
  const properties = groupProperties(
    mergeProperties(groupType.defaults!, sent, call.extended(groupType)),
  );
  if (properties.isAssignableToRole) {
    authorize(call.c, writeRoleGroups);
  }
  const group = state.groups.put({
    id: randomUUID(),
    createdDateTime: graphDate(state.now()),
    properties,
    members: boundOwners(state, referencedIds(members)),
    owners: boundOwners(state, referencedIds(owners)),
  });
  state.touch();
  return presentGroup(group);
}

function groupProperties(merged: JsonObject): GroupRecord["properties"] {
  return {
    ...merged,
    displayName: asText(merged["displayName"]),
    isAssignableToRole: merged["isAssignableToRole"] === true,
  };
}

/** Throws 403 for a group that hands roles on, unless the caller may give roles. */
function authorizeGroupChange({ c }: GraphCall, group: GroupRecord): void {
  if (group.properties.isAssignableToRole) {
    authorize(c, writeRoleGroups);
  }
}

/**
 * Adds members, at most 20 in one request. Throws unless all can be added.
 *
 * @see https://learn.microsoft.com/graph/api/group-post-members
 */
function addMembers({ state }: GraphCall, group: GroupRecord, ids: readonly string[]): void {
  if (ids.length > 20) {
    throw graphErrors.badRequest("Too many members are specified: at most 20 can be added.");
  }
  if (ids.some((id) => group.members.includes(id))) {
    throw graphErrors.referenceAlreadyExists("members");
  }
  for (const id of ids) {
    // Groups that are assignable to roles cannot have groups in them.
    const nested = state.groups.get(id) !== undefined;
    if (
      state.applications.get(id) !== undefined ||
      (nested && group.properties.isAssignableToRole)
    ) {
      throw graphErrors.invalidReferenceUpdate();
    }
  }
  group.members.push(...ids);
}

/** Members and owners of groups. */
export const groupReferences: readonly References[] = [
  {
    paths: ["/groups/:id/members"],
    read: groupReaders,
    write: writeMembers,
    ids: (call) => groupInPath(call).members,
    authorizeChange: (call) => authorizeGroupChange(call, groupInPath(call)),
    add: (call, id) => addMembers(call, groupInPath(call), [id]),
    remove: (call, id) => {
      const group = groupInPath(call);
      group.members = group.members.filter((member) => member !== id);
    },
  },
  {
    paths: ["/groups/:id/owners"],
    read: groupReaders,
    write: writeGroups,
    ids: (call) => groupInPath(call).owners,
    authorizeChange: (call) => authorizeGroupChange(call, groupInPath(call)),
    add: (call, id) => groupInPath(call).owners.push(id),
    remove: (call, id) => {
      const group = groupInPath(call);
      group.owners = group.owners.filter((owner) => owner !== id);
    },
  },
  {
    paths: ["/groups/:id/transitiveMembers"],
    read: groupReaders,
    ids: (call) =>
      closureOf(groupInPath(call).members, (id) => call.state.groups.get(id)?.members ?? []),
  },
];
