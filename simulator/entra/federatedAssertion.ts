import { errors, jwtVerify } from "jose";
import type { ApplicationRecord, FederatedCredentialRecord } from "../state/entities";
import { type Assertion, checkAssertionTime, clockSkewSeconds } from "./assertion";
import { entraErrors } from "./errors";
import type { FederatedIssuers } from "./federatedIssuers";

/**
 * Verifies a token of an outside issuer against the federated identity credentials of an
 * application: issuer, subject and audience compare exactly, and case counts.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation
 */
export async function verifyFederatedAssertion(
  assertion: Assertion,
  application: ApplicationRecord,
  issuers: FederatedIssuers,
  now: Date,
): Promise<FederatedCredentialRecord> {
  const credential = matchingCredential(assertion, application.federatedCredentials);
  checkAssertionTime(assertion, now);
  const keys = await issuers.keysOf(credential.issuer);
  try {
    await jwtVerify(assertion.text, keys, {
      issuer: credential.issuer,
      algorithms: ["RS256", "ES256", "PS256"],
      currentDate: now,
      clockTolerance: clockSkewSeconds,
    });
  } catch (problem) {
    if (problem instanceof errors.JWKSTimeout || !(problem instanceof errors.JOSEError)) {
      throw entraErrors.issuerUnreachable(credential.issuer);
    }
    throw entraErrors.federatedSignatureInvalid();
  }
  return credential;
}

function matchingCredential(
  { claims }: Assertion,
  credentials: readonly FederatedCredentialRecord[],
): FederatedCredentialRecord {
  const issuer = String(claims.iss);
  const subject = String(claims.sub);
  const audiences = [claims.aud ?? []].flat();
  if (credentials.length === 0) {
    throw entraErrors.federatedRecordMissing(issuer, subject, audiences.join(","));
  }
  const ofIssuer = credentials.filter((one) => one.issuer === issuer);
  if (ofIssuer.length === 0) {
    throw entraErrors.federatedIssuerUnknown(issuer);
  }
  const ofSubject = ofIssuer.filter((one) =>
    one.subject === null
      ? matchesExpression(one.claimsMatchingExpression?.value ?? "", claims)
      : one.subject === subject,
  );
  if (ofSubject.length === 0) {
    throw ofIssuer.some((one) => one.subject?.toLowerCase() === subject.toLowerCase())
      ? entraErrors.federatedSubjectCase(subject)
      : entraErrors.federatedSubjectUnknown(subject);
  }
  const match = ofSubject.find((one) => one.audiences.some((wanted) => audiences.includes(wanted)));
  if (match === undefined) {
    throw entraErrors.federatedAudienceUnknown(audiences.join(","));
  }
  return match;
}

/**
 * Evaluates the expression language of flexible federated identity credentials: comparisons with
 * `eq` and `matches` (`*` any characters, `?` one), joined by `and`.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identities-flexible-federated-identity-credentials
 */
function matchesExpression(expression: string, claims: Readonly<Record<string, unknown>>): boolean {
  const comparisons = expression.split(/\s+and\s+/);
  return comparisons.every((comparison) => {
    const parts = /^claims\['([^']+)'\]\s+(eq|matches)\s+'([^']*)'$/.exec(comparison.trim());
    if (parts === null) {
      return false;
    }
    const [, name, operator, wanted] = parts as unknown as [string, string, string, string];
    const claim = claims[name];
    const actual = typeof claim === "string" ? claim : "";
    return operator === "eq" ? actual === wanted : wildcard(wanted).test(actual);
  });
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}
