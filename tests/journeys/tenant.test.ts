/**
 * What a tenant makes of it: both workloads, two stacks side by side, missing service principals,
 * a deployer without rights, certificates and credentials of every kind.
 */
import { verify } from "../../access/verify/verify";
import { readOutputs } from "../../components/outputs";
import { verifyInputOf } from "../../cli/verification";
import { readCertificate } from "../../components/certificateFacts";
import { makeCertificate } from "../support/certificates";
import { exampleConfiguration, type Journey, startJourney } from "../support/journey";
import { readingAtHand } from "../support/stateAtHand";

// The official plugins wait for tens of seconds after each deletion.
const exchangeOnlineProtection = "00000007-0000-0ff1-ce00-000000000000";
let journey: Journey;

let startAnew: () => void;

beforeAll(async () => {
  journey = await startJourney();
  startAnew = journey.checkpoint();
});

afterEach(() => {
  expect(journey.simulator.journal.unknownRoutes()).toEqual([]);
  startAnew();
});

afterAll(() => journey.close());

const endpoints = () => ({
  authority: journey.simulator.endpoints.loginTls,
  workloads: {
    exchange: journey.simulator.endpoints.exchange,
    compliance: journey.simulator.endpoints.compliance,
  },
  extraCaPem: journey.simulator.caCertificatePem,
});

const graphRequests = () =>
  journey.simulator.journal
    .entries()
    .filter(({ path }) => /\/(v1\.0|beta)\//.test(path))
    .map(({ method, path }) => `${method} ${path}`);

test("both workloads with Global Reader connect, and every link says why", async () => {
  const stack = await journey.stack("reports", {
    ...exampleConfiguration,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
  });
  await stack.up();
  // What journeys take for the answer of the CLI is what that prints.
  const backend = journey.environment.PULUMI_BACKEND_URL ?? "";
  for (const reading of [
    "stack export",
    "stack export --show-secrets",
    "stack output --json --show-secrets",
  ]) {
    const words = [...reading.split(" "), "--stack", "reports"];
    const { stdout } = await journey.script(`pulumi ${words.join(" ")}`, stack.workDirectory);
    expect(JSON.parse(readingAtHand(words, backend) ?? "")).toEqual(JSON.parse(stdout));
  }
  const report = await verify(
    verifyInputOf(readOutputs(await stack.outputs(), "dev"), endpoints()),
  );
  expect(report).toMatchObject({ ok: true, propagating: false });
  expect(
    report.chains.map(({ workload, links }) => [workload, ...links.map(({ detail }) => detail)]),
  ).toEqual([
    [
      "exchange",
      "valid for 364 more days",
      "issued for https://outlook.office365.com",
      "contoso.onmicrosoft.com",
      "Exchange.ManageAsApp",
      "Global Reader",
      "Exchange Online PowerShell answered Get-OrganizationConfig",
    ],
    [
      "compliance",
      "valid for 364 more days",
      "issued for https://ps.compliance.protection.outlook.com",
      "contoso.onmicrosoft.com",
      "Exchange.ManageAsApp",
      "Global Reader",
      "Security & Compliance PowerShell answered Get-DlpCompliancePolicy",
    ],
  ]);
});

/** Everything of one application that the tenant holds: itself, its principal, what was granted. */
function ownedBy(displayName: string): { id: string }[] {
  const { applications, servicePrincipals, appRoleAssignments, directoryRoleAssignments } =
    journey.tenant.state();
  const application = applications.find((one) => one.displayName === displayName);
  const principal = servicePrincipals.find((one) => one.appId === application?.appId);
  const isOfPrincipal = (one: { principalId?: unknown }) =>
    principal !== undefined && one.principalId === principal.id;
  const keys = (application?.keyCredentials ?? []) as { keyId: string }[];
  return [
    ...(application === undefined ? [] : [application]),
    ...(principal === undefined ? [] : [principal]),
    ...appRoleAssignments.filter(isOfPrincipal),
    ...directoryRoleAssignments.filter(isOfPrincipal),
    ...keys.map(({ keyId }) => ({ id: keyId })),
  ] as { id: string }[];
}

test("two stacks in one tenant do not touch each other", async () => {
  const one = await journey.stack("one", { ...exampleConfiguration, displayName: "One" });
  const two = await journey.stack("two", {
    ...exampleConfiguration,
    displayName: "Two",
    directoryRoles: ["Exchange Recipient Administrator"],
  });
  await one.up();
  await two.up();
  await one.expectNoChanges();
  await two.expectNoChanges();
  const own = ownedBy("Two");
  expect(own).toHaveLength(5);
  journey.simulator.journal.clear();
  await one.destroy();
  expect(ownedBy("One")).toEqual([]);
  expect(ownedBy("Two")).toEqual(own);
  const written = journey.simulator.journal
    .entries()
    .filter(({ method, path }) => method !== "GET" && !path.includes("/oauth2/"))
    .map(({ path }) => path);
  expect(written).toHaveLength(3);
  for (const { id } of own) {
    expect(written.filter((path) => path.includes(id))).toEqual([]);
  }
  await two.expectNoChanges();
  await (await two.opened()).refresh({ color: "never" });
  await two.expectNoChanges();
  expect(journey.tenant.state().applications.map((one) => one.displayName)).toContain("Two");
});

test("a tenant without the service principal of S&C is told what to do, and nothing is changed", async () => {
  const other = await startJourney({
    initialDomain: "contoso.onmicrosoft.com",
    without: [exchangeOnlineProtection],
  });
  const before = other.tenant.state();
  const stack = await other.stack("dev", {
    ...exampleConfiguration,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
  });
  const shown = await stack.previewFailure();
  expect(shown).toContain(
    `The tenant has no service principal for "Microsoft Exchange Online Protection" (application id ${exchangeOnlineProtection})`,
  );
  expect(shown).toContain(
    `and run the preview again: az ad sp create --id ${exchangeOnlineProtection}`,
  );
  // Outside the global cloud the Azure CLI works in another one until it is told.
  const national = await other.stack("national", {
    ...exampleConfiguration,
    workloads: ["exchange", "compliance"],
    directoryRoles: ["Global Reader"],
    cloud: "usgovernment",
    "azuread:environment": "usgovernment",
  });
  expect(await national.previewFailure()).toContain(
    `\`az cloud set --name AzureUSGovernment\`, then: az ad sp create --id ${exchangeOnlineProtection}`,
  );
  expect(other.tenant.state()).toEqual(before);
  await other.close();
});

test("a privileged role needs an exception, and with one it is assigned", async () => {
  const wanted = { ...exampleConfiguration, directoryRoles: ["Global Administrator"] };
  const stack = await journey.stack("dev", wanted);
  expect(await stack.previewFailure()).toContain(
    '"Global Administrator" is a privileged role that can write, and no exception covers it.',
  );
  expect(graphRequests()).toEqual([]);
  const until = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
  await stack.configure({
    ...wanted,
    exceptions: [{ role: "Global Administrator", reason: "mailbox migration", until }],
  });
  await stack.up();
  expect(journey.tenant.state().directoryRoleAssignments).toContainEqual(
    expect.objectContaining({ roleDefinitionId: "62e90394-69f5-4237-9190-012177145e10" }),
  );
});

test("a supplied certificate is registered, and no private key is in the state", async () => {
  const own = makeCertificate({ commonName: "own.contoso.org" });
  const stack = await journey.stack("dev", {
    ...exampleConfiguration,
    certificates: [{ name: "own", source: own.certificatePem }],
  });
  await stack.up();
  await stack.expectNoChanges();
  const { thumbprint } = readCertificate(own.certificatePem);
  expect(await stack.outputs()).toMatchObject({
    certificates: [expect.objectContaining({ thumbprint, generated: false })],
    pfxGenerations: {},
  });
  const exported = JSON.stringify(await (await stack.opened()).exportStack());
  expect(exported).not.toContain("PRIVATE KEY");
  expect(exported).not.toContain("tls:index");
});

test("federated credentials need no certificate at all", async () => {
  const stack = await journey.stack("dev", {
    ...exampleConfiguration,
    certificates: [],
    federatedCredentials: [
      {
        name: "github-main",
        issuer: "https://token.actions.githubusercontent.com",
        subject: "repo:contoso/messaging:ref:refs/heads/main",
      },
    ],
  });
  await stack.up();
  await stack.expectNoChanges();
  const outputs = await stack.outputs();
  expect(outputs.federatedCredentials).toEqual([
    {
      name: "github-main",
      issuer: "https://token.actions.githubusercontent.com",
      subject: "repo:contoso/messaging:ref:refs/heads/main",
      audience: "api://AzureADTokenExchange",
    },
  ]);
  expect(outputs).not.toHaveProperty("pfx");
  // The state keeps keys in alphabetical order.
  expect(Object.keys((outputs.connect as { exchange: object }).exchange).sort()).toEqual([
    "access-token",
    "access-token-azure-cli",
    "access-token-github",
  ]);
  await stack.destroy();
});

test("a service principal that is not replicated yet holds nothing up: the role waits for the consent, which is retried", async () => {
  journey.tenant.faults.add({ kind: "referenceLag", times: 2 });
  const stack = await journey.stack("dev", exampleConfiguration);
  await stack.up();
  const lagging = journey.simulator.journal.entries().filter(({ fault }) => fault !== undefined);
  expect(lagging.map(({ path }) => path.split("/").at(-1))).toEqual([
    "servicePrincipals",
    "servicePrincipals",
    "appRoleAssignedTo",
    "appRoleAssignedTo",
  ]);
  expect(ownedBy("ExO PowerShell CBA")).toHaveLength(5);
});

test("a deployer without the right to grant consent is refused by the tenant, and a later update goes on", async () => {
  journey.tenant.deployer.revoke("AppRoleAssignment.ReadWrite.All");
  const stack = await journey.stack("dev", exampleConfiguration);
  expect(await stack.upFailure()).toContain("Authorization_RequestDenied");
  journey.tenant.deployer.grant("AppRoleAssignment.ReadWrite.All");
  await stack.up();
  await stack.expectNoChanges();
  expect(
    journey.tenant.state().applications.filter((one) => one.displayName === "ExO PowerShell CBA"),
  ).toHaveLength(1);
});
