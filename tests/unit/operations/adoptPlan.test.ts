/** Settings and imports by which a registration comes under a stack, without a tenant. */
import { cloudOfGraph, clouds } from "../../../components/catalog/clouds";
import { parseConfiguration, rawConfiguration } from "../../../components/configuration/parse";
import type { ReadApplication } from "../../../microsoft/graph/tenant/readApplication";
import { planOwnRoles } from "../../../operations/adopt/ownRoles";
import { planAdoption } from "../../../operations/adopt/plan";
import type { ViewedResource } from "../../../policy/rules/stackView";
import { types } from "../../../policy/rules/types";
import { applicationIds } from "../../../policy/rules/data/microsoftApplications";

const exchange = "11111111-0000-4000-8000-000000000000";
const found: ReadApplication = {
  appId: "5f1c2b3a-0000-4000-8000-000000000000",
  application: {
    id: "aaaaaaaa-0000-4000-8000-000000000000",
    appId: "5f1c2b3a-0000-4000-8000-000000000000",
    displayName: "Reports",
  },
  applicationOwners: [],
  federated: [
    {
      id: "bbbbbbbb-0000-4000-8000-000000000000",
      name: "main",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso/messaging:ref:refs/heads/main",
      audiences: [clouds.usgovernment.exchangeAudience],
    },
  ],
  servicePrincipal: {
    id: "cccccccc-0000-4000-8000-000000000000",
    appId: "5f1c2b3a-0000-4000-8000-000000000000",
  },
  servicePrincipalOwners: [],
  consents: [
    {
      id: "consent",
      appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
      principalId: "cccccccc-0000-4000-8000-000000000000",
      resourceId: exchange,
    },
  ],
  delegated: [],
  roles: [
    {
      id: "role",
      principalId: "cccccccc-0000-4000-8000-000000000000",
      roleDefinitionId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
      directoryScopeId: "/",
      how: "assigned",
    },
  ],
  policies: [],
  unread: [],
};
const resourceIds = new Map([[applicationIds.exchangeOnline, exchange]]);
const planIn = (cloud?: "global" | "usgovernment") =>
  planAdoption(found, {
    certificates: [],
    resourceIds,
    now: new Date("2026-11-25"),
    ...(cloud && { cloud }),
  });

test("a tenant of a national cloud gets its name in the settings, the global one none", () => {
  expect(planIn("usgovernment").settings).toMatchObject({ cloud: "usgovernment" });
  expect(planIn("global").settings).not.toHaveProperty("cloud");
  expect(planIn().settings).not.toHaveProperty("cloud");
});

test("each cloud is known by its Microsoft Graph, and another address names none", () => {
  for (const [name, { graph }] of Object.entries(clouds)) {
    expect(cloudOfGraph(graph)?.name).toBe(name);
  }
  expect(cloudOfGraph("http://127.0.0.1:3000")).toBeUndefined();
});

test("the settings of a national cloud are what the program takes", () => {
  const { settings } = planIn("usgovernment");
  const texts = Object.fromEntries(
    Object.entries({ ...settings, organization: "contoso.onmicrosoft.us" }).map(([key, value]) => [
      key.includes(":") ? key : `apponly:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const raw = rawConfiguration(texts, () => false, {});
  expect(parseConfiguration(raw, new Date("2026-11-25"))).toMatchObject({
    cloud: { name: "usgovernment" },
  });
});

describe("roles of Exchange's own", () => {
  const principal = "cccccccc-0000-4000-8000-000000000000";
  const read = (type: string, id: string, inputs: object): ViewedResource => ({
    urn: `${type} ${id}`,
    type,
    name: id,
    id,
    inputs: inputs as ViewedResource["inputs"],
    outputs: {},
  });
  const assignment = (id: string, inputs: object) =>
    read(types.exchangeAssignment, id, { objectId: principal, ...inputs });
  const custom = (id: string, inputs: object = {}) =>
    read(types.exchangeRole, id, {
      name: id,
      parent: "Mail Recipients",
      description: "by hand",
      cmdlets: [{ name: "Set-Mailbox", parameters: ["CustomAttribute1"] }],
      ...inputs,
    });
  const scope = (id: string) =>
    read(types.exchangeScope, id, { name: id, recipientFilter: "Department -eq 'Sales'" });
  const pointer = (workload: string) =>
    read(types.exchangePointer, `${workload}/${found.appId}`, { workload });
  const member = (workload: string) =>
    read(types.exchangeRoleGroupMember, `${workload}/${principal}/Readers`, {
      workload,
      roleGroup: "Readers",
      objectId: principal,
    });
  const both = ["exchange", "compliance"] as const;

  test("become settings, and imports with the names of the program", () => {
    const plan = planOwnRoles(
      [
        pointer("exchange"),
        pointer("compliance"),
        assignment("1", { role: "Message Tracking" }),
        assignment("2", { customRole: "Sales", recipientScope: "People" }),
        custom("Sales"),
        scope("People"),
        member("compliance"),
      ],
      both,
      "access",
    );
    expect(plan).toEqual({
      exchangeRoles: [
        { role: "Message Tracking" },
        {
          role: "Mail Recipients",
          cmdlets: [{ name: "Set-Mailbox", parameters: ["CustomAttribute1"] }],
          recipientFilter: "Department -eq 'Sales'",
        },
      ],
      complianceRoleGroups: [{ name: "Readers" }],
      resources: [
        { name: "access-exchange-exchange-service-principal", id: `exchange/${found.appId}` },
        { name: "access-exchange-compliance-service-principal", id: `compliance/${found.appId}` },
        { name: "access-exchange-assignment-message-tracking", id: "1" },
        { name: "access-exchange-role-mail-recipients", id: "Sales" },
        { name: "access-exchange-scope-mail-recipients", id: "People" },
        { name: "access-exchange-assignment-mail-recipients", id: "2" },
        { name: "access-exchange-member-readers", id: `compliance/${principal}/Readers` },
      ],
    });
  });

  test.each<[string, ViewedResource[]]>([
    [
      "an administrative unit",
      [assignment("1", { role: "Mail Recipients", administrativeUnit: "u" })],
    ],
    ["a custom role that could not be read", [assignment("1", { customRole: "Sales" })]],
    [
      "a child of a custom role",
      [assignment("1", { customRole: "Sales" }), custom("Sales", { parent: "Another" })],
    ],
    [
      "a cmdlet that the catalogue does not have",
      [
        assignment("1", { customRole: "Sales" }),
        custom("Sales", { cmdlets: [{ name: "Get-New" }] }),
      ],
    ],
    [
      "a custom role that is assigned twice",
      [
        assignment("1", { customRole: "Sales" }),
        assignment("2", { customRole: "Sales", recipientScope: "People" }),
        custom("Sales"),
        scope("People"),
      ],
    ],
    [
      "a scope that could not be read",
      [assignment("1", { role: "Mail Recipients", recipientScope: "People" })],
    ],
    ["a role group of Exchange Online", [member("exchange")]],
  ])("stay in the tenant where no setting says them: %s", (_, resources) => {
    expect(planOwnRoles([...resources, pointer("exchange")], both, "access")).toEqual({
      exchangeRoles: [],
      complianceRoleGroups: [],
      resources: [],
    });
  });

  test("two custom roles of the same parent for the same recipients: the first is declared", () => {
    const plan = planOwnRoles(
      [
        assignment("1", { customRole: "One" }),
        assignment("2", { customRole: "Two" }),
        custom("One"),
        custom("Two"),
      ],
      both,
      "access",
    );
    expect(plan.exchangeRoles).toHaveLength(1);
  });

  test("serve a workload without a directory role, and one that has neither is left out", () => {
    const withRoles = (ownRoles: ViewedResource[], roles = found.roles) =>
      planAdoption(
        {
          ...found,
          roles,
          consents: [
            ...found.consents,
            {
              id: "second",
              appRoleId: "455e5cd2-84e8-4751-8344-5672145dfa17",
              principalId: principal,
              resourceId: "protection",
            },
          ],
        },
        {
          certificates: [],
          resourceIds: new Map([
            ...resourceIds,
            [applicationIds.exchangeOnlineProtection, "protection"],
          ]),
          ownRoles,
          now: new Date("2026-11-25"),
        },
      ).settings;
    const exchangeAdministrator = [
      { ...found.roles[0]!, roleDefinitionId: "29232cdf-9323-42fd-ade2-1d097af3e4de" },
    ];
    expect(withRoles([], exchangeAdministrator)).toMatchObject({ workloads: ["exchange"] });
    expect(withRoles([member("compliance")], exchangeAdministrator)).toMatchObject({
      workloads: ["exchange", "compliance"],
      complianceRoleGroups: [{ name: "Readers" }],
    });
    expect(withRoles([assignment("1", { role: "Mail Recipients" })], [])).toMatchObject({
      workloads: ["exchange"],
      directoryRoles: [],
    });
    expect(() => withRoles([], [])).toThrow("or a role of Exchange's own that settings can say");
  });
});
