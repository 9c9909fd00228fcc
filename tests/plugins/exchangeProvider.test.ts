/**
 * The provider for Exchange's role-based access control, its methods called as the engine calls
 * them, against the simulated tenant: every resource made, read, changed and removed, each broken
 * off at every request and repeated.
 *
 * Does not prove how the real service answers, nor how long it takes to.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "@jest/globals";
import type { Connections } from "../../exchange/resource";
import { InitializationFailed } from "../../toolchain/pluginProtocol/failures";
import type { Properties } from "../../toolchain/pluginProtocol/values";
import { exchangeDirectory } from "../../toolchain/versions";
import { Graph } from "../simulator/support/clients";
import { simulated } from "../simulator/support/simulated";
import {
  asApp,
  configuredPlugin,
  Crash,
  crashingAt,
  exchangeDeployerPermissions,
  exchangeTenant,
  type ScriptApp,
  simulatedConnections,
} from "../support/exchangeTenant";
import { startPlugin } from "../support/pluginClient";

const user = (name: string, Department: string) => ({
  userPrincipalName: `${name}@contoso.onmicrosoft.com`,
  displayName: name,
  mailbox: { Department },
});
const context = simulated({
  users: [user("ann", "Sales"), user("bob", "Finance")],
  deployer: { permissions: exchangeDeployerPermissions },
});
const folder = mkdtempSync(join(tmpdir(), "exchange-provider-"));
const caFile = join(folder, "ca.pem");
let app: ScriptApp;

beforeEach(async () => {
  writeFileSync(caFile, context.simulator.caCertificatePem);
  ({ app } = await exchangeTenant(context));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const token = (name: string) => `exchangeonline:index:${name}`;
const connections = () => simulatedConnections(context, caFile);
const plugin = (to: Connections = connections()) => configuredPlugin(to);

interface Declared {
  readonly type: string;
  readonly inputs: Properties;
}

/** Two cmdlets on the mailboxes of one department, for an application without a directory role. */
const scoped = (): Declared[] => [
  {
    type: "ServicePrincipal",
    inputs: {
      workload: "exchange",
      appId: app.appId,
      objectId: app.servicePrincipalId,
      displayName: "Script",
    },
  },
  {
    type: "ManagementRole",
    inputs: {
      name: "Sales mailboxes",
      parent: "Mail Recipients",
      description: "stack dev",
      cmdlets: [{ name: "Get-Mailbox" }, { name: "Set-Mailbox", parameters: ["CustomAttribute1"] }],
    },
  },
  {
    type: "ManagementScope",
    inputs: { name: "Sales", recipientFilter: "Department -eq 'Sales'" },
  },
  {
    type: "RoleAssignment",
    inputs: {
      objectId: app.servicePrincipalId,
      customRole: "Sales mailboxes",
      recipientScope: "Sales",
    },
  },
];

/** A role group of each workload, with the application as a member. */
const grouped = (): Declared[] =>
  (["compliance", "exchange"] as const).flatMap((workload) => [
    {
      type: "ServicePrincipal",
      inputs: {
        workload,
        appId: app.appId,
        objectId: app.servicePrincipalId,
        displayName: "Script",
      },
    },
    {
      type: "RoleGroup",
      inputs: {
        workload,
        name: "Readers",
        description: "stack dev",
        roles: [workload === "compliance" ? "View-Only Retention Management" : "Message Tracking"],
      },
    },
    {
      type: "RoleGroupMember",
      inputs: { workload, roleGroup: "Readers", objectId: app.servicePrincipalId },
    },
  ]);

/** What the role Message Tracking holds. */
const messageTracking = ["Get-MessageTraceDetailV2", "Get-MessageTraceV2"];

interface Made extends Declared {
  readonly id: string;
  readonly state: Properties;
}

async function create(declared: readonly Declared[], to?: Connections): Promise<Made[]> {
  const provider = await plugin(to);
  const made: Made[] = [];
  for (const { type, inputs } of declared) {
    expect(provider.check(token(type), inputs).failures).toEqual([]);
    made.push({ type, inputs, ...(await provider.create(token(type), inputs, false)) });
  }
  return made;
}

async function remove(made: readonly Made[], to?: Connections): Promise<void> {
  const provider = await plugin(to);
  for (const { type, id, state } of [...made].reverse()) {
    await provider.delete(token(type), id, state);
  }
}

const nothing = { pointers: [], roles: [], scopes: [], roleGroups: [], roleAssignments: [] };
const readKept = () => context.tenant.state().exchange;
/** Rights in a form that can be compared, whatever their order. */
const rightsIn = async (workload: "exchange" | "compliance") =>
  (await asApp(context, app, workload)).exported();

it("lets an application run exactly two cmdlets on the mailboxes of one department, and removes all of it", async () => {
  const made = await create(scoped());
  expect(await rightsIn("exchange")).toEqual({
    "Get-Mailbox": expect.arrayContaining(["Identity", "ResultSize"]),
    "Set-Mailbox": ["CustomAttribute1", "Identity"],
  });
  const script = await asApp(context, app, "exchange");
  const statuses = [];
  for (const [name, CustomAttribute1] of [
    ["ann", "A"],
    ["bob", "A"],
  ]) {
    const Identity = `${name}@contoso.onmicrosoft.com`;
    statuses.push((await script.run("Set-Mailbox", { Identity, CustomAttribute1 })).status);
  }
  expect(statuses).toEqual([200, 400]);
  expect((await script.run("Get-TransportRule")).status).toBe(401);
  await remove(made);
  expect(readKept()).toEqual(nothing);
});

it("gives the roles of a role group in both workloads, and removes all of it", async () => {
  const made = await create(grouped());
  expect(Object.keys(await rightsIn("compliance"))).toEqual([
    "Get-AdaptiveScope",
    "Get-AppRetentionCompliancePolicy",
    "Get-AppRetentionComplianceRule",
    "Get-ComplianceRetentionEventType",
    "Get-ComplianceTag",
    "Get-RetentionCompliancePolicy",
    "Get-RetentionComplianceRule",
  ]);
  expect(Object.keys(await rightsIn("exchange"))).toEqual(messageTracking);
  await remove(made);
  expect(readKept()).toEqual(nothing);
});

it("assigns over the admin API where the deployer may not use Microsoft Graph, with the same result", async () => {
  context.tenant.deployer.revoke("RoleManagement.ReadWrite.Exchange");
  const made = await create(scoped());
  const [assignment] = readKept().roleAssignments;
  expect(made.at(-1)!.id).toBe(assignment!.id);
  expect(Object.keys(await rightsIn("exchange"))).toEqual(["Get-Mailbox", "Set-Mailbox"]);
  const provider = await plugin();
  const { type, id } = made.at(-1)!;
  expect((await provider.read(token(type), id, {}, {}))?.inputs).toEqual(made.at(-1)!.inputs);
  await remove(made);
  expect(readKept()).toEqual(nothing);
});

it("plans without a connection, and shows differences of sets as sets", async () => {
  const offline = exchangeOffline();
  const provider = await plugin(offline);
  const [, role] = scoped() as [Declared, Declared];
  const planned = await provider.create(token(role.type), role.inputs, true);
  expect(planned.state).toEqual(role.inputs);
  const changes = (inputs: Properties) =>
    provider
      .diff(token(role.type), role.inputs, inputs)
      .map(({ path, kind, replace }) => [path, kind, replace]);
  const cmdlets = role.inputs.cmdlets as Properties[];
  expect(changes({ ...role.inputs, cmdlets: [...cmdlets].reverse() })).toEqual([]);
  expect(changes({ ...role.inputs, cmdlets: [...cmdlets, { name: "Get-Recipient" }] })).toEqual([
    ["cmdlets[2]", "add", false],
  ]);
  expect(changes({ ...role.inputs, parent: "View-Only Recipients" })).toEqual([
    ["parent", "update", true],
  ]);
  const group = (workload: string) => ({ workload, name: "G", description: "d", roles: ["Hold"] });
  const roles = { roles: ["Hold", "Export"] };
  for (const [workload, replace] of [
    ["compliance", true],
    ["exchange", false],
  ] as const) {
    expect(
      provider.diff(token("RoleGroup"), group(workload), { ...group(workload), ...roles })[0],
    ).toMatchObject({ path: "roles[1]", replace });
  }
});

function exchangeOffline(): Connections {
  const refuse = (): never => {
    throw new Error("a preview asks nothing");
  };
  return { admin: refuse, mayRun: refuse, graph: refuse };
}

it.each<[string, Properties, string]>([
  ["ManagementRole", { parent: "Mail Recipient" }, "is not a built-in role of Exchange Online"],
  [
    "ManagementRole",
    { cmdlets: [{ name: "Get-Mailboxes" }] },
    "is not a cmdlet of Exchange Online",
  ],
  [
    "ManagementRole",
    { cmdlets: [{ name: "Get-Mailbox", parameters: ["Colour"] }] },
    "is not a parameter of Get-Mailbox",
  ],
  ["ManagementRole", { cmdlets: [] }, "a role without cmdlets allows nothing"],
  ["ManagementRole", { name: "x".repeat(65) }, "it has 1 to 64 characters"],
  ["ServicePrincipal", { objectId: "x" }, `"x" is not a GUID`],
  ["ServicePrincipal", { workload: "teams" }, `"teams" is not a workload`],
  ["RoleAssignment", { role: "Mail Recipients" }, "and not both"],
  [
    "RoleAssignment",
    { administrativeUnit: "11111111-1111-4111-8111-111111111111" },
    "exclude each other",
  ],
  ["ManagementScope", { colour: "red" }, "is not a property"],
])("refuses a wrong %s before anything is asked: %j", async (type, change, reason) => {
  const declared = scoped().find((one) => one.type === type)!;
  const { failures } = (await plugin(exchangeOffline())).check(token(type), {
    ...declared.inputs,
    ...change,
  });
  expect(failures.map((one) => one.reason).join()).toContain(reason);
});

it("reads what it made back without a difference, and what is gone as gone", async () => {
  const provider = await plugin();
  for (const one of await create([...scoped(), ...grouped().slice(0, 3)])) {
    const read = await provider.read(token(one.type), one.id, {}, {});
    expect([one.type, provider.diff(token(one.type), read!.state, one.inputs)]).toEqual([
      one.type,
      [],
    ]);
    expect(provider.check(token(one.type), read!.inputs).failures).toEqual([]);
    await provider.delete(token(one.type), one.id, one.state);
    const found = await provider.read(token(one.type), one.id, one.state, one.inputs);
    // A pointer that is used stays, and so do a role and a scope that are assigned.
    expect([one.type, found === undefined]).toEqual([
      one.type,
      !["ServicePrincipal", "ManagementRole", "ManagementScope", "RoleGroup"].includes(one.type) ||
        found === undefined,
    ]);
  }
});

describe("made by hand before", () => {
  it("is imported with what it has", async () => {
    const admin = connections().admin("exchange");
    await admin.run("New-RoleGroup", {
      Name: "By hand",
      DisplayName: "By hand",
      Roles: ["Mail Recipients"],
    });
    await admin.run("New-ServicePrincipal", {
      AppId: app.appId,
      ObjectId: app.servicePrincipalId,
      DisplayName: "Hand",
    });
    await admin.run("Add-RoleGroupMember", { Identity: "By hand", Member: app.servicePrincipalId });
    const provider = await plugin();
    const guid = readKept().roleGroups[0]!.id;
    expect((await provider.read(token("RoleGroup"), `exchange/${guid}`, {}, {}))?.inputs).toEqual({
      workload: "exchange",
      name: "By hand",
      description: "",
      roles: ["Mail Recipients"],
    });
    const member = `exchange/${app.servicePrincipalId}/By hand`;
    expect((await provider.read(token("RoleGroupMember"), member, {}, {}))?.inputs).toEqual({
      workload: "exchange",
      roleGroup: "By hand",
      objectId: app.servicePrincipalId,
    });
    await expect(provider.read(token("RoleGroup"), "nonsense", {}, {})).rejects.toThrow(
      "it has the form",
    );
  });

  it("is not taken for one's own, nor changed", async () => {
    const admin = connections().admin("exchange");
    await admin.run("New-ManagementScope", {
      Name: "Sales",
      RecipientRestrictionFilter: "City -eq 'X'",
    });
    await admin.run("New-ManagementRole", { Name: "Sales mailboxes", Parent: "Mail Recipients" });
    const before = readKept();
    for (const type of ["ManagementScope", "ManagementRole"]) {
      const declared = scoped().filter((one) => one.type === type);
      await expect(create(declared)).rejects.toThrow(/exists already and .* pulumi import/);
    }
    const other = { ...scoped()[0]!.inputs, objectId: "11111111-1111-4111-8111-111111111111" };
    await create([scoped()[0]!]);
    await expect(create([{ type: "ServicePrincipal", inputs: other }])).rejects.toThrow(
      "names another object",
    );
    expect({ ...readKept(), pointers: [] }).toEqual(before);
  });
});

describe("what others use", () => {
  it("stays when it is removed", async () => {
    const made = await create([...scoped(), ...grouped().slice(3)]);
    const admin = connections().admin("exchange");
    await admin.run("Add-RoleGroupMember", {
      Identity: "Readers",
      Member: "bob@contoso.onmicrosoft.com",
    });
    await admin.run("New-RoleGroup", {
      Name: "Theirs",
      DisplayName: "Theirs",
      Roles: ["Sales mailboxes"],
      CustomRecipientWriteScope: "Sales",
    });
    await admin.run("Add-RoleGroupMember", { Identity: "Theirs", Member: app.servicePrincipalId });
    await remove(made);
    const left = readKept();
    expect([left.roles, left.scopes, left.pointers].map((one) => one.length)).toEqual([1, 1, 1]);
    expect(left.roleGroups.map(({ name }) => name).sort()).toEqual(["Readers", "Theirs"]);
    expect(left.roleGroups.find(({ name }) => name === "Readers")!.members).toHaveLength(1);
  });
});

/** Repeats an operation that ends at its nth request, for every n, then lets it end. */
async function brokenOff(
  run: (to: Connections) => Promise<unknown>,
  after: () => Promise<void>,
): Promise<number> {
  for (let nth = 1; ; nth += 1) {
    for (const phase of ["before", "after"] as const) {
      const to = crashingAt(connections(), nth, phase);
      const ended = await run(to).then(
        () => true,
        (error: unknown) => {
          expect(error instanceof InitializationFailed ? error.cause : error).toBeInstanceOf(Crash);
          return false;
        },
      );
      await after();
      if (ended) {
        return nth;
      }
    }
  }
}

describe.each([
  ["roles, scope and assignment", scoped, 12],
  ["role groups", grouped, 12],
] as const)("broken off at every request: %s", (_name, declared, least) => {
  it("is made and removed in the end, and gives no right too many in between", async () => {
    const expected = {
      exchange: declared === scoped ? ["CustomAttribute1", "Identity"] : undefined,
    };
    const script = await asApp(context, app, "exchange");
    const noSurplus = async () => {
      const rights = await script.exported();
      const allowed = declared === scoped ? ["Get-Mailbox", "Set-Mailbox"] : messageTracking;
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(rights)));
      if (rights["Set-Mailbox"] !== undefined) {
        expect(rights["Set-Mailbox"]).toEqual(expected.exchange);
      }
    };
    let requests = 0;
    for (const one of declared()) {
      requests += await brokenOff((to) => create([one], to), noSurplus);
    }
    expect(requests).toBeGreaterThan(least);
    const made = await create(declared());
    for (const one of [...made].reverse()) {
      await brokenOff((to) => remove([one], to), noSurplus);
    }
    expect(readKept()).toEqual(nothing);
  });
});

it("changes a role and a group broken off at every request, and never has more than before and after", async () => {
  const made = await create([...scoped(), ...grouped().slice(3)]);
  const role = made.find(({ type }) => type === "ManagementRole")!;
  const group = made.find(({ type }) => type === "RoleGroup")!;
  const wanted = {
    ...role.inputs,
    cmdlets: [{ name: "Get-Mailbox" }, { name: "Set-CASMailbox", parameters: ["ImapEnabled"] }],
  };
  const roles = { ...group.inputs, roles: ["View-Only Configuration"] };
  await brokenOff(
    async (to) => {
      const provider = await plugin(to);
      await provider.update(token(role.type), role.id, role.state, wanted, false);
      await provider.update(token(group.type), group.id, group.state, roles, false);
    },
    async () => {
      const rights = await rightsIn("exchange");
      expect(rights["Set-CASMailbox"] ?? ["Identity", "ImapEnabled"]).toEqual([
        "Identity",
        "ImapEnabled",
      ]);
    },
  );
  const rights = await rightsIn("exchange");
  expect(rights["Set-CASMailbox"]).toEqual(["Identity", "ImapEnabled"]);
  expect(rights).not.toHaveProperty("Set-Mailbox");
  expect(rights).not.toHaveProperty("Get-MessageTraceV2");
  expect(rights).toHaveProperty("Get-TransportRule");
});

it("waits for what was just made, for throttling, and for a grant that has not arrived", async () => {
  context.tenant.faults.add({ kind: "referenceLag", times: 1, match: { path: /InvokeCommand/ } });
  context.tenant.faults.add({ kind: "throttle", nth: 3, match: { path: /InvokeCommand/ } });
  context.tenant.faults.add({ kind: "permissionDenied", nth: 6, match: { path: /InvokeCommand/ } });
  context.tenant.faults.add({
    kind: "dropConnection",
    phase: "after",
    nth: 8,
    match: { path: /InvokeCommand/ },
  });
  await create([...scoped(), ...grouped()]);
  expect(Object.keys(await rightsIn("exchange"))).toEqual([
    "Get-Mailbox",
    ...messageTracking,
    "Set-Mailbox",
  ]);
});

it("never takes a list that breaks off for all there is", async () => {
  const [pointer] = scoped() as [Declared];
  await create([pointer]);
  const admin = connections().admin("exchange");
  context.tenant.faults.add({
    kind: "serverError",
    status: 503,
    phase: "before",
    match: { path: /InvokeCommand/ },
  });
  await expect(admin.run("Get-ServicePrincipal")).rejects.toThrow("temporary error");
  await expect(
    (await plugin()).read(token("ServicePrincipal"), `exchange/${app.appId}`, {}, {}),
  ).rejects.toThrow();
});

it("makes everything for a deployer whose first role in Exchange came by the commands of the page", async () => {
  const graph = await Graph.connect(context);
  const { servicePrincipalObjectId } = context.tenant.deployer;
  const held = `/roleManagement/directory/roleAssignments?$filter=principalId eq '${servicePrincipalObjectId}'`;
  for (const { id } of (await graph.must("GET", held)).value as { id: string }[]) {
    await graph.must("DELETE", `/roleManagement/directory/roleAssignments/${id}`);
  }
  const refused = await create(scoped()).catch((error: Error) => error.message);
  expect(refused).toContain("exchange-roles.md#what-the-deployer-needs");
  expect(readKept()).toEqual(nothing);

  const page = readFileSync(join(__dirname, "../../docs/how-to/exchange-roles.md"), "utf8");
  const [, find = "", assign = "", body = ""] =
    /^az rest --method get --url "(\S+ eq '[^"]+)" --query "value\[0\]\.id".*\naz rest --method post --url "(\S+)" --body '(.*)'$/m.exec(
      page,
    ) ?? [];
  const onGraph = (url: string) => url.replaceAll("\\", "").replace("${graph%/}", "");
  const [{ id }] = (await graph.must("GET", onGraph(find))).value as [{ id: string }];
  await graph.must(
    "POST",
    onGraph(assign),
    JSON.parse(body.replace("OBJECT-ID", servicePrincipalObjectId).replace("ROLE-ID", id)),
  );

  const made = await create(scoped());
  expect(Object.keys(await rightsIn("exchange"))).toEqual(["Get-Mailbox", "Set-Mailbox"]);
  await remove(made);
  expect(readKept().roleAssignments).toHaveLength(1);
});

it("its program starts as the engine starts it, and says what is wrong with inputs", async () => {
  const inputs = { workload: "teams" };
  const { failures } = (await plugin()).check(token("ServicePrincipal"), inputs);
  const started = await startPlugin(join(exchangeDirectory, "pulumi-resource-exchangeonline"));
  const reasons = await started
    .check(token("ServicePrincipal"), inputs)
    .finally(() => started.close());
  expect(failures).not.toEqual([]);
  expect(reasons).toEqual(failures.map(({ reason }) => reason));
});
