/**
 * The import into Azure Key Vault with Microsoft's SDK, against a stand-in under a vault's real
 * name. Not proven here: that Azure itself takes the file.
 */
import { X509Certificate } from "node:crypto";
import tls from "node:tls";
import { SecretClient } from "@azure/keyvault-secrets";
import { readStackAccess } from "../../../../access/export/stackAccess";
import { importIntoKeyVault } from "../../../../access/export/keyVault/importCertificate";
import { checkVaultCloud, readKeyVaultTarget } from "../../../../access/export/keyVault/vault";
import { readPfx } from "../../../../components/pkcs12/readPfx";
import { makeGeneration, sampleOutputs } from "../../../support/exportSample";
import { closeFirewall, startKeyVault } from "../../../support/keyVault";
import type { KeyVault } from "../../../support/keyVaultState";
import { failure } from "../../../support/keyVaultFailure";

const trustedBefore = tls.getCACertificates("default");
const current = makeGeneration("2026-11");
const next = makeGeneration("2027-05", { active: false });
const access = readStackAccess("dev", sampleOutputs([current, next]));
let vault: KeyVault;

beforeAll(async () => {
  vault = await startKeyVault();
  tls.setDefaultCACertificates([...trustedBefore, vault.caCertificatePem]);
  process.env.HTTPS_PROXY = vault.proxyUrl;
});

afterAll(async () => {
  delete process.env.HTTPS_PROXY;
  tls.setDefaultCACertificates(trustedBefore);
  await vault.close();
});

afterEach(() => {
  expect(vault.unknown).toEqual([]);
  vault.certificates.clear();
  vault.deleted.clear();
  vault.faults.clear();
  vault.requests.length = 0;
  vault.imports.length = 0;
});

const credential = (token = vault.token) => ({
  getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
});
const target = { vaultUrl: "https://contoso.vault.azure.net", certificateName: "apponly" };
const run = (stack = access, token?: string) =>
  importIntoKeyVault(target, stack, credential(token));

async function refused(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => new Error("It was not refused."),
    (problem: unknown) => problem as Error,
  );
  expect(error.name).toBe("ExportError");
  expect(error.message).not.toContain(current.password);
  expect(error.message).not.toContain(current.pfx.slice(0, 40));
  return error.message;
}

test("imports the key, exportable, and the SDK fetches it back without a password", async () => {
  const done = await run();
  expect(done).toEqual({
    state: "imported",
    id: expect.stringMatching(/^https:\/\/contoso\.vault\.azure\.net\/certificates\/apponly\/\w+$/),
  });
  expect(vault.imports).toMatchObject([
    {
      pwd: current.password,
      attributes: { enabled: true },
      policy: {
        key_props: { exportable: true, kty: "RSA" },
        secret_props: { contentType: "application/x-pkcs12" },
        issuer: { name: "Unknown" },
      },
      tags: { "apponly-stack": "dev", "apponly-generation": "2026-11" },
    },
  ]);
  const secret = await new SecretClient(target.vaultUrl, credential()).getSecret("apponly");
  expect(secret.properties.contentType).toBe("application/x-pkcs12");
  const { certificatePem, privateKeyPem } = readPfx(secret.value ?? "", "");
  const certificate = new X509Certificate(certificatePem);
  expect(certificate.fingerprint.replaceAll(":", "")).toBe(current.certificate.thumbprint);
  expect(privateKeyPem).toContain("PRIVATE KEY");
});

test("the same certificate is imported once; another generation becomes the current version", async () => {
  await run();
  expect(await run()).toMatchObject({ state: "unchanged" });
  expect(vault.imports).toHaveLength(1);
  const other = readStackAccess("dev", sampleOutputs([current, next]), "2027-05");
  expect(await run(other)).toMatchObject({ state: "imported" });
  expect(vault.certificates.get("apponly")).toHaveLength(2);
});

test("a disabled version, or a key that cannot be fetched, is not taken for done", async () => {
  await run();
  const [version] = vault.certificates.get("apponly") ?? [];
  vault.certificates.set("apponly", [{ ...version!, enabled: false }]);
  expect(await run()).toMatchObject({ state: "imported" });
  vault.certificates.set("apponly", [{ ...version!, exportable: false }]);
  expect(await run()).toMatchObject({ state: "imported" });
  expect(vault.certificates.get("apponly")?.at(-1)).toMatchObject({ exportable: true });
});

describe("refusals are explained", () => {
  test.each<[string, () => void, RegExp]>([
    [
      "no permission",
      () =>
        vault.faults.add({
          method: "POST",
          path: /import$/,
          answer: () =>
            failure(403, "Forbidden", "Caller is not authorized to perform action on resource."),
        }),
      /role "Key Vault Certificates Officer".*certificates\/get and certificates\/import/,
    ],
    ["a firewall", () => closeFirewall(vault), /does not let this machine in/],
    [
      "a deleted certificate",
      () => vault.deleted.add("apponly"),
      /Recover or purge it, or use another --certificate-name/,
    ],
    [
      "a vault that repeats what it got",
      () =>
        vault.faults.add({
          method: "POST",
          path: /import$/,
          answer: () =>
            failure(400, "BadParameter", `Cannot read\n${current.pfx} ${current.password}`),
        }),
      /\(400 BadParameter, Cannot read \*\*\* \*\*\*\)/,
    ],
  ])("%s", async (_, arrange, message) => {
    arrange();
    expect(await refused(run())).toMatch(message);
    expect(vault.certificates.size).toBe(0);
  });

  test("a token of another tenant", async () => {
    expect(await refused(run(access, "another"))).toMatch(/does not accept the token \(401/);
  });

  test("no credential at all", async () => {
    const none = {
      getToken: () =>
        Promise.reject(
          Object.assign(new Error("tried all"), { name: "AggregateAuthenticationError" }),
        ),
    };
    expect(await refused(importIntoKeyVault(target, access, none))).toMatch(/`az login`/);
  });

  test("a vault that is not there", async () => {
    const nowhere = { ...target, vaultUrl: "https://fabrikam.vault.azure.net" };
    expect(await refused(importIntoKeyVault(nowhere, access, credential()))).toMatch(
      /fabrikam\.vault\.azure\.net/,
    );
  });

  test("throttling is waited out by the SDK", async () => {
    vault.faults.add({
      method: "POST",
      path: /import$/,
      answer: () => failure(429, "Throttled", "Too many requests", { "retry-after": "1" }),
    });
    expect(await run()).toMatchObject({ state: "imported" });
  });

  test("a supplied certificate, and a stack without one", async () => {
    const own = readStackAccess(
      "dev",
      sampleOutputs([makeGeneration("own", { generated: false })]),
    );
    expect(await refused(run(own))).toMatch(/"own" was supplied/);
    expect(await refused(run(readStackAccess("dev", sampleOutputs([]))))).toMatch(/no certificate/);
    expect(vault.requests).toEqual([]);
  });
});

describe("the command line", () => {
  test.each([
    ["global", "vault.azure.net"],
    ["usgovernment", "vault.usgovcloudapi.net"],
    ["dod", "vault.usgovcloudapi.net"],
    ["china", "vault.azure.cn"],
  ] as const)("a stack in %s takes a vault only at %s", (cloud, suffix) => {
    for (const other of ["vault.azure.net", "vault.usgovcloudapi.net", "vault.azure.cn"]) {
      const vaultTarget = readKeyVaultTarget(`https://fabrikam.${other}/`, "apponly");
      const check = () => checkVaultCloud(vaultTarget, cloud);
      if (other === suffix) {
        expect(check).not.toThrow();
      } else {
        expect(check).toThrow(/is in another cloud than the stack/);
      }
    }
  });

  test("a vault in another cloud is not asked", async () => {
    const stack = readStackAccess("dev", sampleOutputs([current], { cloud: "china" }));
    expect(await refused(run(stack))).toMatch(/vaults there end in \.vault\.azure\.cn/);
    expect(vault.requests).toEqual([]);
  });

  test.each([
    "http://contoso.vault.azure.net",
    "https://contoso.example.org",
    "https://vault.azure.net",
    "https://contoso.vault.azure.net/certificates",
    "https://contoso.vault.azure.net:8443",
    "https://u:p@contoso.vault.azure.net",
    "https://a.b.vault.azure.net",
    "contoso",
  ])("%s is not a vault", (address) => {
    expect(() => readKeyVaultTarget(address, "apponly")).toThrow(/is not the address of a vault/);
  });

  test("both parts are needed, and the name is checked", () => {
    expect(() => readKeyVaultTarget(undefined, "a")).toThrow(/needs --vault/);
    expect(() => readKeyVaultTarget("https://contoso.vault.azure.net", undefined)).toThrow(
      /--certificate-name NAME/,
    );
    expect(() => readKeyVaultTarget("https://contoso.vault.azure.net", "a b")).toThrow(
      /"a b" is not allowed/,
    );
    expect(readKeyVaultTarget("https://Contoso.Vault.Azure.net/", "a")).toEqual({
      vaultUrl: "https://contoso.vault.azure.net",
      certificateName: "a",
    });
  });
});
