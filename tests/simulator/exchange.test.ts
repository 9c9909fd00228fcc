/**
 * The admin APIs of Exchange Online and Security & Compliance: what an app-only script meets at
 * every step from nothing granted to a cmdlet that answers.
 *
 * Does not prove how the real servers answer beyond what public projects measured; where nothing
 * was measured (another organization's anchor, malformed input) the answers are assumed.
 */
import { beforeEach, describe, expect, it } from "@jest/globals";
import { AdjustableClock } from "../support/adjustableClock";
import type { JsonObject } from "../../simulator/json";
import type { TenantHandle } from "../../simulator/tenantHandle";
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

const clock = new AdjustableClock();
const context = simulated(
  {
    users: [
      {
        userPrincipalName: "ann@contoso.onmicrosoft.com",
        displayName: "Ann",
        mailbox: { Department: "Sales & <Service>", City: null },
        mobileDevices: [{ DeviceId: "ABC123", DeviceOS: "iOS 19" }],
      },
    ],
    groups: [
      {
        mailNickname: "sales",
        displayName: "Sales",
        members: ["ann@contoso.onmicrosoft.com"],
      },
    ],
  },
  { clock },
);

const roles = {
  complianceAdministrator: "17315797-102d-40b4-93e0-432062caca18",
  exchangeAdministrator: "29232cdf-9323-42fd-ade2-1d097af3e4de",
  exchangeRecipientAdministrator: "31392ffb-586c-42d1-9346-e59415a2cc4e",
  globalAdministrator: "62e90394-69f5-4237-9190-012177145e10",
  globalReader: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
  helpdeskAdministrator: "729827e3-9c14-49f7-bb1b-9608f156bbb8",
  securityAdministrator: "194ae4cb-b126-40b2-bd5b-6091b380977d",
  securityReader: "5d6b6bb7-de71-4623-b4af-96380a352509",
  userAdministrator: "fe930be7-5e62-47db-91af-98c3a49a38b1",
};
const scopes = {
  exchange: "https://outlook.office365.com/.default",
  compliance: "https://ps.compliance.protection.outlook.com/.default",
};
const mailbox = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}";

let graph: Graph;
let app: { id: string; appId: string; servicePrincipalId: string };
let secret: string;

beforeEach(async () => {
  graph = await Graph.connect(context);
  app = await makeApp(graph);
  secret = (await graph.must("POST", `/applications/${app.id}/addPassword`)).secretText;
});

/** A group of Microsoft 365 that Ann owns. */
async function makeTeam(): Promise<void> {
  context.tenant.deployer.grant("Group.Create");
  context.tenant.deployer.grant("User.Read.All");
  const other = await Graph.connect(context);
  const { id } = await other.must("GET", "/users/ann@contoso.onmicrosoft.com?$select=id");
  await other.must("POST", "/groups", {
    displayName: "Team",
    groupTypes: ["Unified"],
    mailEnabled: true,
    mailNickname: "team",
    securityEnabled: false,
    "owners@odata.bind": [`https://graph.microsoft.com/v1.0/users/${id}`],
  });
}

type Workload = keyof typeof scopes;

async function token(scope: string = scopes.exchange, tenant: TenantHandle = context.tenant) {
  const answer = await requestToken(
    { simulator: context.simulator, tenant },
    { client_id: app.appId, client_secret: secret, scope },
  );
  expect(answer.status).toBe(200);
  return answer.body.access_token as string;
}

/** Runs a cmdlet as the module does. */
async function invoke(
  workload: Workload,
  cmdlet: string,
  wish: {
    bearer?: string;
    headers?: Record<string, string>;
    tenant?: string;
    query?: string;
    body?: JsonObject;
  } = {},
): Promise<Answer> {
  const bearer = wish.bearer ?? (await token(scopes[workload]));
  const base = context.simulator.endpoints[workload];
  const folder = workload === "compliance" ? `${base}/nam10b` : base;
  return send(
    `${folder}/adminapi/beta/${wish.tenant ?? context.tenant.tenantId}/InvokeCommand${wish.query ?? ""}`,
    {
      method: "POST",
      headers: {
        authorization: `Bearer ${bearer}`,
        "content-type": "application/json",
        "X-CmdletName": cmdlet,
        "X-AnchorMailbox": `APP:${mailbox}@${context.tenant.tenantId}`,
        ...wish.headers,
      },
      body: JSON.stringify(wish.body ?? { CmdletInput: { CmdletName: cmdlet, Parameters: {} } }),
    },
  );
}

const grantExchange = () =>
  consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
const grantProtection = () =>
  consent(graph, app.servicePrincipalId, microsoft.protection, microsoft.manageAsAppOnProtection);

const someone = { Identity: "ann@contoso.onmicrosoft.com" };
/** Parameters without which a cmdlet that reads does not run. */
const mandatory: Readonly<Record<string, JsonObject>> = {
  "Get-CalendarProcessing": someone,
  "Get-DistributionGroupMember": { Identity: "Sales" },
  "Get-InboxRule": { Mailbox: "ann@contoso.onmicrosoft.com" },
  "Get-MailboxAutoReplyConfiguration": someone,
  "Get-MailboxFolderPermission": someone,
  "Get-MailboxFolderStatistics": someone,
  "Get-MailboxPermission": someone,
  "Get-MailboxRegionalConfiguration": someone,
  "Get-MailboxStatistics": someone,
  "Get-FocusedInbox": someone,
  "Get-MailboxCalendarConfiguration": someone,
  "Get-MailboxJunkEmailConfiguration": someone,
  "Get-MailboxMessageConfiguration": someone,
  "Get-MobileDeviceStatistics": { Mailbox: "ann@contoso.onmicrosoft.com" },
  "Get-MxRecordReport": { Domain: "contoso.onmicrosoft.com" },
  "Get-UnifiedGroupLinks": { Identity: "Team", LinkType: "Members" },
  "Get-ManagementRoleEntry": { Identity: "*\\Get-Mailbox" },
  "Get-RoleGroupMember": { Identity: "Organization Management" },
};

/**
 * What ScubaGear, CIPP and Maester read, as their code of August 2026 names it.
 *
 * @see https://github.com/cisagov/ScubaGear
 * @see https://github.com/KelvinTegelaar/CIPP-API
 * @see https://github.com/maester365/maester
 */
const readByAssessments: Readonly<Record<Workload, readonly string[]>> = {
  exchange: `Get-ATPBuiltInProtectionRule Get-ATPProtectionPolicyRule Get-AcceptedDomain
Get-AdminAuditLogConfig Get-AntiPhishPolicy Get-AntiPhishRule Get-ApplicationAccessPolicy
Get-ArcConfig Get-AtpPolicyForO365 Get-BillingPolicy Get-BlockedSenderAddress Get-CASMailbox
Get-CalendarProcessing Get-Contact Get-DistributionGroup Get-DistributionGroupMember
Get-DkimSigningConfig Get-DynamicDistributionGroup Get-EOPProtectionPolicyRule
Get-ExoPhishSimOverrideRule Get-ExternalInOutlook Get-HVEAccountBillingPolicy
Get-HVEAccountSettings Get-HostedConnectionFilterPolicy Get-HostedContentFilterPolicy
Get-HostedContentFilterRule Get-HostedOutboundSpamFilterPolicy Get-HostedOutboundSpamFilterRule
Get-InboundConnector Get-InboxRule Get-IntraOrganizationConnector Get-LimitsEnforcementStatus
Get-MailContact Get-MailUser Get-Mailbox Get-MailboxAuditBypassAssociation
Get-MailboxAutoReplyConfiguration Get-MailboxCalendarConfiguration Get-MailboxFolderPermission
Get-MailboxFolderStatistics Get-MailboxJunkEmailConfiguration Get-MailboxMessageConfiguration
Get-MailboxPermission Get-MailboxPlan Get-MailboxRestoreRequest
Get-MailboxRestoreRequestStatistics Get-MailboxStatistics Get-MalwareFilterPolicy
Get-MalwareFilterRule Get-ManagementRoleAssignment Get-MessageTraceDetailV2 Get-MessageTraceV2
Get-MobileDevice Get-MxRecordReport Get-OMEConfiguration Get-OrganizationConfig
Get-OrganizationRelationship Get-OutboundConnector Get-OwaMailboxPolicy
Get-PhishSimOverridePolicy Get-Place Get-QuarantineMessage Get-QuarantinePolicy Get-Recipient
Get-RecipientPermission Get-RemoteDomain Get-ReportSubmissionPolicy Get-ReportSubmissionRule
Get-RetentionPolicy Get-RetentionPolicyTag Get-RoleAssignmentPolicy Get-SafeAttachmentPolicy
Get-SafeAttachmentRule Get-SafeLinksPolicy Get-SafeLinksRule Get-SharingPolicy
Get-TeamsProtectionPolicy Get-TenantAllowBlockListItems Get-TenantAllowBlockListSpoofItems
Get-TransportConfig Get-TransportRule Get-UnifiedGroup Get-UnifiedGroupLinks Get-User
Search-UnifiedAuditLog Get-ActiveSyncDevice Get-AuditLogSearch Get-AuthServer Get-AvailabilityAddressSpace
Get-ConfigAnalyzerPolicyRecommendation Get-DataClassification Get-MigrationUser Get-SpoofMailReport
Get-EmailTenantSettings Get-ActiveSyncOrganizationSettings Get-MobileDeviceMailboxPolicy
Get-FederatedOrganizationIdentifier Get-FederationTrust Get-IRMConfiguration`.split(/\s/),
  compliance: `Get-AppRetentionCompliancePolicy Get-DlpCompliancePolicy Get-DlpComplianceRule
Get-DlpSensitiveInformationType Get-DlpSensitiveInformationTypeRulePackage Get-Label
Get-LabelPolicy Get-ProtectionAlert Get-RetentionCompliancePolicy Get-RetentionComplianceRule
Get-UnifiedAuditLogRetentionPolicy Get-DeviceConditionalAccessRule
Get-DeviceConfigurationRule Get-DevicePolicy Get-DeviceTenantPolicy Get-DeviceTenantRule
Get-ComplianceTag Get-PolicyConfig Get-SupervisoryReviewPolicyV2
Get-SupervisoryReviewOverallProgressReport`.split(/\s/),
};

/** The text people find the reason in. */
const reasonOf = (answer: Answer): string =>
  answer.body?.error?.innererror?.internalexception?.message ?? answer.body?.error?.message;

describe("the way to a cmdlet", () => {
  it("goes from 401 over 403 to 200", async () => {
    const nothing = await invoke("exchange", "Get-OrganizationConfig");
    expect([nothing.status, nothing.text]).toEqual([401, ""]);
    expect(nothing.headers.get("x-ms-diagnostics")).toBe(
      '2000008;reason="The token contains no permissions, or permissions can not be understood.";error_category="invalid_grant"',
    );
    expect(nothing.headers.get("www-authenticate")).toContain(
      'client_id="00000002-0000-0ff1-ce00-000000000000"',
    );

    await grantExchange();
    const consentOnly = await invoke("exchange", "Get-OrganizationConfig");
    expect([consentOnly.status, consentOnly.text]).toEqual([403, "\0\0\0\0"]);

    await giveRole(graph, app.servicePrincipalId, roles.exchangeAdministrator);
    const both = await invoke("exchange", "Get-OrganizationConfig");
    expect(both.status).toBe(200);
    expect(both.body).toMatchObject({
      "@odata.context": `${context.simulator.endpoints.exchange}/adminapi/beta/${context.tenant.tenantId}/$metadata#Collection(Edm.Untyped)`,
      "@adminapi.warnings": [],
      value: [{ Name: "contoso.onmicrosoft.com", DisplayName: "Contoso", IsDehydrated: false }],
    });
  });

  it("needs the consent also where there is a role", async () => {
    await giveRole(graph, app.servicePrincipalId, roles.globalAdministrator);
    expect((await invoke("exchange", "Get-OrganizationConfig")).status).toBe(401);
  });

  it("is not opened by a permission that only looks like the right one", async () => {
    await giveRole(graph, app.servicePrincipalId, roles.exchangeAdministrator);
    for (const lookalike of [
      "ea3d980d-ebc7-4be4-8298-a167e5b8797c",
      "dc890d15-9560-4a4c-9b7f-a736ec74ec40",
    ]) {
      await consent(graph, app.servicePrincipalId, microsoft.exchange, lookalike);
    }
    const answer = await invoke("exchange", "Get-OrganizationConfig");
    expect([answer.status, answer.text]).toEqual([403, ""]);
  });

  it("is shown by a token issued after the grant, not before", async () => {
    const early = await token();
    await grantExchange();
    await giveRole(graph, app.servicePrincipalId, roles.globalReader);
    expect((await invoke("exchange", "Get-OrganizationConfig", { bearer: early })).status).toBe(
      401,
    );
    expect((await invoke("exchange", "Get-OrganizationConfig")).status).toBe(200);
  });
});

const supported: [string, boolean, boolean][] = [
  ["complianceAdministrator", true, true],
  ["exchangeAdministrator", true, false],
  ["exchangeRecipientAdministrator", true, false],
  ["globalAdministrator", true, true],
  ["globalReader", true, true],
  ["helpdeskAdministrator", true, false],
  ["securityAdministrator", true, true],
  ["securityReader", true, true],
  ["userAdministrator", false, false],
];

describe.each(supported)("the role %s", (name, exchange, compliance) => {
  it(`serves exchange: ${exchange}, compliance: ${compliance}`, async () => {
    await grantExchange();
    await grantProtection();
    await giveRole(graph, app.servicePrincipalId, roles[name as keyof typeof roles]);
    for (const [workload, cmdlet, serves] of [
      ["exchange", "Get-OrganizationConfig", exchange],
      ["compliance", "Get-Label", compliance],
    ] as const) {
      const answer = await invoke(workload, cmdlet);
      if (serves) {
        expect([workload, answer.status]).toEqual([workload, 200]);
      } else {
        expect([workload, answer.status, reasonOf(answer)]).toEqual([
          workload,
          403,
          `The role assigned to application ${app.appId} isn't supported in this scenario. Please check online documentation for assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.`,
        ]);
      }
    }
  });
});

describe("a role scoped to less than the tenant", () => {
  it("does not count as a role of the tenant", async () => {
    await grantExchange();
    await graph.must("POST", "/roleManagement/directory/roleAssignments", {
      principalId: app.servicePrincipalId,
      roleDefinitionId: roles.exchangeAdministrator,
      directoryScopeId: `/${app.id}`,
    });
    expect((await invoke("exchange", "Get-OrganizationConfig")).status).toBe(403);
  });
});

describe("Security & Compliance", () => {
  beforeEach(async () => {
    await grantProtection();
    await giveRole(graph, app.servicePrincipalId, roles.globalReader);
  });

  it("redirects to the server of the tenant, where cmdlets answer", async () => {
    const { compliance } = context.simulator.endpoints;
    const path = `/adminapi/v1.0/${context.tenant.tenantId}/EXOModuleFile?Version=3.10.1`;
    const authorization = `Bearer ${await token(scopes.compliance)}`;
    const redirected = await send(compliance + path, { headers: { authorization } });
    expect([redirected.status, redirected.headers.get("location")]).toEqual([
      302,
      `${compliance}/nam10b${path}`,
    ]);

    const module = await send(redirected.headers.get("location")!, { headers: { authorization } });
    const cmdlets = module.body.value[0].exportedCmdlets as string[];
    expect(cmdlets).toContain("Get-Label");
    expect(cmdlets.filter((name) => !name.startsWith("Get-"))).toEqual([]);
    expect((await invoke("compliance", "Get-Label")).body.value).toMatchObject([
      { DisplayName: "General" },
      { DisplayName: "Confidential" },
    ]);
  });

  it("answers what assessments of tenants read", async () => {
    await giveRole(graph, app.servicePrincipalId, roles.complianceAdministrator);
    const bearer = await token(scopes.compliance);
    for (const cmdlet of readByAssessments.compliance) {
      const { status, body } = await invoke("compliance", cmdlet, { bearer });
      expect([cmdlet, status, Array.isArray(body.value)]).toEqual([cmdlet, 200, true]);
    }
  });

  it("takes switches as texts and common parameters, as Monkey365 writes them", async () => {
    await grantExchange();
    const bearer = await token(scopes.exchange);
    const Parameters = {
      IsVIP: "true",
      ResultSize: "unlimited",
      WarningAction: "SilentlyContinue",
    };
    const headers = {
      "X-AnchorMailbox": `UPN:Monkey365@${context.tenant.tenantId}`,
      "X-ResponseFormat": "json",
      "X-SerializationLevel": "Full",
      Prefer: "odata.maxpagesize=1000;",
      WarningAction: "SilentlyContinue",
    };
    const body = { CmdletInput: { CmdletName: "Get-User", Parameters } };
    const answer = await invoke("exchange", "Get-User", { bearer, headers, body });
    expect([answer.status, answer.body.value]).toEqual([200, []]);
  });

  it.each(["Archive", "GroupMailbox", "InactiveMailboxOnly", "PublicFolder", "SoftDeletedMailbox"])(
    "narrows mailboxes by -%s to those that there are none of",
    async (name) => {
      await grantExchange();
      const bearer = await token(scopes.exchange);
      const rows = async (wanted: boolean) => {
        const CmdletInput = { CmdletName: "Get-Mailbox", Parameters: { [name]: wanted } };
        return (await invoke("exchange", "Get-Mailbox", { bearer, body: { CmdletInput } })).body
          .value;
      };
      expect(await rows(true)).toEqual([]);
      expect((await rows(false)).length).toBeGreaterThan(0);
    },
  );

  it("does not take Exchange Online's token, nor the other way round", async () => {
    await grantExchange();
    for (const [workload, scope] of [
      ["compliance", scopes.exchange],
      ["exchange", scopes.compliance],
    ] as const) {
      const answer = await invoke(workload, "Get-Label", { bearer: await token(scope) });
      expect([workload, answer.status]).toEqual([workload, 401]);
      expect(answer.headers.get("x-ms-diagnostics")).toMatch(
        /^2000003;reason="The audience claim value is invalid for current resource\./,
      );
    }
  });

  it("resolves to Exchange Online in tenants that are like that", async () => {
    const tenant = context.simulator.addTenant({
      initialDomain: "northwind.onmicrosoft.com",
      complianceAudience: "exchange",
    });
    const there = await Graph.connect({ simulator: context.simulator, tenant });
    app = await makeApp(there);
    secret = (await there.must("POST", `/applications/${app.id}/addPassword`)).secretText;
    await giveRole(there, app.servicePrincipalId, roles.globalReader);
    await consent(
      there,
      app.servicePrincipalId,
      microsoft.protection,
      microsoft.manageAsAppOnProtection,
    );
    const run = async () =>
      invoke("compliance", "Get-Label", {
        bearer: await token(scopes.compliance, tenant),
        tenant: tenant.tenantId,
        headers: { "X-AnchorMailbox": `UPN:${mailbox}@northwind.onmicrosoft.com` },
      });
    expect((await run()).status).toBe(401);
    await consent(there, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
    expect((await run()).status).toBe(200);
  });
});

describe("a request", () => {
  beforeEach(async () => {
    await grantExchange();
    await giveRole(graph, app.servicePrincipalId, roles.exchangeAdministrator);
  });

  it("can name the tenant by id or domain, and go without an anchor", async () => {
    for (const tenant of [context.tenant.tenantId, "contoso.onmicrosoft.com"]) {
      expect((await invoke("exchange", "Get-OrganizationConfig", { tenant })).status).toBe(200);
    }
    for (const anchor of [
      `UPN:${mailbox}@contoso.onmicrosoft.com`,
      `TID:${context.tenant.tenantId}`,
      "",
    ]) {
      const headers: Record<string, string> = { "X-AnchorMailbox": anchor };
      if (anchor === "") {
        delete headers["X-AnchorMailbox"];
      }
      expect((await invoke("exchange", "Get-OrganizationConfig", { headers })).status).toBe(200);
    }
  });

  it("for another tenant is refused", async () => {
    const fabrikam = context.simulator.addTenant({ initialDomain: "fabrikam.onmicrosoft.com" });
    const other = await invoke("exchange", "Get-OrganizationConfig", { tenant: fabrikam.tenantId });
    expect([other.status, other.headers.get("x-ms-diagnostics")]).toEqual([
      401,
      expect.stringMatching(/^2000010;/),
    ]);
    const anchored = await invoke("exchange", "Get-OrganizationConfig", {
      headers: { "X-AnchorMailbox": `UPN:${mailbox}@fabrikam.onmicrosoft.com` },
    });
    expect([anchored.status, reasonOf(anchored)]).toEqual([
      400,
      expect.stringContaining("organization 'fabrikam.onmicrosoft.com'"),
    ]);
    const malformed = await invoke("exchange", "Get-OrganizationConfig", {
      headers: { "X-AnchorMailbox": "x" },
    });
    expect([malformed.status, reasonOf(malformed)]).toEqual([
      400,
      "The anchor mailbox 'x' is not valid.",
    ]);
    const unknown = await invoke("exchange", "Get-OrganizationConfig", {
      tenant: "11111111-1111-4111-8111-111111111111",
    });
    expect([unknown.status, unknown.body.error.code]).toEqual([
      404,
      "OrganizationFromTenantGuidNotFound",
    ]);
  });

  it("without a token, with one that is over, or with Graph's is 401", async () => {
    const url = `${context.simulator.endpoints.exchange}/adminapi/beta/${context.tenant.tenantId}/InvokeCommand`;
    expect((await send(url, { method: "POST", body: "{}" })).status).toBe(401);
    const forGraph = await invoke("exchange", "Get-OrganizationConfig", {
      bearer: await token("https://graph.microsoft.com/.default"),
    });
    expect([forGraph.status, forGraph.headers.get("x-ms-diagnostics")]).toEqual([
      401,
      expect.stringMatching(/^2000003;/),
    ]);
    const bearer = await token();
    const tampered = await invoke("exchange", "Get-OrganizationConfig", {
      bearer: `${bearer.slice(0, -6)}AAAAAA`,
    });
    expect(tampered.headers.get("x-ms-diagnostics")).toMatch(/^2000005;/);
    clock.advance(7_200_000);
    const over = await invoke("exchange", "Get-OrganizationConfig", { bearer });
    clock.set(new Date());
    expect([over.status, over.headers.get("x-ms-diagnostics")]).toEqual([
      401,
      expect.stringMatching(/^2000001;/),
    ]);
  });

  it("for a cmdlet the role lacks is refused by name", async () => {
    const [held] = context.tenant.state().directoryRoleAssignments;
    await graph.must(
      "DELETE",
      `/roleManagement/directory/roleAssignments/${held!["id"] as string}`,
    );
    await giveRole(graph, app.servicePrincipalId, roles.securityReader);
    const answer = await invoke("exchange", "Get-Mailbox");
    expect([answer.status, answer.body.error]).toMatchObject([
      401,
      { code: "Unauthorized", message: "User is not allowed to call Get-Mailbox" },
    ]);
  });

  it("answers every read-only cmdlet the module offers, whatever its case", async () => {
    const url = `${context.simulator.endpoints.exchange}/AdminApi/v1.0/${context.tenant.tenantId}/EXOModuleFile?Version=3.10.1`;
    const authorization = `Bearer ${await token()}`;
    const module = await send(url, { headers: { authorization } });
    const cmdlets = module.body.value[0].exportedCmdlets as string[];
    expect(cmdlets).toEqual(expect.arrayContaining([...readByAssessments.exchange]));
    const reading = cmdlets.filter((name) => /^(Get|Search)-/.test(name));
    await makeTeam();
    for (const cmdlet of reading) {
      const answer = await invoke("exchange", cmdlet.toLowerCase(), {
        body: {
          CmdletInput: { CmdletName: cmdlet.toLowerCase(), Parameters: mandatory[cmdlet] ?? {} },
        },
      });
      expect([cmdlet, answer.status, Array.isArray(answer.body.value)]).toEqual([
        cmdlet,
        200,
        true,
      ]);
    }
    const banner = await send(url.replace(/EXOModuleFile.*/, "EXOBanner('AutogenSession')"), {
      headers: { authorization },
    });
    expect(banner.status).toBe(200);
  });

  it("gets rows in pages and only the columns it selects", async () => {
    const first = await invoke("exchange", "Get-Mailbox", {
      query: "?$select=Name",
      headers: { Prefer: "odata.maxpagesize=1" },
    });
    expect(first.body.value).toEqual([{ Name: expect.stringContaining("DiscoverySearchMailbox") }]);
    const next = new URL(first.body["@odata.nextLink"]);
    const second = await invoke("exchange", "Get-Mailbox", {
      query: next.search,
      // As CIPP writes it.
      headers: { Prefer: "odata.maxpagesize = 1;odata.continue-on-error" },
    });
    expect(second.body.value).toEqual([{ Name: "ann@contoso.onmicrosoft.com" }]);
    expect(second.body).not.toHaveProperty("@odata.nextLink");
  });

  it("gets its rows in PowerShell's serialization where it asks as the module does", async () => {
    const { body } = await invoke("exchange", "Get-Mailbox", {
      query: "?$select=Department,City,MemberOfGroup",
      headers: { "X-ResponseFormat": "clixml", "X-SerializationLevel": "Partial" },
      body: {
        CmdletInput: {
          CmdletName: "Get-Mailbox",
          Parameters: { Identity: "ann@contoso.onmicrosoft.com" },
        },
      },
    });
    const types = (name: string) =>
      `<T>Deserialized.System.${name}</T><T>Deserialized.System.Object</T></TN>`;
    expect(body.value).toEqual([
      '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">' +
        `<Obj RefId="1"><TN RefId="1">${types("Management.Automation.PSCustomObject")}<MS>` +
        `<Obj N="MemberOfGroup" RefId="0"><TN RefId="0">${types("Collections.ArrayList")}<LST><S>Sales</S></LST></Obj>` +
        '<S N="Department">Sales &amp; &lt;Service&gt;</S><Nil N="City" />' +
        "</MS></Obj></Objs>",
    ]);
  });

  it("for an unknown cmdlet, or for none, is 400", async () => {
    const unknown = await invoke("exchange", "Get-Nonsense");
    expect([unknown.status, reasonOf(unknown)]).toEqual([
      501,
      expect.stringContaining("The term 'Get-Nonsense' is not recognized"),
    ]);
    // Exchange may have it and the simulator lack it: a test has to notice.
    expect(context.simulator.journal.unknownRoutes()).toHaveLength(1);
    context.simulator.journal.clear();
    for (const name of ["Nonsense", "Get-Label"]) {
      const absent = await invoke("exchange", name);
      expect([absent.status, reasonOf(absent)]).toEqual([
        400,
        `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
      ]);
    }
    expect((await invoke("exchange", "", { body: {} })).status).toBe(400);
  });
});

describe("the entities behind Get-EXO cmdlets", () => {
  const ann = "ann@contoso.onmicrosoft.com";
  const ask = async (path: string) =>
    send(
      `${context.simulator.endpoints.exchange}/adminapi/beta/${context.tenant.tenantId}/${path}`,
      {
        headers: { authorization: `Bearer ${await token()}`, prefer: "odata.maxpagesize = 1" },
      },
    );

  beforeEach(async () => {
    await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  });

  it("are lists with pages, and one object by any identity, also in base64", async () => {
    await giveRole(graph, app.servicePrincipalId, roles.globalReader);
    const first = await ask("Mailbox?$select=PrimarySmtpAddress");
    expect(first.body["@odata.context"]).toMatch(/\$metadata#Mailbox$/);
    expect(first.body.value).toHaveLength(1);
    const second = await send(first.body["@odata.nextLink"] as string, {
      headers: { authorization: `Bearer ${await token()}` },
    });
    expect(second.body.value).toEqual([{ PrimarySmtpAddress: ann }]);
    const encoded = Buffer.from(ann).toString("base64");
    for (const path of [
      `mailbox('${ann}')`,
      `Mailbox('${encoded}')?IsEncoded=True`,
      `Recipient('${ann}')/`,
    ]) {
      const { body } = await ask(path);
      expect([path, body.PrimarySmtpAddress]).toEqual([path, ann]);
    }
    expect((await ask("CasMailbox")).body.value).toMatchObject([{ ImapEnabled: false }]);
    for (const path of ["MailboxPermission", "Exchange.GetMailboxStatistics()"]) {
      expect((await ask(`Mailbox('${ann}')/${path}`)).body.value).toHaveLength(1);
    }
  });

  it("say what is not there and what is not allowed, and are 501 where they are not simulated", async () => {
    await giveRole(graph, app.servicePrincipalId, roles.globalReader);
    expect((await ask("Mailbox('nobody')")).status).toBe(404);
    for (const path of [
      "Mailbox?$orderby=x",
      "MailContact",
      "Mailbox('a')/Calendar",
      "Mailbox/MailboxPermission",
    ]) {
      expect([path, (await ask(path)).status]).toEqual([path, 501]);
    }
    expect(context.simulator.journal.unknownRoutes()).toHaveLength(4);
    context.simulator.journal.clear();
  });

  it("stand beside operations that are found in any case", async () => {
    await giveRole(graph, app.servicePrincipalId, roles.globalReader);
    expect((await ask("exomodulefile?Version=3.9.0")).body.value).toHaveLength(1);
  });

  it.each([
    ["$filter=RecipientTypeDetails eq 'UserMailbox'", [ann]],
    ["$filter=startswith(PrimarySmtpAddress,'ann') and not (City eq 'Rome')", [ann]],
    ["$filter=contains(Department,'<Serv') or Alias eq 'nobody'", [ann]],
    ["$filter=RecipientTypeDetails -like 'User*' -and Alias -notlike 'b*'", [ann]],
    ["$filter=RecipientTypeDetails eq 'SharedMailbox'", []],
    // As CIPP lists shared mailboxes.
    ["RecipientTypeDetails=sharedmailbox", []],
    ["recipienttypedetails=UserMailbox", [ann]],
  ])("are chosen by %s", async (query, found) => {
    await giveRole(graph, app.servicePrincipalId, roles.globalReader);
    const { body } = await ask(`Mailbox?${encodeURI(query)}&$select=PrimarySmtpAddress`);
    expect(body.value).toEqual(found.map((one) => ({ PrimarySmtpAddress: one })));
  });

  it("refuse a filter that is none, and a parameter that the cmdlet lacks", async () => {
    await giveRole(graph, app.servicePrincipalId, roles.globalReader);
    for (const query of ["$filter=x", "$filter=Alias equals 'ann'", "Nope=1"]) {
      expect([query, (await ask(`Mailbox?${query}`)).status]).toEqual([query, 400]);
    }
  });

  it("tell the phones that read a mailbox, as CIPP asks for them", async () => {
    await giveRole(graph, app.servicePrincipalId, roles.globalReader);
    const encoded = Buffer.from(ann).toString("base64");
    const { body } = await ask(
      `mailbox('${encoded}')/MobileDevice/Exchange.GetMobileDeviceStatistics()/?IsEncoded=True`,
    );
    expect(body.value).toMatchObject([
      { DeviceId: "ABC123", DeviceOS: "iOS 19", DeviceAccessState: "Allowed", Status: "DeviceOk" },
    ]);
    expect((await ask(`Mailbox('${ann}')/MobileDevice`)).body.value).toHaveLength(1);
    expect((await ask("Mailbox('nobody')/MobileDevice")).status).toBe(404);
  });

  it("need the role that the cmdlet needs", async () => {
    expect((await ask("Mailbox")).status).toBe(403);
  });
});

it("groups that have an address are recipients, and not mailboxes", async () => {
  await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  await giveRole(graph, app.servicePrincipalId, roles.globalReader);
  const names = async (CmdletName: string, Parameters: JsonObject = {}) =>
    (
      await invoke("exchange", CmdletName, { body: { CmdletInput: { CmdletName, Parameters } } })
    ).body.value.map((row: { Name: string }) => row.Name) as string[];
  const ann = "ann@contoso.onmicrosoft.com";
  expect(await names("Get-Mailbox")).not.toContain("Sales");
  expect(await names("Get-Recipient")).toEqual(expect.arrayContaining(["Sales", ann]));
  const ofType = { RecipientTypeDetails: "MailUniversalSecurityGroup" };
  expect(await names("Get-Recipient", ofType)).toEqual(["Sales"]);
  expect(
    await names("Get-DistributionGroup", { Identity: "sales@contoso.onmicrosoft.com" }),
  ).toEqual(["Sales"]);
  expect(await names("Get-DistributionGroupMember", { Identity: "Sales" })).toEqual([ann]);

  await makeTeam();
  const team = { Identity: "team@contoso.onmicrosoft.com" };
  expect(await names("Get-UnifiedGroup", team)).toEqual(["Team"]);
  expect(await names("Get-Mailbox", { GroupMailbox: true })).toEqual(["Team"]);
  expect(await names("Get-DistributionGroup")).toEqual(["Sales"]);
  expect(await names("Get-Recipient", { RecipientTypeDetails: "GroupMailbox" })).toEqual(["Team"]);
  expect(await names("Get-UnifiedGroupLinks", { ...team, LinkType: "Owners" })).toEqual([ann]);
  expect(await names("Get-UnifiedGroupLinks", { ...team, LinkType: "Members" })).toEqual([]);
});

it("answers tell how many requests are left, and errors which exception it was", async () => {
  await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  await giveRole(graph, app.servicePrincipalId, roles.globalReader);
  const left = async () =>
    (await invoke("exchange", "Get-Mailbox")).headers.get("rate-limit-remaining");
  const before = Number(await left());
  expect(Number(await left())).toBe(before - 1);
  const failed = await invoke("exchange", "Get-Mailbox", {
    body: { CmdletInput: { CmdletName: "Get-Mailbox", Parameters: { Identity: "nobody" } } },
  });
  expect(failed.headers.get("x-exceptiontype")).toBe(
    "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
  );
  expect(Date.parse(failed.headers.get("rate-limit-reset") ?? "")).toBeGreaterThan(
    clock.now().getTime(),
  );
});

describe("national clouds", () => {
  it.each([
    [
      "usgovernment",
      "https://outlook.office365.us",
      "https://ps.compliance.protection.office365.us",
    ],
    ["dod", "https://outlook-dod.office365.us", "https://l5.ps.compliance.protection.office365.us"],
    ["china", "https://partner.outlook.cn", "https://ps.compliance.protection.partner.outlook.cn"],
  ] as const)("%s have their own resources", async (cloud, exchange, compliance) => {
    const tenant = context.simulator.addTenant({ initialDomain: `${cloud}.onmicrosoft.us`, cloud });
    const there = { simulator: context.simulator, tenant };
    const client_secret = tenant.deployer.issueSecret();
    for (const resource of [exchange, compliance]) {
      const answer = await requestToken(there, { client_secret, scope: `${resource}/.default` });
      expect([resource, answer.status]).toEqual([resource, 200]);
    }
    const foreign = await requestToken(there, { client_secret, scope: scopes.exchange });
    expect(foreign.body.error_codes).toEqual([500011]);
  });
});
