import { createHash, X509Certificate } from "node:crypto";
import { compactVerify } from "jose";
import type { SimulatorEndpoints } from "../options";
import { clouds } from "../seed/clouds";
import type { ApplicationRecord, KeyCredentialRecord } from "../state/entities";
import type { Tenant } from "../state/tenants";
import { type Assertion, checkAssertionTime } from "./assertion";
import { entraErrors } from "./errors";

const algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

/**
 * Verifies an assertion that an application signed with a certificate of its own. A `jti` may be
 * seen again: Entra accepts an assertion as long as it is valid.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/certificate-credentials
 */
export async function verifyCertificateAssertion(
  assertion: Assertion,
  application: Pick<ApplicationRecord, "appId" | "keyCredentials">,
  tenant: Tenant,
  endpoints: SimulatorEndpoints,
  now: Date,
): Promise<KeyCredentialRecord> {
  const { appId } = application;
  const algorithm = assertion.header.alg ?? "none";
  if (!algorithms.includes(algorithm)) {
    throw entraErrors.algorithmUnsupported(algorithm);
  }
  const thumbprint = namedThumbprint(assertion.header);
  const key = application.keyCredentials.find((one) => hasThumbprint(one, thumbprint));
  if (thumbprint === undefined || key === undefined) {
    throw entraErrors.certificateNotRegistered(appId, thumbprint?.hex);
  }
  if (new Date(key.endDateTime) < now || new Date(key.startDateTime) > now) {
    throw entraErrors.certificateOutsideValidity(appId, thumbprint.hex, key);
  }
  try {
    await compactVerify(assertion.text, assertionCertificate(key).publicKey, { algorithms });
  } catch {
    throw entraErrors.signatureInvalid(appId, thumbprint.hex, key);
  }
  if (!acceptedAudiences(tenant, endpoints).has(audienceOf(assertion))) {
    throw entraErrors.assertionAudienceMismatch();
  }
  checkAssertionTime(assertion, now);
  return key;
}

/** The certificate in a credential, however its bytes were sent. */
function assertionCertificate(key: { key: string }): X509Certificate {
  return new X509Certificate(Buffer.from(key.key, "base64"));
}

interface Thumbprint {
  readonly hash: "sha1" | "sha256";
  /** Upper case. */
  readonly hex: string;
}

/**
 * The thumbprint by which an assertion names its certificate: `x5t#S256`, `x5t`, or a `kid` that
 * is the SHA-1 thumbprint, in base64url (the azuread provider pads it) or hexadecimal.
 */
function namedThumbprint(header: Assertion["header"]): Thumbprint | undefined {
  const sha256 = header["x5t#S256"];
  if (sha256 !== undefined) {
    return { hash: "sha256", hex: hexOf(sha256) };
  }
  if (header.x5t !== undefined) {
    return { hash: "sha1", hex: hexOf(header.x5t) };
  }
  if (header.kid === undefined) {
    return undefined;
  }
  const isHex = /^[0-9A-Fa-f]{40}$/.test(header.kid);
  return { hash: "sha1", hex: isHex ? header.kid.toUpperCase() : hexOf(header.kid) };
}

function hexOf(base64url: string): string {
  return Buffer.from(base64url, "base64url").toString("hex").toUpperCase();
}

function hasThumbprint(key: KeyCredentialRecord, thumbprint: Thumbprint | undefined): boolean {
  return (
    thumbprint !== undefined &&
    key.key !== "" &&
    createHash(thumbprint.hash)
      .update(assertionCertificate(key).raw)
      .digest("hex")
      .toUpperCase() === thumbprint.hex
  );
}

function audienceOf({ claims }: Assertion): string {
  return String(claims.aud).toLowerCase().replace(/\/+$/, "");
}

/** Audiences that name this tenant's token endpoint or issuer, at Microsoft or here. */
function acceptedAudiences(tenant: Tenant, endpoints: SimulatorEndpoints): Set<string> {
  const { cloud, tenantId } = tenant.identity;
  const local = [endpoints.login, endpoints.loginTls].flatMap((base) => [
    base,
    base.replace("127.0.0.1", "localhost"),
  ]);
  const names = [tenantId, ...tenant.state.domains.all().map(({ id }) => id)];
  return new Set(
    [...clouds[cloud].loginHosts, ...local].flatMap((base) =>
      names.flatMap((name) =>
        ["", "/v2.0", "/oauth2/token", "/oauth2/v2.0/token"].map((path) =>
          `${base}/${name}${path}`.toLowerCase(),
        ),
      ),
    ),
  );
}
