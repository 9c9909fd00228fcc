import { X509Certificate } from "node:crypto";
import type { TokenCredential } from "@azure/core-auth";
import type {
  CertificatePolicy,
  KeyVaultCertificate,
  KeyVaultCertificateWithPolicy,
} from "@azure/keyvault-certificates";
import { Failure } from "../../system/failure";
import { pauseByClock } from "../../system/retry";
import { certificateClient, vaultCredential } from "./clients";
import { isNotFound, vaultFailure } from "./failures";
import { hsmVersion } from "./hsmVersion";
import type { VaultVersion, VersionWish } from "./versionWish";

type CertificateClient = Awaited<ReturnType<typeof certificateClient>>;

/** Longest time for which the vault's issuer is waited for. */
const patienceMs = 10 * 60_000;

/**
 * The newest version of a certificate in a vault, where the stack does not have it yet; otherwise a new
 * one, which the vault makes. So what the vault renewed by itself, and what an interrupted run had
 * made, is taken and not made again.
 *
 * @throws {VaultFailure} If the vault refuses.
 * @throws {Failure} If it has nothing to make a version by.
 * @see https://learn.microsoft.com/rest/api/keyvault/certificates/create-certificate/create-certificate
 */
export async function takeVersion(wish: VersionWish): Promise<VaultVersion> {
  const credential = wish.credential ?? (await vaultCredential(wish.vault));
  try {
    return wish.source === "managed-hsm"
      ? await hsmVersion(wish, credential)
      : await certificateVersion(wish, credential);
  } catch (error) {
    if (error instanceof Failure) {
      throw error;
    }
    const { source, vault, certificate: name } = wish;
    throw vaultFailure(error, { operation: "make", source, vault, name });
  }
}

async function certificateVersion(
  wish: VersionWish,
  credential: TokenCredential,
): Promise<VaultVersion> {
  const client = await certificateClient(wish.vault, credential);
  const current = await newestCertificate(client, wish.certificate);
  if (current !== undefined && fits(current, wish)) {
    return { ...takenFrom(current, wish), isMade: false };
  }
  const policy = policyFor(wish, current?.policy);
  await wish.confirm(
    `Have ${wish.vault} make ${current === undefined ? "the certificate" : "another version of the certificate"} ${wish.certificate}, whose key ${wish.exportable ? "may be fetched" : "never leaves it"}?`,
  );
  const made = await makeVersion(client, policy, wish, current?.properties.version);
  return { ...takenFrom(made, wish), isMade: true };
}

/** The newest version of a certificate; nothing where the vault has none of that name. */
export async function newestCertificate(
  client: Pick<CertificateClient, "getCertificate">,
  name: string,
): Promise<KeyVaultCertificateWithPolicy | undefined> {
  try {
    return await client.getCertificate(name);
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Whether the newest version is one that the stack may go over to. */
function fits({ properties, policy, cer }: KeyVaultCertificateWithPolicy, wish: VersionWish) {
  return (
    properties.enabled !== false &&
    cer !== undefined &&
    !wish.known.has(properties.version ?? "") &&
    new Date(new X509Certificate(cer).validTo) > wish.outlives &&
    (policy?.exportable ?? true) === wish.exportable
  );
}

function takenFrom(
  { properties, cer }: KeyVaultCertificate,
  { vault, certificate }: VersionWish,
): Pick<VaultVersion, "version" | "cer"> {
  if (properties.version === undefined || cer === undefined) {
    throw new Failure(
      `${vault} answered without a version of the certificate "${certificate}". Look at it there.`,
    );
  }
  return { version: properties.version, cer: Buffer.from(cer).toString("base64") };
}

/** The settings' own policy where they say what to make, else that of the vault. */
function policyFor(
  { subject, keyBits, validityMonths, exportable, vault, certificate }: VersionWish,
  own: CertificatePolicy | undefined,
): CertificatePolicy {
  const where = `The certificate "${certificate}" of ${vault}`;
  if (subject !== undefined) {
    return {
      issuerName: "Self",
      subject: subject.text,
      ...(subject.dnsNames.length === 0
        ? {}
        : { subjectAlternativeNames: { dnsNames: [...subject.dnsNames] } }),
      keyType: "RSA",
      keySize: keyBits,
      exportable,
      reuseKey: false,
      contentType: "application/x-pkcs12",
      validityInMonths: validityMonths,
      keyUsage: ["digitalSignature", "keyEncipherment"],
      // A vault that renewed it by itself would do so unseen; the stack rotates.
      lifetimeActions: [{ action: "EmailContacts", lifetimePercentage: 80 }],
      // The SDK's type wants alternative names beside a subject; the service does not.
    } as CertificatePolicy;
  }
  if (own === undefined) {
    throw new Failure(
      `${where} is not there, and without a subject there is nothing to make it by. Set subject in apponly:certificates, for example contoso.org.`,
    );
  }
  if ((own.exportable ?? true) !== exportable) {
    throw new Failure(
      `${where} is made ${own.exportable === false ? "not to be" : "to be"} exported, by its own policy. Set exportable in apponly:certificates to ${String(own.exportable ?? true)}, change the policy, or set a subject, by which it is made anew.`,
    );
  }
  if (own.issuerName === "Unknown") {
    throw new Failure(
      `${where} has no issuer that makes another version. Import or merge the next version there, and run this again: it is taken then.`,
    );
  }
  return own;
}

async function makeVersion(
  client: CertificateClient,
  policy: CertificatePolicy,
  { vault, certificate, pause = pauseByClock }: VersionWish,
  before: string | undefined,
): Promise<KeyVaultCertificate> {
  const poller = await client.beginCreateCertificate(certificate, policy);
  for (let waited = 0, next = 500; !poller.isDone(); next = Math.min(next * 2, 10_000)) {
    if (waited > patienceMs) {
      throw new Failure(
        `${vault} has not made the certificate "${certificate}" in ten minutes. Look at its pending operation there; once it is done, run this again: it is taken then.`,
      );
    }
    await pause(next);
    waited += next;
    await poller.poll();
  }
  const { error, result } = poller.getOperationState();
  // An operation that was cancelled ends without an error, and with the version of before.
  if (error !== undefined || result?.properties.version === before) {
    throw new Failure(
      `${vault} did not make the certificate "${certificate}": ${error?.message ?? "its operation was cancelled"}. Look at its pending operation there.`,
    );
  }
  if (result === undefined) {
    throw new Failure(`${vault} answered without the certificate "${certificate}" that it made.`);
  }
  return result;
}
