/**
 * What the simulated tenant writes down of changes and sign-ins, and what Privileged Identity
 * Management lists.
 *
 * Does not prove that Microsoft's logs have no further entries, nor how late they are.
 */
import { expect, it } from "@jest/globals";
import { Graph, makeApp, requestToken } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "AppRoleAssignment.ReadWrite.All",
      "AuditLog.Read.All",
      "Policy.ReadWrite.ApplicationConfiguration",
      "RoleManagement.ReadWrite.Directory",
      "Group.ReadWrite.All",
      "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
      "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    ],
  },
});
const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";

async function audits(graph: Graph, targetId: string): Promise<Record<string, unknown>[]> {
  const filter = encodeURIComponent(`targetResources/any(t:t/id eq '${targetId}')`);
  const { body } = await graph.call("GET", `/auditLogs/directoryAudits?$filter=${filter}`);
  return body.value;
}

it("writes every change down with who did it, what was changed, and how it was before", async () => {
  const graph = await Graph.connect(context);
  const app = await makeApp(graph);
  await graph.call("PATCH", `/applications/${app.id}`, { notes: "new" });
  await graph.call("POST", `/applications/${app.id}/addPassword`, {});
  await graph.call("POST", "/roleManagement/directory/roleAssignments", {
    principalId: app.servicePrincipalId,
    roleDefinitionId: exchangeAdministrator,
    directoryScopeId: "/",
  });
  await graph.call("DELETE", `/applications/${app.id}`);

  const entries = await audits(graph, app.id);
  expect(entries.map((one) => one.activityDisplayName)).toEqual([
    "Delete application",
    "Update application – Certificates and secrets management ",
    "Update application",
    "Add application",
  ]);
  expect(entries[2]).toMatchObject({
    initiatedBy: { app: { servicePrincipalId: context.tenant.deployer.servicePrincipalObjectId } },
    targetResources: [
      {
        id: app.id,
        modifiedProperties: [{ displayName: "notes", oldValue: "null", newValue: '"new"' }],
      },
    ],
  });
  const [role] = await audits(graph, app.servicePrincipalId);
  expect(role).toMatchObject({ activityDisplayName: "Add member to role" });
  expect(JSON.stringify(role)).toContain("Exchange Administrator");
});

it("writes nothing down of what was refused or only read", async () => {
  const graph = await Graph.connect(context);
  await graph.call("GET", "/applications");
  await graph.call("POST", "/applications", {});
  const { body } = await graph.call("GET", "/auditLogs/directoryAudits");
  expect(body.value).toEqual([]);
});

it("lists sign-ins by type, and reports when an application and its credential last signed in", async () => {
  const graph = await Graph.connect(context);
  const app = await makeApp(graph);
  const { body: secret } = await graph.call("POST", `/applications/${app.id}/addPassword`, {});
  await requestToken(context, { client_id: app.appId, client_secret: secret.secretText });

  const all = encodeURIComponent("signInEventTypes/any(t: t eq 'servicePrincipal')");
  const { body: log } = await graph.call(
    "GET",
    `/auditLogs/signIns?$filter=${all} and appId eq '${app.appId}'`,
  );
  expect(log.value).toMatchObject([
    { appId: app.appId, servicePrincipalCredentialKeyId: secret.keyId },
  ]);
  expect((await graph.call("GET", "/auditLogs/signIns")).body.value).toEqual([]);

  const id = Buffer.from(app.appId).toString("base64");
  const { body: activity } = await graph.call(
    "GET",
    `/reports/servicePrincipalSignInActivities/${encodeURIComponent(id)}`,
  );
  expect(activity.applicationAuthenticationClientSignInActivity.lastSignInDateTime).toBe(
    log.value[0].createdDateTime,
  );
  const { body: credentials } = await graph.call(
    "GET",
    `/reports/appCredentialSignInActivities?$filter=keyId eq '${secret.keyId}'`,
  );
  expect(credentials.value).toMatchObject([
    { appId: app.appId, keyId: secret.keyId, credentialOrigin: "application" },
  ]);
});

it("lists eligible roles and groups, and what has no end beside what has one", async () => {
  const graph = await Graph.connect(context);
  const app = await makeApp(graph);
  const requests = "/roleManagement/directory/roleEligibilityScheduleRequests";
  const asked = await graph.call("POST", requests, {
    action: "adminAssign",
    principalId: app.servicePrincipalId,
    roleDefinitionId: exchangeAdministrator,
    directoryScopeId: "/",
    justification: "For the job",
  });
  // The azuread provider replaces a request whose justification it does not find.
  expect((await graph.call("GET", `${requests}/${asked.body.id}`)).body.justification).toBe(
    "For the job",
  );
  const { body: group } = await graph.call("POST", "/groups", {
    displayName: "Exchange jobs",
    mailNickname: "jobs",
    mailEnabled: false,
    securityEnabled: true,
    isAssignableToRole: true,
  });
  await graph.call(
    "POST",
    "/identityGovernance/privilegedAccess/group/eligibilityScheduleRequests",
    {
      action: "adminAssign",
      accessId: "member",
      groupId: group.id,
      principalId: app.servicePrincipalId,
    },
  );
  const eligible = await graph.call(
    "GET",
    `/roleManagement/directory/roleEligibilityScheduleInstances?$filter=roleDefinitionId eq '${exchangeAdministrator}'&$expand=principal,roleDefinition($select=displayName)`,
  );
  expect(eligible.body.value).toMatchObject([
    {
      principalId: app.servicePrincipalId,
      principal: { id: app.servicePrincipalId },
      roleDefinition: { displayName: "Exchange Administrator" },
    },
  ]);
  const ofGroup = await graph.call(
    "GET",
    `/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=groupId eq '${group.id}'`,
  );
  expect(ofGroup.body.value).toMatchObject([{ principalId: app.servicePrincipalId }]);
  const active = await graph.call(
    "GET",
    "/roleManagement/directory/roleAssignmentScheduleInstances",
  );
  expect(active.body.value).toEqual([]);
});

it("gives membership of a group for a time, as who asks for it says, and ends it", async () => {
  const graph = await Graph.connect(context);
  const app = await makeApp(graph);
  const group = await graph.must("POST", "/groups", {
    displayName: "g",
    mailNickname: "g",
    mailEnabled: false,
    securityEnabled: true,
  });
  const base = "/identityGovernance/privilegedAccess/group/assignmentSchedule";
  const ask = (action: string, expiration?: object) =>
    graph.call("POST", `${base}Requests`, {
      action,
      accessId: "member",
      groupId: group.id,
      principalId: app.servicePrincipalId,
      scheduleInfo: { startDateTime: "2026-11-26T10:00:00Z", expiration },
    });
  const expiration = { type: "afterDuration", duration: "P3650D" };
  expect((await ask("adminUpdate", expiration)).status).toBe(400);
  for (const duration of ["30 days", undefined, "P999999999Y"]) {
    expect((await ask("adminAssign", { ...expiration, duration })).status).toBe(400);
  }
  const { body: made } = await ask("adminAssign", expiration);
  expect(made.scheduleInfo.expiration).toEqual({ ...expiration, endDateTime: null });
  expect(made.targetScheduleId).toMatch(new RegExp(`^${group.id}_member_[0-9a-f-]{36}$`));
  const schedule = `${base}s/${made.targetScheduleId}`;
  expect(await graph.must("GET", schedule)).toMatchObject({
    status: "Provisioned",
    scheduleInfo: { expiration: { type: "afterDateTime", endDateTime: "2036-11-23T10:00:00Z" } },
  });
  expect((await ask("adminAssign", expiration)).status).toBe(400);
  await ask("adminUpdate", { type: "noExpiration" });
  const filter = `groupId eq '${group.id}' and targetScheduleId eq '${made.targetScheduleId}'`;
  const path = `${base}Requests?$filter=${filter}&$orderby=createdDateTime desc`;
  expect((await graph.must("GET", path)).value).toMatchObject([
    { scheduleInfo: { expiration: { type: "noExpiration" } } },
  ]);
  await ask("adminRemove");
  expect((await graph.call("GET", schedule)).status).toBe(404);
});

it("assigns an app management policy to an application, and removes it again", async () => {
  const graph = await Graph.connect(context);
  const app = await makeApp(graph);
  const { body: policy } = await graph.call("POST", "/policies/appManagementPolicies", {
    displayName: "no secrets",
    isEnabled: true,
    restrictions: { passwordCredentials: [{ restrictionType: "passwordAddition" }] },
  });
  const target = `${context.simulator.endpoints.graph}/v1.0/policies/appManagementPolicies/${policy.id}`;
  await graph.call("POST", `/applications/${app.id}/appManagementPolicies/$ref`, {
    "@odata.id": target,
  });
  const refused = await graph.call("POST", `/applications/${app.id}/addPassword`, {});
  expect(refused.status).toBe(400);
  const { body: applies } = await graph.call(
    "GET",
    `/policies/appManagementPolicies/${policy.id}/appliesTo`,
  );
  expect(applies.value).toMatchObject([{ id: app.id }]);
  expect((await graph.call("DELETE", `/policies/appManagementPolicies/${policy.id}`)).status).toBe(
    400,
  );
  await graph.call("DELETE", `/applications/${app.id}/appManagementPolicies/${policy.id}/$ref`);
  expect((await graph.call("POST", `/applications/${app.id}/addPassword`, {})).status).toBe(200);
});

it("says where a licence is missing, and not that there is nothing", async () => {
  const without = context.simulator.addTenant({
    initialDomain: "fabrikam.onmicrosoft.com",
    premium: "none",
    deployer: { permissions: ["AuditLog.Read.All", "RoleManagement.Read.Directory"] },
  });
  const graph = await Graph.connect({ simulator: context.simulator, tenant: without });
  for (const [path, code] of [
    [
      "/reports/servicePrincipalSignInActivities",
      "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
    ],
    ["/roleManagement/directory/roleEligibilityScheduleInstances", "AadPremiumLicenseRequired"],
  ] as const) {
    const { body } = await graph.call("GET", path);
    expect(body.error).toMatchObject({ code });
  }
});
