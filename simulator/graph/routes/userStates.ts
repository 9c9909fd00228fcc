import { graphDate } from "../../clock";
import type { SimulatorApp } from "../../http/context";
import { NotSimulated } from "../../http/protocolError";
import type { JsonObject } from "../../json";
import type { UserRecord } from "../../state/entities";
import { type GraphCall, permit, versions } from "../call";
import { graphErrors } from "../errors";
import { findInPath } from "../lookup";
import { type EntityType, propertiesByKind, propertyNamed } from "../model/entityType";
import { userType } from "../model/userType";
import { mergeProperties } from "../properties";
import { answerObject, answerProperty } from "../query/answer";
import { keepProperties, keptProperties } from "./tenantPolicies";
import { findUser } from "./users";

/** Something of which a user has one. */
interface UserState {
  /** Below the user. */
  readonly path: string;
  readonly type: EntityType;
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Whether only users with a mailbox have it: guests have none. */
  readonly isOfMailbox?: boolean;
  readonly unchanged: JsonObject;
}

const policyWrite = ["Policy.ReadWrite.AuthenticationMethod"];
const mailboxWrite = ["MailboxSettings.ReadWrite"];
const methodWrite = ["UserAuthenticationMethod.ReadWrite.All"];
const states: readonly UserState[] = [
  {
    path: "authentication/requirements",
    type: {
      name: "strongAuthenticationRequirements",
      ...propertiesByKind({ text: ["perUserMfaState required"] }),
    },
    read: ["Policy.Read.All", "Policy.Read.AuthenticationMethod", ...policyWrite],
    write: policyWrite,
    unchanged: { perUserMfaState: "disabled" },
  },
  {
    path: "authentication/signInPreferences",
    type: {
      name: "signInPreferences",
      ...propertiesByKind({
        text: ["userPreferredMethodForSecondaryAuthentication"],
        boolean: ["isSystemPreferredAuthenticationMethodEnabled"],
      }),
    },
    read: ["UserAuthenticationMethod.Read.All", ...methodWrite],
    write: methodWrite,
    unchanged: {
      isSystemPreferredAuthenticationMethodEnabled: false,
      userPreferredMethodForSecondaryAuthentication: "none",
    },
  },
  {
    path: "mailboxSettings",
    type: {
      name: "mailboxSettings",
      ...propertiesByKind({
        text: [
          ...["archiveFolder", "userPurpose"].map((name) => `${name} readOnly`),
          ...["dateFormat", "delegateMeetingMessageDeliveryOptions", "timeFormat", "timeZone"],
        ],
        object: ["automaticRepliesSetting", "language", "workingHours"],
      }),
    },
    read: ["MailboxSettings.Read", ...mailboxWrite],
    write: mailboxWrite,
    isOfMailbox: true,
    unchanged: {
      archiveFolder: null,
      automaticRepliesSetting: {
        externalAudience: "all",
        externalReplyMessage: "",
        internalReplyMessage: "",
        status: "disabled",
      },
      dateFormat: "M/d/yyyy",
      delegateMeetingMessageDeliveryOptions: "sendToDelegateOnly",
      language: { displayName: "English (United States)", locale: "en-US" },
      timeFormat: "h:mm tt",
      timeZone: "UTC",
      userPurpose: "user",
      workingHours: {
        daysOfWeek: ["monday", "tuesday", "wednesday", "thursday", "friday"],
        endTime: "17:00:00.0000000",
        startTime: "08:00:00.0000000",
        timeZone: { name: "UTC" },
      },
    },
  },
];

/** Whether users have it as properties too: how often they are asked for a second factor. */
const isOfUser = ({ unchanged }: UserState) =>
  Object.keys(unchanged).every((name) => name in userType.properties);
const keptName = ({ id }: UserRecord, { path }: UserState) => `${id}/${path}`;

function stateInPath(call: GraphCall, one: UserState) {
  const user = findInPath(call, findUser);
  if (one.isOfMailbox === true && user.properties?.["userType"] === "Guest") {
    throw graphErrors.mailboxMissing();
  }
  const kept = isOfUser(one) ? user.properties : keptProperties(call.state, keptName(user, one));
  const names = Object.keys(one.unchanged);
  const current: JsonObject = Object.fromEntries(
    names.map((name) => [name, kept?.[name] ?? one.unchanged[name]!]),
  );
  return { user, current };
}

/**
 * What a user is asked for to sign in, its preferences and the settings of its mailbox, kept as they
 * are written; and the end of its sessions.
 *
 * @see https://learn.microsoft.com/graph/api/user-get-mailboxsettings
 * @see https://learn.microsoft.com/graph/api/authentication-get?view=graph-rest-beta
 * @see https://learn.microsoft.com/graph/api/user-revokesigninsessions
 */
export function installUserStates(app: SimulatorApp): void {
  for (const one of states) {
    const path = `${versions}/users/:id/${one.path}`;
    app.get(path, (c) => {
      const call = permit(c, one.read);
      const { user, current } = stateInPath(call, one);
      return answerObject(call, one.type, `users('${user.id}')/${one.path}`, current);
    });
    app.get(`${path}/:property`, (c) => {
      const name = propertyNamed(one.type, c.req.param("property") ?? "");
      if (name === undefined) {
        throw new NotSimulated(c.req.method, c.req.path);
      }
      const call = permit(c, one.read);
      return answerProperty(call, `users/${one.path}`, stateInPath(call, one).current, name);
    });
    app.patch(path, (c) => {
      const call = permit(c, one.write).writing(one.type);
      const { user, current } = stateInPath(call, one);
      const changed = mergeProperties(current, call.body, one.type);
      if (isOfUser(one)) {
        call.state.users.put({ ...user, properties: { ...user.properties, ...changed } });
      } else {
        keepProperties(call.state, keptName(user, one), changed);
      }
      return call.changed();
    });
  }
  for (const action of ["revokeSignInSessions", "invalidateAllRefreshTokens"]) {
    app.post(`${versions}/users/:id/${action}`, (c) => {
      const call = permit(c, [
        "User.RevokeSessions.All",
        "User.ReadWrite.All",
        "Directory.ReadWrite.All",
      ]);
      const user = findInPath(call, findUser);
      const signInSessionsValidFromDateTime = graphDate(call.state.now());
      call.state.users.put({
        ...user,
        properties: { ...user.properties, signInSessionsValidFromDateTime },
      });
      call.state.touch();
      return c.json({ "@odata.context": call.context("Edm.Boolean"), value: true });
    });
  }
}
