/**
 * Registrations that were made in seven ways come under a stack each, without a write to the tenant and
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
import { administerExchange, simulatedConnections } from "../support/exchangeTenant";
import { keyCredential } from "../simulator/support/assertions";
import { consent, Graph, giveRole, makeApp, microsoft } from "../simulator/support/clients";

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
        "RoleManagement.ReadWrite.Exchange",
      ],
    },
  });
  graph = await Graph.connect({ simulator: journey.simulator, tenant: journey.tenant });
  await administerExchange(graph, journey);
  // One has no settings before; the others say what encrypts them, which is quicker than a passphrase.
  const { workDirectory } = await journey.stack("encrypted", {});
  const encrypted = await readFile(join(workDirectory, "Pulumi.encrypted.yaml"), "utf8");
  for (const [project] of ways) {
    await mkdir(folderOf(project));
    await writeFile(join(folderOf(project), "Pulumi.yaml"), "name: apponly\nruntime: nodejs\n");
    if (project !== "portal") {
      await writeFile(join(folderOf(project), `Pulumi.${project}.yaml`), encrypted);
    }
  }
});

afterAll(() => journey.close());

/** What every way has in common: certificate, consent, and a directory role in most. */
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
  if (role !== "") {
    await giveRole(graph, app.servicePrincipalId, role);
  }
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
    "own-roles",
    async () => {
      const app = await register(
        {
          displayName: "Own roles",
          requiredResourceAccess: [
            exchangeAccess,
            {
              resourceAppId: microsoft.protection,
              resourceAccess: [{ id: microsoft.manageAsAppOnProtection, type: "Role" }],
            },
          ],
        },
        { role: "" },
      );
      const { servicePrincipalId: objectId, appId } = app;
      await consent(graph, objectId, microsoft.protection, microsoft.manageAsAppOnProtection);
      const connections = simulatedConnections(journey, journey.environment.SSL_CERT_FILE ?? "");
      const pointer = { AppId: appId, ObjectId: objectId, DisplayName: "By hand" };
      const exchange = connections.admin("exchange");
      await exchange.run("New-ServicePrincipal", pointer);
      await exchange.run("New-ManagementRole", { Name: "Sales", Parent: "Mail Recipients" });
      for (const { Name } of await exchange.run("Get-ManagementRoleEntry", {
        Identity: "Sales\\*",
      })) {
        if (!["Get-Mailbox", "Set-Mailbox"].includes(String(Name))) {
          const Identity = `Sales\\${String(Name)}`;
          await exchange.run("Remove-ManagementRoleEntry", { Identity, Confirm: false });
        }
      }
      await exchange.run("New-ManagementScope", {
        Name: "Sales people",
        RecipientRestrictionFilter: "Department -eq 'Sales'",
      });
      await exchange.run("New-ManagementRoleAssignment", {
        App: objectId,
        Role: "Sales",
        CustomResourceScope: "Sales people",
      });
      await exchange.run("New-ManagementRoleAssignment", {
        App: objectId,
        Role: "Message Tracking",
      });
      const compliance = connections.admin("compliance");
      await compliance.run("New-ServicePrincipal", pointer);
      await compliance.run("Add-RoleGroupMember", {
        Identity: "Security Reader",
        Member: objectId,
        Confirm: false,
      });
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

/** What was written; cmdlets that only read are sent by POST too. */
const writes = () =>
  journey.simulator.journal
    .entries()
    .filter(({ method, path }) => method !== "GET" && !/\/token$|\/\$batch$/.test(path))
    .filter(({ requestBody }) => !/"CmdletName":"Get-/.test(JSON.stringify(requestBody ?? "")));

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

it("imports roles of Exchange's own with the names they have, and an update leaves them as they are", async () => {
  expect(await settingsOf("own-roles")).toMatchObject({
    "apponly:workloads": ["exchange", "compliance"],
    "apponly:directoryRoles": [],
    "apponly:exchangeRoles": [
      {
        role: "Mail Recipients",
        cmdlets: [{ name: "Get-Mailbox" }, { name: "Set-Mailbox" }],
        recipientFilter: "Department -eq 'Sales'",
      },
      { role: "Message Tracking" },
    ],
    "apponly:complianceRoleGroups": [{ name: "Security Reader" }],
    "apponly:carried": [
      "application.owners",
      "exchangeServicePrincipal.displayName",
      "managementRole.description",
      "managementRole.name",
      "managementScope.name",
      "servicePrincipal.owners",
    ],
  });
  await expectUpdateWithoutWrites("own-roles");
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

async function expectUpdateWithoutWrites(project: string): Promise<void> {
  const { applications, exchange } = journey.tenant.state();
  journey.simulator.journal.clear();
  const stack = await openStack({
    stack: project,
    workDirectory: folderOf(project),
    program: () => program({ ...process.env, ...journey.environment }),
    pulumi: pulumiCommandOf(journey.toolchain.pulumi),
    environment: journey.environment,
    opening: "existing",
  });
  await updateStack(stack);
  expect(writes()).toEqual([]);
  expect(journey.tenant.state()).toMatchObject({ applications, exchange });
}

it("an update after it writes nothing, and the certificate stays with its key id", () =>
  expectUpdateWithoutWrites("azure-cli"));

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
