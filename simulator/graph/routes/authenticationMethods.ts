import { asText, isJsonObject, type JsonObject } from "../../json";
import type { UserRecord } from "../../state/entities";
import type { TenantState } from "../../state/tenantState";
import type { EntitySet } from "../entitySet";
import { findInPath } from "../lookup";
import { type EntityType, propertiesByKind } from "../model/entityType";
import { tenantPolicies } from "../model/tenantPolicies";
import { presentUser } from "../present";
import { mergeProperties, refuseForeign } from "../properties";
import { readLogs, requirePremium } from "./auditLogs";
import { keepProperties, policyNow } from "./tenantPolicies";
import { findUser } from "./users";

const methodType: EntityType = {
  name: "authenticationMethod",
  ...propertiesByKind({ text: ["id", "password"], date: ["createdDateTime"] }),
};
const configurationType: EntityType = {
  name: "authenticationMethodConfiguration",
  ...propertiesByKind({
    text: ["allowExternalIdToUseEmailOtp", "id", "state"],
    number: [
      "defaultLength",
      "defaultLifetimeInMinutes",
      "maximumLifetimeInMinutes",
      "minimumLifetimeInMinutes",
    ],
    boolean: [
      "isAttestationEnforced",
      "isOfficePhoneAllowed",
      "isSelfServiceRegistrationAllowed",
      "isSoftwareOathEnabled",
      "isUsableOnce",
    ],
    objects: ["excludeTargets", "includeTargets"],
    object: ["featureSettings", "keyRestrictions"],
  }),
};
const registrationType: EntityType = {
  name: "userRegistrationDetails",
  ...propertiesByKind({
    text: [
      "id filterable",
      "userDisplayName filterable",
      "userPreferredMethodForSecondaryAuthentication filterable",
      "userPrincipalName filterable",
      "userType filterable",
    ],
    boolean: [
      "isAdmin filterable",
      "isMfaCapable filterable",
      "isMfaRegistered filterable",
      "isPasswordlessCapable filterable",
      "isSsprCapable filterable",
      "isSsprEnabled filterable",
      "isSsprRegistered filterable",
      "isSystemPreferredAuthenticationMethodEnabled filterable",
    ],
    texts: ["methodsRegistered filterable", "systemPreferredAuthenticationMethods filterable"],
    date: ["lastUpdatedDateTime filterable"],
  }),
};

const policy = tenantPolicies.find(({ type }) => type.name === "authenticationMethodsPolicy")!;
const methodReaders = [
  "UserAuthenticationMethod.Read.All",
  "UserAuthenticationMethod.ReadWrite.All",
];
/** A password has the same id for every user. */
const passwordId = "28c10230-6103-485e-b985-444c60001490";

/**
 * How users may sign in, and what they have registered for it: a password, and guests nothing.
 *
 * @see https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview
 */
export const authenticationMethods: readonly EntitySet<{ readonly id: string }>[] = [
  {
    paths: ["/policies/authenticationMethodsPolicy/authenticationMethodConfigurations"],
    type: configurationType,
    setName: () => "authenticationMethodConfigurations",
    read: ["Policy.Read.AuthenticationMethod", ...policy.read, policy.write],
    write: [policy.write],
    all: ({ state }) => configurationsIn(state),
    find: ({ state }, key) =>
      configurationsIn(state).find(({ id }) => id.toLowerCase() === key.toLowerCase()),
    show: (_, one) => ({ ...one }),
    update: ({ state, body }, one) => {
      const { id: _, ...sent } = body;
      refuseForeign(sent, one);
      const changed = mergeProperties({ ...one }, sent, configurationType);
      keepProperties(state, policy.type.name, {
        ...policyNow(state, policy),
        authenticationMethodConfigurations: configurationsIn(state).map((other) =>
          other.id === one.id ? changed : other,
        ),
      });
    },
  },
  {
    paths: ["/users/:id/authentication/methods", "/users/:id/authentication/passwordMethods"],
    parameter: "method",
    type: methodType,
    setName: (call) => `users('${findInPath(call, findUser).id}')/authentication/methods`,
    read: methodReaders,
    all: (call) => {
      const { userType, createdDateTime = null } = presentUser(findInPath(call, findUser));
      return userType === "Guest"
        ? []
        : [
            {
              "@odata.type": "#microsoft.graph.passwordAuthenticationMethod",
              id: passwordId,
              password: null,
              createdDateTime,
            },
          ];
    },
    show: (_, one) => ({ ...one }),
  },
  {
    // Nobody registers any of these here.
    paths: [
      ...["email", "fido2", "microsoftAuthenticator", "phone", "platformCredential"],
      ...["softwareOath", "temporaryAccessPass", "windowsHelloForBusiness"],
    ].map((kind) => `/users/:id/authentication/${kind}Methods`),
    parameter: "method",
    type: methodType,
    read: methodReaders,
    all: (call) => (findInPath(call, findUser), []),
    show: (_, one) => ({ ...one }),
  },
  {
    paths: ["/reports/authenticationMethods/userRegistrationDetails"],
    type: registrationType,
    read: readLogs,
    all: (call) => {
      requirePremium(call);
      return call.state.users.all();
    },
    show: ({ state }, user) => registrationOf(state, user as UserRecord),
  },
];

/**
 * With what users from elsewhere can sign in: what every tenant has, and nothing that was set up.
 *
 * @see https://learn.microsoft.com/graph/api/identitycontainer-list-identityproviders
 */
export const identityProviders: EntitySet<{ readonly id: string }> = {
  paths: ["/identity/identityProviders"],
  type: {
    name: "identityProviderBase",
    ...propertiesByKind({
      text: ["displayName filterable", "id filterable", "identityProviderType"],
    }),
  },
  read: ["IdentityProvider.Read.All", "IdentityProvider.ReadWrite.All"],
  all: () =>
    [
      ["AADSignup-OAUTH", "AADSignup", "Azure Active Directory Sign up"],
      ["EmailOtpSignup-OAUTH", "EmailOTP", "Email One Time Passcode"],
      ["MSASignup-OAUTH", "MicrosoftAccount", "MicrosoftAccount"],
    ].map(([id = "", identityProviderType = "", displayName = ""]) => ({
      "@odata.type": "#microsoft.graph.builtInIdentityProvider",
      id,
      displayName,
      identityProviderType,
    })),
  show: (_, provider) => ({ ...provider }),
};

function configurationsIn(state: TenantState): (JsonObject & { id: string })[] {
  const { authenticationMethodConfigurations: all = [] } = policyNow(state, policy);
  const known = Array.isArray(all) ? all.filter(isJsonObject) : [];
  return structuredClone(known).map((one) => ({ ...one, id: asText(one["id"]) }));
}

function registrationOf(state: TenantState, user: UserRecord): JsonObject {
  const { userType, createdDateTime = null } = presentUser(user);
  return {
    id: user.id,
    userPrincipalName: user.userPrincipalName,
    userDisplayName: user.displayName,
    isAdmin: state.roleAssignments.findBy("principalId", user.id).length > 0,
    isSsprRegistered: false,
    isSsprEnabled: false,
    isSsprCapable: false,
    isMfaRegistered: false,
    isMfaCapable: false,
    isPasswordlessCapable: false,
    lastUpdatedDateTime: createdDateTime,
    methodsRegistered: [],
    isSystemPreferredAuthenticationMethodEnabled: false,
    systemPreferredAuthenticationMethods: [],
    userPreferredMethodForSecondaryAuthentication: "none",
    userType: userType === "Guest" ? "guest" : "member",
  };
}
