import { randomUUID } from "node:crypto";
import { graphDate } from "../../clock";
import type { SimulatorApp } from "../../http/context";
import { asText, isJsonObject, type JsonObject } from "../../json";
import type { GroupRecord } from "../../state/entities";
import { isMicrosoft365Group } from "../../state/newEntities";
import type { TenantState } from "../../state/tenantState";
import { authorize } from "../authorization";
import { referencedIds, requiredText } from "../body";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { boundOwners, findByKey, findInPath } from "../lookup";
import { groupType } from "../model/directoryTypes";
import { presentGroup } from "../present";
import { mergeProperties } from "../properties";
import { type References, relationTo } from "../references";
import { closureOf } from "./memberships";
import { relationsToExpand } from "./relations";

/** Permissions to write groups of any kind. */
export const writeGroups = ["Group.ReadWrite.All", "Directory.ReadWrite.All"];
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
  show: ({ version }, group) => {
    const shown = presentGroup(group);
    const { writebackConfiguration } = shown;
    return version === "beta"
      ? {
          ...shown,
          writebackConfiguration: {
            isEnabled: null,
            onPremisesGroupType: null,
            ...(isJsonObject(writebackConfiguration) ? writebackConfiguration : {}),
          },
        }
      : shown;
  },
  upsertBy: "uniqueName",
  create: createGroup,
  update: (call, group) => {
    requireChangeable(call, group);
    const known = group.properties.isAssignableToRole;
    const { isAssignableToRole, "members@odata.bind": members, ...sent } = call.body;
    if ((isAssignableToRole ?? known) !== known) {
      throw graphErrors.readOnlyProperty("isAssignableToRole", "Group");
    }
    const merged = mergeProperties(group.properties, sent, call.extended(groupType));
    const properties = groupProperties(call.state, merged, group);
    addMembers(call, group, boundOwners(call.state, referencedIds(members)));
    group.properties = properties;
  },
  remove: (call, group) => {
    requireChangeable(call, group);
    call.state.deleteGroup(group);
  },
};

/** Makes a group as it was sent, and answers how it is shown. */
export function createGroup(call: GraphCall): JsonObject {
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
    state,
    mergeProperties(groupType.defaults!, sent, call.extended(groupType)),
  );
  if (properties.isAssignableToRole) {
    authorize(call.c, writeRoleGroups);
  }
  const createdDateTime = graphDate(state.now());
  const group: GroupRecord = {
    id: randomUUID(),
    createdDateTime,
    properties: { ...properties, renewedDateTime: createdDateTime },
    members: [],
    owners: boundOwners(state, referencedIds(owners)),
  };
  addMembers(call, group, boundOwners(state, referencedIds(members)));
  state.groups.put(group);
  state.touch();
  const answered = presentGroup(group);
  // After the answer, a group of Microsoft 365 without a description gets its name as one.
  // @see https://github.com/microsoftgraph/msgraph-metadata/issues/331
  if (isMicrosoft365Group(group)) {
    group.properties["description"] ??= group.properties.displayName;
  }
  return answered;
}

/**
 * Properties of a group of a kind that Graph writes: a security group, or one of Microsoft 365, which
 * has an address. Throws for another, and where a group would become of another kind.
 *
 * @see https://learn.microsoft.com/graph/api/resources/groups-overview
 */
function groupProperties(
  state: TenantState,
  merged: JsonObject,
  before?: GroupRecord,
): GroupRecord["properties"] {
  const properties = {
    ...merged,
    displayName: asText(merged["displayName"]),
    isAssignableToRole: merged["isAssignableToRole"] === true,
  };
  const { mailEnabled, securityEnabled, isAssignableToRole } = properties as JsonObject;
  const types = merged["groupTypes"] as string[];
  const isUnified = types.includes("Unified");
  const isDynamic = types.includes("DynamicMembership");
  if (
    types.some((type) => !["Unified", "DynamicMembership"].includes(type)) ||
    (before !== undefined && isMicrosoft365Group(before) !== isUnified) ||
    (isDynamic && isAssignableToRole)
  ) {
    throw graphErrors.invalidValue("groupTypes", "Group");
  }
  if (isUnified ? !mailEnabled : mailEnabled || !securityEnabled) {
    throw graphErrors.mailGroupsNotWritten();
  }
  if (isAssignableToRole && !securityEnabled) {
    throw graphErrors.invalidValue("securityEnabled", "Group");
  }
  if (isDynamic && !merged["membershipRule"]) {
    throw graphErrors.missingProperty("membershipRule", "Group");
  }
  if (!isUnified) {
    return properties;
  }
  const mailNickname = asText(merged["mailNickname"]);
  requireFreeNickname(state, mailNickname, before?.id);
  const domain = state.domains.all().find(({ isDefault }) => isDefault)?.id;
  const mail = merged["mail"] ?? `${mailNickname}@${domain ?? state.identity.initialDomain}`;
  return {
    ...properties,
    mail,
    proxyAddresses: [`SMTP:${asText(mail)}`],
    visibility: merged["visibility"] ?? (isAssignableToRole ? "Private" : "Public"),
  };
}

/** Throws where another group of Microsoft 365 has a nickname. */
export function requireFreeNickname(
  { groups: all }: TenantState,
  mailNickname: string,
  ownId?: string,
): void {
  const isSame = ({ properties }: GroupRecord) =>
    asText(properties["mailNickname"]).toLowerCase() === mailNickname.toLowerCase();
  if (all.all().some((one) => one.id !== ownId && isMicrosoft365Group(one) && isSame(one))) {
    throw graphErrors.sameValueExists("mailNickname");
  }
}

/**
 * Throws 403 for a group that hands roles on, unless the caller may give roles, and 400 for a
 * security group with an address, which is Exchange's.
 */
export function requireChangeable({ c }: GraphCall, group: GroupRecord): void {
  if (group.properties.isAssignableToRole) {
    authorize(c, writeRoleGroups);
  }
  if (group.properties["mailEnabled"] === true && !isMicrosoft365Group(group)) {
    throw graphErrors.mailGroupNotChanged();
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
  const types = group.properties["groupTypes"];
  for (const id of ids) {
    // Groups that are assignable to roles cannot have groups in them, those of Microsoft 365 have
    // users only and are in no other, and rules choose the members of dynamic ones.
    const nested = state.groups.get(id);
    if (
      state.applications.get(id) !== undefined ||
      (nested !== undefined &&
        (group.properties.isAssignableToRole || isMicrosoft365Group(nested))) ||
      (isMicrosoft365Group(group) && state.users.get(id) === undefined) ||
      (Array.isArray(types) && types.includes("DynamicMembership"))
    ) {
      throw graphErrors.invalidReferenceUpdate();
    }
  }
  group.members.push(...ids);
}

/** @see https://learn.microsoft.com/graph/api/group-renew */
export function installGroupActions(app: SimulatorApp): void {
  app.post(`${versions}/groups/:id/renew`, (c) => {
    const call = permit(c, writeGroups);
    const group = groupInPath(call);
    group.properties = { ...group.properties, renewedDateTime: graphDate(call.state.now()) };
    return call.changed();
  });
}

/** Members and owners of groups. */
export const groupReferences: readonly References[] = [
  {
    paths: ["/groups/:id/members"],
    read: groupReaders,
    write: writeMembers,
    ids: (call) => groupInPath(call).members,
    authorizeChange: (call) => requireChangeable(call, groupInPath(call)),
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
    authorizeChange: (call) => requireChangeable(call, groupInPath(call)),
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
