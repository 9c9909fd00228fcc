/**
 * Keys that never leave a vault: versions made, taken and signed with by Microsoft's own clients, against
 * a stand-in over https.
 *
 * Not proven here: that Azure answers so; the stand-in was written after Microsoft's documentation.
 */
import { constants, createHash, X509Certificate, verify as verifySignature } from "node:crypto";
import tls from "node:tls";
import { isSubject, parseSubject, subjectParts } from "../../../components/subject";
import { VaultFailure } from "../../../microsoft/keyVault/failures";
import { signDigest, vaultAssertion } from "../../../microsoft/keyVault/sign";
import { takeVersion } from "../../../microsoft/keyVault/versions";
import type { VersionWish } from "../../../microsoft/keyVault/versionWish";
import { closeFirewall, startKeyVault } from "../../support/keyVault";
import type { KeyVault, VaultRight } from "../../support/keyVaultState";
import { madeVersion } from "../../support/keyVaultKeys";

const trustedBefore = tls.getCACertificates("default");
let vault: KeyVault;
let hsm: KeyVault;

beforeAll(async () => {
  [vault, hsm] = await Promise.all([
    startKeyVault(),
    startKeyVault("contoso.managedhsm.azure.net"),
  ]);
  tls.setDefaultCACertificates([...trustedBefore, vault.caCertificatePem, hsm.caCertificatePem]);
});

beforeEach(() => {
  process.env.HTTPS_PROXY = vault.proxyUrl;
});

afterAll(async () => {
  delete process.env.HTTPS_PROXY;
  tls.setDefaultCACertificates(trustedBefore);
  await Promise.all([vault.close(), hsm.close()]);
});

afterEach(() => {
  for (const one of [vault, hsm]) {
    expect(one.unknown).toEqual([]);
    one.certificates.clear();
    one.keys.clear();
    one.deleted.clear();
    one.denied.clear();
    one.faults.clear();
    one.requests.length = 0;
    one.pendingAnswers = 0;
  }
});

const credential = (token = vault.token) => ({
  getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});
const subjectOf = (text: string) => {
  const parsed = parseSubject(text);
  return isSubject(parsed) ? subjectParts(parsed) : undefined;
};
const asked: string[] = [];
const pauses: number[] = [];
beforeEach(() => {
  asked.length = 0;
  pauses.length = 0;
});

const wishFor = (changes: Partial<VersionWish> = {}): VersionWish => ({
  source: "key-vault",
  vault: "https://contoso.vault.azure.net",
  certificate: "exo",
  exportable: false,
  subject: subjectOf("CN=contoso.org, O=Contoso\\, Ltd."),
  keyBits: 2048,
  validityMonths: 6,
  validityDays: 90,
  known: new Set(),
  outlives: new Date(),
  confirm: (question) => Promise.resolve(void asked.push(question)),
  credential: credential(),
  pause: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
  ...changes,
});
const hsmWish = (changes: Partial<VersionWish> = {}) => {
  process.env.HTTPS_PROXY = hsm.proxyUrl;
  return wishFor({
    source: "managed-hsm",
    vault: "https://contoso.managedhsm.azure.net",
    subject: subjectOf("contoso.org"),
    ...changes,
  });
};

async function refused(attempt: Promise<unknown>): Promise<VaultFailure> {
  const error = await attempt.then(
    () => new Error("It was not refused."),
    (problem: unknown) => problem,
  );
  expect(error).toBeInstanceOf(VaultFailure);
  return error as VaultFailure;
}

describe("a Key Vault", () => {
  test("makes the certificate by what the settings say, after it was asked for, and is waited for", async () => {
    vault.pendingAnswers = 3;
    const made = await takeVersion(wishFor());
    expect(made.isMade).toBe(true);
    expect(asked).toEqual([
      "Have https://contoso.vault.azure.net make the certificate exo, whose key never leaves it?",
    ]);
    expect(pauses.length).toBeGreaterThan(1);
    const [version] = vault.certificates.get("exo") ?? [];
    expect(version).toMatchObject({ version: made.version, exportable: false });
    expect(version?.der.toString("base64")).toBe(made.cer);
    expect(version?.policy).toMatchObject({
      issuer: { name: "Self" },
      key_props: { exportable: false, kty: "RSA", key_size: 2048, reuse_key: false },
      x509_props: { subject: 'CN=contoso.org, O="Contoso, Ltd."', validity_months: 6 },
      lifetime_actions: [{ action: { action_type: "EmailContacts" } }],
    });
  });

  test("is not asked to make one that it has and the stack does not, so that nothing is made twice", async () => {
    const first = await takeVersion(wishFor());
    asked.length = 0;
    expect(await takeVersion(wishFor())).toEqual({ ...first, isMade: false });
    expect(asked).toEqual([]);
    const second = await takeVersion(wishFor({ known: new Set([first.version]) }));
    expect(second.isMade).toBe(true);
    expect(second.version).not.toBe(first.version);
    expect(asked).toEqual([expect.stringContaining("another version of the certificate exo")]);
  });

  test.each<[string, Partial<VersionWish>, boolean]>([
    ["disabled", {}, false],
    ["valid for no longer than the active one", { outlives: new Date("2100-01-01") }, true],
    ["exportable where it must not be", { exportable: true }, true],
  ])("a version that is %s is not taken", async (_, changes, enabled) => {
    vault.certificates.set("exo", [
      {
        ...madeVersion({ policy: { key_props: { exportable: false }, issuer: { name: "Self" } } }),
        enabled,
      },
    ]);
    expect(await takeVersion(wishFor(changes))).toMatchObject({ isMade: true });
  });

  test("goes by its own policy where the settings have no subject", async () => {
    await takeVersion(wishFor({ validityMonths: 3 }));
    const known = new Set([vault.certificates.get("exo")![0]!.version]);
    await takeVersion(wishFor({ subject: undefined, known, validityMonths: 12 }));
    expect(vault.certificates.get("exo")?.[1]?.policy?.x509_props?.validity_months).toBe(3);
    await expect(
      takeVersion(wishFor({ subject: undefined, certificate: "other" })),
    ).rejects.toThrow(/is not there, and without a subject.*Set subject/);
    await expect(
      takeVersion(wishFor({ subject: undefined, known, exportable: true })),
    ).rejects.toThrow(/is made not to be exported, by its own policy/);
  });

  test("without an issuer waits for what somebody imports, and makes nothing", async () => {
    const imported = { ...madeVersion({}), exportable: false };
    vault.certificates.set("exo", [imported]);
    const wish = { subject: undefined, known: new Set([imported.version]) };
    await expect(takeVersion(wishFor(wish))).rejects.toThrow(/no issuer.*Import or merge the next/);
    const next = { ...madeVersion({}), exportable: false };
    vault.certificates.get("exo")!.push(next);
    expect(await takeVersion(wishFor(wish))).toMatchObject({
      version: next.version,
      isMade: false,
    });
  });

  test.each([
    ["failed", { message: "The issuer is not set up" }, /The issuer is not set up/],
    ["cancelled", undefined, /its operation was cancelled/],
  ])("says so where the operation has %s", async (status, error, text) => {
    const { version } = await takeVersion(wishFor());
    vault.faults.add({
      method: "GET",
      path: /pending$/,
      answer: () => Response.json({ id: "p", status, issuer: { name: "Self" }, error }),
    });
    await expect(takeVersion(wishFor({ known: new Set([version]) }))).rejects.toThrow(text);
  });

  test("makes nothing where the answer is no", async () => {
    const no = new Error("no");
    const confirm = () => Promise.reject(no);
    await expect(takeVersion(wishFor({ confirm }))).rejects.toThrow();
    expect(vault.certificates.size).toBe(0);
  });
});

describe("a managed HSM", () => {
  test("keeps the key and signs a certificate for it, which is valid as the settings say", async () => {
    const made = await takeVersion(hsmWish());
    const certificate = new X509Certificate(Buffer.from(made.cer, "base64"));
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe("CN=contoso.org");
    expect(certificate.subjectAltName).toBe("DNS:contoso.org");
    const days =
      (certificate.validToDate.getTime() - certificate.validFromDate.getTime()) / 86_400_000;
    expect(days).toBe(90);
    expect(hsm.keys.get("exo")).toHaveLength(1);
    expect(asked).toEqual([expect.stringContaining("make the key exo, which never leaves it?")]);
    // The certificate of an interrupted run is lost; its key is not.
    expect(await takeVersion(hsmWish())).toMatchObject({ version: made.version, isMade: false });
    const second = await takeVersion(hsmWish({ known: new Set([made.version]) }));
    expect(second).toMatchObject({ isMade: true });
    expect(hsm.keys.get("exo")).toHaveLength(2);
  });

  test("takes a subject in any script", async () => {
    const { cer } = await takeVersion(hsmWish({ subject: subjectOf("CN=Übung, O=Ко, C=DE") }));
    const { subject } = new X509Certificate(Buffer.from(cer, "base64"));
    expect(subject).toBe("CN=Übung\nO=Ко\nC=DE");
  });
});

describe("a signature", () => {
  const source = "key-vault";

  test.each(["RS256", "PS256"] as const)("by %s is one of the key", async (algorithm) => {
    const { version, cer } = await takeVersion(wishFor());
    const key = `https://contoso.vault.azure.net/keys/exo/${version}`;
    const digest = createHash("sha256").update("text").digest();
    const signature = await signDigest({ source, key }, algorithm, digest, credential());
    const { publicKey } = new X509Certificate(Buffer.from(cer, "base64"));
    const padding =
      algorithm === "RS256" ? constants.RSA_PKCS1_PADDING : constants.RSA_PKCS1_PSS_PADDING;
    expect(
      verifySignature("sha256", Buffer.from("text"), { key: publicKey, padding }, signature),
    ).toBe(true);
  });

  test("makes an assertion, and nothing but a digest goes to the vault", async () => {
    const { version, cer } = await takeVersion(wishFor());
    const certificate = new X509Certificate(Buffer.from(cer, "base64"));
    const assertion = await vaultAssertion(
      { source, key: `https://contoso.vault.azure.net/keys/exo/${version}` },
      {
        certificatePem: certificate.toString(),
        applicationId: "app",
        tokenUrl: "https://login/t/oauth2/v2.0/token",
      },
      credential(),
    );
    const [header = "", claims = "", signature = ""] = assertion.split(".");
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as object;
    expect(read(header)).toEqual({
      alg: "PS256",
      typ: "JWT",
      "x5t#S256": createHash("sha256").update(certificate.raw).digest("base64url"),
    });
    expect(read(claims)).toMatchObject({
      iss: "app",
      sub: "app",
      aud: "https://login/t/oauth2/v2.0/token",
    });
    expect(
      verifySignature(
        "sha256",
        Buffer.from(`${header}.${claims}`),
        { key: certificate.publicKey, padding: constants.RSA_PKCS1_PSS_PADDING },
        Buffer.from(signature, "base64url"),
      ),
    ).toBe(true);
    expect(vault.requests.filter((one) => one.startsWith("GET /secrets"))).toEqual([]);
  });
});

describe("refusals", () => {
  const key = `https://contoso.vault.azure.net/keys/exo/${"0".repeat(32)}`;
  const digest = Buffer.alloc(32);
  const sign = (of = key) =>
    signDigest({ source: "key-vault", key: of }, "PS256", digest, credential());

  test.each<[VaultRight, () => Promise<unknown>, RegExp]>([
    [
      "certificates/create",
      () => takeVersion(wishFor()),
      /"Key Vault Certificates Officer" on the vault, or .* certificates\/get and certificates\/create/,
    ],
    ["certificates/get", () => takeVersion(wishFor()), /"Key Vault Certificates Officer"/],
    [
      "keys/sign",
      async () => {
        const { version } = await takeVersion(wishFor());
        return sign(`https://contoso.vault.azure.net/keys/exo/${version}`);
      },
      /"Key Vault Crypto User" on the vault, or .* keys\/sign/,
    ],
  ])("without %s the role is named that is missing", async (right, attempt, text) => {
    vault.denied.add(right);
    const { problem, message } = await refused(attempt());
    expect(problem).toBe("vault-forbidden");
    expect(message).toMatch(text);
    expect(message).toContain("some minutes");
  });

  test("a managed HSM has roles of its own", async () => {
    hsm.denied.add("keys/create");
    const { message } = await refused(takeVersion(hsmWish()));
    expect(message).toMatch(/"Managed HSM Crypto User" of Azure Managed HSM's own access control/);
    expect(message).not.toContain("access policy");
  });

  test("a key that may be signed with need not be read", async () => {
    const { version } = await takeVersion(wishFor());
    vault.denied.add("keys/get");
    expect(await sign(`https://contoso.vault.azure.net/keys/exo/${version}`)).toHaveLength(256);
  });

  test("a name that a deleted certificate still has", async () => {
    vault.deleted.add("exo");
    const { problem, message } = await refused(takeVersion(wishFor()));
    expect(problem).toBe("vault-name-deleted");
    expect(message).toContain("Recover or purge it, or use another certificate in apponly:cert");
  });

  test("a version that is disabled, and one that is gone", async () => {
    const { version } = await takeVersion(wishFor());
    vault.certificates.get("exo")![0]!.enabled = false;
    const disabled = await refused(sign(`https://contoso.vault.azure.net/keys/exo/${version}`));
    expect(disabled.problem).toBe("vault-version-disabled");
    expect((await refused(sign())).problem).toBe("vault-not-found");
  });

  test("a firewall is told apart from a refusal", async () => {
    closeFirewall(vault);
    expect((await refused(takeVersion(wishFor()))).problem).toBe("vault-firewall");
  });

  test("a token of another tenant", async () => {
    const attempt = takeVersion(wishFor({ credential: credential("another") }));
    expect((await refused(attempt)).problem).toBe("vault-token-refused");
  });
});
