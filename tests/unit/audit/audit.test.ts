/**
 * A tenant with a planted case for each rule of the audit: every rule finds its case, and no other.
 *
 * Not proven here: what a real tenant answers; how late its reports are.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Client } from "@microsoft/microsoft-graph-client";
import { auditCommand, showAudit } from "../../../cli/commands/audit";
import { partOfAudit } from "../../../cli/recordParts";
import { readRoleGroups } from "../../../exchange/readAccess";
import { recordShape } from "../../../fleet/record";
import { auditTenant } from "../../../audit/audit";
import { readAccepted } from "../../../audit/accepted";
import type { AuditReport } from "../../../audit/documentShape";
import { auditRuleTable } from "../../support/documentedRules";
import { documentOf } from "../../support/documents";
import { auditRules } from "../../../audit/rules";
import { tenantRules } from "../../../audit/tenantRules";
import { graphClient } from "../../../microsoft/graph/client";
import { Failure } from "../../../system/failure";
import { makeCertificate } from "../../support/certificates";
import { administerExchange, simulatedConnections } from "../../support/exchangeTenant";
import { failureOf } from "../../support/openedForReading";
import { parsedOptions } from "../../support/parsedOptions";
import { recordingIo } from "../../support/recordingIo";
import { keyCredential } from "../../simulator/support/assertions";
import {
  consent,
  deployerToken,
  giveRole,
  Graph,
  makeApp,
  microsoft,
  resourceId,
} from "../../simulator/support/clients";
import { simulated } from "../../simulator/support/simulated";

const context = simulated({
  users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
  deployer: {
    permissions: [
      "Application.ReadWrite.All",
      "AppRoleAssignment.ReadWrite.All",
      "AuditLog.Read.All",
      "Directory.ReadWrite.All",
      "Policy.Read.All",
      "Policy.ReadWrite.ApplicationConfiguration",
      "RoleManagement.ReadWrite.Directory",
      "RoleManagement.ReadWrite.Exchange",
    ],
  },
});
const roles = {
  global: "62e90394-69f5-4237-9190-012177145e10",
  exchange: "29232cdf-9323-42fd-ade2-1d097af3e4de",
};
const permissions = {
  rolesInExchange: "025d3225-3f02-4882-b4c0-cd5b541a4e80",
  mailRead: "810c84a8-4a9e-49e6-bf7d-12d183f40d01",
  mailReadWrite: "e2a3a72e-5f79-4c64-b1b1-878b674786c9",
  messageTrace: "89b20d8a-76e2-4057-867b-9961f800b9a4",
};
const dateInDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const year = makeCertificate({ commonName: "year", notAfter: dateInDays(364) });
const long = makeCertificate({ commonName: "long", notAfter: dateInDays(700) });
const soon = makeCertificate({ commonName: "soon", notAfter: dateInDays(20) });

type App = Awaited<ReturnType<typeof makeApp>>;

/** An application that no rule finds anything about, as long as a stack manages it. */
async function clean(graph: Graph, displayName: string, properties: object = {}): Promise<App> {
  const app = await makeApp(graph, {
    displayName,
    requiredResourceAccess: [
      {
        resourceAppId: microsoft.exchange,
        resourceAccess: [{ id: microsoft.manageAsApp, type: "Role" }],
      },
    ],
    "owners@odata.bind": [
      `https://graph.microsoft.com/v1.0/directoryObjects/${context.tenant.deployer.servicePrincipalObjectId}`,
    ],
    ...properties,
  });
  await certify(graph, app, year);
  await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  await giveRole(graph, app.servicePrincipalId, roles.exchange);
  return app;
}

const certify = (graph: Graph, { id }: App, ...certificates: (typeof year)[]) =>
  graph.must("PATCH", `/applications/${id}`, {
    keyCredentials: certificates.map((one) => keyCredential(one)),
  });

const ask = (graph: Graph, { id }: App, resourceAppId: string, ...ids: string[]) =>
  graph.must("PATCH", `/applications/${id}`, {
    requiredResourceAccess: [
      {
        resourceAppId: microsoft.exchange,
        resourceAccess: [{ id: microsoft.manageAsApp, type: "Role" }],
      },
      { resourceAppId, resourceAccess: ids.map((one) => ({ id: one, type: "Role" })) },
    ],
  });

/** Consents to permissions that the registration asks for. */
async function grant(graph: Graph, app: App, ...ids: string[]): Promise<void> {
  await ask(graph, app, microsoft.graph, ...ids);
  for (const id of ids) {
    await consent(graph, app.servicePrincipalId, microsoft.graph, id);
  }
}

const secret = (graph: Graph, { id }: App, days: number) =>
  graph.must("POST", `/applications/${id}/addPassword`, {
    passwordCredential: { displayName: "debug", endDateTime: dateInDays(days).toISOString() },
  });

const federated = (graph: Graph, { id }: App, issuer: string, subject: string) =>
  graph.must("POST", `/applications/${id}/federatedIdentityCredentials`, {
    name: "job",
    issuer,
    subject,
    audiences: ["api://AzureADTokenExchange"],
  });

/** Each application by its name, with how it differs from a clean one, and the rules that find it. */
const planted: [
  name: string,
  plant: (graph: Graph, app: App) => Promise<unknown>,
  rules: (keyof typeof auditRules)[],
  unmanaged?: boolean,
][] = [
  ["clean", () => Promise.resolve(), []],
  ["nobody's", () => Promise.resolve(), ["exchangePermission"], true],
  [
    "compliance",
    async (graph, app) => {
      await ask(graph, app, microsoft.protection, microsoft.manageAsAppOnProtection);
      await consent(
        graph,
        app.servicePrincipalId,
        microsoft.protection,
        microsoft.manageAsAppOnProtection,
      );
    },
    ["exchangePermission", "compliancePermission"],
    true,
  ],
  [
    "takeover",
    (graph, app) => grant(graph, app, permissions.rolesInExchange),
    ["takeoverPermission"],
  ],
  ["mail", (graph, app) => grant(graph, app, permissions.mailReadWrite), ["mailboxPermission"]],
  [
    "twice",
    (graph, app) => grant(graph, app, permissions.mailReadWrite, permissions.mailRead),
    ["mailboxPermission", "redundantPermission"],
  ],
  [
    "global",
    (graph, app) => giveRole(graph, app.servicePrincipalId, roles.global),
    ["privilegedRole"],
  ],
  [
    "eligible",
    (graph, app) =>
      graph.must("POST", "/roleManagement/directory/roleEligibilityScheduleRequests", {
        action: "adminAssign",
        principalId: app.servicePrincipalId,
        roleDefinitionId: "31392ffb-586c-42d1-9346-e59415a2cc4e",
        directoryScopeId: "/",
      }),
    ["eligibleRole"],
  ],
  [
    "member",
    async (graph, app) => {
      const group = await graph.must("POST", "/groups", {
        displayName: "Exchange jobs",
        mailNickname: "jobs",
        mailEnabled: false,
        securityEnabled: true,
        isAssignableToRole: true,
      });
      await giveRole(graph, group.id as string, roles.exchange);
      await graph.must("POST", `/groups/${group.id}/members/$ref`, {
        "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${app.servicePrincipalId}`,
      });
    },
    ["roleThroughGroup"],
  ],
  [
    "no role",
    async (graph, app) => {
      const { value } = await graph.must(
        "GET",
        `/roleManagement/directory/roleAssignments?$filter=principalId eq '${app.servicePrincipalId}'`,
      );
      await graph.must("DELETE", `/roleManagement/directory/roleAssignments/${value[0].id}`);
    },
    ["permissionWithoutRole"],
  ],
  [
    "no permission",
    async (graph, app) => {
      const path = `/servicePrincipals/${app.servicePrincipalId}/appRoleAssignments`;
      const { value } = await graph.must("GET", path);
      await graph.must("DELETE", `${path}/${value[0].id}`);
    },
    ["roleWithoutPermission"],
  ],
  [
    "not asked",
    async (graph, app) => {
      await consent(graph, app.servicePrincipalId, microsoft.graph, permissions.messageTrace);
    },
    ["grantedNotDeclared"],
  ],
  ["secret", (graph, app) => secret(graph, app, 90), ["clientSecret"]],
  ["long secret", (graph, app) => secret(graph, app, 300), ["clientSecret", "longSecret"]],
  ["long certificate", (graph, app) => certify(graph, app, long), ["longCertificate"]],
  ["ends soon", (graph, app) => certify(graph, app, soon), ["expiring"]],
  [
    "hidden secret",
    (graph, app) =>
      graph.must("POST", `/servicePrincipals/${app.servicePrincipalId}/addPassword`, {
        passwordCredential: { endDateTime: dateInDays(90).toISOString() },
      }),
    ["clientSecret", "principalCredential"],
  ],
  [
    "foreign issuer",
    (graph, app) => federated(graph, app, "https://issuer.example", "anyone"),
    ["foreignIssuer"],
  ],
  [
    "pull requests",
    (graph, app) =>
      federated(
        graph,
        app,
        "https://token.actions.githubusercontent.com",
        "repo:contoso/messaging:pull_request",
      ),
    ["wideSubject"],
  ],
  [
    "ada's",
    async (graph, app) =>
      graph.must("POST", `/applications/${app.id}/owners/$ref`, {
        "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${(await graph.must("GET", "/users/ada@contoso.onmicrosoft.com")).id}`,
      }),
    ["userOwner"],
  ],
  [
    "ownerless",
    (graph, app) =>
      graph.must(
        "DELETE",
        `/applications/${app.id}/owners/${context.tenant.deployer.servicePrincipalObjectId}/$ref`,
      ),
    ["ownerless"],
  ],
  [
    "for others",
    (graph, app) =>
      graph.must("PATCH", `/applications/${app.id}`, { signInAudience: "AzureADMultipleOrgs" }),
    ["multiTenant", "instanceLock"],
  ],
  [
    "public",
    (graph, app) =>
      graph.must("PATCH", `/applications/${app.id}`, { isFallbackPublicClient: true }),
    ["publicClient"],
  ],
  [
    "disabled",
    (graph, app) =>
      graph.must("PATCH", `/servicePrincipals/${app.servicePrincipalId}`, {
        accountEnabled: false,
      }),
    ["disabled"],
  ],
];

let client: Client;
let requests = 0;
const caFolder = mkdtempSync(join(tmpdir(), "apponly-audit-ca-"));
const caFile = join(caFolder, "ca.pem");
beforeAll(() => writeFileSync(caFile, context.simulator.caCertificatePem));
afterAll(() => rmSync(caFolder, { recursive: true }));

async function connect(): Promise<Graph> {
  const { graph: address, login } = context.simulator.endpoints;
  requests = 0;
  client = graphClient(
    { graph: address, login },
    await deployerToken(context),
    () => (requests += 1),
  );
  return Graph.connect(context);
}

const audit = (options: object = {}): Promise<AuditReport> =>
  auditTenant({ graph: client, requests: () => requests, ...options });

/** Names of rules by name of the application. */
function rulesByName({ findings }: AuditReport): Record<string, string[]> {
  const byName: Record<string, string[]> = {};
  for (const { name, rule } of findings) {
    byName[name] = [...new Set([...(byName[name] ?? []), rule])].sort();
  }
  return byName;
}

const enabledPolicy = {
  isEnabled: true,
  applicationRestrictions: { passwordCredentials: [], keyCredentials: [] },
};

it("finds every planted case, and nothing else", async () => {
  context.tenant.setAppManagementPolicy(enabledPolicy);
  const graph = await connect();
  const stacks = new Map<string, string>();
  for (const [name, plant, , unmanaged = false] of planted) {
    const app = await clean(graph, name);
    await plant(graph, app);
    if (!unmanaged) {
      stacks.set(app.appId, name);
    }
  }
  const report = await audit({ stacks });
  // What the command prints is the report.
  expect(documentOf("audit", report)).toEqual(report);
  const expected = planted
    .filter(([, , rules]) => rules.length > 0)
    .map(([name, , rules]) => [name, [...rules].sort()]);
  // The simulated tenant's own deployer can give itself everything, and nobody owns it.
  const { Deployer: _, ...others } = rulesByName(report);
  expect(others).toEqual(Object.fromEntries(expected));
  expect(report).toMatchObject({ complete: true, warnings: [], requests });
  expect(report.applications).toHaveLength(planted.length + 1);
});

it("finds a scoped role of Exchange that a consent without a scope defeats", async () => {
  const graph = await connect();
  const app = await clean(graph, "scoped");
  await grant(graph, app, permissions.mailRead);
  const { value: definitions } = await graph.must(
    "GET",
    "/beta/roleManagement/exchange/roleDefinitions",
  );
  const role = (definitions as { id: string; displayName: string }[]).find(
    ({ displayName }) => displayName === "Application Mail.Read",
  );
  const scope = await graph.must("POST", "/beta/roleManagement/exchange/customAppScopes", {
    displayName: "sales",
    type: "RecipientScope",
    customAttributes: { RecipientFilter: "Department -eq 'Sales'" },
  });
  await graph.must("POST", "/beta/roleManagement/exchange/roleAssignments", {
    principalId: `/ServicePrincipals/${app.servicePrincipalId}`,
    roleDefinitionId: role?.id,
    directoryScopeId: null,
    appScopeId: scope.id,
  });
  const report = await audit();
  expect(rulesByName(report).scoped).toContain("scopeDefeated");
  expect(report.applications.find(({ name }) => name === "scoped")?.exchangeRoles).toEqual([
    "Application Mail.Read (scoped)",
  ]);
});

it("finds applications that reach Exchange only by what Exchange itself has given them", async () => {
  const graph = await connect();
  await administerExchange(graph, context);
  const connections = simulatedConnections(context, caFile);
  const session = connections.admin("exchange");
  for (const [displayName, role] of [
    ["reads mail", "Application Mail.Read"],
    ["assigns roles", "Role Management"],
    ["in a group", undefined],
  ] as const) {
    const { appId, servicePrincipalId } = await makeApp(graph, { displayName });
    const pointer = { AppId: appId, ObjectId: servicePrincipalId, DisplayName: displayName };
    await session.run("New-ServicePrincipal", pointer);
    await (role === undefined
      ? session.run("Add-RoleGroupMember", {
          Identity: "Organization Management",
          Member: servicePrincipalId,
          Confirm: false,
          BypassSecurityGroupManagerCheck: true,
        })
      : session.run("New-ManagementRoleAssignment", { App: servicePrincipalId, Role: role }));
  }
  const report = await audit({ roleGroups: () => readRoleGroups(connections) });
  expect(rulesByName(report)).toMatchObject({
    "reads mail": expect.arrayContaining(["unscopedRole"]) as unknown,
    "assigns roles": expect.arrayContaining(["exchangeTakeover"]) as unknown,
    "in a group": expect.arrayContaining(["exchangeTakeover"]) as unknown,
  });
  expect(report.applications.find(({ name }) => name === "in a group")?.exchangeRoles).toEqual([
    "by the role group Organization Management, exchange",
  ]);
  expect(report).toMatchObject({ complete: true, warnings: [] });
});

it("finds what nobody has used for 90 days, and credentials that are over", async () => {
  const graph = await connect();
  await clean(graph, "old");
  const now = dateInDays(400);
  expect(rulesByName(await audit({ now })).old).toEqual([
    "exchangePermission",
    "expired",
    "unused",
  ]);
});

it("finds an application of another organisation", async () => {
  const other = context.simulator.addTenant({
    initialDomain: "fabrikam.onmicrosoft.com",
    deployer: { permissions: ["Application.ReadWrite.All"] },
  });
  const theirs = await Graph.connect({ simulator: context.simulator, tenant: other });
  const { appId } = await theirs.must("POST", "/applications", {
    displayName: "Theirs",
    signInAudience: "AzureADMultipleOrgs",
  });
  const graph = await connect();
  const { id } = await graph.must("POST", "/servicePrincipals", { appId });
  await consent(graph, id as string, microsoft.exchange, microsoft.manageAsApp);
  const { findings } = await audit();
  expect(findings.filter((one) => one.application === appId).map(({ rule }) => rule)).toContain(
    "foreignApplication",
  );
});

it("finds keys on Microsoft's own principal, and a tenant without a credential policy", async () => {
  const graph = await connect();
  const exchange = await resourceId(graph, microsoft.exchange);
  await graph.must("PATCH", `/servicePrincipals/${exchange}`, {
    keyCredentials: [keyCredential(year)],
  });
  const { findings } = await audit();
  expect(findings.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(Object.keys(tenantRules)),
  );
});

it("every rule has a case in this file", () => {
  const cases = [
    ...planted.flatMap(([, , rules]) => rules),
    ...([
      "scopeDefeated",
      "exchangeTakeover",
      "unscopedRole",
      "expired",
      "unused",
      "foreignApplication",
    ] as const),
  ];
  expect([...new Set<string>(cases)].sort()).toEqual(Object.keys(auditRules).sort());
});

it("leaves accepted findings out until their day, and says which have ended", async () => {
  const graph = await connect();
  const app = await clean(graph, "accepted");
  const entry = (until: string) =>
    readAccepted(
      `accepted:\n- { rule: exchangePermission, application: ${app.appId}, reason: Moves to a stack in May, until: ${until} }\n`,
      "accepted.yaml",
    );
  const live = await audit({ accepted: entry("2099-01-31") });
  expect(rulesByName(live).accepted).toBeUndefined();
  expect(live.accepted).toMatchObject([{ reason: "Moves to a stack in May", until: "2099-01-31" }]);
  const ended = await audit({ accepted: entry("2020-01-31") });
  expect(rulesByName(ended).accepted).toEqual(["exchangePermission"]);
  expect(ended.warnings).toContain(
    `The acceptance of exchangePermission for ${app.appId} ended on 2020-01-31.`,
  );
});

it.each([
  [
    "accepted:\n- { rule: nope, application: x, reason: long enough reason, until: 2027-01-31 }",
    'rule "nope" is not a rule',
  ],
  [
    "accepted:\n- { rule: clientSecret, application: x, reason: short, until: 2027-01-31 }",
    "is shorter than 10 characters",
  ],
  [
    "accepted:\n- { rule: clientSecret, application: x, reason: long enough reason, until: soon }",
    "is not a date",
  ],
  ["accepted: yes", "Write a list"],
])("refuses a file of accepted findings that is not valid: %s", (text, said) => {
  expect(() => readAccepted(text, "accepted.yaml")).toThrow(said);
});

it("says what it may not read, ends with 3, and writes every form", async () => {
  const graph = await connect();
  await clean(graph, "=cmd|' /C calc'!A0");
  context.tenant.faults.add({
    kind: "permissionDenied",
    match: { path: /servicePrincipalSignInActivities/ },
  } as never);
  const run = async (line: string) => {
    const io = recordingIo();
    const failure = await failureOf(
      showAudit(await parsedOptions(auditCommand, line), io, {
        connect: () =>
          Promise.resolve({ graph: client, exchange: simulatedConnections(context, caFile) }),
        managedApplications: () => Promise.resolve(new Map()),
      }),
    );
    return { failure, text: io.written() };
  };
  const json = await run("--format json --fail-on critical");
  expect(json.failure).toMatchObject({ exitCode: 3 });
  expect(JSON.parse(json.text)).toMatchObject({
    complete: false,
    warnings: expect.arrayContaining([
      "Not read: sign-in activity. Grant AuditLog.Read.All on Microsoft Graph to who reads.",
      expect.stringMatching(/^Not read: role groups of Security & Compliance\. Grant Exchange\./),
    ]) as unknown,
  });
  const csv = (await run("--format csv")).text;
  expect(csv).toContain(`high,exchangePermission,'=cmd|' /C calc'!A0,`);
  for (const format of ["terminal", "markdown", "html"]) {
    expect((await run(`--format ${format}`)).text).toMatch(/Audit|Exchange.ManageAsApp/);
  }
});

it("audits the tenants of several stacks, and leaves a record of each", async () => {
  const graph = await connect();
  await clean(graph, "nobody's");
  const folder = mkdtempSync(join(tmpdir(), "apponly-audit-"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  for (const stack of ["contoso", "gone"]) {
    writeFileSync(join(folder, `Pulumi.${stack}.yaml`), "config: {}\n");
  }
  const before = process.cwd();
  process.chdir(folder);
  try {
    const run = async (format: string) => {
      const io = recordingIo();
      const failure = await failureOf(
        showAudit(await parsedOptions(auditCommand, `--all --record r --format ${format}`), io, {
          connect: (stack) =>
            stack === "gone"
              ? Promise.reject(new Failure("No such tenant."))
              : Promise.resolve({ graph: client, exchange: simulatedConnections(context, caFile) }),
          managedApplications: () => Promise.resolve(new Map()),
        }),
      );
      expect(failure?.message).toContain("1 of 2 stacks failed.");
      return io.written();
    };
    expect(JSON.parse(await run("json"))).toMatchObject([
      { stack: "contoso", exitCode: 0, document: { tenant: context.tenant.tenantId } },
      { stack: "gone", exitCode: 1, failure: "No such tenant." },
    ]);
    expect(await run("csv")).toMatch(new RegExp(`,tenant\r?\n.*,${context.tenant.tenantId}\r?\n`));
    const records = readFileSync(join(folder, "r/audit-stacks.jsonl"), "utf8").split("\n");
    const [contoso] = records
      .filter((line) => line !== "")
      .map((line) => recordShape.parse(JSON.parse(line)))
      .filter(({ stack }) => stack === "contoso");
    expect(contoso).toMatchObject({ tenantId: context.tenant.tenantId, result: "succeeded" });
    expect(contoso?.findings).toContainEqual(
      expect.objectContaining({
        kind: "access",
        risk: "high",
        subject: "exchangePermission: Exchange.ManageAsApp of Exchange Online",
      }),
    );
    expect(contoso?.access).toContainEqual({
      application: "nobody's",
      kind: "directory-role",
      name: "Exchange Administrator",
    });
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
});

it("tells unused access apart in a record", () => {
  const finding = { application: "id", name: "Old", severity: "medium", source: "page" } as const;
  const findingOf = (rule: string) => ({
    ...finding,
    rule,
    subject: "x",
    reason: "r",
    remedy: "m",
  });
  const { findings } = partOfAudit({
    version: 1,
    tenant: "t",
    complete: true,
    requests: 1,
    applications: [],
    findings: [findingOf("unused"), findingOf("clientSecret")],
    accepted: [],
    warnings: [],
  });
  expect(findings?.map(({ kind }) => kind)).toEqual(["unused", "access"]);
});

it("the page has the table of rules", async () => {
  const page = await readFile(join(__dirname, "../../../docs/how-to/audit.md"), "utf8");
  const bare = (text: string) =>
    text
      .replace(/ +\|/g, " |")
      .replace(/\| +/g, "| ")
      .replace(/ ?-{3,} ?/g, "---");
  expect(bare(page)).toContain(bare(auditRuleTable()).trim());
});
