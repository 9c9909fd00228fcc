/**
 * Rules of Privileged Identity Management: what roles and groups have from the start, as the pages of
 * Graph show it, and what is written of them.
 *
 * Does not prove that activations follow them: nobody activates a role here.
 */
import crypto from "node:crypto";
import { beforeEach, describe, expect, it, jest } from "@jest/globals";
import { Graph } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  deployer: {
    permissions: [
      "AuditLog.Read.All",
      "Group.ReadWrite.All",
      "RoleManagementPolicy.ReadWrite.AzureADGroup",
      "RoleManagementPolicy.ReadWrite.Directory",
    ],
  },
});
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
let graph: Graph;
beforeEach(async () => {
  graph = await Graph.connect(context);
});

const assignments = (scopeId: string, scopeType: string, rest = "") =>
  `/policies/roleManagementPolicyAssignments?$filter=scopeId eq '${scopeId}' and scopeType eq '${scopeType}'${rest}`;
const ofRole = assignments(
  "/",
  "DirectoryRole",
  ` and roleDefinitionId eq '${globalAdministrator}'`,
);

async function makeGroup(): Promise<string> {
  const { id } = await graph.must("POST", "/groups", {
    displayName: "g",
    mailEnabled: false,
    mailNickname: "g",
    securityEnabled: true,
  });
  return id;
}

it("a policy is the same at its own address and expanded in the list of assignments", async () => {
  const makeId = jest.spyOn(crypto, "createHash");
  const { value } = await graph.must(
    "GET",
    `${assignments("/", "DirectoryRole")}&$expand=policy&$top=999`,
  );
  const idsMade = makeId.mock.calls.length;
  makeId.mockRestore();
  const { policy, policyId } = value.at(-1);
  const { "@odata.context": _, ...single } = await graph.must(
    "GET",
    `/policies/roleManagementPolicies/${policyId}`,
  );
  expect(policy).toEqual(single);
  expect(idsMade).toBeLessThan(2 * value.length);
});

describe("the rules of a role", () => {
  it.each([
    "policy($expand=rules)",
    "policy(expand=rules)",
    "policy($expand=rules,effectiveRules)",
    "policy($expand=*)",
  ])("are 17, and are expanded by %s", async (expand) => {
    const { value } = await graph.must("GET", `${ofRole}&$expand=${expand}`);
    expect(value).toHaveLength(1);
    const [{ id, policyId, policy }] = value;
    expect(id).toBe(`${policyId}_${globalAdministrator}`);
    expect(policy).toMatchObject({ id: policyId, scopeId: "/", scopeType: "DirectoryRole" });
    expect(policy.rules.map((rule: { id: string }) => rule.id)).toEqual([
      "Expiration_Admin_Eligibility",
      "Enablement_Admin_Eligibility",
      "Notification_Admin_Admin_Eligibility",
      "Notification_Requestor_Admin_Eligibility",
      "Notification_Approver_Admin_Eligibility",
      "Expiration_Admin_Assignment",
      "Enablement_Admin_Assignment",
      "Notification_Admin_Admin_Assignment",
      "Notification_Requestor_Admin_Assignment",
      "Notification_Approver_Admin_Assignment",
      "Expiration_EndUser_Assignment",
      "Enablement_EndUser_Assignment",
      "Approval_EndUser_Assignment",
      "AuthenticationContext_EndUser_Assignment",
      "Notification_Admin_EndUser_Assignment",
      "Notification_Requestor_EndUser_Assignment",
      "Notification_Approver_EndUser_Assignment",
    ]);
  });

  it("are listed, read and changed one by one, and only what their kind has", async () => {
    const [{ policyId }] = (await graph.must("GET", ofRole)).value;
    const path = `/policies/roleManagementPolicies/${policyId}/rules`;
    expect((await graph.must("GET", path)).value).toHaveLength(17);
    const rule = `${path}/Expiration_EndUser_Assignment`;
    const before = await graph.must("GET", rule);
    expect(before).toMatchObject({
      "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyExpirationRule",
      isExpirationRequired: true,
      maximumDuration: "PT8H",
      target: { caller: "EndUser", level: "Assignment" },
    });
    const { "@odata.type": type, id } = before;
    const sent = { "@odata.type": type, id, maximumDuration: "PT1H45M" };
    for (const wrong of [
      { ...sent, "@odata.type": undefined },
      { ...sent, "@odata.type": "#microsoft.graph.unifiedRoleManagementPolicyApprovalRule" },
      { ...sent, enabledRules: [] },
      { ...sent, maximumDuration: "an hour" },
      { ...sent, id: "Expiration_Admin_Assignment" },
    ]) {
      expect([wrong, (await graph.call("PATCH", rule, wrong)).status]).toEqual([wrong, 400]);
    }
    await graph.must("PATCH", rule, sent);
    expect(await graph.must("GET", rule)).toEqual({ ...before, maximumDuration: "PT1H45M" });
    const policy = await graph.must("GET", `/policies/roleManagementPolicies/${policyId}`);
    expect(policy.lastModifiedBy.displayName).not.toBeNull();
    expect(policy.lastModifiedDateTime).not.toBeNull();
    const [change] = (await graph.must("GET", "/auditLogs/directoryAudits?$top=1")).value;
    expect(change.activityDisplayName).toBe("Update role setting in PIM");
    const other = (await graph.must("GET", assignments("/", "DirectoryRole"))).value.find(
      (one: { policyId: string }) => one.policyId !== policyId,
    );
    const untouched = `/policies/roleManagementPolicies/${other.policyId}/rules/${id}`;
    expect(await graph.must("GET", untouched)).toMatchObject({ maximumDuration: "PT8H" });
  });

  it("are changed several at once with their policy, or none", async () => {
    const [{ policyId }] = (await graph.must("GET", ofRole)).value;
    const path = `/policies/roleManagementPolicies/${policyId}`;
    const kind = (name: string) => ({
      "@odata.type": `#microsoft.graph.unifiedRoleManagementPolicy${name}Rule`,
    });
    const expiration = {
      ...kind("Expiration"),
      id: "Expiration_Admin_Eligibility",
      isExpirationRequired: true,
      maximumDuration: "P30D",
    };
    const enablement = {
      ...kind("Enablement"),
      id: "Enablement_EndUser_Assignment",
      enabledRules: ["Justification"],
    };
    const before = await graph.must("GET", `${path}/rules`);
    for (const wrong of [
      { rules: [expiration, { ...enablement, id: "Nonsense" }] },
      { rules: [expiration, { ...enablement, ...kind("Approval") }] },
      { rules: [expiration, null] },
      { rules: {} },
      { rules: [expiration], displayName: "x" },
      { rules: [expiration], nonsense: "x" },
    ]) {
      expect([wrong, (await graph.call("PATCH", path, wrong)).status]).toEqual([wrong, 400]);
    }
    expect(await graph.must("GET", `${path}/rules`)).toEqual(before);
    const changed = await graph.must("PATCH", path, {
      id: policyId,
      scopeId: "/",
      lastModifiedBy: null,
      rules: [expiration, enablement],
    });
    expect(changed).toMatchObject({ id: policyId, scopeType: "DirectoryRole" });
    expect(changed.lastModifiedDateTime).not.toBeNull();
    const { rules } = await graph.must("GET", `${path}?$expand=*`);
    expect(rules).toContainEqual(expect.objectContaining(expiration));
    expect(rules).toContainEqual(expect.objectContaining(enablement));
    const [change] = (await graph.must("GET", "/auditLogs/directoryAudits?$top=1")).value;
    expect(change.activityDisplayName).toBe("Update role setting in PIM");
    const named = `${ofRole} and policyId eq '${policyId}'`;
    expect((await graph.must("GET", named)).value).toHaveLength(1);
  });

  it("are asked of a scope, which has to be named", async () => {
    for (const set of ["roleManagementPolicies", "roleManagementPolicyAssignments"]) {
      expect((await graph.call("GET", `/policies/${set}`)).status).toBe(400);
    }
    for (const scopeType of ["Directory", "DirectoryRole"]) {
      const { value } = await graph.must("GET", `${assignments("/", scopeType)}&$top=999`);
      expect(value.length).toBeGreaterThan(30);
    }
    expect((await graph.must("GET", assignments("/", "Nonsense"))).value).toEqual([]);
    expect((await graph.call("GET", "/policies/roleManagementPolicies/x/rules")).status).toBe(404);
  });
});

it("members and owners of a group have rules of their own", async () => {
  const id = await makeGroup();
  const { value } = await graph.must("GET", assignments(id, "Group"));
  expect(value.map((one: { roleDefinitionId: string }) => one.roleDefinitionId)).toEqual([
    "member",
    "owner",
  ]);
  const rules = `/policies/roleManagementPolicies/${value[0].policyId}/rules`;
  expect(await graph.must("GET", `${rules}/Expiration_Admin_Eligibility`)).toMatchObject({
    isExpirationRequired: true,
    maximumDuration: "P365D",
  });
  expect(await graph.must("GET", `${rules}/Enablement_EndUser_Assignment`)).toMatchObject({
    enabledRules: ["Justification"],
  });
});

it("who may read rules of roles may not read those of groups, and the other way round", async () => {
  const id = await makeGroup();
  context.tenant.deployer.revoke("RoleManagementPolicy.ReadWrite.AzureADGroup");
  const forRoles = await Graph.connect(context);
  context.tenant.deployer.grant("RoleManagementPolicy.ReadWrite.AzureADGroup");
  context.tenant.deployer.revoke("RoleManagementPolicy.ReadWrite.Directory");
  const forGroups = await Graph.connect(context);
  const statuses = async (client: Graph) => [
    (await client.call("GET", ofRole)).status,
    (await client.call("GET", assignments(id, "Group"))).status,
  ];
  expect([await statuses(forRoles), await statuses(forGroups)]).toEqual([
    [200, 403],
    [403, 200],
  ]);
});

it("a tenant without a licence has none", async () => {
  const tenant = context.simulator.addTenant({
    initialDomain: "fabrikam.onmicrosoft.com",
    premium: "none",
    deployer: { permissions: ["RoleManagementPolicy.Read.Directory"] },
  });
  const answer = await (
    await Graph.connect({ simulator: context.simulator, tenant })
  ).call("GET", ofRole);
  expect(answer.body.error.code).toBe("AadPremiumLicenseRequired");
});
