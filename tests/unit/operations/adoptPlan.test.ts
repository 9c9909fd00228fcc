/** Settings and imports by which a registration comes under a stack, without a tenant. */
import { cloudOfGraph, clouds } from "../../../components/catalog/clouds";
import { parseConfiguration, rawConfiguration } from "../../../components/configuration/parse";
import type { ReadApplication } from "../../../microsoft/graph/tenant/readApplication";
import { planAdoption } from "../../../operations/adopt/plan";
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
  planAdoption(found, [], resourceIds, new Date("2026-11-25"), cloud);

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
