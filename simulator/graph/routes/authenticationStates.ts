import { graphDate } from "../../clock";
import type { SimulatorApp } from "../../http/context";
import type { JsonObject } from "../../json";
import type { UserRecord } from "../../state/entities";
import { type GraphCall, permit, versions } from "../call";
import { findInPath } from "../lookup";
import { type EntityType, propertiesByKind } from "../model/entityType";
import { userType } from "../model/userType";
import { mergeProperties } from "../properties";
import { answerObject } from "../query/answer";
import { keepProperties, keptProperties } from "./tenantPolicies";
import { findUser } from "./users";

/** What is known of how a user signs in besides the methods. */
interface AuthenticationState {
  readonly name: string;
  readonly type: EntityType;
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly unchanged: JsonObject;
}

const policyWrite = ["Policy.ReadWrite.AuthenticationMethod"];
const methodWrite = ["UserAuthenticationMethod.ReadWrite.All"];
const states: readonly AuthenticationState[] = [
  {
    name: "requirements",
    type: {
      name: "strongAuthenticationRequirements",
      ...propertiesByKind({ text: ["perUserMfaState required"] }),
    },
    read: ["Policy.Read.All", "Policy.Read.AuthenticationMethod", ...policyWrite],
    write: policyWrite,
    unchanged: { perUserMfaState: "disabled" },
  },
  {
    name: "signInPreferences",
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
];

/** Whether users have it as properties too: how often they are asked for a second factor. */
const isOfUser = ({ unchanged }: AuthenticationState) =>
  Object.keys(unchanged).every((name) => name in userType.properties);
const keptName = ({ id }: UserRecord, { name }: AuthenticationState) => `${id}/${name}`;

function stateInPath(call: GraphCall, one: AuthenticationState) {
  const user = findInPath(call, findUser);
  const kept = isOfUser(one) ? user.properties : keptProperties(call.state, keptName(user, one));
  const names = Object.keys(one.unchanged);
  const current: JsonObject = Object.fromEntries(
    names.map((name) => [name, kept?.[name] ?? one.unchanged[name]!]),
  );
  return { user, current };
}

/**
 * What a user is asked for to sign in, and preferences, kept as they are written; and the end of
 * its sessions.
 *
 * @see https://learn.microsoft.com/graph/api/authentication-get?view=graph-rest-beta
 * @see https://learn.microsoft.com/graph/api/user-revokesigninsessions
 */
export function installAuthenticationStates(app: SimulatorApp): void {
  for (const one of states) {
    const path = `${versions}/users/:id/authentication/${one.name}`;
    app.get(path, (c) => {
      const call = permit(c, one.read);
      const { user, current } = stateInPath(call, one);
      return answerObject(
        call,
        one.type,
        `users('${user.id}')/authentication/${one.name}`,
        current,
      );
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
