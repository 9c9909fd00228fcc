import { createHash, randomBytes } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import type { KeyVaultKey } from "@azure/keyvault-keys";
import forge from "node-forge";
import { dayMs } from "../../system/durations";
import { Failure } from "../../system/failure";
import { keyClient } from "./clients";
import { isNotFound } from "./failures";
import { signDigest } from "./sign";
import type { VaultVersion, VersionSubject, VersionWish } from "./versionWish";

/**
 * A version of a key in a managed HSM with a certificate for it. An HSM has keys only: the certificate is
 * put together here and signed there, by the key itself.
 *
 * @see https://learn.microsoft.com/azure/key-vault/keys/about-keys
 */
export async function hsmVersion(
  wish: VersionWish,
  credential: TokenCredential,
): Promise<VaultVersion> {
  const { vault, certificate: name, keyBits, subject, validityDays, known } = wish;
  if (subject === undefined) {
    throw new Failure(
      `The certificate of a managed HSM is made here and needs a subject. Set subject in apponly:certificates, for example contoso.org.`,
    );
  }
  const client = await keyClient(vault, credential);
  const newest = await newestKey(client, name);
  const isFree =
    newest?.properties.enabled !== false && !known.has(newest?.properties.version ?? "");
  const free = newest !== undefined && isFree && keySizeOf(newest) === keyBits ? newest : undefined;
  if (free === undefined) {
    await wish.confirm(
      `Have ${vault} make ${newest === undefined ? "the key" : "another version of the key"} ${name}, which never leaves it?`,
    );
  }
  const key =
    free ??
    (await client.createRsaKey(name, {
      hsm: true,
      keySize: keyBits,
      keyOps: ["sign", "verify"],
      exportable: false,
    }));
  const { version } = key.properties;
  if (key.id === undefined || version === undefined) {
    throw new Failure(
      `${vault} answered without a version of the key "${name}". Look at it there.`,
    );
  }
  const signer = { source: "managed-hsm", key: key.id } as const;
  const der = await selfSigned(
    { ...numbersOf(key), subject, validityDays, now: new Date() },
    (digest) => signDigest(signer, "RS256", digest, credential),
  );
  return { version, cer: der.toString("base64"), isMade: free === undefined };
}

async function newestKey(
  client: Awaited<ReturnType<typeof keyClient>>,
  name: string,
): Promise<KeyVaultKey | undefined> {
  try {
    return await client.getKey(name);
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

function keySizeOf({ key }: KeyVaultKey): number {
  return (key?.n?.length ?? 0) * 8;
}

function numbersOf({ key, name }: KeyVaultKey): { n: Uint8Array; e: Uint8Array } {
  if (key?.n === undefined || key.e === undefined) {
    throw new Failure(
      `The key "${name}" is not an RSA key. Exchange accepts RSA only: use another name.`,
    );
  }
  return { n: key.n, e: key.e };
}

/** What a certificate is put together from. */
interface CertificateParts {
  readonly n: Uint8Array;
  readonly e: Uint8Array;
  readonly subject: VersionSubject;
  readonly validityDays: number;
  readonly now: Date;
}

/**
 * A self-signed certificate, as DER.
 *
 * @param sign Signs a SHA-256 digest by PKCS #1 with the key that the numbers are of.
 */
async function selfSigned(
  { n, e, subject, validityDays, now }: CertificateParts,
  sign: (digest: Buffer) => Promise<Buffer>,
): Promise<Buffer> {
  const number = (bytes: Uint8Array) =>
    new forge.jsbn.BigInteger(Buffer.from(bytes).toString("hex"), 16);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(number(n), number(e));
  // A first byte of 01 keeps the number positive and its encoding without padding.
  certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
  certificate.validity.notBefore = now;
  certificate.validity.notAfter = new Date(now.getTime() + validityDays * dayMs);
  const names = subject.parts.map(([shortName, value]) => ({
    shortName,
    value,
    // A country is two letters of ASCII; whatever else may be in any script.
    valueTagClass: shortName === "C" ? forge.asn1.Type.PRINTABLESTRING : forge.asn1.Type.UTF8,
  }));
  certificate.setSubject(names as unknown as forge.pki.CertificateField[]);
  certificate.setIssuer(names as unknown as forge.pki.CertificateField[]);
  certificate.setExtensions([
    { name: "keyUsage", critical: true, digitalSignature: true, keyEncipherment: true },
    ...(subject.dnsNames.length === 0
      ? []
      : [
          {
            name: "subjectAltName",
            altNames: subject.dnsNames.map((value) => ({ type: 2, value })),
          },
        ]),
  ]);
  // node-forge signs only with keys that it has; its types leave the parts of that out.
  const parts = certificate as unknown as {
    signature: string;
    signatureOid: string;
    siginfo: { algorithmOid: string };
    tbsCertificate: forge.asn1.Asn1;
  };
  parts.signatureOid = forge.pki.oids.sha256WithRSAEncryption!;
  parts.siginfo.algorithmOid = parts.signatureOid;
  parts.tbsCertificate = (
    forge.pki as unknown as { getTBSCertificate: (of: typeof certificate) => forge.asn1.Asn1 }
  ).getTBSCertificate(certificate);
  const signed = Buffer.from(forge.asn1.toDer(parts.tbsCertificate).getBytes(), "latin1");
  const signature = await sign(createHash("sha256").update(signed).digest());
  parts.signature = signature.toString("latin1");
  return Buffer.from(
    forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes(),
    "latin1",
  );
}
