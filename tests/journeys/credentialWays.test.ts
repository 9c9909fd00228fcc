/**
 * The ways to authenticate besides a generated certificate, from the configuration to a token: a
 * supplied certificate, federated credentials without any certificate, and what happens
 * when a certificate expires.
 *
 * Not proven here: tokens of the real issuers; theirs are stood in for by an issuer of our own.
 */
import { acquireToken, type Credential, decodeClaims, TokenRefused } from "../../microsoft/tokens";
import { makeCertificate } from "../support/certificates";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { PipelineIdentity } from "../support/pipelineIdentity";

let journey: Journey;
let stack: JourneyStack;

let startAnew: () => void;

beforeAll(async () => {
  journey = await startJourney();
  startAnew = journey.checkpoint();
});

afterEach(() => startAnew());

afterAll(() => journey.close());

/** Signs in to Exchange Online as a job does. */
async function signIn(credential: Credential) {
  const { loginTls, exchange, compliance } = journey.simulator.endpoints;
  const outputs = await stack.outputs();
  return acquireToken({
    endpoints: {
      authority: loginTls,
      workloads: { exchange, compliance },
      extraCaPem: journey.simulator.caCertificatePem,
    },
    tenantId: outputs.tenantId as string,
    clientId: outputs.applicationId as string,
    credential,
    resource: "https://outlook.office365.com",
  });
}

function keyCredentials(): unknown[] {
  const { applications } = journey.tenant.state();
  const own = applications.find(({ displayName }) => displayName === "ExO PowerShell CBA");
  return own?.keyCredentials as unknown as unknown[];
}

const expectAccess = (token: string) => {
  expect(decodeClaims(token)).toMatchObject({
    roles: ["Exchange.ManageAsApp"],
    wids: expect.arrayContaining(["29232cdf-9323-42fd-ade2-1d097af3e4de"]),
  });
};

const tenantId = "66946bae-c7f1-4099-b768-6ec1ac684280";
const organizationId = "23609cc8-ca30-4d7d-a018-0a285693d227";
const github = "https://token.actions.githubusercontent.com";

/** A job, how its credential is configured, and its token's issuer and subject. */
const jobs: [job: string, form: object, issuer: string, subject: string][] = [
  [
    "GitHub Actions, branch",
    { github: { repository: "contoso/mail", branch: "main" } },
    github,
    "repo:contoso/mail:ref:refs/heads/main",
  ],
  [
    "GitHub Actions, environment, with ids",
    {
      github: {
        repository: "contoso/mail",
        ownerId: 1,
        repositoryId: 2,
        environment: "production",
      },
    },
    github,
    "repo:contoso@1/mail@2:environment:production",
  ],
  [
    "GitHub Actions, pull request",
    { github: { repository: "contoso/mail", pullRequest: true } },
    github,
    "repo:contoso/mail:pull_request",
  ],
  [
    "Azure DevOps, Microsoft Entra ID's issuer",
    {
      azureDevOps: {
        tenantId,
        organizationId,
        serviceConnectionId: "b840b286-3e83-43e4-8e02-b8e8c0db0545",
      },
    },
    `https://login.microsoftonline.com/${tenantId}/v2.0`,
    `/eid1/c/pub/t/rmuUZvHHmUC3aG7BrGhCgA/a/rISbSSETf0KqFyZ8ppdXmA/sc/${organizationId}/b840b286-3e83-43e4-8e02-b8e8c0db0545`,
  ],
  [
    "Azure DevOps, its own issuer",
    {
      azureDevOps: {
        organizationId,
        organization: "contoso",
        project: "Mail",
        serviceConnection: "exchange",
      },
    },
    `https://vstoken.dev.azure.com/${organizationId}`,
    "sc://contoso/Mail/exchange",
  ],
  [
    "any other issuer",
    { issuer: "https://idp.contoso.org", subject: "job:mail" },
    "https://idp.contoso.org",
    "job:mail",
  ],
];

test("no certificate at all: a job of every form signs in, and nobody else", async () => {
  stack = await journey.stack("dev", {
    ...exampleConfiguration,
    certificates: [],
    federatedCredentials: jobs.map(([, form], index) => ({ name: `job-${index}`, ...form })),
  });
  await stack.up();
  await stack.expectNoChanges();
  expect(keyCredentials()).toEqual([]);
  for (const [, , issuer, subject] of jobs) {
    const job = await PipelineIdentity.start(issuer, subject);
    journey.simulator.issuers.trust(issuer, job.keys);
    expectAccess(await signIn({ clientAssertion: await job.token() }));
    job.subject = `${subject}x`;
    await expect(signIn({ clientAssertion: await job.token() })).rejects.toThrow(TokenRefused);
    await job.close();
  }
});

test("a supplied certificate signs in with the key that the stack never had", async () => {
  const { certificatePem, privateKeyPem } = makeCertificate({ commonName: "own.contoso.org" });
  stack = await journey.stack("dev", {
    ...exampleConfiguration,
    certificates: [{ name: "own", source: certificatePem }],
  });
  await stack.up();
  await stack.expectNoChanges();
  expectAccess(await signIn({ certificatePem, privateKeyPem }));
  const stranger = makeCertificate({ commonName: "own.contoso.org" });
  await expect(signIn(stranger)).rejects.toMatchObject({ code: 700027 });
  expect(await stack.outputs()).not.toHaveProperty("pfx");
});

test("a certificate expires: warned of, exit code 5, then no sign-in and no update", async () => {
  stack = await journey.stack("dev", exampleConfiguration);
  // Long enough to be registered on this machine, and for a preview.
  const begun = Date.now();
  await stack.up();
  const notAfter = new Date(Date.now() + 3_000 + 4 * (Date.now() - begun));
  const { certificatePem, privateKeyPem } = makeCertificate({
    commonName: "contoso.org",
    notAfter,
  });
  await stack.configure({
    ...exampleConfiguration,
    certificates: [{ name: "short", source: certificatePem }],
  });
  await stack.up();
  expectAccess(await signIn({ certificatePem, privateKeyPem }));
  const { events } = await stack.preview();
  expect(JSON.stringify(events)).toContain(
    'The certificate of the generation \\"short\\" expires in 0 days, at ',
  );
  await new Promise((resolve) =>
    setTimeout(resolve, Math.max(0, notAfter.getTime() + 1_500 - Date.now())),
  );
  await expect(signIn({ certificatePem, privateKeyPem })).rejects.toMatchObject({ code: 700027 });
  const list = ["certificates", "--stack", "dev", "--fail-within", "30d"];
  expect(await journey.apponly(list, stack.workDirectory)).toMatchObject({
    code: 5,
    stderr: expect.stringContaining("Within 30d: short."),
  });
  expect(await stack.upFailure()).toMatch(/expired at \S+Z\. Supply a certificate that is valid/);
});
