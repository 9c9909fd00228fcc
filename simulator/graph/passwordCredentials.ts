import { randomBytes, randomUUID } from "node:crypto";
import { graphDate } from "../clock";
import { asText, isJsonObject, type Json, type JsonObject } from "../json";
import type { PasswordCredentialRecord } from "../state/entities";
import { hashSecret } from "../state/tenants";
import { graphErrors } from "./errors";
import { presentPassword } from "./present";

/**
 * Makes a client secret. The secret is in what is shown to the client, this once; the record has
 * only its hash.
 *
 * @see https://learn.microsoft.com/graph/api/application-addpassword
 */
export function newPassword(
  wanted: Json,
  now: Date,
  /** Throws for a secret that a policy forbids. */
  enforcePolicy: (record: PasswordCredentialRecord) => void = () => undefined,
): { record: PasswordCredentialRecord; shown: JsonObject } {
  if (!isJsonObject(wanted)) {
    throw graphErrors.invalidValue("passwordCredential", "Application");
  }
  const start = readDate(wanted["startDateTime"]) ?? now;
  const twoYears = new Date(start);
  twoYears.setUTCFullYear(twoYears.getUTCFullYear() + 2);
  const end = readDate(wanted["endDateTime"]) ?? twoYears;
  if (start >= end) {
    throw graphErrors.invalidValue("endDateTime", "PasswordCredential");
  }
  // The form Entra's secrets have: three characters, `8Q~`, 34 more.
  const secret = `${alphanumericText(3)}8Q~${alphanumericText(34)}`;
  const record: PasswordCredentialRecord = {
    keyId: randomUUID(),
    displayName: typeof wanted["displayName"] === "string" ? wanted["displayName"] : null,
    customKeyIdentifier: null,
    startDateTime: graphDate(start),
    endDateTime: graphDate(end),
    hint: secret.slice(0, 3),
    secretHash: hashSecret(secret),
  };
  enforcePolicy(record);
  return { record, shown: { ...presentPassword(record), secretText: secret } };
}

/** An instant that was sent. Throws 400 for what is none. */
export function readDate(value: Json | undefined): Date | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  const instant = new Date(asText(value));
  if (Number.isNaN(instant.getTime())) {
    throw graphErrors.invalidValue("passwordCredential", "Application");
  }
  return instant;
}

function alphanumericText(length: number): string {
  return randomBytes(length * 2)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, length);
}
