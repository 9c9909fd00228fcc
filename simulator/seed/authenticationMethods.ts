import type { JsonObject } from "../json";

const toAllUsers = (own: JsonObject = {}) => ({
  includeTargets: [{ targetType: "group", id: "all_users", isRegistrationRequired: false, ...own }],
});

/**
 * Which methods of authentication a tenant allows where nobody has changed it.
 *
 * @see https://learn.microsoft.com/graph/api/authenticationmethodspolicy-get#response
 */
export function authenticationMethodConfigurations(): JsonObject[] {
  const methods: readonly (readonly [id: string, state: string, own: JsonObject])[] = [
    [
      "Fido2",
      "disabled",
      {
        isSelfServiceRegistrationAllowed: true,
        isAttestationEnforced: true,
        keyRestrictions: { isEnforced: false, enforcementType: "block", aaGuids: [] },
        ...toAllUsers(),
      },
    ],
    [
      "MicrosoftAuthenticator",
      "enabled",
      {
        isSoftwareOathEnabled: false,
        featureSettings: {
          displayAppInformationRequiredState: unset(),
          displayLocationInformationRequiredState: unset(),
        },
        ...toAllUsers({ authenticationMode: "any" }),
      },
    ],
    ["Sms", "disabled", toAllUsers({ isUsableForSignIn: false })],
    [
      "TemporaryAccessPass",
      "disabled",
      {
        defaultLifetimeInMinutes: 60,
        defaultLength: 8,
        minimumLifetimeInMinutes: 60,
        maximumLifetimeInMinutes: 480,
        isUsableOnce: false,
        ...toAllUsers(),
      },
    ],
    ["SoftwareOath", "disabled", toAllUsers()],
    ["Voice", "disabled", { isOfficePhoneAllowed: false, ...toAllUsers() }],
    ["Email", "enabled", { allowExternalIdToUseEmailOtp: "default", includeTargets: [] }],
    ["X509Certificate", "disabled", toAllUsers()],
  ];
  return methods.map(([id, state, own]) => ({
    "@odata.type": `#microsoft.graph.${id[0]!.toLowerCase()}${id.slice(1)}AuthenticationMethodConfiguration`,
    id,
    state,
    excludeTargets: [],
    ...own,
  }));
}

function unset(): JsonObject {
  const nobody = { targetType: "group", id: "00000000-0000-0000-0000-000000000000" };
  const all = { targetType: "group", id: "all_users" };
  return { state: "default", includeTarget: all, excludeTarget: nobody };
}
