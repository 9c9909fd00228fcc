/** Policies that are kept as they are written: named locations, Conditional Access and their like. */
import { beforeEach, expect, it } from "@jest/globals";
import { Graph, makeApp } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "Policy.Read.All",
      "Policy.ReadWrite.ApplicationConfiguration",
      "Policy.ReadWrite.AuthenticationMethod",
      "Policy.ReadWrite.ConditionalAccess",
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
