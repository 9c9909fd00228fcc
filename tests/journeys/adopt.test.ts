/**
 * Registrations that were made in six ways come under a stack each, without a write to the tenant and
 * with a review that has no permission change; what a stack does not declare is carried, or listed
 * and left.
 *
 * Not proven here: how the portal, the Azure CLI, Terraform and ScubaGear register applications; what
 * they leave is built by the requests that their documentation and code show.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { program } from "../../index";
import { openStack } from "../../operations/openStack";
import { updateStack } from "../../operations/stack";
import { pulumiCommandOf } from "../../toolchain/pulumiCommand";
import { makeCertificate } from "../support/certificates";
import { type Journey, startJourney } from "../support/journey";
import { keyCredential } from "../simulator/support/assertions";
import { consent, Graph, giveRole, makeApp, microsoft } from "../simulator/support/clients";

jest.setTimeout(300_000);

const roles = {
  exchange: "29232cdf-9323-42fd-ade2-1d097af3e4de",
  globalReader: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
};
const exchangeAccess = {
  resourceAppId: microsoft.exchange,
  resourceAccess: [{ id: microsoft.manageAsApp, type: "Role" }],
};
const userRead = {
  resourceAppId: microsoft.graph,
  resourceAccess: [{ id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d", type: "Scope" }],
};
let journey: Journey;
let graph: Graph;
/** A project of its own for each, so that a command has no other stacks to look at. */
const folderOf = (project: string) => join(journey.directory, project);

beforeAll(async () => {
  journey = await startJourney({
    initialDomain: "contoso.onmicrosoft.com",
    users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
    deployer: {
      permissions: [
        "Application.ReadWrite.All",
        "AppRoleAssignment.ReadWrite.All",
        "Directory.ReadWrite.All",
        "Domain.Read.All",
        "Policy.Read.All",
        "RoleManagement.ReadWrite.Directory",
        "AuditLog.Read.All",
      ],
    },
  });
  graph = await Graph.connect({ simulator: journey.simulator, tenant: journey.tenant });
  for (const [project] of ways) {
    await mkdir(folderOf(project));
    await writeFile(join(folderOf(project), "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
  }
});

afterAll(() => journey.close());

/** What every way has in common: certificate, consent, role. */
async function register(
  properties: Parameters<typeof makeApp>[1],
  {
    certificates = [makeCertificate({ commonName: "job.contoso.org" })],
    role = roles.exchange,
  } = {},
) {
  const app = await makeApp(graph, properties);
  await graph.must("PATCH", `/applications/${app.id}`, {
    keyCredentials: certificates.map((one) => keyCredential(one)),
  });
  await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  await giveRole(graph, app.servicePrincipalId, role);
  return app;
}

const ada = async () =>
  ((await graph.must("GET", "/users/ada@contoso.onmicrosoft.com")) as { id: string }).id;

const ways: [stack: string, make: () => Promise<{ id: string; appId: string }>][] = [
  [
    "portal",
    async () => {
      const app = await register({
        displayName: "Portal",
        requiredResourceAccess: [userRead, exchangeAccess],
        web: { redirectUris: ["https://localhost/"] },
        "owners@odata.bind": [`https://graph.microsoft.com/v1.0/directoryObjects/${await ada()}`],
      });
      await graph.must("PATCH", `/servicePrincipals/${app.servicePrincipalId}`, {
        tags: ["WindowsAzureActiveDirectoryIntegratedApp"],
      });
      await graph.must("POST", "/oauth2PermissionGrants", {
        clientId: app.servicePrincipalId,
        consentType: "AllPrincipals",
        resourceId: (await graph.must("GET", `/servicePrincipals(appId='${microsoft.graph}')`)).id,
        scope: "User.Read",
      });
      return app;
    },
  ],
  [
    "azure-cli",
    () => register({ displayName: "Azure CLI", requiredResourceAccess: [exchangeAccess] }),
  ],
  [
    "terraform",
    async () => {
      const app = await register(
        {
          displayName: "Terraform",
          notes: "Managed elsewhere",
          tags: ["terraform"],
          requiredResourceAccess: [exchangeAccess],
        },
        { role: roles.globalReader },
      );
      await graph.must("POST", `/applications/${app.id}/federatedIdentityCredentials`, {
        name: "main",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:contoso/messaging:ref:refs/heads/main",
        audiences: ["api://AzureADTokenExchange"],
        description: "The main branch",
      });
      return app;
    },
  ],
  [
    "scubagear",
    async () => {
      const readers = [
        "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30",
        "246dd0d5-5bd0-4def-940b-0421030a5b68",
      ];
      const app = await register(
        {
          displayName: "ScubaGear Application",
          requiredResourceAccess: [
            exchangeAccess,
            {
              resourceAppId: microsoft.graph,
              resourceAccess: readers.map((id) => ({ id, type: "Role" })),
            },
          ],
        },
        { role: roles.globalReader },
      );
      for (const id of readers) {
        await consent(graph, app.servicePrincipalId, microsoft.graph, id);
      }
      return app;
    },
  ],
  [
    "several",
    async () => {
      const lasting = [
        makeCertificate({ commonName: "now.contoso.org" }),
        makeCertificate({
          commonName: "next.contoso.org",
          notAfter: new Date(Date.now() + 700 * 86_400_000),
        }),
      ];
      // It is registered while it is valid, and over when it is adopted.
      const over = new Date(Date.now() + 2_000);
      const certificates = [
        makeCertificate({ commonName: "old.contoso.org", notAfter: over }),
        ...lasting,
      ];
      const app = await register(
        { displayName: "Several", requiredResourceAccess: [exchangeAccess] },
        { certificates },
      );
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, +over - Date.now() + 50)));
      return app;
    },
  ],
  [
    "secrets",
    async () => {
      const app = await register({
        displayName: "Secrets",
        requiredResourceAccess: [userRead, exchangeAccess],
        isFallbackPublicClient: true,
      });
      await graph.must("POST", `/applications/${app.id}/addPassword`, {
        passwordCredential: { displayName: "debug" },
      });
      return app;
    },
  ],
];

const adopt = (stack: string, application: string, ...more: string[]) =>
  adoptIn(stack, stack, application, ...more);
const adoptIn = (project: string, stack: string, application: string, ...more: string[]) =>
  journey.apponly(
    ["adopt", "--stack", stack, "--application", application, ...more],
    folderOf(project),
  );

const writes = () =>
  journey.simulator.journal
    .entries()
    .filter(({ method, path }) => method !== "GET" && !/\/token$|\/\$batch$/.test(path));

async function settingsOf(stack: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(folderOf(stack), `Pulumi.${stack}.yaml`), "utf8");
  return (parse(text) as { config: Record<string, unknown> }).config;
}

it.each(ways)("%s: nothing is written to the tenant, and nothing would be", async (stack, make) => {
  const { appId } = await make();
  journey.simulator.journal.clear();
  const { code, stdout, stderr } = await adopt(stack, appId, "--format", "json");
  expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
  const { stacks } = JSON.parse(stdout) as { stacks: { changes: unknown[]; complete: boolean }[] };
  expect(stacks).toMatchObject([{ changes: [], complete: true }]);
  expect(writes()).toEqual([]);
  expect(journey.simulator.journal.unknownRoutes()).toEqual([]);
});

it("several certificates are adopted save the one that is over, and the last to end is active", async () => {
  const settings = await settingsOf("several");
  expect(settings["apponly:certificates"]).toHaveLength(2);
  const [, last] = settings["apponly:certificates"] as { name: string }[];
  expect(settings["apponly:activeCertificate"]).toBe(last?.name);
});

it("carries what the registration has beyond, and says what it leaves", async () => {
  expect((await settingsOf("portal"))["apponly:carried"]).toEqual([
    "application.owners",
    "application.requiredResourceAccesses",
    "application.web",
    "servicePrincipal.owners",
  ]);
  const again = await adopt("secrets", "Secrets");
  expect(again.code).toBe(0);
  expect(again.stdout).toContain("Left in the tenant, and not declared by the stack:");
  expect(again.stdout).toMatch(/password-credential debug {2}[0-9a-f-]{36}/);
  expect(again.stdout).toContain("apponly drift --stack secrets --remove ID");
});

it("drops what is asked for, and shows it as a change of the next update", async () => {
  const { code, stdout } = await adopt(
    "secrets",
    "Secrets",
    "--drop",
    "application.requiredResourceAccesses",
    "--format",
    "json",
  );
  expect(code).toBe(0);
  const { stacks } = JSON.parse(stdout) as { stacks: { changes: object[] }[] };
  expect(stacks[0]?.changes).toMatchObject([
    {
      kind: "application-permission",
      action: "remove",
      subject: "delegated User.Read of Microsoft Graph",
    },
  ]);
});

it("an update after it writes nothing, and the certificate stays with its key id", async () => {
  const before = journey.tenant.state();
  journey.simulator.journal.clear();
  const stack = await openStack({
    stack: "azure-cli",
    workDirectory: folderOf("azure-cli"),
    program: () => program({ ...process.env, ...journey.environment }),
    pulumi: pulumiCommandOf(journey.toolchain.pulumi),
    environment: journey.environment,
    opening: "existing",
  });
  await updateStack(stack);
  expect(writes()).toEqual([]);
  expect(journey.tenant.state().applications).toEqual(before.applications);
});

it("is refused where another stack of the project manages it", async () => {
  const { code, stderr } = await adoptIn("azure-cli", "second", "Azure CLI");
  expect(code).toBe(2);
  expect(stderr).toContain('The stack "azure-cli" manages this app registration already.');
});

it("says which registration is meant where a name is that of none or of several", async () => {
  expect((await adoptIn("portal", "none", "Nobody")).stderr).toContain(
    '--application "Nobody" is neither',
  );
  await makeApp(graph, { displayName: "Twice" });
  await makeApp(graph, { displayName: "Twice" });
  const { code, stderr } = await adoptIn("portal", "twice", "Twice");
  expect([code, stderr]).toEqual([2, expect.stringContaining("of several app registrations")]);
});
