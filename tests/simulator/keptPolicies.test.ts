/** Policies that are kept as they are written: named locations, Conditional Access and their like. */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { Graph, makeApp } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  domains: ["contoso.org"],
  deployer: {
    permissions: [
      "Domain.ReadWrite.All",
      "OrgSettings-Forms.ReadWrite.All",
      "ReportSettings.ReadWrite.All",
      "Application.ReadWrite.All",
      "Organization.ReadWrite.All",
      "Organization.Read.All",
      "Policy.Read.All",
      "Policy.Read.DeviceConfiguration",
      "Policy.ReadWrite.ApplicationConfiguration",
      "Policy.ReadWrite.AuthenticationFlows",
      "Policy.ReadWrite.AuthenticationMethod",
      "Policy.ReadWrite.Authorization",
      "Policy.ReadWrite.ConditionalAccess",
      "Policy.ReadWrite.ConsentRequest",
      "Policy.ReadWrite.CrossTenantAccess",
      "Policy.ReadWrite.DeviceConfiguration",
      "Policy.ReadWrite.ExternalIdentities",
      "Policy.ReadWrite.FeatureRollout",
      "Policy.ReadWrite.SecurityDefaults",
    ],
  },
});
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});

it.each([
  [
    "/identity/conditionalAccess/namedLocations",
    {
      "@odata.type": "#microsoft.graph.ipNamedLocation",
      displayName: "Office",
      isTrusted: true,
      ipRanges: [{ "@odata.type": "#microsoft.graph.iPv4CidrRange", cidrAddress: "192.0.2.0/24" }],
    },
    { isTrusted: false },
  ],
  [
    "/identity/conditionalAccess/policies",
    {
      displayName: "Block",
      state: "disabled",
      conditions: { users: { includeUsers: ["All"] }, applications: { includeApplications: [] } },
      grantControls: { operator: "OR", builtInControls: ["block"] },
    },
    { state: "enabledForReportingButNotEnforced" },
  ],
  [
    "/policies/authenticationStrengthPolicies",
    { displayName: "Strong", allowedCombinations: ["fido2"] },
    { description: "Only keys" },
  ],
  [
    "/policies/claimsMappingPolicies",
    { displayName: "Claims", definition: ["{}"] },
    { definition: ["{ }"] },
  ],
  ...["activityBasedTimeout", "homeRealmDiscovery", "tokenIssuance", "tokenLifetime"].map(
    (name): [string, { displayName: string; definition: string[] }, object] => [
      `/policies/${name}Policies`,
      { displayName: name, definition: ["{}"] },
      { isOrganizationDefault: true },
    ],
  ),
  [
    "/policies/featureRolloutPolicies",
    { displayName: "Rollout", feature: "passthroughAuthentication" },
    { isEnabled: true },
  ],
])("%s: made, listed, changed and removed", async (path, wanted, change) => {
  const made = await graph.must("POST", path, wanted);
  expect(made).toMatchObject(wanted);
  const found = `${path}?$filter=displayName eq '${wanted.displayName}'`;
  expect((await graph.must("GET", found)).value).toMatchObject([{ id: made.id }]);
  await graph.must("PATCH", `${path}/${made.id}`, change);
  expect(await graph.must("GET", `${path}/${made.id}`)).toMatchObject({ ...wanted, ...change });
  await graph.must("DELETE", `${path}/${made.id}`);
  expect((await graph.call("GET", `${path}/${made.id}`)).status).toBe(404);
  expect((await graph.call("POST", path, { displayName: null })).status).toBe(400);
});

it("the combinations of an authentication strength are changed by an action", async () => {
  const path = "/policies/authenticationStrengthPolicies";
  const wanted = { displayName: "Strong", allowedCombinations: ["fido2"] };
  const { id } = await graph.must("POST", path, wanted);
  const allowedCombinations = ["windowsHelloForBusiness"];
  const answer = await graph.must("POST", `${path}/${id}/updateAllowedCombinations`, {
    allowedCombinations,
  });
  expect(answer).toMatchObject({
    currentCombinations: allowedCombinations,
    previousCombinations: ["fido2"],
  });
  expect(await graph.must("GET", `${path}/${id}`)).toMatchObject({ allowedCombinations });
});

it("a claims mapping policy is assigned to a service principal, once, and taken away", async () => {
  const { servicePrincipalId } = await makeApp(graph);
  const policy = await graph.must("POST", "/policies/claimsMappingPolicies", {
    displayName: "Claims",
    definition: ["{}"],
  });
  const path = `/servicePrincipals/${servicePrincipalId}/claimsMappingPolicies`;
  const reference = {
    "@odata.id": `https://graph.microsoft.com/v1.0/policies/claimsMappingPolicies/${policy.id}`,
  };
  await graph.must("POST", `${path}/$ref`, reference);
  expect((await graph.call("POST", `${path}/$ref`, reference)).status).toBe(400);
  expect((await graph.must("GET", path)).value).toMatchObject([{ id: policy.id }]);
  await graph.must("DELETE", `${path}/${policy.id}/$ref`);
  expect((await graph.must("GET", path)).value).toEqual([]);
});

describe("policies of which a tenant has one", () => {
  it.each([
    ["/policies/authorizationPolicy", "PATCH", { allowInvitesFrom: "none" }],
    ["/policies/identitySecurityDefaultsEnforcementPolicy", "PATCH", { isEnabled: true }],
    ["/policies/authenticationFlowsPolicy", "PATCH", { selfServiceSignUp: { isEnabled: true } }],
    ["/policies/authenticationMethodsPolicy", "PATCH", { reconfirmationInDays: 7 }],
    ["/policies/crossTenantAccessPolicy", "PATCH", { allowedCloudEndpoints: ["x"] }],
    [
      "/policies/crossTenantAccessPolicy/default",
      "PATCH",
      { inboundTrust: { isMfaAccepted: true } },
    ],
    ["/policies/externalIdentitiesPolicy", "PATCH", { allowExternalIdentitiesToLeave: false }],
    ["/policies/deviceRegistrationPolicy", "PUT", { userDeviceQuota: 5 }],
    ["/policies/adminConsentRequestPolicy", "PUT", { isEnabled: true }],
  ])("%s keeps what is written by %s, and the rest", async (path, method, sent) => {
    const before = await graph.must("GET", path);
    expect(before).not.toMatchObject(sent);
    await graph.must(method, path, sent);
    const after = await graph.must("GET", path);
    expect(after).toMatchObject(sent);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect((await graph.call(method, path, { nonsense: 1 })).status).toBe(400);
  });

  it("merges what is written into complex values, under either path of the beta", async () => {
    const path = "/beta/policies/authorizationPolicy/authorizationPolicy";
    await graph.must("PATCH", path, { defaultUserRolePermissions: { allowedToCreateApps: false } });
    expect(
      (await graph.must("GET", "/policies/authorizationPolicy")).defaultUserRolePermissions,
    ).toMatchObject({ allowedToCreateApps: false, allowedToReadOtherUsers: true });
  });
});

it.each(["applications", "servicePrincipals"])(
  "policies of tokens are assigned to %s, each once",
  async (holder) => {
    const app = await makeApp(graph);
    const policy = await graph.must("POST", "/policies/tokenLifetimePolicies", {
      displayName: "short",
      definition: ['{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"1:00:00"}}'],
    });
    const id = holder === "applications" ? app.id : app.servicePrincipalId;
    const path = `/${holder}/${id}/tokenLifetimePolicies`;
    const reference = {
      "@odata.id": `https://graph.microsoft.com/v1.0/policies/tokenLifetimePolicies/${policy.id}`,
    };
    await graph.must("POST", `${path}/$ref`, reference);
    expect((await graph.call("POST", `${path}/$ref`, reference)).status).toBe(400);
    expect((await graph.must("GET", path)).value).toMatchObject([{ displayName: "short" }]);
    const other = path.replace("tokenLifetimePolicies", "tokenIssuancePolicies");
    expect((await graph.must("GET", other)).value).toEqual([]);
    expect((await graph.call("POST", `${other}/$ref`, reference)).status).toBe(404);
    await graph.must("DELETE", `${path}/${policy.id}/$ref`);
    expect((await graph.must("GET", path)).value).toEqual([]);
  },
);

it("settings of Microsoft 365 are kept, and read by their parts", async () => {
  await graph.must("PATCH", "/admin/reportSettings", { displayConcealedNames: false });
  expect(await graph.must("GET", "/admin/reportSettings")).toMatchObject({
    displayConcealedNames: false,
  });
  await graph.must("PATCH", "/beta/admin/forms", {
    settings: { isExternalSendFormEnabled: false },
  });
  expect(await graph.must("GET", "/beta/admin/forms/settings")).toMatchObject({
    isExternalSendFormEnabled: false,
    isInOrgFormsPhishingScanEnabled: true,
  });
  expect(await graph.must("GET", "/policies/authorizationPolicy/allowInvitesFrom")).toMatchObject({
    value: "everyone",
  });
});

it("a domain keeps how long passwords are valid, and becomes the default in place of another", async () => {
  const [first, second] = ["/domains/contoso.onmicrosoft.com", "/domains/contoso.org"];
  await graph.must("PATCH", second, { passwordValidityPeriodInDays: 2147483647 });
  await graph.must("PATCH", second, { isDefault: true });
  expect(await graph.must("GET", second)).toMatchObject({
    isDefault: true,
    passwordValidityPeriodInDays: 2147483647,
  });
  expect((await graph.must("GET", first)).isDefault).toBe(false);
  expect((await graph.call("PATCH", second, { isDefault: false })).status).toBe(400);
  expect((await graph.call("PATCH", second, { isVerified: false })).status).toBe(400);
});

it("locations are narrowed to their type", async () => {
  for (const type of ["ipNamedLocation", "countryNamedLocation"]) {
    await graph.must("POST", "/identity/conditionalAccess/namedLocations", {
      "@odata.type": `#microsoft.graph.${type}`,
      displayName: type,
    });
  }
  const query = new URLSearchParams({ $filter: "isof('microsoft.graph.ipNamedLocation')" });
  const { value } = await graph.must("GET", `/identity/conditionalAccess/namedLocations?${query}`);
  expect(value).toMatchObject([{ displayName: "ipNamedLocation" }]);
});

it("the organization keeps whom it tells, and nothing else can be written of it", async () => {
  const path = `/organization/${context.tenant.tenantId}`;
  await graph.must("PATCH", path, { technicalNotificationMails: ["ops@contoso.org"] });
  expect(await graph.must("GET", path)).toMatchObject({
    technicalNotificationMails: ["ops@contoso.org"],
    marketingNotificationEmails: [],
  });
  expect((await graph.call("PATCH", path, { displayName: "x" })).status).toBe(400);
});
