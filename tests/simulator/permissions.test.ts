/**
 * Which Graph permission opens which route, and what is answered without it.
 *
 * Does not prove that Graph has no further permission that would suffice.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { AdjustableClock } from "../support/adjustableClock";
import {
  claimsOf,
  deployerToken,
  Graph,
  makeApp,
  microsoft,
  requestToken,
  resourceId,
  send,
} from "./support/clients";
import { simulated } from "./support/simulated";

const clock = new AdjustableClock();
const context = simulated({ deployer: { permissions: [] } }, { clock });
const id = "00000000-0000-4000-8000-000000000000";
const application = [
  "Application.ReadWrite.All",
  "Application.ReadWrite.OwnedBy",
  "Directory.ReadWrite.All",
];
const reads = ["Application.Read.All", "Directory.Read.All", ...application];
const roleReads = [
  "RoleManagement.Read.Directory",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Directory",
  "Directory.Read.All",
  "Directory.ReadWrite.All",
];
const units = ["AdministrativeUnit.ReadWrite.All", "Directory.ReadWrite.All"];

/** Of a user; which of these and of those for applications an object needs tells its type. */
const restores = [
  ...["User.DeleteRestore.All", "User.ReadWrite.All"],
  ...["Group.ReadWrite.All", "AdministrativeUnit.ReadWrite.All"],
];

const exchangeRoleReads = [
  "RoleManagement.Read.Exchange",
  "RoleManagement.Read.All",
  "RoleManagement.ReadWrite.Exchange",
];

/** Every route that is gated only by permissions: the object it names does not exist. */
const routes: [method: string, path: string, anyOf: string[]][] = [
  ["POST", "/applications", application],
  ["GET", "/applications", reads],
  ["GET", `/applications/${id}`, reads],
  ["PATCH", `/applications/${id}`, application],
  ["DELETE", `/applications/${id}`, application],
  ["POST", `/applications/${id}/addPassword`, application],
  ["POST", `/applications/${id}/removePassword`, application],
  ["GET", `/applications/${id}/owners`, reads],
  ["POST", `/applications/${id}/owners/$ref`, application],
  ["DELETE", `/applications/${id}/owners/${id}/$ref`, application],
  ["GET", `/applications/${id}/federatedIdentityCredentials`, reads],
  ["GET", `/applications/${id}/federatedIdentityCredentials/x`, reads],
  ["POST", `/applications/${id}/federatedIdentityCredentials`, application],
  ["PATCH", `/applications/${id}/federatedIdentityCredentials/x`, application],
  ["DELETE", `/applications/${id}/federatedIdentityCredentials/x`, application],
  ["POST", "/servicePrincipals", application],
  ["GET", "/servicePrincipals", reads],
  ["PATCH", `/servicePrincipals/${id}`, application],
  ["DELETE", `/servicePrincipals/${id}`, application],
  ["GET", `/servicePrincipals/${id}/owners`, reads],
  ["POST", `/servicePrincipals/${id}/owners/$ref`, application],
  ["DELETE", `/servicePrincipals/${id}/owners/${id}/$ref`, application],
  ["GET", `/servicePrincipals/${id}/ownedObjects`, reads],
  ["GET", `/servicePrincipals/${id}/appRoleAssignedTo`, reads],
  ["GET", `/servicePrincipals/${id}/appRoleAssignedTo/x`, reads],
  ["GET", `/servicePrincipals/${id}/appRoleAssignments`, reads],
  ["GET", "/roleManagement/directory/roleAssignments", roleReads],
  ["GET", `/roleManagement/directory/roleAssignments/x`, roleReads],
  ["POST", "/roleManagement/directory/roleAssignments", ["RoleManagement.ReadWrite.Directory"]],
  ["DELETE", "/roleManagement/directory/roleAssignments/x", ["RoleManagement.ReadWrite.Directory"]],
  ["GET", "/roleManagement/directory/roleDefinitions", roleReads],
  ["GET", `/roleManagement/directory/roleDefinitions/${id}`, roleReads],
  ["GET", "/beta/roleManagement/exchange/roleDefinitions", exchangeRoleReads],
  ["POST", "/beta/roleManagement/exchange/roleAssignments", ["RoleManagement.ReadWrite.Exchange"]],
  [
    "DELETE",
    "/beta/roleManagement/exchange/customAppScopes/x",
    ["RoleManagement.ReadWrite.Exchange"],
  ],
  ["GET", "/directoryRoleTemplates", roleReads],
  ["GET", "/directoryRoles", roleReads],
  ["POST", "/directoryRoles", ["RoleManagement.ReadWrite.Directory"]],
  ["GET", `/directoryRoles/${id}`, roleReads],
  ["GET", `/directoryRoles/${id}/members`, roleReads],
  ["POST", `/directoryRoles/${id}/members/$ref`, ["RoleManagement.ReadWrite.Directory"]],
  ["DELETE", `/directoryRoles/${id}/members/${id}/$ref`, ["RoleManagement.ReadWrite.Directory"]],
  [
    "GET",
    "/directory/administrativeUnits",
    ["AdministrativeUnit.Read.All", "Directory.Read.All", ...units],
  ],
  ["POST", "/directory/administrativeUnits", units],
  ["PATCH", `/directory/administrativeUnits/${id}`, units],
  ["DELETE", `/administrativeUnits/${id}`, units],
  [
    "GET",
    "/domains",
    ["Domain.Read.All", "Domain.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  ],
  [
    "GET",
    "/users",
    ["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
  ],
  [
    "GET",
    "/groupSettings",
    [
      ...["GroupSettings.Read.All", "GroupSettings.ReadWrite.All", "Group.Read.All"],
      ...["Group.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
    ],
  ],
  ["POST", "/beta/settings", ["GroupSettings.ReadWrite.All", "Directory.ReadWrite.All"]],
  [
    "GET",
    "/directory/deletedItems/microsoft.graph.user",
    [
      ...["User.Read.All", "User.ReadWrite.All", "User.DeleteRestore.All"],
      ...["Directory.Read.All", "Directory.ReadWrite.All"],
    ],
  ],
  [
    "GET",
    "/policies/defaultAppManagementPolicy",
    ["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"],
  ],
  ["PATCH", "/policies/defaultAppManagementPolicy", ["Policy.ReadWrite.ApplicationConfiguration"]],
  [
    "GET",
    "/policies/appManagementPolicies",
    ["Policy.Read.All", "Policy.ReadWrite.ApplicationConfiguration"],
  ],
  ["POST", "/policies/appManagementPolicies", ["Policy.ReadWrite.ApplicationConfiguration"]],
  [
    "POST",
    `/applications/${id}/appManagementPolicies/$ref`,
    ["Policy.ReadWrite.ApplicationConfiguration"],
  ],
  ["GET", "/auditLogs/directoryAudits", ["AuditLog.Read.All"]],
  ["GET", "/auditLogs/signIns", ["AuditLog.Read.All"]],
  ["GET", "/reports/servicePrincipalSignInActivities", ["AuditLog.Read.All"]],
  [
    "GET",
    "/roleManagement/directory/roleAssignmentScheduleInstances",
    [
      "RoleAssignmentSchedule.Read.Directory",
      "RoleAssignmentSchedule.ReadWrite.Directory",
      ...roleReads.filter((one) => one.startsWith("RoleManagement")),
    ],
  ],
  [
    "GET",
    "/roleManagement/directory/roleEligibilityScheduleRequests",
    ["RoleEligibilitySchedule.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
  ],
  [
    "GET",
    `/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter=groupId eq '${id}'`,
    [
      "PrivilegedEligibilitySchedule.Read.AzureADGroup",
      "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    ],
  ],
  [
    "GET",
    "/policies/roleManagementPolicies?$filter=scopeId eq '/' and scopeType eq 'DirectoryRole'",
    [
      "RoleManagementPolicy.Read.Directory",
      "RoleManagementPolicy.ReadWrite.Directory",
      ...roleReads.filter((one) => one.startsWith("RoleManagement")),
    ],
  ],
  [
    "GET",
    `/policies/roleManagementPolicyAssignments?$filter=scopeId eq '${id}' and scopeType eq 'Group'`,
    ["RoleManagementPolicy.Read.AzureADGroup", "RoleManagementPolicy.ReadWrite.AzureADGroup"],
  ],
  [
    "PATCH",
    "/policies/roleManagementPolicies/x/rules/y",
    ["RoleManagementPolicy.ReadWrite.Directory", "RoleManagement.ReadWrite.Directory"],
  ],
  [
    "PATCH",
    "/policies/roleManagementPolicies/Group_x",
    ["RoleManagementPolicy.ReadWrite.AzureADGroup"],
  ],
  [
    "GET",
    "/policies/permissionGrantPolicies",
    ["Policy.Read.PermissionGrant", "Policy.ReadWrite.PermissionGrant"],
  ],
  ["POST", "/policies/permissionGrantPolicies", ["Policy.ReadWrite.PermissionGrant"]],
  [
    "POST",
    `/servicePrincipals/${id}/delegatedPermissionClassifications`,
    ["Policy.ReadWrite.PermissionGrant"],
  ],
  ["GET", `/applications/${id}/extensionProperties`, reads],
  ["POST", `/applications/${id}/extensionProperties`, application],
  [
    "GET",
    `/users/${id}/authentication/methods`,
    ["UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"],
  ],
  ["GET", "/reports/authenticationMethods/userRegistrationDetails", ["AuditLog.Read.All"]],
  [
    "GET",
    "/roleManagement/directory/resourceNamespaces",
    roleReads.filter((one) => one.startsWith("RoleManagement")),
  ],
  ["GET", `/directory/deletedItems/microsoft.graph.application`, reads],
  [
    "POST",
    `/users/${id}/assignLicense`,
    ["LicenseAssignment.ReadWrite.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
  ],
  [
    "POST",
    `/users/${id}/revokeSignInSessions`,
    ["User.RevokeSessions.All", "User.ReadWrite.All", "Directory.ReadWrite.All"],
  ],
  [
    "GET",
    "/identity/identityProviders",
    ["IdentityProvider.Read.All", "IdentityProvider.ReadWrite.All"],
  ],
  [
    "GET",
    `/users/${id}/photo`,
    ["ProfilePhoto.Read.All", "ProfilePhoto.ReadWrite.All", "User.Read.All", "User.ReadWrite.All"],
  ],
  ["GET", `/users/${id}/mailboxSettings`, ["MailboxSettings.Read", "MailboxSettings.ReadWrite"]],
  ["PATCH", "/domains/nowhere.example", ["Domain.ReadWrite.All"]],
  ["PATCH", "/admin/reportSettings", ["ReportSettings.ReadWrite.All"]],
  ["POST", `/applicationTemplates/${id}/instantiate`, application],
  ["PATCH", `/users/${id}/authentication/requirements`, ["Policy.ReadWrite.AuthenticationMethod"]],
  ["POST", `/groups/${id}/renew`, ["Group.ReadWrite.All", "Directory.ReadWrite.All"]],
  [
    "POST",
    `/directory/administrativeUnits/${id}/members`,
    ["Group.Create", "Group.ReadWrite.All", "Directory.ReadWrite.All"],
  ],
  ["POST", `/directory/deletedItems/${id}/restore`, [...application, ...restores]],
  ["DELETE", `/directory/deletedItems/${id}`, [...application, ...restores]],
];
const all = [...new Set(routes.flatMap(([, , anyOf]) => anyOf)), "AppRoleAssignment.ReadWrite.All"];

describe.each([...all, "none"])("with only %s", (permission) => {
  it("exactly the routes of that permission are open", async () => {
    if (permission !== "none") {
      context.tenant.deployer.grant(permission);
    }
    const graph = await Graph.connect(context);
    const open: string[] = [];
    for (const [method, path] of routes) {
      const answer = await graph.call(
        method,
        path,
        method === "GET" || method === "DELETE" ? undefined : {},
      );
      if (answer.status === 403) {
        expect(answer.body.error).toMatchObject({
          code: "Authorization_RequestDenied",
          message: "Insufficient privileges to complete the operation.",
        });
      } else {
        expect([200, 204, 400, 404]).toContain(answer.status);
        open.push(`${method} ${path}`);
      }
    }
    const expected = routes.filter(([, , anyOf]) => anyOf.includes(permission));
    expect(open).toEqual(expected.map(([method, path]) => `${method} ${path}`));
  });
});

describe("consenting", () => {
  it.each([
    [["AppRoleAssignment.ReadWrite.All"], 403],
    [["Application.ReadWrite.All"], 403],
    [["AppRoleAssignment.ReadWrite.All", "Application.ReadWrite.OwnedBy"], 403],
    [["AppRoleAssignment.ReadWrite.All", "Application.Read.All"], 201],
    [["AppRoleAssignment.ReadWrite.All", "Directory.Read.All"], 201],
  ])("with %j answers %d", async (permissions, status) => {
    context.tenant.deployer.grant("Application.ReadWrite.All");
    const administrator = await Graph.connect(context);
    const { servicePrincipalId } = await makeApp(administrator);
    const resource = await resourceId(administrator, microsoft.exchange);
    context.tenant.deployer.revoke("Application.ReadWrite.All");
    context.tenant.deployer.grant(...permissions);
    const answer = await (
      await Graph.connect(context)
    ).call("POST", `/servicePrincipals/${resource}/appRoleAssignedTo`, {
      principalId: servicePrincipalId,
      resourceId: resource,
      appRoleId: microsoft.manageAsApp,
    });
    expect(answer.status).toBe(status);
  });
});

describe("Application.ReadWrite.OwnedBy", () => {
  let graph: Graph;
  beforeEach(async () => {
    context.tenant.deployer.grant("Application.ReadWrite.OwnedBy");
    graph = await Graph.connect(context);
  });

  it("manages what the caller owns and nothing else", async () => {
    context.tenant.deployer.grant("Application.ReadWrite.All");
    const other = await makeApp(await Graph.connect(context));
    const own = await makeApp(graph);
    const changes = (app: {
      id: string;
      servicePrincipalId: string;
    }): [string, string, unknown?][] => [
      ["PATCH", `/applications/${app.id}`, { notes: "x" }],
      ["PATCH", `/servicePrincipals/${app.servicePrincipalId}`, { notes: "x" }],
      ["POST", `/applications/${app.id}/addPassword`, {}],
      [
        "POST",
        `/applications/${app.id}/federatedIdentityCredentials`,
        {
          name: "github",
          issuer: "https://token.actions.githubusercontent.com",
          subject: "repo:a/b:ref:refs/heads/main",
          audiences: ["api://AzureADTokenExchange"],
        },
      ],
      ["DELETE", `/servicePrincipals/${app.servicePrincipalId}`],
      ["DELETE", `/applications/${app.id}`],
    ];
    for (const [method, path, body] of changes(other)) {
      expect([path, (await graph.call(method, path, body)).status]).toEqual([path, 403]);
    }
    for (const [method, path, body] of changes(own)) {
      const { status } = await graph.call(method, path, body);
      expect([path, status < 300]).toEqual([path, true]);
    }
    expect((await graph.call("GET", `/applications/${other.id}`)).status).toBe(200);
  });

  it("needs the application to be there, and to be owned, for a service principal", async () => {
    const unknown = await graph.call("POST", "/servicePrincipals", { appId: id });
    expect([unknown.status, unknown.body.error.message]).toEqual([
      403,
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    ]);
    context.tenant.deployer.grant("Application.ReadWrite.All");
    const bare = await (
      await Graph.connect(context)
    ).must("POST", "/applications", { displayName: "Other" });
    const foreign = await graph.call("POST", "/servicePrincipals", { appId: bare.appId });
    expect([foreign.status, foreign.body.error.code]).toEqual([403, "Authorization_RequestDenied"]);
  });
});

describe("without any permission", () => {
  it("an app can read its own service principal and no other", async () => {
    const graph = await Graph.connect(context);
    const own = context.tenant.deployer.servicePrincipalObjectId;
    expect((await graph.call("GET", `/servicePrincipals/${own}`)).status).toBe(200);
    const exchange = context.tenant
      .state()
      .servicePrincipals.find(({ appId }) => appId === microsoft.exchange)!;
    expect((await graph.call("GET", `/servicePrincipals/${exchange["id"] as string}`)).status).toBe(
      403,
    );
  });
});

describe("a token", () => {
  const ask = (token?: string) =>
    send(`${context.simulator.endpoints.graph}/v1.0/applications`, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    });

  it.each([
    ["missing", () => undefined, "Access token is empty."],
    ["no JWT", () => "abc", "IDX14100: JWT is not well formed"],
    [
      "tampered with",
      (token: string) => `${token.slice(0, -6)}AAAAAA`,
      "Access token validation failure. Invalid signature.",
    ],
  ])("that is %s is answered 401", async (_, change, message) => {
    const answer = await ask(change(await deployerToken(context)));
    expect([answer.status, answer.body.error.code]).toEqual([401, "InvalidAuthenticationToken"]);
    expect(answer.body.error.message).toContain(message);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
  });

  it("for another service is answered 401", async () => {
    const { body } = await requestToken(context, {
      client_secret: context.tenant.deployer.issueSecret(),
      scope: "https://outlook.office365.com/.default",
    });
    const answer = await ask(body.access_token);
    expect([answer.status, answer.body.error.message]).toEqual([
      401,
      "Access token validation failure. Invalid audience.",
    ]);
  });

  it("that is over is answered 401", async () => {
    const token = await deployerToken(context);
    clock.advance(2 * 3_600_000);
    const answer = await ask(token);
    clock.set(new Date());
    expect([answer.status, answer.body.error.message]).toEqual([
      401,
      "Lifetime validation failed, the token is expired.",
    ]);
  });

  it("keeps the permissions it was issued with", async () => {
    const before = Graph.with(context, await deployerToken(context));
    context.tenant.deployer.grant("Domain.Read.All");
    expect((await before.call("GET", "/domains")).status).toBe(403);
    const token = await deployerToken(context);
    expect(claimsOf(token)["roles"]).toEqual(["Domain.Read.All"]);
    context.tenant.deployer.revoke("Domain.Read.All");
    expect((await Graph.with(context, token).call("GET", "/domains")).status).toBe(200);
    expect((await (await Graph.connect(context)).call("GET", "/domains")).status).toBe(403);
  });

  it("of one tenant opens only that tenant", async () => {
    const fabrikam = context.simulator.addTenant({
      initialDomain: "fabrikam.onmicrosoft.com",
      deployer: { permissions: ["Application.ReadWrite.All"] },
    });
    const there = await Graph.connect({ simulator: context.simulator, tenant: fabrikam });
    const app = await makeApp(there);
    context.tenant.deployer.grant("Application.ReadWrite.All");
    const here = await Graph.connect(context);
    expect((await here.call("GET", `/applications/${app.id}`)).status).toBe(404);
    expect((await here.call("DELETE", `/applications/${app.id}`)).status).toBe(404);
    expect(fabrikam.state().applications).toHaveLength(2);
  });
});
