/**
 * How the stand-ins decide what changes: sets as sets, empty as absent, unknown as a change,
 * replacement where the provider's schema says so. Not proven here: that the official plugins
 * decide alike; the tests beside this one compare with what was recorded from them.
 */
import fc from "fast-check";
import { applicationSchema } from "../../toolchain/standIns/azuread/applicationSchema";
import { applicationCertificate } from "../../toolchain/standIns/azuread/credentials";
import { directoryRoleAssignment } from "../../toolchain/standIns/azuread/assignments";
import { check } from "../../toolchain/pluginProtocol/check";
import { diff } from "../../toolchain/pluginProtocol/diff";
import { plannedState, updatedState } from "../../toolchain/pluginProtocol/plan";
import { isUnknown, type Properties, unknownValue } from "../../toolchain/pluginProtocol/values";
import {
  isReadyForRenewal,
  localTime,
  selfSignedCertSchema,
} from "../../toolchain/standIns/tls/selfSignedCert";

const access = (...ids: string[]) =>
  ids.map((id) => ({ resourceAppId: id, resourceAccesses: [{ id, type: "Role" }] }));

const application = (changes: Properties = {}) =>
  check(applicationSchema, { displayName: "One", ...changes }).inputs;

/** A state as it is read back: what was given, and empty values for the rest. */
const readBack = (inputs: Properties): Properties => ({
  description: "",
  notes: "",
  tags: [],
  identifierUris: [],
  owners: [],
  featureTags: [{ customSingleSignOn: false, enterprise: false, gallery: false, hide: false }],
  api: {
    knownClientApplications: [],
    mappedClaimsEnabled: false,
    oauth2PermissionScopes: [],
    requestedAccessTokenVersion: 1,
  },
  web: {
    homepageUrl: "",
    implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
    logoutUrl: "",
    redirectUris: [],
  },
  ...Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__"))),
});

test("what is read back empty and was not given does not count as a change", () => {
  expect(diff(applicationSchema, readBack(application()), application())).toEqual([]);
});

test("another order of a set does not count as a change, whatever the set", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.uuid(), { maxLength: 6 }), fc.nat(), (ids, seed) => {
      const turned = [
        ...ids.slice(seed % (ids.length + 1)),
        ...ids.slice(0, seed % (ids.length + 1)),
      ];
      const before = readBack(
        application({ owners: ids, requiredResourceAccesses: access(...ids) }),
      );
      const after = application({ owners: turned, requiredResourceAccesses: access(...turned) });
      expect(diff(applicationSchema, before, after)).toEqual([]);
    }),
  );
});

test("every element that is added or removed is a change, and nothing else", () => {
  const set = fc.uniqueArray(fc.uuid(), { maxLength: 5 });
  fc.assert(
    fc.property(set, set, (before, after) => {
      const changes = diff(
        applicationSchema,
        readBack(application({ owners: before })),
        application({ owners: after }),
      );
      const same = before.length === after.length && before.every((id) => after.includes(id));
      expect(changes.length === 0).toBe(same);
      expect(changes.every(({ path, replace }) => path.startsWith("owners[") && !replace)).toBe(
        true,
      );
    }),
  );
});

test("a renamed application is updated, a changed certificate is replaced", () => {
  expect(
    diff(applicationSchema, readBack(application()), application({ displayName: "Two" })),
  ).toEqual([{ path: "displayName", kind: "update", replace: false }]);
  const given = check(applicationCertificate.schema, {
    applicationId: "/applications/1",
    value: "PEM",
    type: "AsymmetricX509Cert",
    endDate: "2027-11-24T00:00:00Z",
  }).inputs;
  const state = { ...given, keyId: "k", startDate: "2026-11-24T00:00:00Z" };
  expect(diff(applicationCertificate.schema, state, given)).toEqual([]);
  expect(diff(applicationCertificate.schema, state, { ...given, value: "OTHER" })).toEqual([
    { path: "value", kind: "update", replace: true },
  ]);
  // What makes hand-written programs replace the credential at every preview.
  expect(
    diff(applicationCertificate.schema, state, { ...given, endDate: "2027-11-24T00:00:00.000Z" }),
  ).toEqual([{ path: "endDate", kind: "update", replace: true }]);
});

test("a role that is read back under another id is replaced, as with the official plugin", () => {
  const state = {
    roleId: "template",
    principalObjectId: "p",
    directoryScopeId: "/",
    appScopeId: "",
  };
  const changes = diff(directoryRoleAssignment.schema, state, {
    roleId: "object",
    principalObjectId: "p",
  });
  expect(changes).toEqual([{ path: "roleId", kind: "update", replace: true }]);
});

test("an unknown value is a change, and replaces where the property does", () => {
  const inputs = { roleId: "r", principalObjectId: unknownValue };
  const state = { roleId: "r", principalObjectId: "p" };
  expect(diff(directoryRoleAssignment.schema, state, inputs)).toEqual([
    { path: "principalObjectId", kind: "update", replace: true },
  ]);
});

test("at preview what the service fills in is unknown, and stays as it was in an update", () => {
  const planned = plannedState(applicationSchema, application());
  expect(isUnknown(planned.clientId)).toBe(true);
  expect(planned.displayName).toBe("One");
  expect(planned).not.toHaveProperty("__defaults");
  const updated = updatedState(
    applicationSchema,
    { clientId: "c", displayName: "One" },
    application({ displayName: "Two" }),
  );
  expect(updated).toMatchObject({ clientId: "c", displayName: "Two" });
});

test("missing, mistyped and unknown properties are refused", () => {
  const reasons = (inputs: Properties) =>
    check(applicationSchema, inputs).failures.map(({ property }) => property);
  expect(reasons({})).toEqual(["displayName"]);
  expect(reasons({ displayName: 3 })).toEqual(["displayName"]);
  expect(reasons({ displayName: "One", owners: ["me"] })).toEqual(["owners[0]"]);
  expect(reasons({ displayName: "One", displayNme: "x" })).toEqual(["displayNme"]);
  expect(reasons({ displayName: unknownValue, owners: [unknownValue] })).toEqual([]);
});

test("an expired certificate is ready for renewal, one that is valid is not", () => {
  const state = { validityEndTime: "2027-11-24T00:00:00Z" };
  const isReadyAt = (time: string, early = 0) =>
    isReadyForRenewal(state, { earlyRenewalHours: early }, new Date(time));
  expect(isReadyAt("2027-11-23T23:59:59Z")).toBe(false);
  expect(isReadyAt("2027-11-24T00:00:00Z")).toBe(true);
  expect(isReadyAt("2027-11-23T23:59:59Z", 1)).toBe(true);
  expect(selfSignedCertSchema.validityPeriodHours?.forceNew).toBe(true);
});

test("times are RFC 3339 with the fraction of the second, as Go writes it", () => {
  const zone = /(Z|[+-]\d\d:\d\d)$/;
  const minutes = (text: string) => text.replace(zone, "").slice(-10);
  expect(localTime(new Date("2026-11-24T10:00:00Z"))).toMatch(zone);
  expect(minutes(localTime(new Date("2026-11-24T10:00:20Z")))).toMatch(/:\d\d:20$/);
  expect(minutes(localTime(new Date("2026-11-24T10:00:20.120Z")))).toMatch(/:20\.12$/);
});
