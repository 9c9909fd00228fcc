/**
 * What signs in: keys the stack has, keys and tokens that a job hands over, the job's own identity;
 * and what is said of those that cannot be verified.
 *
 * Does not prove that the token endpoints of GitHub and Azure DevOps answer as the stand-in does.
 */
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jobTokenSource } from "../../../../microsoft/jobToken";
import { verify } from "../../../../access/verify/verify";
import type { Failure } from "../../../../system/failure";
import {
  identitiesFor,
  type IdentitySources,
  type SuppliedCredentials,
} from "../../../../cli/commands/verify/identities";
import { readCertificate } from "../../../../components/certificateFacts";
import { createPfx } from "../../../../components/pkcs12/createPfx";
import { PfxEncryption } from "../../../../components/pkcs12/options";
import { makeCertificate } from "../../../support/certificates";
import { PipelineIdentity } from "../../../support/pipelineIdentity";
import { simulated } from "../../../simulator/support/simulated";
import { generationOf, makeAccess, validCertificate } from "./tenantWithAccess";

const context = simulated();
const githubIssuer = "https://token.actions.githubusercontent.com";
const audience = "api://AzureADTokenExchange";
const subject = "repo:contoso/messaging:ref:refs/heads/main";
const password = "a password only of this test";
let folder: string;
let pipeline: PipelineIdentity;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "apponly-identities-"));
  pipeline = await PipelineIdentity.start(githubIssuer, subject);
});

afterEach(() => {
  pipeline.subject = subject;
  pipeline.status = 200;
  pipeline.requests.length = 0;
});

afterAll(async () => {
  await pipeline.close();
  await rm(folder, { recursive: true, force: true });
});

async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content, { mode: 0o600 });
  return path;
}

const outputOf = (certificatePem: string, name: string, active = true) => {
  const { pem: _pem, keyType: _type, keyBits: _bits, ...facts } = readCertificate(certificatePem);
  return { name, active, generated: false, ...facts };
};

const federated = [
  { name: "github-main", issuer: githubIssuer, subject, audience },
  { name: "kubernetes", issuer: "https://oidc.contoso.org", subject: "system:job", audience },
];

/** A stack with one supplied certificate, unless told otherwise. */
const sources = (changes: Partial<IdentitySources> = {}): IdentitySources => ({
  certificates: [outputOf(validCertificate().certificatePem, "own")],
  own: [],
  federated: [],
  environment: {},
  job: undefined,
  ...changes,
});

const names = async (supplied: SuppliedCredentials, changes: Partial<IdentitySources> = {}) => {
  const found = await identitiesFor(supplied, sources(changes));
  return {
    generations: found.generations.map(({ name }) => name),
    federated: found.federated.map(({ name }) => name),
    notVerified: found.notVerified.map(({ name }) => name),
  };
};

const failureOf = (supplied: SuppliedCredentials, changes: Partial<IdentitySources> = {}) =>
  identitiesFor(supplied, sources(changes)).then(
    () => {
      throw new Error("nothing failed");
    },
    (error: Failure) => error,
  );

const pfxOf = (encryption: PfxEncryption = PfxEncryption.Modern) =>
  createPfx({ ...validCertificate(), password, encryption });

const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");
const pkcs8 = () =>
  createPrivateKey(validCertificate().privateKeyPem)
    .export({ type: "pkcs8", format: "der" })
    .toString("base64");

describe("a supplied certificate", () => {
  test("is not verified without its key, and how to hand it over is said", async () => {
    const found = await identitiesFor({}, sources());
    expect(found).toEqual({
      generations: [],
      federated: [],
      notVerified: [
        {
          kind: "certificate",
          name: "own",
          active: true,
          reason: expect.stringContaining("--pfx FILE or --key FILE"),
        },
      ],
    });
  });

  test.each([
    ["modern .pfx", "pfx", () => pfxOf(), { APPONLY_PFX_PASSWORD: password }],
    ["legacy .pfx", "pfx", () => pfxOf(PfxEncryption.Legacy), { APPONLY_PFX_PASSWORD: password }],
    ["plain key", "key", () => validCertificate().privateKeyPem, {}],
    [
      "encrypted key",
      "key",
      () =>
        createPrivateKey(validCertificate().privateKeyPem)
          .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: password })
          .toString(),
      { APPONLY_KEY_PASSWORD: password },
    ],
    [
      "base64 of its .pfx",
      "pfx",
      () => pfxOf().toString("base64"),
      { APPONLY_PFX_PASSWORD: password },
    ],
    ["key in UTF-16", "key", () => utf16(validCertificate().privateKeyPem), {}],
    ["key with a byte order mark", "key", () => `\uFEFF${validCertificate().privateKeyPem}`, {}],
    ["key in DER", "key", () => Buffer.from(pkcs8(), "base64"), {}],
    ["key in base64", "key", () => pkcs8(), {}],
  ] as const)("is verified with its %s", async (title, option, content, environment) => {
    const path = await fileOf(title.replace(/\W/g, "-"), content());
    const found = await identitiesFor({ [option]: path }, sources({ environment }));
    expect(found.generations.map(({ name, active }) => [name, active])).toEqual([["own", true]]);
    expect(found.notVerified).toEqual([]);
    const { input } = await makeAccess(context);
    expect(await verify({ ...input, generations: found.generations })).toMatchObject({ ok: true });
  });

  test("a file of another certificate is told by the tenant, under the file's name", async () => {
    const other = makeCertificate({ commonName: "other" });
    const pfx = createPfx({ ...other, password, encryption: PfxEncryption.Modern });
    const path = await fileOf("other.pfx", pfx);
    const environment = { APPONLY_PFX_PASSWORD: password };
    const found = await identitiesFor({ pfx: path }, sources({ environment }));
    expect(found.generations[0]).toMatchObject({ name: "other.pfx", active: false });
    const { input } = await makeAccess(context);
    const { chains } = await verify({ ...input, generations: found.generations });
    expect(chains[0]?.diagnosis?.code).toBe("certificate-not-registered");
  });

  test.each([
    [undefined, /^valid for \d+ more days$/],
    ["Microsoft Enhanced RSA and AES Cryptographic Provider", /^valid for \d+ more days$/],
    [
      "Microsoft Software Key Storage Provider",
      /; the \.pfx names a CNG provider, Microsoft Software Key Storage Provider: Windows PowerShell 5\.1 may refuse its key/,
    ],
    [
      "Microsoft Platform Crypto Provider",
      /names a CNG provider, Microsoft Platform Crypto Provider/,
    ],
    ["", /; the \.pfx names no provider: Windows PowerShell 5\.1 may refuse its key/],
  ])(
    "whose .pfx names the provider %p has it said on the link certificate",
    async (name, detail) => {
      const { input } = await makeAccess(context);
      const own = generationOf(validCertificate(), "own");
      const pfx = {
        content: "",
        password: "",
        ...(name === undefined ? {} : { keyProvider: name }),
      };
      const { chains } = await verify({ ...input, generations: [{ ...own, pfx }] });
      expect(chains[0]?.links[0]?.detail).toMatch(detail);
    },
  );

  test("a key that fits no certificate of the stack is exit code 4", async () => {
    const { privateKeyPem } = makeCertificate({ commonName: "other" });
    const failure = await failureOf({ key: await fileOf("other.key", privateKeyPem) });
    expect(failure.exitCode).toBe(4);
    expect(failure.message).toContain("is the key of none of the stack's certificates: own (");
  });
});

describe("a wrong command line is exit code 2 and repeats no secret", () => {
  test.each([
    ["a file that is not there", { pfx: "/nowhere/own.pfx" }, {}, "does not exist. Name the file"],
    [
      "an unknown generation",
      { generation: "2031-01" },
      {},
      '--generation "2031-01" is not in the stack. Use one of: own.',
    ],
    ["no token", { assertionFile: "/nowhere/token" }, {}, "cannot be read (ENOENT)"],
  ])("%s", async (_title, supplied, environment, message) => {
    const failure = await failureOf(supplied, { environment });
    expect([failure.exitCode, failure.message]).toEqual([2, expect.stringContaining(message)]);
  });

  test.each([
    ["without the password", {}, "APPONLY_PFX_PASSWORD is not set"],
    [
      "with a password that the pipeline has not filled in",
      { APPONLY_PFX_PASSWORD: "$(EXO_PFX_PASSWORD)" },
      "APPONLY_PFX_PASSWORD is $(EXO_PFX_PASSWORD), which the pipeline has not replaced",
    ],
    [
      "with a wrong one",
      { APPONLY_PFX_PASSWORD: "wrong, and secret" },
      "does not open with the password in APPONLY_PFX_PASSWORD",
    ],
  ])("a .pfx %s", async (title, environment, message) => {
    const pfx = await fileOf(`${title.replace(/\W/g, "-")}.pfx`, pfxOf());
    const failure = await failureOf({ pfx }, { environment });
    expect([failure.exitCode, failure.message]).toEqual([2, expect.stringContaining(message)]);
    expect(failure.message).not.toContain("wrong, and secret");
  });

  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const encrypted = () =>
    createPrivateKey(validCertificate().privateKeyPem).export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: password,
    });
  test.each<[string, string, () => string | Buffer, Record<string, string>, string]>([
    [
      "a certificate",
      "key",
      () => validCertificate().certificatePem,
      {},
      "is PEM text (CERTIFICATE), not a private key.",
    ],
    [
      "a certificate in DER",
      "key",
      () => Buffer.from(readCertificate(validCertificate().certificatePem).cer, "base64"),
      {},
      "is a certificate, not a private key.",
    ],
    ["a .pfx", "key", () => pfxOf(), {}, "is a .pfx. Hand it over with --pfx."],
    [
      "a key on a curve",
      "key",
      () => other.export({ type: "pkcs8", format: "pem" }),
      {},
      "is a key of type ec; Exchange accepts RSA only.",
    ],
    [
      "an encrypted key without password",
      "key",
      encrypted,
      {},
      "is encrypted. Set APPONLY_KEY_PASSWORD to the password of the key.",
    ],
    [
      "an encrypted key with another password",
      "key",
      encrypted,
      { APPONLY_KEY_PASSWORD: "wrong, and secret" },
      "does not open with the password in APPONLY_KEY_PASSWORD.",
    ],
    [
      "an OpenSSH key",
      "key",
      () =>
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n",
      {},
      "is in OpenSSH's own form.",
    ],
    ["a PuTTY key", "key", () => "PuTTY-User-Key-File-3: ssh-rsa\n", {}, "is in PuTTY's own form."],
    [
      "a damaged key",
      "key",
      () => validCertificate().privateKeyPem.replace(/\n.{60}/, "\n"),
      {},
      "is a private key that is damaged.",
    ],
    ["nothing", "key", () => "", {}, "is empty."],
    [
      "a key",
      "pfx",
      () => validCertificate().privateKeyPem,
      {},
      "is PEM text (RSA PRIVATE KEY), not a .pfx.",
    ],
    [
      "a password with a line end",
      "pfx",
      () => pfxOf(),
      { APPONLY_PFX_PASSWORD: `${password}\n` },
      "opens with the password in APPONLY_PFX_PASSWORD without the line end behind it.",
    ],
  ])("what is handed over is named: %s", async (title, option, content, environment, message) => {
    const path = await fileOf(`named-${title.replace(/\W/g, "-")}`, content());
    const failure = await failureOf({ [option]: path }, { environment });
    expect([failure.exitCode, failure.message]).toEqual([2, expect.stringContaining(message)]);
    expect(failure.message).not.toContain("secret");
  });

  test("a file that is neither a .pfx, a key nor a token", async () => {
    const text = "this text must not be repeated";
    const path = await fileOf("text", text);
    for (const option of ["pfx", "key", "assertionFile"]) {
      const failure = await failureOf({ [option]: path });
      expect(failure.exitCode).toBe(2);
      expect(failure.message).not.toContain(text);
    }
  });

  test("a generation other than the one that is handed over", async () => {
    const pfx = await fileOf("one.pfx", pfxOf());
    const environment = { APPONLY_PFX_PASSWORD: password };
    const failure = await failureOf({ pfx, generation: "github-main" }, { environment, federated });
    expect(failure.message).toContain('that is "own"');
  });
});

describe("a stack's own keys", () => {
  const own = generationOf(validCertificate(), "2026-11");
  const certificates = [
    outputOf(validCertificate().certificatePem, "2026-11"),
    outputOf(validCertificate().certificatePem, "supplied", false),
  ];
  const stack = { own: [own], federated, certificates };

  test("every live generation is verified or named as not verified", async () => {
    expect(await names({}, stack)).toEqual({
      generations: ["2026-11"],
      federated: [],
      notVerified: ["supplied", "github-main", "kubernetes"],
    });
  });

  test("--generation takes one, whatever it is", async () => {
    const none = { generations: [], federated: [], notVerified: [] };
    expect(await names({ generation: "2026-11" }, stack)).toEqual({
      ...none,
      generations: ["2026-11"],
    });
    for (const generation of ["supplied", "kubernetes"]) {
      expect(await names({ generation }, stack)).toEqual({ ...none, notVerified: [generation] });
    }
  });
});

describe("a federated credential", () => {
  const reasonsFor = async (environment: Record<string, string>) => {
    const job = jobTokenSource(environment);
    const found = await identitiesFor({}, sources({ federated, job }));
    return Object.fromEntries(found.notVerified.map(({ name, reason }) => [name, reason]));
  };

  async function expectConnects(found: Awaited<ReturnType<typeof identitiesFor>>) {
    context.simulator.issuers.trust(githubIssuer, pipeline.keys);
    const { input, graph, app } = await makeAccess(context);
    await graph.must("POST", `/applications/${app.id}/federatedIdentityCredentials`, {
      name: "github-main",
      issuer: githubIssuer,
      subject,
      audiences: ["api://AzureADTokenExchange"],
    });
    const report = await verify({ ...input, generations: [], federated: found.federated });
    expect(report).toMatchObject({
      ok: true,
      chains: [
        {
          identity: { kind: "federated", name: "github-main" },
          links: [
            { link: "assertion", state: "ok" },
            { link: "token" },
            { link: "organization" },
            { link: "permission" },
            { link: "role" },
            { link: "workload", state: "ok" },
          ],
        },
      ],
    });
  }

  test("outside of its job is not verified, and what it needs is said", async () => {
    expect(await reasonsFor({})).toMatchObject({
      "github-main": `It needs a token of ${githubIssuer} for "${subject}". Verify in that job, or hand its token over with --assertion-file FILE.`,
    });
  });

  test("in its job of GitHub Actions connects with the job's token", async () => {
    const job = jobTokenSource(pipeline.github);
    const found = await identitiesFor({}, sources({ federated, job }));
    expect(found.notVerified.map(({ name }) => name)).toEqual(["own", "kubernetes"]);
    expect(pipeline.requests[0]).toMatchObject({
      method: "GET",
      url: "/token?api-version=2.0&audience=api%3A%2F%2FAzureADTokenExchange",
      authorization: `Bearer ${pipeline.bearer}`,
    });
    await expectConnects(found);
  });

  test("in its job of Azure DevOps connects with the service connection's token", async () => {
    const job = jobTokenSource(pipeline.azureDevOps);
    const found = await identitiesFor({}, sources({ federated, job }));
    expect(pipeline.requests[0]).toMatchObject({
      method: "POST",
      url: "/token?api-version=7.1&serviceConnectionId=33333333-3333-4333-8333-333333333333&audience=api%3A%2F%2FAzureADTokenExchange",
    });
    await expectConnects(found);
  });

  test("in another job is not verified: whose job it is, is said", async () => {
    pipeline.subject = "repo:contoso/infrastructure:environment:production";
    expect((await reasonsFor(pipeline.github))["github-main"]).toBe(
      `This job is "repo:contoso/infrastructure:environment:production" of ${githubIssuer}; the credential is for "${subject}" of ${githubIssuer}. Verify in that job.`,
    );
  });

  test("of a job that gets no token says so", async () => {
    pipeline.status = 403;
    expect((await reasonsFor(pipeline.github))["github-main"]).toMatch(
      /^GitHub Actions gave this job no token: 127\.0\.0\.1:\d+ answered 403 without one\.$/,
    );
    // Variables without permission to ask are not a job.
    expect(jobTokenSource({ ACTIONS_ID_TOKEN_REQUEST_URL: pipeline.url })).toBeUndefined();
    expect(jobTokenSource({ SYSTEM_OIDCREQUESTURI: pipeline.url })).toBeUndefined();
  });

  test("with the token in a file connects, and the file is read anew each time", async () => {
    const path = await fileOf("token", `${await pipeline.token()}\n`);
    const found = await identitiesFor({ assertionFile: path }, sources({ federated }));
    expect(found.notVerified).toEqual([]);
    await expectConnects(found);
    const renewed = await pipeline.token();
    await writeFile(path, renewed);
    expect(await found.federated[0]!.clientAssertion()).toBe(renewed);
    await rm(path);
    const { input } = await makeAccess(context);
    const { chains } = await verify({ ...input, generations: [], federated: found.federated });
    expect(chains[0]?.diagnosis?.code).toBe("assertion-unavailable");
  });
});
