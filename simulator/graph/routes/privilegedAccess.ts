import { randomUUID } from "node:crypto";
import { graphDate } from "../../clock";
import { asText, isJsonObject, type Json, type JsonObject } from "../../json";
import { presentRoleDefinitionOf } from "../present";
import type { PrivilegedScheduleRecord } from "../../state/entities";
import type { TenantState } from "../../state/tenantState";
import { requiredGuid, requiredText } from "../body";
import { authorize } from "../authorization";
import type { GraphCall } from "../call";
import { durationMilliseconds } from "../credentialPolicy";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import {
  groupScheduleInstanceType,
  groupScheduleRequestType,
  roleScheduleInstanceType,
  roleScheduleRequestType,
} from "../model/privilegedTypes";
import type { EntityType, Navigation } from "../model/entityType";
import { roleDefinitionType } from "../model/grantTypes";
import { showObjects } from "../references";
import { readRoles, roleDefinitionIn, scopeOfAssignment, writeRoles } from "./roleManagement";

type ScheduleKind = PrivilegedScheduleRecord["kind"];

const label = { assignment: "Assignment", eligibility: "Eligibility" } as const;

/**
 * Directory roles and groups that Privileged Identity Management gives: schedules, their instances,
 * and the requests that make them. Whoever has no P2 licence is refused.
 *
 * @see https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagementv3-overview
 * @see https://learn.microsoft.com/graph/api/resources/privilegedidentitymanagement-for-groups-api-overview
 */
export const privilegedAccess: readonly EntitySet<{ readonly id: string }>[] = (
  ["assignment", "eligibility"] as const
).flatMap((kind) => [
  roleSchedules(kind, "Schedules"),
  roleSchedules(kind, "ScheduleInstances"),
  roleRequests(kind),
  groupSchedules(kind, "Schedules"),
  groupSchedules(kind, "ScheduleInstances"),
  groupRequests(kind),
]);

function roleSchedules(kind: ScheduleKind, suffix: string): EntitySet<PrivilegedScheduleRecord> {
  const name = `role${label[kind]}${suffix}`;
  const type = roleScheduleInstanceType(`unifiedRole${label[kind]}${suffix.slice(0, -1)}`);
  const read = [
    `Role${label[kind]}Schedule.Read.Directory`,
    `Role${label[kind]}Schedule.ReadWrite.Directory`,
    ...readRoles.filter((one) => !one.startsWith("Directory.")),
  ];
  return {
    paths: [`/roleManagement/directory/${name}`],
    type: withRelations(type),
    read,
    all: (call) => {
      requireLicence(call, read);
      const { state } = call;
      const scheduled = schedulesNow(state, kind).filter(
        (one) => one.roleDefinitionId !== undefined,
      );
      return kind === "eligibility" ? scheduled : [...standingSchedules(state), ...scheduled];
    },
    show: (_, one) => ({
      ...instance(one),
      appScopeId: null,
      directoryScopeId: one.directoryScopeId!,
      roleDefinitionId: one.roleDefinitionId!,
      ...(suffix === "Schedules"
        ? { status: "Provisioned", scheduleInfo: scheduleInfo(one) }
        : { [`role${label[kind]}ScheduleId`]: one.id }),
    }),
  };
}

/** Role assignments without an end, which Privileged Identity Management lists with its own. */
function standingSchedules(state: TenantState): PrivilegedScheduleRecord[] {
  const given = new Set(
    schedulesNow(state, "assignment").map(
      (one) => `${one.principalId}${one.roleDefinitionId ?? ""}`,
    ),
  );
  return state.roleAssignments
    .all()
    .filter((one) => !given.has(one.principalId + one.roleDefinitionId))
    .map((one) => ({
      ...one,
      kind: "assignment",
      createdDateTime: state.identity.createdDateTime,
      startDateTime: state.identity.createdDateTime,
      endDateTime: null,
    }));
}

function roleRequests(kind: ScheduleKind): EntitySet<{ readonly id: string }> {
  const name = `role${label[kind]}ScheduleRequests`;
  return {
    paths: [`/roleManagement/directory/${name}`],
    type: withRelations(roleScheduleRequestType(`unifiedRole${label[kind]}ScheduleRequest`)),
    // Also to read one needs to be allowed to write.
    read: [`Role${label[kind]}Schedule.ReadWrite.Directory`, ...writeRoles],
    write: [`Role${label[kind]}Schedule.ReadWrite.Directory`, ...writeRoles],
    all: ({ state }) =>
      schedulesNow(state, kind).filter((one) => one.roleDefinitionId !== undefined),
    show: (_, one) => request(one as PrivilegedScheduleRecord, "adminAssign"),
    create: (call) => {
      requireLicence(call, []);
      const { state, body } = call;
      const roleDefinitionId = requiredGuid(body, "roleDefinitionId", "RoleScheduleRequest");
      const directoryScopeId = requiredText(body, "directoryScopeId", "RoleScheduleRequest");
      if (presentRoleDefinitionOf(state, roleDefinitionId) === undefined) {
        throw graphErrors.notFound(roleDefinitionId);
      }
      const schedule = schedules(call, kind, { roleDefinitionId, directoryScopeId });
      if (kind === "assignment") {
        const held = state.roleAssignments
          .findBy("principalId", schedule.principalId)
          .find((one) => one.roleDefinitionId === roleDefinitionId);
        if (body["action"] === "adminRemove") {
          state.roleAssignments.delete(held?.id ?? "");
        } else if (held === undefined) {
          state.assignDirectoryRole(schedule.principalId, roleDefinitionId, directoryScopeId);
        }
      }
      return request(schedule, asText(body["action"]));
    },
  };
}

function groupSchedules(kind: ScheduleKind, suffix: string): EntitySet<PrivilegedScheduleRecord> {
  const name = `${kind}${suffix}`;
  const read = [
    `Privileged${label[kind]}Schedule.Read.AzureADGroup`,
    `Privileged${label[kind]}Schedule.ReadWrite.AzureADGroup`,
  ];
  return {
    paths: [`/identityGovernance/privilegedAccess/group/${name}`],
    type: withRelations(
      groupScheduleInstanceType(`privilegedAccessGroup${label[kind]}${suffix.slice(0, -1)}`),
    ),
    read,
    all: (call) => {
      requireLicence(call, read);
      if (!/groupId|principalId/i.test(call.c.req.url)) {
        throw graphErrors.badRequest("A filter by groupId or principalId is required.");
      }
      return schedulesNow(call.state, kind).filter((one) => one.groupId !== undefined);
    },
    // One needs no filter.
    find: (call, key) => {
      requireLicence(call, read);
      return schedulesNow(call.state, kind).find(({ id }) => id === key);
    },
    show: (_, one) => ({
      ...instance(one),
      accessId: one.accessId!,
      groupId: one.groupId!,
      ...(suffix === "Schedules"
        ? { status: "Provisioned", scheduleInfo: scheduleInfo(one) }
        : { [`${kind}ScheduleId`]: one.id }),
    }),
  };
}

function groupRequests(kind: ScheduleKind): EntitySet<{ readonly id: string }> {
  const name = `${kind}ScheduleRequests`;
  const write = [`Privileged${label[kind]}Schedule.ReadWrite.AzureADGroup`];
  return {
    paths: [`/identityGovernance/privilegedAccess/group/${name}`],
    type: withRelations(
      groupScheduleRequestType(`privilegedAccessGroup${label[kind]}ScheduleRequest`),
    ),
    read: write,
    write,
    all: ({ state }) => schedulesNow(state, kind).filter((one) => one.groupId !== undefined),
    show: (_, one) => request(one as PrivilegedScheduleRecord, "adminAssign"),
    create: (call) => {
      requireLicence(call, []);
      const { state, body } = call;
      const groupId = requiredGuid(body, "groupId", "GroupScheduleRequest");
      const group = state.groups.get(groupId);
      if (group === undefined) {
        throw graphErrors.notFound(groupId);
      }
      const accessId = body["accessId"] === "owner" ? "owner" : "member";
      const schedule = schedules(call, kind, { groupId, accessId });
      if (kind === "assignment" && accessId === "member") {
        const others = group.members.filter((id) => id !== schedule.principalId);
        group.members =
          body["action"] === "adminRemove" ? others : [...others, schedule.principalId];
      }
      return request(schedule, asText(body["action"]));
    },
  };
}

/** Makes a schedule, or ends one, as a request says. */
function schedules(
  { state, body }: GraphCall,
  kind: ScheduleKind,
  of: Partial<PrivilegedScheduleRecord>,
): PrivilegedScheduleRecord {
  const principalId = requiredGuid(body, "principalId", "ScheduleRequest");
  if (state.directoryObject(principalId) === undefined) {
    throw graphErrors.notFound(principalId);
  }
  const same = state.privilegedSchedules
    .findBy("principalId", principalId)
    .find(
      (one) =>
        one.kind === kind &&
        one.roleDefinitionId === of.roleDefinitionId &&
        one.groupId === of.groupId &&
        one.accessId === of.accessId,
    );
  if (body["action"] === "adminRemove") {
    if (same === undefined) {
      throw graphErrors.badRequest("The Role assignment does not exist.");
    }
    state.privilegedSchedules.delete(same.id);
    return same;
  }
  const changes = ["adminUpdate", "adminExtend"].includes(asText(body["action"]));
  if (body["action"] !== "adminAssign" && !changes) {
    throw graphErrors.invalidValue("action", "ScheduleRequest");
  }
  if ((same !== undefined) !== changes) {
    const problem = changes ? "does not exist" : "already exists";
    throw graphErrors.badRequest(`The Role assignment ${problem}.`);
  }
  // Schedules of groups are named after what they give.
  const scope = of.groupId === undefined ? "" : `${of.groupId}_${of.accessId ?? "member"}_`;
  return state.privilegedSchedules.put({
    ...of,
    id: same?.id ?? scope + randomUUID(),
    kind,
    principalId,
    ...(typeof body["justification"] === "string" ? { justification: body["justification"] } : {}),
    createdDateTime: graphDate(state.now()),
    ...askedTimes(body["scheduleInfo"], state.now()),
  });
}

/**
 * When a request lets a schedule begin and end: at a time, after a while, or never.
 *
 * @see https://learn.microsoft.com/graph/api/resources/expirationpattern
 */
function askedTimes(
  asked: Json | undefined,
  now: Date,
): Pick<PrivilegedScheduleRecord, "startDateTime" | "endDateTime" | "duration"> {
  const { startDateTime, expiration = null } = isJsonObject(asked ?? null)
    ? (asked as JsonObject)
    : {};
  const { type, endDateTime, duration } = isJsonObject(expiration) ? expiration : {};
  const invalid = () => graphErrors.invalidValue("scheduleInfo", "ScheduleRequest");
  const start = typeof startDateTime === "string" ? new Date(startDateTime) : now;
  if (Number.isNaN(start.getTime())) {
    throw invalid();
  }
  if (/^afterDuration$/i.test(asText(type))) {
    const end = endAfter(start, asText(duration));
    if (end === undefined) {
      throw invalid();
    }
    return {
      startDateTime: graphDate(start),
      endDateTime: graphDate(end),
      duration: asText(duration),
    };
  }
  const ends = typeof endDateTime === "string" ? endDateTime : null;
  if (ends !== null && Number.isNaN(Date.parse(ends))) {
    throw invalid();
  }
  return { startDateTime: graphDate(start), endDateTime: ends };
}

/** An instant some time after another; undefined for a time that is none, or is beyond the calendar. */
function endAfter(start: Date, duration: string): Date | undefined {
  try {
    const end = new Date(start.getTime() + durationMilliseconds(duration));
    return Number.isNaN(end.getTime()) ? undefined : end;
  } catch {
    return undefined;
  }
}

function schedulesNow(state: TenantState, kind: ScheduleKind): PrivilegedScheduleRecord[] {
  const now = state.now().toISOString();
  return state.privilegedSchedules
    .all()
    .filter((one) => one.kind === kind && (one.endDateTime ?? "9") > now);
}

function instance(one: PrivilegedScheduleRecord): JsonObject {
  return {
    id: one.id,
    principalId: one.principalId,
    memberType: "Direct",
    startDateTime: one.startDateTime,
    endDateTime: one.endDateTime,
    ...(one.kind === "assignment" ? { assignmentType: "Assigned" } : {}),
  };
}

function request(one: PrivilegedScheduleRecord, action: string): JsonObject {
  const { kind: _, startDateTime, endDateTime: __, duration, ...rest } = one;
  const lasts = { type: "afterDuration", endDateTime: null, duration: duration ?? null };
  return {
    ...rest,
    action,
    status: "Provisioned",
    targetScheduleId: one.id,
    scheduleInfo:
      duration === undefined
        ? scheduleInfo(one)
        : { startDateTime, recurrence: null, expiration: lasts },
  };
}

function scheduleInfo({ startDateTime, endDateTime }: PrivilegedScheduleRecord): JsonObject {
  const type = endDateTime === null ? "noExpiration" : "afterDateTime";
  return { startDateTime, recurrence: null, expiration: { type, endDateTime, duration: null } };
}

/** A type with what `$expand` follows: the principal, and the role or the group. */
function withRelations(type: EntityType): EntityType {
  const toOne = (related: Navigation["related"]): Navigation => ({ many: false, related });
  const principal = toOne((tenant, { principalId }) => showObjects(tenant, [asText(principalId)]));
  return {
    ...type,
    navigation:
      "groupId" in type.properties
        ? {
            principal,
            group: toOne((tenant, { groupId }) => showObjects(tenant, [asText(groupId)])),
          }
        : {
            principal,
            roleDefinition: { ...toOne(roleDefinitionIn), type: roleDefinitionType },
            directoryScope: toOne(scopeOfAssignment),
          },
  };
}

/** Throws 400 where the tenant has no licence for it; who may not read at all is told that first. */
export function requireLicence({ c, tenant }: GraphCall, read: readonly string[]): void {
  if (read.length > 0) {
    authorize(c, read);
  }
  if ((tenant.seed.premium ?? "P2") !== "P2") {
    throw graphErrors.privilegedLicenceMissing();
  }
}
