/**
 * An access that is retired in its order, and a rotation that keeps a generation which is still used.
 * What was signed in with is known from tokens that the simulated tenant has issued.
 *
 * Not proven here: how late Microsoft's reports are, and what they keep.
 */
import { documentOf } from "../support/documents";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readPfx } from "../../components/pkcs12/readPfx";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { clientAssertion, jwtBearer } from "../simulator/support/assertions";
import { consent, Graph, makeApp, microsoft, requestToken } from "../simulator/support/clients";
import { administerExchange } from "../support/exchangeTenant";

let journey: Journey;
let stack: JourneyStack;
let graph: Graph;

beforeAll(async () => {
  journey = await startJourney();
  journey.tenant.deployer.grant("AuditLog.Read.All", "RoleManagement.Read.Exchange");
  journey.tenant.deployer.grant("Directory.Read.All", "Policy.Read.All");
  graph = await Graph.connect(journey);
  await administerExchange(graph, journey);
  const credential = (name: string) => ({
    name,
    issuer: "https://token.actions.githubusercontent.com",
    subject: `repo:contoso/messaging:environment:${name}`,
  });
  stack = await journey.stack("contoso", {
    ...exampleConfiguration,
    federatedCredentials: [credential("main"), credential("nightly")],
  });
  await stack.up();
});

afterAll(() => journey.close());

const run = (...args: string[]) => journey.apponly(args, stack.workDirectory);

async function signInWith(generation: string): Promise<number> {
  const outputs = (await stack.outputs()) as {
    applicationId: string;
    pfxGenerations: Record<string, { pfx: string; password: string }>;
  };
  const { pfx = "", password = "" } = outputs.pfxGenerations[generation] ?? {};
  const { endpoints } = journey.simulator;
  const { status } = await requestToken(
    { simulator: journey.simulator, tenant: journey.tenant },
    {
      client_id: outputs.applicationId,
      client_assertion_type: jwtBearer,
      client_assertion: await clientAssertion(readPfx(pfx, password), {
        clientId: outputs.applicationId,
        audience: `${endpoints.login}/${journey.tenant.tenantId}/oauth2/v2.0/token`,
      }),
    },
  );
  return status;
}

test("an old generation that something still signs in with is kept, save with --now", async () => {
  const [old] = exampleConfiguration.certificates;
  expect(await run("rotate", "--stack", "contoso", "--yes")).toMatchObject({ code: 0 });
  // Its certificate is valid from the second in which it was made.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(await signInWith(old?.name ?? "")).toBe(200);
  const file = join(stack.workDirectory, "Pulumi.contoso.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/retireAfter: .*/, "retireAfter: 2026-01-01"));

  const refused = await run("rotate", "--stack", "contoso", "--yes");
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain(`The generation "${old?.name ?? ""}" was signed in with on`);
  expect(await run("rotate", "--stack", "contoso", "--yes", "--now")).toMatchObject({ code: 0 });
});

test("what a second administrator changes is found, and healed by the commands that are printed for it", async () => {
  const { applicationObjectId: application, servicePrincipalObjectId: principal } =
    (await stack.outputs()) as Record<string, string>;
  const held = `/roleManagement/directory/roleAssignments?$filter=principalId eq '${principal}'`;
  const [role] = (await graph.must("GET", held)).value as { id: string }[];
  await graph.must("DELETE", `/roleManagement/directory/roleAssignments/${role?.id ?? ""}`);
  const consents = `/servicePrincipals/${principal}/appRoleAssignments`;
  const [granted] = (await graph.must("GET", consents)).value as { id: string }[];
  await graph.must("DELETE", `${consents}/${granted?.id ?? ""}`);
  await graph.must("PATCH", `/servicePrincipals/${principal}`, {
    accountEnabled: false,
    appRoleAssignmentRequired: true,
  });
  await graph.must("PATCH", `/applications/${application}`, {
    displayName: "Renamed",
    notes: "mine now",
    keyCredentials: [],
    requiredResourceAccess: [],
    signInAudience: "AzureADMultipleOrgs",
    web: { redirectUris: ["https://elsewhere.example/"] },
    spa: { redirectUris: ["https://elsewhere.example/"] },
    publicClient: { redirectUris: ["https://elsewhere.example/"] },
  });
  const other = await makeApp(graph, { displayName: "Somebody" });
  for (const owned of [`/applications/${application}`, `/servicePrincipals/${principal}`]) {
    await graph.must("POST", `${owned}/owners/$ref`, {
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${other.servicePrincipalId}`,
    });
  }
  const credentials = `/applications/${application}/federatedIdentityCredentials`;
  const [main, nightly] = (await graph.must("GET", credentials)).value as { id: string }[];
  await graph.must("PATCH", `${credentials}/${main?.id ?? ""}`, { subject: "anyone" });
  await graph.must("DELETE", `${credentials}/${nightly?.id ?? ""}`);
  await graph.must("POST", `/applications/${application}/addPassword`, {});
  const fullAccess = "dc890d15-9560-4a4c-9b7f-a736ec74ec40";
  await consent(graph, principal ?? "", microsoft.exchange, fullAccess);
  await graph.must("POST", credentials, {
    name: "back-door",
    issuer: "https://issuer.example",
    subject: "anyone",
    audiences: ["api://AzureADTokenExchange"],
  });

  const drift = ["drift", "--stack", "contoso", "--fail-on", "low", "--format", "json"];
  const found = await run(...drift);
  expect(found.code).toBe(3);
  const { stacks } = JSON.parse(found.stdout) as {
    stacks: {
      complete: boolean;
      changes: { kind: string; action: string; subject: string; remedies: string[] }[];
    }[];
  };
  expect(stacks[0]?.complete).toBe(true);
  const changes = stacks[0]?.changes ?? [];
  expect(
    changes
      .map(({ kind, action, subject }) =>
        kind === "application" ? `${kind} ${subject}` : `${kind} ${action}`,
      )
      .sort(),
  ).toEqual([
    "admin-consent add",
    "admin-consent remove",
    "application displayName",
    "application notes",
    "application publicClient",
    "application singlePageApplication",
    "application web",
    "application-permission remove",
    "certificate remove",
    "directory-role remove",
    "federated-credential add",
    "federated-credential change",
    "federated-credential remove",
    "owner add",
    "owner add",
    "password-credential add",
    "service-principal change",
    "service-principal change",
    "sign-in-audience change",
  ]);
  const printed = changes.flatMap(
    ({ remedies: [first = ""] }) => /: apponly (.*)$/.exec(first)?.[1] ?? [],
  );
  expect(printed).toHaveLength(changes.length);
  for (const command of new Set(printed)) {
    const { code, stderr } = await run(...command.split(" "));
    expect([command, code, code === 0 ? "" : stderr]).toEqual([command, 0, ""]);
  }
  const after = await run(...drift);
  expect([after.code, after.code === 0 ? "" : after.stdout]).toEqual([0, ""]);
});

test("an access is disabled first, and destroyed to the last object", async () => {
  const { applicationId } = (await stack.outputs()) as { applicationId: string };
  const shown = await run("retire", "--stack", "contoso");
  expect(shown.code).toBe(0);
  expect(shown.stdout).toMatch(/Enabled; last sign-in: 20/);
  expect(shown.stdout).toContain("apponly retire --stack contoso --disable");

  const early = await run("retire", "--stack", "contoso", "--destroy", "--yes");
  expect([early.code, early.stderr]).toEqual([2, expect.stringContaining("Disable it first")]);

  const disabled = await run("retire", "--stack", "contoso", "--disable", "--yes", "--json");
  expect(disabled.stderr).toMatch(/Disabled; last sign-in: 20/);
  expect(documentOf("retire", disabled.stdout)).toMatchObject({
    state: "disabled",
    use: { lastSignIn: expect.stringMatching(/^20/) },
  });
  const used = await run("retire", "--stack", "contoso", "--destroy", "--yes");
  expect([used.code, used.stderr]).toEqual([2, expect.stringContaining("less than 7 days ago")]);

  const gone = await run("retire", "--stack", "contoso", "--destroy", "--now", "--purge", "--yes");
  expect({ code: gone.code, stderr: gone.code === 0 ? "" : gone.stderr }).toEqual({
    code: 0,
    stderr: "",
  });
  expect(gone.stdout).toContain("The access is destroyed. Nothing is left,");
  const left = journey.tenant.state();
  expect(left.applications.map(({ appId }) => appId)).not.toContain(applicationId);
  expect(left.servicePrincipals.map(({ appId }) => appId)).not.toContain(applicationId);
  const deployer = journey.tenant.deployer.servicePrincipalObjectId;
  expect([
    left.deletedItems,
    left.directoryRoleAssignments.filter(({ principalId }) => principalId !== deployer),
  ]).toEqual([[], []]);
  expect(journey.simulator.journal.unknownRoutes()).toEqual([]);
});
