/**
 * Every row of the error table is produced, in the simulator or on a loopback socket, and expects
 * its diagnosis at its link. No row is left out: the producers are a record of all codes.
 *
 * Does not prove that a real tenant answers with these texts; simulator/COVERAGE.md says which are
 * known and which assumed.
 */
import { X509Certificate } from "node:crypto";
import { jobTokenSource } from "../../../../microsoft/jobToken";
import { brokenLink, verifyDocument } from "../../../../access/verify/report";
import type { LinkName } from "../../../../access/verify/documentShape";
import {
  type DiagnosisCode,
  diagnosisCodes,
  errorTable,
} from "../../../../access/verify/errorTable";
import { verify, type VerifyOptions } from "../../../../access/verify/verify";
import type { VerifyInput } from "../../../../access/verify/target";
import { describeChain } from "../../../../cli/commands/verify/verifyText";
import { AdjustableClock } from "../../../support/adjustableClock";
import { type MadeCertificate, makeCertificate } from "../../../support/certificates";
import { Graph } from "../../../simulator/support/clients";
import { simulated } from "../../../simulator/support/simulated";
import {
  generationOf,
  loopbackServer,
  makeAccess,
  refusedAddress,
  roles,
  validCertificate,
  withDeployer,
} from "./tenantWithAccess";

import { generationInVault, vaultSituations, vaultWithCertificate } from "./vaultSituations";

const clock = new AdjustableClock();
const context = simulated({}, { clock });
const day = 86_400_000;
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  clock.set(new Date());
  for (const cleanup of cleanups.splice(0)) {
    await cleanup();
  }
});

/** A situation, the link at which it shows, and what its cause has to say. */
interface Situation {
  readonly input: VerifyInput;
  readonly link: LinkName;
  readonly cause?: string | RegExp;
  readonly options?: VerifyOptions;
}

type Producer = () => Promise<Situation>;

/** Answers a page for every request, with a certificate that the verification trusts. */
async function pageServer(status = 200) {
  const certificate = localhostCertificate();
  const body = "<html><title>Sign in to the guest network</title></html>";
  const server = await loopbackServer(certificate, { status, body });
  cleanups.push(server.close);
  return { ...server, extraCaPem: certificate.certificatePem };
}

/** Made once: a key takes longer than most tests. */
let ofLocalhost: MadeCertificate | undefined;

function localhostCertificate(): MadeCertificate {
  return (ofLocalhost ??= makeCertificate({
    commonName: "127.0.0.1",
    extensions: [
      { name: "basicConstraints", cA: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  }));
}

/** An identity provider's token, which no federated credential of the application matches. */
const strangerToken = [
  { alg: "RS256", typ: "JWT" },
  { iss: "https://token.example.org", sub: "job", aud: "api://AzureADTokenExchange" },
  "signature",
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
  .join(".");

/** A token endpoint that refuses with a number of Microsoft Entra ID. */
const refusedWith =
  (number: number, text = "a reason"): Producer =>
  async () => {
    const { input } = await makeAccess(context);
    const certificate = localhostCertificate();
    const body = JSON.stringify({
      error: "invalid_client",
      error_description: `AADSTS${number}: ${text}`,
      error_codes: [number],
    });
    const server = await loopbackServer(certificate, {
      status: 400,
      body,
      type: "application/json",
    });
    cleanups.push(server.close);
    const extraCaPem = `${input.endpoints.extraCaPem}\n${certificate.certificatePem}`;
    const endpoints = { ...input.endpoints, authority: server.url, extraCaPem };
    return { input: { ...input, endpoints }, link: "token" };
  };

async function asMicrosoftOwner(): Promise<Graph> {
  context.tenant.deployer.grant("Application.ReadWrite.All");
  return Graph.connect(context);
}

async function withGrants(...permissions: string[]): Promise<Graph> {
  permissions.forEach((permission) => context.tenant.deployer.grant(permission));
  return Graph.connect(context);
}

const exchangePrincipal = "/servicePrincipals(appId='00000002-0000-0ff1-ce00-000000000000')";
const token = { method: "POST", path: /oauth2/ };
const cmdlet = { method: "POST", path: /InvokeCommand/ };

/** What only PowerShell meets is told by its text, below. */
const ofVerification = diagnosisCodes.filter((code) => !errorTable[code].onlyPowerShell);

/** A generation whose key is in a vault that does not sign. */
async function unsigned({ arrange, changes, cause }: (typeof vaultSituations)[DiagnosisCode] & {}) {
  const { input, app } = await makeAccess(context);
  const { vault, version, close } = await vaultWithCertificate();
  cleanups.push(close);
  arrange?.(vault, version);
  const about = { applicationId: app.appId, tokenUrl: "https://login.microsoftonline.com/token" };
  const generation = generationInVault(vault, version, about, changes);
  return { input: { ...input, generations: [generation] }, link: "certificate", cause } as const;
}

const producers: Readonly<Partial<Record<DiagnosisCode, readonly Producer[]>>> = {
  ...Object.fromEntries(
    Object.entries(vaultSituations).map(([code, situation]) => [code, [() => unsigned(situation)]]),
  ),
  "certificate-expired": [
    async () => {
      const notAfter = new Date(Date.now() - day);
      const old = makeCertificate({
        commonName: "old",
        notBefore: new Date(Date.now() - 9 * day),
        notAfter,
      });
      const { input } = await makeAccess(context);
      const cause = `${notAfter.toISOString().slice(0, 19)}Z`;
      return { input: { ...input, generations: [generationOf(old)] }, link: "certificate", cause };
    },
    // The credential may end before the certificate does.
    async () => {
      const end = new Date(Date.now() + 30 * day);
      const { input } = await makeAccess(context, {
        keyCredential: { endDateTime: end.toISOString() },
      });
      const later = new Date(Date.now() + 31 * day);
      clock.set(later);
      const cause = `${end.toISOString().slice(0, 19)}Z`;
      return { input, link: "token", cause, options: { now: () => later } };
    },
  ],
  "certificate-not-yet-valid": [
    async () => {
      const notBefore = new Date(Date.now() + day);
      const early = makeCertificate({ commonName: "early", notBefore });
      const { input } = await makeAccess(context);
      const cause = `${notBefore.toISOString().slice(0, 19)}Z`;
      return {
        input: { ...input, generations: [generationOf(early)] },
        link: "certificate",
        cause,
      };
    },
    // Microsoft Entra ID calls it expired; the dates that it names tell.
    async () => {
      const start = new Date(Date.now() + 2 * day);
      const { input } = await makeAccess(context, {
        keyCredential: { startDateTime: start.toISOString() },
      });
      return { input, link: "token", cause: `${start.toISOString().slice(0, 19)}Z` };
    },
  ],
  "key-mismatch": [
    async () => {
      const { input } = await makeAccess(context);
      const [generation] = input.generations;
      const { privateKeyPem } = makeCertificate({ commonName: "other" });
      return {
        input: { ...input, generations: [{ ...generation!, privateKeyPem }] },
        link: "certificate",
      };
    },
  ],
  "certificate-not-registered": [
    async () => {
      const { input } = await makeAccess(context, { registered: false });
      return { input, link: "token" };
    },
  ],
  "wrong-tenant": [
    async () => {
      const { input } = await makeAccess(context);
      const tenantId = "11111111-1111-4111-8111-111111111111";
      return { input: { ...input, tenantId }, link: "token", cause: tenantId };
    },
  ],
  "application-not-found": [
    async () => {
      const { input } = await makeAccess(context);
      const applicationId = "22222222-2222-4222-8222-222222222222";
      return { input: { ...input, applicationId }, link: "token", cause: applicationId };
    },
    // Another tenant than that of the application.
    async () => {
      const other = context.simulator.addTenant({ initialDomain: "tailspin.onmicrosoft.com" });
      const { input } = await makeAccess(context);
      const { tenantId, initialDomain: organization } = other;
      return { input: { ...input, tenantId, organization }, link: "token", cause: tenantId };
    },
  ],
  "service-principal-missing": [
    async () => {
      const { input, graph, app } = await makeAccess(context);
      await graph.must("DELETE", `/servicePrincipals/${app.servicePrincipalId}`);
      return { input, link: "token", cause: app.appId };
    },
  ],
  "wrong-organization": [
    // Not an initial domain; one that nobody has; one of another tenant.
    ...["contoso.com", "nobody-has-it.onmicrosoft.com", "northwind.onmicrosoft.com"].map(
      (organization): Producer =>
        async () => {
          if (organization.startsWith("northwind")) {
            context.simulator.addTenant({ initialDomain: organization });
          }
          const { input } = await makeAccess(context);
          return { input: { ...input, organization }, link: "organization", cause: organization };
        },
    ),
  ],
  "clock-skew": [
    ...[
      [-20, "20 minutes ahead of Microsoft's"],
      [20, "20 minutes behind Microsoft's"],
    ].map(([minutes, cause]): Producer => async () => {
      const { input } = await makeAccess(context);
      clock.set(new Date(Date.now() + Number(minutes) * 60_000));
      return { input, link: "token", cause: String(cause) };
    }),
    // So far off that Microsoft takes the certificate for expired.
    async () => {
      const { input } = await makeAccess(context);
      clock.set(new Date(Date.now() + 400 * day));
      return { input, link: "token" };
    },
  ],
  "app-disabled": [
    async () => {
      const { input, graph, app } = await makeAccess(context);
      const disabled = { accountEnabled: false };
      await graph.must("PATCH", `/servicePrincipals/${app.servicePrincipalId}`, disabled);
      return { input, link: "token" };
    },
  ],
  "assignment-required": [
    async () => {
      const { input } = await makeAccess(context, { consented: false });
      const graph = await asMicrosoftOwner();
      await graph.must("PATCH", exchangePrincipal, { appRoleAssignmentRequired: true });
      return { input, link: "token" };
    },
  ],
  "conditional-access": [
    async () => {
      const { input, app } = await makeAccess(context);
      cleanups.push(context.tenant.blockByConditionalAccess(app.appId));
      return { input, link: "token" };
    },
  ],
  "resource-missing": [
    async () => {
      const { input } = await makeAccess(context, { consented: false });
      await (await asMicrosoftOwner()).must("DELETE", exchangePrincipal);
      return { input, link: "token", cause: "Exchange Online PowerShell" };
    },
  ],
  "resource-disabled": [
    async () => {
      const { input } = await makeAccess(context);
      await (await asMicrosoftOwner()).must("PATCH", exchangePrincipal, { accountEnabled: false });
      return { input, link: "token", cause: "Exchange Online PowerShell" };
    },
  ],
  "federated-subject": [
    async () => {
      const { input } = await makeAccess(context);
      const federated = [{ name: "main", clientAssertion: async () => strangerToken }];
      return { input: { ...input, generations: [], federated }, link: "token" };
    },
  ],
  "assertion-unavailable": [
    async () => {
      const { input } = await makeAccess(context);
      const source = jobTokenSource({
        ACTIONS_ID_TOKEN_REQUEST_URL: `${await refusedAddress()}/token?a=b`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: "the job's own",
      });
      const federated = [{ name: "main", clientAssertion: () => source!.request("api://x") }];
      return {
        input: { ...input, generations: [], federated },
        link: "assertion",
        cause: "ECONNREFUSED",
      };
    },
  ],
  "consent-missing": [
    // Without the deployer nobody can tell whether it is missing or late: both are said.
    async () => {
      const { input } = await makeAccess(context, { consented: false });
      return { input, link: "permission", cause: "is missing or has not arrived" };
    },
    // A deployer who may not read concludes nothing.
    async () => {
      const { input } = await makeAccess(context, { consented: false });
      const graph = async () => {
        throw new Error("the deployer's secret is over");
      };
      return { input: { ...input, graph }, link: "permission" };
    },
  ],
  "consent-late": [
    async () => {
      context.tenant.faults.add({ kind: "grantLag", times: 9 });
      const { input } = await makeAccess(context);
      return { input: withDeployer(context, input), link: "permission" };
    },
  ],
  "consent-absent": [
    async () => {
      const { input } = await makeAccess(context, { consented: false, manifest: false });
      return { input: withDeployer(context, input), link: "permission" };
    },
  ],
  "manifest-without-consent": [
    async () => {
      const { input } = await makeAccess(context, { consented: false });
      return { input: withDeployer(context, input), link: "permission" };
    },
  ],
  "role-missing": [
    async () => {
      const { input } = await makeAccess(context, { role: null });
      return { input, link: "role" };
    },
  ],
  "role-late": [
    async () => {
      const { input, grantRole } = await makeAccess(context, { role: null });
      context.tenant.faults.add({ kind: "grantLag", times: 9 });
      await grantRole(roles.exchangeAdministrator);
      return { input: withDeployer(context, input), link: "role", cause: "Exchange Administrator" };
    },
  ],
  "role-absent": [
    async () => {
      const { input } = await makeAccess(context, { role: null });
      return { input: withDeployer(context, input), link: "role" };
    },
  ],
  "role-unsupported": [
    // A role of the table that does not serve the workload, and one that serves none.
    async () => {
      const { input } = await makeAccess(context, {
        role: roles.exchangeAdministrator,
        workloads: ["compliance"],
      });
      return { input, link: "role", cause: "Security & Compliance PowerShell" };
    },
    async () => {
      const { input } = await makeAccess(context, { role: roles.userAdministrator });
      return { input, link: "role", cause: "Exchange Online PowerShell" };
    },
  ],
  "workload-late": [
    async () => {
      const { input } = await makeAccess(context);
      context.tenant.faults.add({ kind: "permissionDenied", match: cmdlet });
      return { input, link: "workload", cause: "HTTP 403" };
    },
  ],
  "cmdlet-not-allowed": [
    async () => {
      const { input } = await makeAccess(context);
      context.tenant.faults.add({ kind: "cmdletDenied", match: cmdlet });
      return { input, link: "workload", cause: "Get-AcceptedDomain" };
    },
  ],
  "workload-absent": [
    async () => {
      const { input } = await makeAccess(context, { workloads: ["compliance"] });
      context.tenant.faults.add({ kind: "tenantUnknown" });
      return { input, link: "workload", cause: context.tenant.tenantId };
    },
  ],
  throttled: [
    ...(
      [
        [token, "token"],
        [{ path: /contoso\.onmicrosoft\.com.*openid-configuration/ }, "organization"],
        [cmdlet, "workload"],
      ] as const
    ).map(([match, link]): Producer => async () => {
      const { input } = await makeAccess(context);
      context.tenant.faults.add({ kind: "throttle", retryAfterSeconds: 7, match });
      return { input, link, cause: "127.0.0.1" };
    }),
  ],
  "service-unavailable": [
    ...(
      [
        [token, "token"],
        [cmdlet, "workload"],
      ] as const
    ).map(([match, link]): Producer => async () => {
      const { input } = await makeAccess(context);
      context.tenant.faults.add({ kind: "serverError", status: 503, phase: "before", match });
      return { input, link, cause: "HTTP 503" };
    }),
  ],
  "connection-lost": [
    ...(
      [
        [token, "token"],
        [cmdlet, "workload"],
      ] as const
    ).map(([match, link]): Producer => async () => {
      const { input } = await makeAccess(context);
      context.tenant.faults.add({ kind: "dropConnection", phase: "before", match });
      return { input, link, cause: "ECONNRESET" };
    }),
  ],
  "network-refused": [
    async () => {
      const { input } = await makeAccess(context);
      const endpoints = { ...input.endpoints, authority: await refusedAddress() };
      return { input: { ...input, endpoints }, link: "token", cause: "ECONNREFUSED" };
    },
    async () => {
      const { input } = await makeAccess(context);
      const workloads = { ...input.endpoints.workloads, exchange: await refusedAddress() };
      const endpoints = { ...input.endpoints, workloads };
      return { input: { ...input, endpoints }, link: "workload", cause: "ECONNREFUSED" };
    },
  ],
  "proxy-answered": [
    async () => {
      const { input } = await makeAccess(context);
      const { url, extraCaPem } = await pageServer();
      const endpoints = { ...input.endpoints, authority: url, extraCaPem };
      return { input: { ...input, endpoints }, link: "token", cause: /127\.0\.0\.1.*proxy/ };
    },
    // Something that does not even speak TLS.
    async () => {
      const { input } = await makeAccess(context);
      const authority = input.endpoints.graph!.replace("http:", "https:");
      return {
        input: { ...input, endpoints: { ...input.endpoints, authority } },
        link: "token",
        cause: "EPROTO",
      };
    },
    // A page with 200 is not an answer of a cmdlet, nor is the proxy's own refusal.
    ...[200, 403, 407, 302].map((status): Producer => async () => {
      const { input } = await makeAccess(context);
      const { url, extraCaPem } = await pageServer(status);
      const endpoints = {
        ...input.endpoints,
        workloads: { ...input.endpoints.workloads, exchange: url },
        extraCaPem: `${input.endpoints.extraCaPem}\n${extraCaPem}`,
      };
      return { input: { ...input, endpoints }, link: "workload", cause: `HTTP ${status}` };
    }),
  ],
  "tls-intercepted": [
    async () => {
      const { input } = await makeAccess(context);
      const { url } = await pageServer();
      const endpoints = { ...input.endpoints, authority: url };
      return { input: { ...input, endpoints }, link: "token", cause: /CERT|SIGNED/ };
    },
    async () => {
      const { input } = await makeAccess(context);
      const { url } = await pageServer();
      const workloads = { ...input.endpoints.workloads, exchange: url };
      const endpoints = { ...input.endpoints, workloads };
      return { input: { ...input, endpoints }, link: "workload", cause: /CERT|SIGNED/ };
    },
  ],
  "token-refused": [refusedWith(9999999)],
  "assertion-rejected": [refusedWith(50013)],
  "certificate-revoked": [refusedWith(7000214)],
  "tenant-restricted": [refusedWith(500021)],
  "public-client": [refusedWith(700025)],
  "request-malformed": [refusedWith(900144)],
  "assertion-mismatch": [refusedWith(700023)],
  "secret-refused": [refusedWith(7000218)],
  "wrong-scope": [refusedWith(1002012)],
  "role-scoped": [
    async () => {
      const { input, app } = await makeAccess(context, { role: null });
      const graph = await withGrants("AdministrativeUnit.ReadWrite.All", "Group.ReadWrite.All");
      const unit = await graph.must("POST", "/directory/administrativeUnits", {
        displayName: "Branch office",
      });
      await graph.must("POST", "/roleManagement/directory/roleAssignments", {
        principalId: app.servicePrincipalId,
        roleDefinitionId: roles.exchangeAdministrator,
        directoryScopeId: `/administrativeUnits/${unit.id}`,
      });
      return {
        input: withDeployer(context, input),
        link: "role",
        cause: "Exchange Administrator on the administrative unit Branch office only",
      };
    },
  ],
  "role-by-group": [
    async () => {
      const { input, app } = await makeAccess(context, { role: null });
      const graph = await withGrants("AdministrativeUnit.ReadWrite.All", "Group.ReadWrite.All");
      const group = await graph.must("POST", "/groups", {
        displayName: "Exchange jobs",
        mailNickname: "exchangejobs",
        mailEnabled: false,
        securityEnabled: true,
        isAssignableToRole: true,
      });
      await graph.must("POST", `/groups/${group.id}/members/$ref`, {
        "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${app.servicePrincipalId}`,
      });
      context.tenant.faults.add({ kind: "grantLag", times: 9 });
      await graph.must("POST", "/roleManagement/directory/roleAssignments", {
        principalId: group.id,
        roleDefinitionId: roles.exchangeAdministrator,
        directoryScopeId: "/",
      });
      return {
        input: withDeployer(context, input),
        link: "role",
        cause: "Exchange Administrator through the group Exchange jobs only",
      };
    },
  ],
  "role-only-eligible": [
    async () => {
      const { input, graph, app } = await makeAccess(context, { role: null });
      await graph.must("POST", "/roleManagement/directory/roleEligibilityScheduleRequests", {
        action: "adminAssign",
        principalId: app.servicePrincipalId,
        roleDefinitionId: roles.exchangeAdministrator,
        directoryScopeId: "/",
        justification: "test",
        scheduleInfo: { expiration: { type: "noExpiration" } },
      });
      return {
        input: withDeployer(context, input),
        link: "role",
        cause: "only eligible for Exchange Administrator",
      };
    },
  ],
  "issuer-unreachable": [
    refusedWith(90061),
    async () => {
      const { input, graph, app } = await makeAccess(context);
      const issuer = "https://127.0.0.1:1/issuer";
      await graph.must("POST", `/applications/${app.id}/federatedIdentityCredentials`, {
        name: "silent",
        issuer,
        subject: "job",
        audiences: ["api://AzureADTokenExchange"],
      });
      const now = Math.floor(Date.now() / 1000);
      const assertion = [
        { alg: "RS256", typ: "JWT", kid: "1" },
        {
          iss: issuer,
          sub: "job",
          aud: "api://AzureADTokenExchange",
          nbf: now,
          iat: now,
          exp: now + 600,
        },
        "signature",
      ]
        .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
        .join(".");
      const federated = [{ name: "silent", clientAssertion: async () => assertion }];
      return {
        input: { ...input, generations: [], federated },
        link: "token",
        cause: "AADSTS50166",
      };
    },
  ],
  "workload-refused": [
    // The token of one workload at the other.
    async () => {
      const { input } = await makeAccess(context);
      const { compliance } = input.endpoints.workloads;
      const workloads = { exchange: `${compliance}/nam10b`, compliance };
      const endpoints = { ...input.endpoints, workloads };
      return { input: { ...input, endpoints }, link: "workload", cause: "audience" };
    },
  ],
};

const cases = ofVerification.flatMap((code) =>
  (producers[code] ?? []).map((produce, index) => [code, index + 1, produce] as const),
);

test("no row is left without a test that produces it", () => {
  const without = ofVerification.filter((code) => (producers[code] ?? []).length === 0);
  expect(without).toEqual([]);
  expect(Object.keys(producers).sort()).toEqual([...ofVerification].sort());
});

test.each(cases)("%s (%d)", async (code, _index, produce) => {
  const { input, link, cause = "", options = {} } = await produce();
  const report = await verify(input, options);
  const [chain] = report.chains;
  expect([chain?.diagnosis?.code, chain && brokenLink(chain)]).toEqual([code, link]);
  const { diagnosis } = chain!;
  expect(report.ok).toBe(false);
  expect(diagnosis!.cause).toMatch(typeof cause === "string" ? new RegExp(escaped(cause)) : cause);
  // One line each, with every place filled in.
  for (const text of [diagnosis!.cause, diagnosis!.remedy]) {
    expect(text).toMatch(/^[^\n{}]{10,500}$/);
    expect(text).not.toContain("unknown");
  }
  expect(diagnosis!.propagating).toBe(errorTable[code].propagating ?? false);
  expectNoSecret(input, [
    JSON.stringify(verifyDocument(input, report, { notVerified: [], now: new Date() })),
    describeChain(chain!, { colour: false }),
    describeChain(chain!, { colour: true, columns: 80 }),
  ]);
});

test("a role that the directory does not record either is not waited for", async () => {
  const { input } = await makeAccess(context, { role: roles.userAdministrator });
  const { chains, propagating } = await verify(withDeployer(context, input));
  expect([chains[0]?.diagnosis?.code, propagating]).toEqual(["role-unsupported", false]);
});

test("the workload's own throttling is told with the time it asks for", async () => {
  const { input } = await makeAccess(context);
  context.tenant.faults.add({ kind: "throttle", retryAfterSeconds: 7, match: cmdlet });
  const { chains } = await verify(input);
  expect(chains[0]?.diagnosis).toMatchObject({ code: "throttled", retryAfterSeconds: 7 });
});

test("every chain that holds shows all its links, for each workload", async () => {
  const { input } = await makeAccess(context, { workloads: ["exchange", "compliance"] });
  const report = await verify(input);
  expect(report).toMatchObject({ ok: true, propagating: false });
  expect(report.chains.map(({ workload, links }) => [workload, links])).toEqual([
    [
      "exchange",
      [
        { link: "certificate", state: "ok", detail: "valid for 364 more days" },
        { link: "token", state: "ok", detail: "issued for https://outlook.office365.com" },
        { link: "organization", state: "ok", detail: "contoso.onmicrosoft.com" },
        { link: "permission", state: "ok", detail: "Exchange.ManageAsApp" },
        { link: "role", state: "ok", detail: "Global Reader" },
        {
          link: "workload",
          state: "ok",
          detail: "Exchange Online PowerShell answered Get-OrganizationConfig",
        },
      ],
    ],
    ["compliance", expect.anything()],
  ]);
  expectNoSecret(input, [JSON.stringify(report)]);
});

test("a key in a vault proves every link, and never leaves it", async () => {
  const { vault, version, close } = await vaultWithCertificate();
  cleanups.push(close);
  const certificatePem = new X509Certificate(version.der).toString();
  const { input, app } = await makeAccess(context, {
    certificate: { certificatePem, privateKeyPem: version.privateKeyPem },
  });
  const tokenUrl = `${input.endpoints.authority}/${input.tenantId}/oauth2/v2.0/token`;
  const generation = generationInVault(vault, version, { applicationId: app.appId, tokenUrl });
  const report = await verify({ ...input, generations: [generation] });
  expect(report.chains.map(({ diagnosis }) => diagnosis)).toEqual([undefined, undefined]);
  expect(report.ok).toBe(true);
  expect(report.chains[0]?.links[0]).toEqual({
    link: "certificate",
    state: "ok",
    detail: expect.stringMatching(
      /^valid for \d+ more days; signed in contoso\.vault\.azure\.net$/,
    ),
  });
  expect(vault.requests.every((one) => /^(GET|POST) \/keys\/exo\//.test(one))).toBe(true);
});

test("the search for secrets finds what it is to find", async () => {
  const { input } = await makeAccess(context);
  const { privateKeyPem } = validCertificate();
  for (const leak of [privateKeyPem, strangerToken]) {
    expect(() => expectNoSecret(input, [`x ${leak} y`])).toThrow();
  }
});

/** Neither a key nor a token, nor a part of them. */
function expectNoSecret(input: VerifyInput, texts: readonly string[]): void {
  const keys = [validCertificate(), ...input.generations].flatMap((one) =>
    "privateKeyPem" in one ? [one.privateKeyPem] : [],
  );
  const keyLines = keys.flatMap((pem) => pem.split("\n").filter((line) => line.length > 40));
  for (const text of texts) {
    expect(text).not.toMatch(/eyJ[\w-]+\.[\w-]+/);
    expect(text).not.toContain("PRIVATE KEY");
    expect(keyLines.filter((line) => text.includes(line))).toEqual([]);
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
