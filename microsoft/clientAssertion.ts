import { constants, createHash, randomUUID, sign, X509Certificate } from "node:crypto";

/** Whom an assertion is of, and who is to read it. */
export interface AssertionParties {
  readonly applicationId: string;
  /** Address of the token endpoint, which is its audience. */
  readonly tokenUrl: string;
}

/**
 * An assertion by which an application proves that it has a certificate.
 *
 * @param header Algorithm, and by what the certificate is found.
 * @param signature Signs what is handed over, by the algorithm of the header.
 * @param seconds How long it holds.
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function signedAssertion(
  header: Readonly<Record<string, string>>,
  { applicationId, tokenUrl }: AssertionParties,
  signature: (unsigned: string) => Buffer | Promise<Buffer>,
  seconds = 600,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = [
    part({ ...header, typ: "JWT" }),
    part({
      aud: tokenUrl,
      iss: applicationId,
      sub: applicationId,
      jti: randomUUID(),
      nbf: now,
      exp: now + seconds,
    }),
  ].join(".");
  return `${unsigned}.${(await signature(unsigned)).toString("base64url")}`;
}

/** Header of an assertion that is signed by PSS, as Microsoft advises. */
export function headerByPss(certificatePem: string): Record<string, string> {
  const { raw } = new X509Certificate(certificatePem);
  return { alg: "PS256", "x5t#S256": createHash("sha256").update(raw).digest("base64url") };
}

/** An assertion that is signed by a key that is here. */
export function assertionByKey(
  { certificatePem, privateKeyPem }: Readonly<Record<"certificatePem" | "privateKeyPem", string>>,
  parties: AssertionParties,
): Promise<string> {
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  return signedAssertion(headerByPss(certificatePem), parties, (unsigned) =>
    sign("sha256", Buffer.from(unsigned), { key: privateKeyPem, padding, saltLength }),
  );
}
