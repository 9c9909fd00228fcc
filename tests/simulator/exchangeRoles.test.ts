/**
 * Exchange's own role-based access control in both workloads: pointers, custom roles, scopes, role
 * groups and assignments, over the admin API and over beta Graph, with the traps that public notes
 * and code name.
 *
 * Does not prove how the real service words what no public source shows; see COVERAGE.md.
 */
import { beforeEach, expect, it } from "@jest/globals";
import type { JsonObject } from "../../simulator/json";
import {
  type Answer,
  consent,
  Graph,
  giveRole,
  makeApp,
  microsoft,
  requestToken,
  send,
} from "./support/clients";
import { simulated } from "./support/simulated";

const person = (name: string, Department: string) => ({
  userPrincipalName: `${name}@contoso.onmicrosoft.com`,
  displayName: name,
  mailbox: { Department },
});
const context = simulated({
  users: [person("ann", "Sales"), person("bob", "Finance")],
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "AppRoleAssignment.ReadWrite.All",
      "RoleManagement.ReadWrite.Directory",
      "RoleManagement.ReadWrite.Exchange",
    ],
  },
});
const exchangeAdministrator = "29232cdf-9323-42fd-ade2-1d097af3e4de";
const complianceAdministrator = "17315797-102d-40b4-93e0-432062caca18";
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";

type Workload = "exchange" | "compliance";
const scopes = {
  exchange: "https://outlook.office365.com/.default",
  compliance: "https://ps.compliance.protection.outlook.com/.default",
};

interface App {
  readonly appId: string;
  readonly servicePrincipalId: string;
  readonly secret: string;
}

let graph: Graph;
let admin: App;
let script: App;

async function appWithSecret(): Promise<App> {
  const app = await makeApp(graph);
  const secret = (await graph.must("POST", `/applications/${app.id}/addPassword`)).secretText;
  await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  await consent(
    graph,
    app.servicePrincipalId,
    microsoft.protection,
    microsoft.manageAsAppOnProtection,
  );
  return { ...app, secret };
}

beforeEach(async () => {
  graph = await Graph.connect(context);
  admin = await appWithSecret();
  script = await appWithSecret();
  await giveRole(graph, admin.servicePrincipalId, globalAdministrator);
});

const folderOf = (workload: Workload) =>
  `${context.simulator.endpoints[workload]}${workload === "compliance" ? "/nam10b" : ""}/adminapi/beta/${context.tenant.tenantId}`;

async function tokenOf(app: App, workload: Workload): Promise<string> {
  const answer = await requestToken(context, {
    client_id: app.appId,
    client_secret: app.secret,
    scope: scopes[workload],
  });
  return answer.body.access_token as string;
}

async function run(
  app: App,
  cmdlet: string,
  parameters: JsonObject = {},
  workload: Workload = "exchange",
): Promise<Answer> {
  return send(`${folderOf(workload)}/InvokeCommand`, {
    method: "POST",
    headers: { authorization: `Bearer ${await tokenOf(app, workload)}` },
    body: JSON.stringify({ CmdletInput: { CmdletName: cmdlet, Parameters: parameters } }),
  });
}

/** A cmdlet of the administrator's that has to succeed; answers its rows. */
async function must(cmdlet: string, parameters: JsonObject = {}, workload: Workload = "exchange") {
  const answer = await run(admin, cmdlet, parameters, workload);
  expect([cmdlet, answer.status, reasonOf(answer)]).toEqual([cmdlet, 200, undefined]);
  return answer.body.value as JsonObject[];
}

const reasonOf = ({ body }: Answer): string | undefined =>
  body?.error?.innererror?.internalexception?.message ?? body?.error?.message;

async function refused(
  cmdlet: string,
  parameters: JsonObject,
  app = admin,
  workload: Workload = "exchange",
) {
  const answer = await run(app, cmdlet, parameters, workload);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  return [answer.status, reasonOf(answer)] as const;
}

const pointer = (workload: Workload = "exchange") =>
  must(
    "New-ServicePrincipal",
    { AppId: script.appId, ObjectId: script.servicePrincipalId, DisplayName: "Script" },
    workload,
  );

const exported = async (app: App, workload: Workload = "exchange") =>
  (
    await send(`${folderOf(workload)}/EXOModuleFile`, {
      headers: { authorization: `Bearer ${await tokenOf(app, workload)}` },
    })
  ).body?.value[0] as { exportedCmdlets: string[]; exportedParameters: Record<string, string[]> };

it("lets an application without any directory role run two cmdlets, on one department's mailboxes", async () => {
  expect((await run(script, "Get-Mailbox")).status).toBe(403);
  await pointer();
  await must("New-ManagementRole", {
    Name: "Sales mailboxes",
    Parent: "Mail Recipients",
    EnabledCmdlets: ["Get-Mailbox", "Set-Mailbox"],
  });
  await must("Set-ManagementRoleEntry", {
    Identity: "Sales mailboxes\\Set-Mailbox",
    Parameters: ["Identity", "CustomAttribute1"],
  });
  await must("New-ManagementScope", {
    Name: "Sales",
    RecipientRestrictionFilter: "Department -eq 'Sales'",
  });
  await must("New-ManagementRoleAssignment", {
    App: script.servicePrincipalId,
    Role: "Sales mailboxes",
    CustomResourceScope: "Sales",
  });

  const may = await exported(script);
  expect(may.exportedCmdlets).toEqual(["Get-Mailbox", "Set-Mailbox"]);
  expect(may.exportedParameters["Set-Mailbox"]).toEqual(["CustomAttribute1", "Identity"]);
  const set = (Identity: string, rest: JsonObject) =>
    run(script, "Set-Mailbox", { Identity, ...rest });
  expect((await set("ann@contoso.onmicrosoft.com", { CustomAttribute1: "A" })).status).toBe(200);
  const other = await set("bob@contoso.onmicrosoft.com", { CustomAttribute1: "A" });
  expect([other.status, reasonOf(other)]).toEqual([
    400,
    `The operation on mailbox "bob@contoso.onmicrosoft.com" failed because it's out of the current user's write scope.`,
  ]);
  const unheld = await set("ann@contoso.onmicrosoft.com", { MaxSendSize: "1MB" });
  expect(reasonOf(unheld)).toBe(
    "A parameter cannot be found that matches parameter name 'MaxSendSize'.",
  );
  expect((await run(script, "Get-TransportRule")).status).toBe(401);
  expect(context.tenant.state().mailboxes).toEqual({
    "ann@contoso.onmicrosoft.com": { Department: "Sales", CustomAttribute1: "A" },
    "bob@contoso.onmicrosoft.com": { Department: "Finance" },
  });

  // What a directory role adds makes the scope void.
  await giveRole(graph, script.servicePrincipalId, exchangeAdministrator);
  expect((await set("bob@contoso.onmicrosoft.com", { MaxSendSize: "1MB" })).status).toBe(200);
});

it("keeps pointers and role groups of each workload apart, and has no scopes in Security & Compliance", async () => {
  await must(
    "New-RoleGroup",
    {
      Name: "Retention readers",
      DisplayName: "Retention readers",
      Roles: ["View-Only Retention Management"],
    },
    "compliance",
  );
  const add = { Identity: "Retention readers", Member: script.servicePrincipalId };
  expect(await refused("Add-RoleGroupMember", add, admin, "compliance")).toEqual([
    400,
    `Couldn't find object "${script.servicePrincipalId}". Please make sure that it was spelled correctly or specify a different object.`,
  ]);
  await pointer("compliance");
  expect(await must("Get-ServicePrincipal")).toEqual([]);
  await must("Add-RoleGroupMember", add, "compliance");
  expect((await exported(script, "compliance")).exportedCmdlets).toEqual([
    "Get-AdaptiveScope",
    "Get-AppRetentionCompliancePolicy",
    "Get-AppRetentionComplianceRule",
    "Get-ComplianceRetentionEventType",
    "Get-ComplianceTag",
    "Get-RetentionCompliancePolicy",
    "Get-RetentionComplianceRule",
  ]);
  expect((await run(script, "Get-Mailbox")).status).toBe(403);
  expect(
    await refused(
      "New-ManagementRoleAssignment",
      { App: script.appId, Role: "Hold" },
      admin,
      "compliance",
    ),
  ).toEqual([400, expect.stringContaining("is not recognized")]);
  expect(
    await refused(
      "New-RoleGroup",
      { Name: "X", Roles: ["Hold"], CustomRecipientWriteScope: "Y" },
      admin,
      "compliance",
    ),
  ).toEqual([
    400,
    "A parameter cannot be found that matches parameter name 'CustomRecipientWriteScope'.",
  ]);
});

it("has the traps that role groups are known for", async () => {
  await pointer();
  const roles = { Roles: ["Mail Recipients"] };
  expect(
    await refused("New-RoleGroup", {
      Name: "A",
      DisplayName: "A",
      ...roles,
      Members: [script.servicePrincipalId],
    }),
  ).toEqual([400, expect.stringContaining("Couldn't find object")]);
  await must("New-RoleGroup", { Name: "A", ...roles });
  expect(await refused("Add-RoleGroupMember", { Identity: "A", Member: script.appId })).toEqual([
    400,
    "DisplayName: The property DisplayName can't be empty.",
  ]);
  await must("Set-RoleGroup", { Identity: "A", DisplayName: "A" });
  await must("Add-RoleGroupMember", { Identity: "A", Member: "Script" });
  expect(await refused("Add-RoleGroupMember", { Identity: "A", Member: script.appId })).toEqual([
    400,
    `The recipient "${script.appId}" is already a member of the group "A".`,
  ]);
  expect(await must("Get-RoleGroupMember", { Identity: "A" })).toMatchObject([
    { ExternalDirectoryObjectId: script.servicePrincipalId },
  ]);
  expect(await must("Get-RoleGroup", { Identity: "A" })).toMatchObject([
    { Roles: ["Mail Recipients"], RoleAssignments: ["Mail Recipients-A"] },
  ]);
  expect(await refused("Remove-RoleGroup", { Identity: "Organization Management" })).toEqual([
    400,
    expect.stringContaining("built-in"),
  ]);
  await must("Remove-RoleGroup", { Identity: "A" });
  expect((await refused("Get-RoleGroup", { Identity: "A" }))[0]).toBe(404);
  expect(context.tenant.state().exchange.roleAssignments).toEqual([]);
});

it("answers every pointer for an identity that names none, and takes no second pointer", async () => {
  await pointer();
  const other = await appWithSecret();
  await must("New-ServicePrincipal", { AppId: other.appId, ObjectId: other.servicePrincipalId });
  expect(await must("Get-ServicePrincipal", { Identity: script.appId })).toHaveLength(1);
  expect(await must("Get-ServicePrincipal", { Identity: "nobody" })).toHaveLength(2);
  expect(
    await refused("New-ServicePrincipal", {
      AppId: script.appId,
      ObjectId: other.servicePrincipalId,
    }),
  ).toEqual([400, expect.stringContaining("already exists")]);
});

it("gives a child role no more than its parent, and keeps what is used", async () => {
  await pointer();
  await must("New-ManagementRole", { Name: "Child", Parent: "Mail Recipients" });
  const names = (await must("Get-ManagementRoleEntry", { Identity: "Child\\*" })).map(
    ({ Name }) => Name,
  );
  expect(names).toContain("Set-CASMailbox");
  expect(
    await refused("Add-ManagementRoleEntry", { Identity: "Child\\Get-TransportRule" }),
  ).toEqual([400, expect.stringContaining(`parent role "Mail Recipients" doesn't have it`)]);
  await must("Remove-ManagementRoleEntry", { Identity: "Child\\Set-CASMailbox" });
  await must("New-ManagementScope", {
    Name: "Sales",
    RecipientRestrictionFilter: "Department -eq 'Sales'",
  });
  const wish = { App: script.appId, Role: "Child", CustomResourceScope: "Sales" };
  const [made] = await must("New-ManagementRoleAssignment", wish);
  expect(await refused("New-ManagementRoleAssignment", wish)).toEqual([
    400,
    expect.stringContaining("already exists"),
  ]);
  expect(await refused("Remove-ManagementRole", { Identity: "Child" })).toEqual([
    400,
    expect.stringContaining("has role assignments"),
  ]);
  expect(await refused("Remove-ManagementScope", { Identity: "Sales" })).toEqual([
    400,
    expect.stringContaining("associated"),
  ]);
  expect(
    await refused("New-ManagementScope", {
      Name: "Bad",
      RecipientRestrictionFilter: "Department Sales",
    }),
  ).toEqual([400, expect.stringContaining("Invalid filter syntax")]);
  await must("Remove-ManagementRoleAssignment", { Identity: made!["Guid"]! });
  await must("Remove-ManagementRole", { Identity: "Child" });
  await must("Remove-ManagementScope", { Identity: "Sales" });
});

it("assigns and scopes roles over beta Graph, without a pointer", async () => {
  const base = "/beta/roleManagement/exchange";
  const found = await graph.must(
    "GET",
    `${base}/roleDefinitions?$filter=${encodeURIComponent("displayName eq 'Mail Recipients'")}`,
  );
  const scope = await graph.must("POST", `${base}/customAppScopes`, {
    type: "RecipientScope",
    displayName: "Sales",
    customAttributes: { Exclusive: false, RecipientFilter: "Department -eq 'Sales'" },
  });
  const wish = {
    principalId: `/ServicePrincipals/${script.servicePrincipalId}`,
    roleDefinitionId: found.value[0].id,
    directoryScopeId: null,
    appScopeId: scope.id,
  };
  const made = await graph.must("POST", `${base}/roleAssignments`, wish);
  expect(made).toMatchObject(wish);
  expect((await graph.call("POST", `${base}/roleAssignments`, wish)).status).toBe(409);
  expect(
    (await run(script, "Set-Mailbox", { Identity: "ann@contoso.onmicrosoft.com" })).status,
  ).toBe(200);
  expect(
    (await run(script, "Set-Mailbox", { Identity: "bob@contoso.onmicrosoft.com" })).status,
  ).toBe(400);
  const listed = await graph.must(
    "GET",
    `${base}/roleAssignments?$filter=${encodeURIComponent(`principalId eq '${wish.principalId}'`)}`,
  );
  expect(listed.value).toHaveLength(1);
  const absent = await graph.call("POST", `${base}/roleAssignments`, {
    ...wish,
    principalId: `/ServicePrincipals/${context.tenant.tenantId}`,
  });
  expect([absent.status, absent.body.error.message]).toEqual([
    400,
    expect.stringContaining("Couldn't find object"),
  ]);
  expect((await graph.call("DELETE", `${base}/customAppScopes/${scope.id}`)).status).toBe(400);
  expect((await graph.call("DELETE", `${base}/roleAssignments/${made.id}`)).status).toBe(204);
  expect((await run(script, "Get-Mailbox")).status).toBe(403);
  expect((await graph.call("GET", "/roleManagement/exchange/roleDefinitions")).status).toBe(400);
});

it("knows an object that was just made, and a membership, only after a while", async () => {
  context.tenant.faults.add({ kind: "referenceLag", times: 1 });
  context.tenant.faults.add({ kind: "grantLag", times: 2 });
  await pointer();
  await must("New-RoleGroup", { Name: "A", DisplayName: "A", Roles: ["View-Only Recipients"] });
  const add = { Identity: "A", Member: script.servicePrincipalId };
  expect((await refused("Add-RoleGroupMember", add))[0]).toBe(404);
  // Two names, each not known once.
  await run(admin, "Add-RoleGroupMember", add);
  await run(admin, "Add-RoleGroupMember", add);
  const answers = [];
  for (let turn = 0; turn < 5; turn += 1) {
    answers.push((await run(script, "Get-Recipient")).status);
  }
  expect(answers.at(-1)).toBe(200);
  expect(answers[0]).toBe(403);
});

it("takes ten calls in a batch", async () => {
  const headers = {
    authorization: `Bearer ${await tokenOf(admin, "exchange")}`,
    "content-type": "application/json",
  };
  const requests = ["Get-AcceptedDomain", "Get-Nothing1"].map((CmdletName, index) => ({
    id: String(index),
    method: "POST",
    url: `${folderOf("exchange")}/InvokeCommand`,
    headers: { "content-type": "application/json" },
    body: { CmdletInput: { CmdletName, Parameters: {} } },
  }));
  const batch = (all: unknown[]) =>
    send(`${folderOf("exchange")}/$batch`, {
      method: "POST",
      headers,
      body: JSON.stringify({ requests: all }),
    });
  const answer = await batch(requests);
  expect(answer.body.responses.map(({ status }: { status: number }) => status)).toEqual([200, 501]);
  context.simulator.journal.clear();
  const many = Array.from({ length: 11 }, (_, index) => ({ ...requests[0], id: String(index) }));
  expect((await batch(many)).status).toBe(400);
});

it("gives Security & Compliance's groups to the directory roles that serve it", async () => {
  await giveRole(graph, script.servicePrincipalId, complianceAdministrator);
  expect((await exported(script, "compliance")).exportedCmdlets).toContain(
    "Set-RetentionCompliancePolicy",
  );
});
