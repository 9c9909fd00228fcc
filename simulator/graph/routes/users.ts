import { randomUUID } from "node:crypto";
import type { SimulatorApp } from "../../http/context";
import { graphDate } from "../../clock";
import { asText, isJsonObject, type Json, type JsonObject } from "../../json";
import type { UserRecord } from "../../state/entities";
import type { TenantState } from "../../state/tenantState";
import { referencedIds, requiredText } from "../body";
import { type GraphCall, permit, versions } from "../call";
import type { EntitySet } from "../entitySet";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { userType } from "../model/userType";
import { directoryObjectType } from "../model/objectTypes";
import { presentDirectoryObject, presentUser } from "../present";
import { mergeProperties } from "../properties";
import { answerCreated, answerObject } from "../query/answer";
import { showObjects } from "../references";
import { relationsToExpand } from "./relations";

/** Permissions that suffice to read users. */
export const readUsers = [
  "User.Read.All",
  "User.ReadWrite.All",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
const write = ["User.ReadWrite.All", "Directory.ReadWrite.All"];

/** A user by object id or principal name, which SDKs write as `userPrincipalName=…` too. */
export const findUser = ({ state }: GraphCall, key: string) => {
  const name = key.replace(/^userPrincipalName=/i, "");
  return (
    state.users.get(name) ??
    state.users.all().find(({ userPrincipalName }) => isSame(userPrincipalName, name))
  );
};
const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

/**
 * Users. Passwords are neither kept nor answered: nobody signs in as a user here.
 *
 * @see https://learn.microsoft.com/graph/api/resources/user
 */
export const users: EntitySet<UserRecord> = {
  paths: ["/users"],
  type: {
    ...userType,
    navigation: {
      ...relationsToExpand("/users"),
      manager: {
        many: false,
        levels: true,
        related: (tenant, { id }) =>
          showObjects(tenant, [tenant.state.users.get(asText(id))?.managerId ?? ""]),
      },
    },
  },
  read: readUsers,
  write,
  all: ({ state }) => state.users.all(),
  delta: true,
  find: findUser,
  show: (_, user) => presentUser(user),
  create: (call) => {
    const { body, state } = call;
    const { passwordProfile, ...sent } = body;
    for (const name of ["displayName", "mailNickname"]) {
      requiredText(sent, name, "User");
    }
    if (typeof sent["accountEnabled"] !== "boolean") {
      throw graphErrors.missingProperty("accountEnabled", "User");
    }
    const profile = isJsonObject(passwordProfile ?? null) ? (passwordProfile as JsonObject) : {};
    requiredText(profile, "password", "User");
    checkPassword(profile, sent["passwordPolicies"]);
    const userPrincipalName = checkedName(state, sent);
    return presentUser(addUser(call, { ...sent, userPrincipalName }));
  },
  update: (call, user) => {
    const { body, state } = call;
    const { passwordProfile = null, ...sent } = body;
    const policies = sent["passwordPolicies"] ?? user.properties?.["passwordPolicies"];
    checkPassword(isJsonObject(passwordProfile) ? passwordProfile : {}, policies);
    const name =
      "userPrincipalName" in sent &&
      !isSame(asText(sent["userPrincipalName"]), user.userPrincipalName)
        ? checkedName(state, sent)
        : user.userPrincipalName;
    state.users.put({
      ...user,
      ...userFields(call, { ...presentUser(user), ...user.properties }, sent, name),
    });
  },
  remove: ({ state }, user) => state.deleteUser(user),
};

/**
 * Throws 400 for a password that is weaker than the directory takes it, unless the user may have such.
 * None is kept.
 *
 * @see https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy#microsoft-entra-password-policies
 */
function checkPassword({ password = null }: JsonObject, policies: Json = null): void {
  if (password === null || /\bDisableStrongPassword\b/i.test(asText(policies))) {
    return;
  }
  const text = asText(password);
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text));
  if (text.length < 8 || text.length > 256 || kinds.length < 3) {
    throw graphErrors.passwordTooWeak();
  }
}

/** Takes a deleted user's place as a manager away, and answers whether there was one. */
function forgetDeletedManager({ state }: GraphCall, reportId: string): boolean {
  const deleted = state.deletedUsers.all().find(({ links }) => links?.reports?.includes(reportId));
  if (deleted?.links === undefined) {
    return false;
  }
  const reports = deleted.links.reports?.filter((one) => one !== reportId);
  state.deletedUsers.put({ ...deleted, links: { ...deleted.links, ...(reports && { reports }) } });
  return true;
}

/** @see https://learn.microsoft.com/graph/api/user-post-manager */
export function installUserRoutes(app: SimulatorApp): void {
  const path = `${versions}/users/:id/manager`;
  const userInCall = (call: GraphCall) => findInPath(call, findUser);

  app.get(path, (c) => {
    const call = permit(c, readUsers);
    const manager = presentDirectoryObject(call.tenant, userInCall(call).managerId ?? "");
    if (manager === undefined) {
      throw graphErrors.notFound("manager");
    }
    return answerObject(call, directoryObjectType, "directoryObjects", manager);
  });
  app.get(`${path}/$ref`, (c) => {
    const call = permit(c, readUsers);
    const { managerId } = userInCall(call);
    if (managerId === undefined) {
      throw graphErrors.notFound("manager");
    }
    return c.json({
      "@odata.context": call.context("$ref"),
      "@odata.id": `${c.var.request.origin}/${call.version}/directoryObjects/${managerId}`,
    });
  });
  app.put(`${path}/$ref`, (c) => {
    const call = permit(c, write);
    const user = userInCall(call);
    const [managerId = ""] = referencedIds(call.body["@odata.id"]);
    if (call.state.users.get(managerId) === undefined) {
      throw graphErrors.notFound(managerId);
    }
    call.state.users.put({ ...user, managerId });
    return call.changed();
  });
  app.delete(`${path}/$ref`, (c) => {
    const call = permit(c, write);
    const { managerId, ...user } = userInCall(call);
    // A manager that was deleted is one until it is taken away, or the user has another.
    if (managerId === undefined && !forgetDeletedManager(call, user.id)) {
      throw graphErrors.notFound("manager");
    }
    call.state.users.put(user);
    return call.changed();
  });

  // @see https://learn.microsoft.com/graph/api/invitation-post
  app.post(`${versions}/invitations`, (c) => {
    const call = permit(c, ["User.Invite.All", ...write]);
    const address = requiredText(call.body, "invitedUserEmailAddress", "Invitation");
    const inviteRedirectUrl = requiredText(call.body, "inviteRedirectUrl", "Invitation");
    const { initialDomain } = call.tenant.identity;
    const { invitedUserDisplayName: name, invitedUserType } = call.body;
    const guest = addUser(call, {
      accountEnabled: true,
      displayName: typeof name === "string" ? name : address.split("@")[0]!,
      mail: address,
      userPrincipalName: `${address.replace("@", "_")}#EXT#@${initialDomain}`,
      userType: invitedUserType === "Member" ? "Member" : "Guest",
      creationType: "Invitation",
      externalUserState: "PendingAcceptance",
    });
    const id = randomUUID();
    const redeem = `${c.var.request.origin}/redeem?rd=${encodeURIComponent(inviteRedirectUrl)}`;
    return answerCreated(
      call,
      { name: "invitation", properties: {}, filterable: [] },
      "invitations",
      {
        id,
        inviteRedeemUrl: redeem,
        invitedUserDisplayName: guest.displayName,
        invitedUserType: guest.properties?.["userType"] ?? null,
        invitedUserEmailAddress: address,
        sendInvitationMessage: call.body["sendInvitationMessage"] === true,
        inviteRedirectUrl,
        status: "PendingAcceptance",
        invitedUser: { id: guest.id },
      },
    );
  });
}

function addUser(call: GraphCall, sent: JsonObject): UserRecord {
  const { state } = call;
  const { creationType = null, externalUserState = null, ...writable } = sent;
  const user = state.users.put({
    id: randomUUID(),
    ...userFields(call, { ...userType.defaults! }, writable, asText(sent["userPrincipalName"])),
  });
  user.properties = {
    ...user.properties,
    createdDateTime: graphDate(state.now()),
    creationType,
    externalUserState,
  };
  state.touch();
  return user;
}

function userFields(
  call: GraphCall,
  current: JsonObject,
  sent: JsonObject,
  userPrincipalName: string,
) {
  const { id: _, ...properties } = mergeProperties(
    current,
    { ...sent, userPrincipalName },
    call.extended(userType),
  );
  return { displayName: asText(properties["displayName"]), userPrincipalName, properties };
}

/** A principal name that is free and in a domain of the tenant. */
export function checkedName(state: TenantState, sent: JsonObject): string {
  const name = requiredText(sent, "userPrincipalName", "User");
  const [, domain = ""] = /^[^@\s]+@([^@\s]+)$/.exec(name) ?? [];
  if (state.domains.get(domain) === undefined) {
    throw graphErrors.badRequest(
      "The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.",
    );
  }
  if (state.users.all().some((one) => isSame(one.userPrincipalName, name))) {
    throw graphErrors.badRequest(
      "Another object with the same value for property userPrincipalName already exists.",
    );
  }
  return name;
}
