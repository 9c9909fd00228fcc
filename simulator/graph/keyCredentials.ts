import { createHash, randomUUID, X509Certificate } from "node:crypto";
import { graphDate } from "../clock";
import { isJsonObject, type Json, type JsonObject } from "../json";
import type { KeyCredentialRecord } from "../state/entities";
import { graphErrors } from "./errors";

const keyTypes = ["AsymmetricX509Cert", "X509CertAndPassword"];

/**
 * The certificates of an application or service principal after a client sent `keyCredentials`: the list replaces what
 * was there. A known key keeps its material when `key` is null, and cannot be changed.
 *
 * @see https://learn.microsoft.com/graph/api/resources/keycredential
 * @see https://learn.microsoft.com/graph/applications-how-to-add-certificate
 */
export function replaceKeyCredentials(
  current: readonly KeyCredentialRecord[],
  sent: Json,
  now: Date,
  /** Throws for a certificate that a policy forbids. */
  enforcePolicy: (added: KeyCredentialRecord) => void = () => undefined,
): KeyCredentialRecord[] {
  if (sent === null) {
    return [];
  }
  if (!Array.isArray(sent)) {
    throw graphErrors.invalidValue("keyCredentials", "Application");
  }
  const known = new Map(current.map((key) => [key.keyId.toLowerCase(), key]));
  const seen = new Set<string>();
  return sent.map((value) => {
    if (!isJsonObject(value)) {
      throw graphErrors.invalidValue("keyCredentials", "Application");
    }
    const keyId = textProperty(value, "keyId")?.toLowerCase() ?? randomUUID();
    if (seen.has(keyId)) {
      throw graphErrors.invalidValue("keyCredentials", "Application");
    }
    seen.add(keyId);
    const existing = known.get(keyId);
    if (existing !== undefined) {
      return keepKey(existing, value);
    }
    const added = addKey(keyId, value, now);
    enforcePolicy(added);
    return added;
  });
}

function keepKey(existing: KeyCredentialRecord, value: JsonObject): KeyCredentialRecord {
  const { keyId } = existing;
  const key = textProperty(value, "key");
  if (
    key !== undefined &&
    existing.key !== "" &&
    thumbprint(certificateOfKey(key)) !== thumbprint(certificateOfKey(existing.key))
  ) {
    throw graphErrors.keyChanged(keyId);
  }
  for (const name of ["startDateTime", "endDateTime"] as const) {
    const date = textProperty(value, name);
    if (date !== undefined && normalisedDate(date) !== existing[name]) {
      throw graphErrors.keyChanged(keyId);
    }
  }
  const type = textProperty(value, "type");
  const usage = textProperty(value, "usage");
  if (
    (type !== undefined && type !== existing.type) ||
    (usage !== undefined && usage !== existing.usage)
  ) {
    throw graphErrors.keyChanged(keyId);
  }
  return { ...existing, displayName: textProperty(value, "displayName") ?? existing.displayName };
}

function addKey(keyId: string, value: JsonObject, now: Date): KeyCredentialRecord {
  const key = textProperty(value, "key");
  if (key === undefined) {
    throw graphErrors.keyValueMissing();
  }
  const type = textProperty(value, "type") ?? "AsymmetricX509Cert";
  const usage = textProperty(value, "usage") ?? "Verify";
  if (!keyTypes.includes(type) || !["Verify", "Sign"].includes(usage)) {
    throw graphErrors.invalidValue("keyCredentials", "Application");
  }
  const certificate = isPfx(type, key) ? undefined : certificateOfKey(key);
  const { validFrom = "", validTo = "9999-12-31" } = certificate ?? {};
  const start = new Date(textProperty(value, "startDateTime") ?? validFrom);
  const end = new Date(textProperty(value, "endDateTime") ?? validTo);
  if (Number.isNaN(start.getTime()) || start >= end) {
    throw graphErrors.keyStartDateInvalid();
  }
  if (Number.isNaN(end.getTime()) || end > new Date(validTo) || end < now) {
    throw graphErrors.keyEndDateInvalid();
  }
  return {
    keyId,
    type,
    usage,
    displayName:
      textProperty(value, "displayName") ??
      certificate?.subject.split("\n").reverse().join(", ") ??
      null,
    customKeyIdentifier:
      textProperty(value, "customKeyIdentifier") ?? (certificate ? thumbprint(certificate) : null),
    startDateTime: graphDate(start),
    endDateTime: graphDate(end),
    key: certificate === undefined ? "" : key,
  };
}

/**
 * Whether a key is a private one in a .pfx, which begins with the number of its version as no
 * certificate does.
 *
 * @see https://learn.microsoft.com/graph/application-saml-sso-configure-api#add-a-custom-signing-key
 */
function isPfx(type: string, key: string): boolean {
  const start = Buffer.from(key, "base64").subarray(0, 10).toString("hex");
  return type === "X509CertAndPassword" && /^30(?:[0-7].|80|81..|82.{4}|83.{6})020103/.test(start);
}

/** The certificate in base64 of DER, or of PEM text as some clients send it. */
function certificateOfKey(key: string): X509Certificate {
  const bytes = Buffer.from(key, "base64");
  if (/PRIVATE KEY/.test(bytes.toString("latin1"))) {
    throw graphErrors.badRequest("Key credential value must be a public certificate.");
  }
  try {
    return new X509Certificate(bytes);
  } catch {
    throw graphErrors.invalidValue("keyCredentials", "Application");
  }
}

function thumbprint(certificate: X509Certificate): string {
  return createHash("sha1").update(certificate.raw).digest("hex").toUpperCase();
}

function normalisedDate(date: string): string {
  const instant = new Date(date);
  return Number.isNaN(instant.getTime()) ? date : graphDate(instant);
}

/** A text that is there and not empty. */
function textProperty(value: JsonObject, name: string): string | undefined {
  const property = value[name];
  return typeof property === "string" && property !== "" ? property : undefined;
}
