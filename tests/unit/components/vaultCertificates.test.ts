/**
 * Certificates whose key is in Azure Key Vault or a managed HSM: what is accepted, what is refused with
 * which words, and what the outputs say of them.
 *
 * Not proven here: that a vault has them.
 */
import { CertificateCredential } from "../../../components/certificateCredential";
import { readCertificate } from "../../../components/certificateFacts";
import { keySourceOf } from "../../../components/stackOutputs";
import { mockEngine } from "../../support/mocks";
import { cloudNames, clouds } from "../../../components/catalog/clouds";
import { isVaultOf, vaultAddress, vaultSources } from "../../../components/catalog/vaults";
import { lifetimeFault } from "../../../components/validation/certificateLifetime";
import { accessArgs } from "../../../components/resolve";
import { makeCertificate } from "../../support/certificates";
import { faultsFor, parse } from "../../support/configuration";

const { certificatePem } = makeCertificate({
  commonName: "contoso.org",
  notBefore: new Date("2026-11-01T00:00:00Z"),
  notAfter: new Date("2027-11-01T00:00:00Z"),
});
const { cer, thumbprint } = readCertificate(certificatePem);
const version = "0123456789abcdef0123456789abcdef";
const inVault = {
  name: "2026-11",
  source: "key-vault",
  vault: "https://Contoso.vault.azure.net/",
  certificate: "exo-powershell",
  version,
  cer,
};
const inHsm = {
  ...inVault,
  source: "managed-hsm",
  vault: "https://contoso.managedhsm.azure.net",
  subject: "contoso.org",
};
const faultsOf = (changes: Record<string, unknown>, base: Record<string, unknown> = inVault) =>
  faultsFor({ certificates: [{ ...base, ...changes }] });

describe("a certificate whose key is in a vault", () => {
  test.each([
    ["key-vault", inVault, "https://contoso.vault.azure.net"],
    ["managed-hsm", inHsm, "https://contoso.managedhsm.azure.net"],
  ])("is registered by its public part, and %s keeps the key", (source, generation, vault) => {
    const { access } = parse({ certificates: [generation] });
    expect(accessArgs.resolve(access).certificates).toMatchObject([
      {
        kind: "supplied",
        name: "2026-11",
        facts: { thumbprint },
        vault: {
          source,
          vault,
          certificate: "exo-powershell",
          exportable: false,
          key: `${vault}/keys/exo-powershell/${version}`,
        },
      },
    ]);
  });

  test("says how it becomes part of the settings while it is not", () => {
    expect(faultsOf({ version: undefined, cer: undefined })).toEqual([
      " - apponly:certificates[0].version is missing: the settings do not have the certificate of the vault yet. Have it made, and written there: apponly rotate --plan",
    ]);
    expect(faultsOf({ cer: undefined })).toEqual([
      expect.stringContaining("apponly:certificates[0].cer is missing"),
    ]);
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    ["no vault", { vault: undefined }, inVault, "vault is missing."],
    ["only a name", { vault: "contoso" }, inVault, "not the address of one of Azure Key Vault."],
    ["http", { vault: "http://contoso.vault.azure.net" }, inVault, "not the address of one of"],
    ["another port", { vault: "https://contoso.vault.azure.net:8443" }, inVault, "not the address"],
    ["an HSM for a vault", { vault: inHsm.vault }, inVault, "one of: vault.azure.net"],
    ["a vault for an HSM", { vault: inVault.vault }, inHsm, "one of: managedhsm.azure.net"],
    ["no name", { certificate: undefined }, inVault, "certificate is missing."],
    ["a name with a dot", { certificate: "a.b" }, inVault, '"a.b" is not a name in Azure Key'],
    ["a version in short", { version: "0123" }, inVault, '"0123" is not a version in a vault'],
    ["a .pfx", { pfxEncryption: "modern" }, inVault, "has no meaning without a .pfx."],
    ["days", { validityDays: 90 }, inVault, "counts in months: validityMonths."],
    ["months of an HSM", { validityMonths: 3 }, inHsm, "validityDays says how long"],
    ["too many months", { validityMonths: 25 }, inVault, "of months from 1 to 24."],
    ["an exportable key of an HSM", { exportable: true }, inHsm, "is not possible"],
    ["an HSM without a subject", { subject: undefined }, inHsm, "a managed HSM has keys only"],
    ["a small key", { keyBits: 1024 }, inVault, "is not an RSA key size"],
    ["another text for the certificate", { cer: "AAAA" }, inVault, ".cer "],
    ["another cloud", { vault: "https://contoso.vault.azure.cn" }, inVault, "another cloud"],
  ])("refuses %s", (_, changes, base, text) => {
    const faults = faultsOf(changes, base);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(text);
    expect(faults[0]).toMatch(/^ - apponly:certificates\[0\]\.\w+/);
  });

  test("two generations are not the same version", () => {
    expect(
      faultsFor({
        certificates: [inVault, { ...inVault, name: "2026-12" }],
        activeCertificate: "2026-11",
      }),
    ).toEqual([expect.stringContaining("is the certificate of certificates[0].")]);
  });

  test("its keys mean nothing for a certificate of another source", () => {
    for (const base of [
      { name: "a", subject: "contoso.org" },
      { name: "a", source: cer },
    ]) {
      expect(faultsOf({ vault: inVault.vault, version }, base)).toEqual([
        expect.stringContaining("vault "),
        expect.stringContaining("has no meaning without source: key-vault or managed-hsm."),
      ]);
    }
  });

  test.each(["keyvault", "Key-Vault", "key vault", "hsm", "managed hsm"])(
    "a misspelled source, %s, is told from a certificate",
    (source) => {
      expect(faultsOf({}, { name: "a", source })).toEqual([
        expect.stringMatching(/source is not a certificate, and not one of the words.*key-vault/),
      ]);
    },
  );

  test("a longer life than the tenant allows is told with the key that decides it", () => {
    const limit = { maxLifetime: "P180D", policy: "the tenant's app management policy" };
    const [certificate] = accessArgs.resolve(
      parse({ certificates: [inVault] }).access,
    ).certificates;
    expect(lifetimeFault(certificate!, limit)).toMatchObject({
      path: "certificates[0].cer",
      value: "lifetime of 365 days",
      remedy: expect.stringContaining("set validityMonths so that it lives for 180 days or fewer"),
    });
    const months = {
      kind: "months",
      path: "certificates[0]",
      from: new Date("2026-11-24T12:00:00Z"),
    } as const;
    expect(lifetimeFault({ ...months, validityMonths: 12 }, limit)).toMatchObject({
      path: "certificates[0].validityMonths",
      value: "12",
      remedy: "Set it to 5 or fewer.",
    });
    expect(lifetimeFault({ ...months, validityMonths: 5 }, limit)).toBeUndefined();
  });
});

test("every cloud has addresses of its own for both, and no other is taken for one", () => {
  for (const source of vaultSources) {
    for (const name of cloudNames) {
      const others = cloudNames.filter(
        (other) => !isVaultOf(`https://x.${suffixOf(other)}`, source, clouds[name]),
      );
      expect(others).not.toContain(name);
    }
    function suffixOf(name: (typeof cloudNames)[number]) {
      return (
        { "key-vault": "vault", "managed-hsm": "managedhsm" }[source] +
        {
          global: ".azure.net",
          usgovernment: ".usgovcloudapi.net",
          dod: ".usgovcloudapi.net",
          china: source === "key-vault" ? ".azure.cn" : ".chinacloudapi.cn",
        }[name]
      );
    }
  }
  expect(vaultAddress("https://contoso.vault.azure.net.example.org", "key-vault")).toBeUndefined();
});

test("only the public part is registered, and the outputs say where the key is", async () => {
  const registered = await mockEngine({
    "azuread:index/applicationCertificate:ApplicationCertificate": () => ({ keyId: "key" }),
  });
  const credential = new CertificateCredential("access", {
    applicationId: "/applications/1",
    generation: inVault,
  });
  const known = await new Promise((resolve) => {
    credential.thumbprint.apply(resolve);
  });
  expect(known).toBe(thumbprint);
  const made = registered.filter(({ type }) => !type.startsWith("apponly:"));
  expect(made.map(({ type }) => type)).toEqual([
    "azuread:index/applicationCertificate:ApplicationCertificate",
  ]);
  // The provider's own SDK marks the value as secret.
  expect(made[0]?.inputs.value).toMatchObject({ value: readCertificate(cer).pem });
  expect(keySourceOf(credential)).toEqual({
    source: "key-vault",
    vault: {
      key: `https://contoso.vault.azure.net/keys/exo-powershell/${version}`,
      exportable: false,
    },
  });
});
