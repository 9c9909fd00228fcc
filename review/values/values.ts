import { isRecord } from "../input/shape";
import type { Value } from "../model";

/**
 * What the engine writes in a preview for a value that is only known after the update, by type.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go
 */
const unknownSentinels: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // bool
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const outputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

export const absent: Value = { state: "absent" };
export const secret: Value = { state: "secret" };
export const unknown: Value = { state: "unknown" };

/** A value with its text. */
export const known = (text: string): Value => ({ state: "known", text });

/** Whether the engine has put this in the place of a value that it does not know yet. */
export function isUnknown(value: unknown): boolean {
  return (
    unknownSentinels.has(value) ||
    (isRecord(value) && value[signatureKey] === outputSignature && !("value" in value))
  );
}

/** Whether a value is secret, masked or not. */
export function isSecret(value: unknown): boolean {
  if (value === "[secret]") {
    return true;
  }
  return (
    isRecord(value) &&
    (value[signatureKey] === secretSignature ||
      (value[signatureKey] === outputSignature && value.secret === true))
  );
}

/** Whether a value is not set; Pulumi's SDKs and providers differ in how they write that. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** One side of a change, of any property. The content of a secret is never read. */
export function valueOf(value: unknown): Value {
  if (isSecret(value)) {
    return secret;
  }
  if (isUnknown(value)) {
    return unknown;
  }
  return isAbsent(value) ? absent : known(textOfValue(value));
}

/** The text of a string that is known; nothing for a secret, unknown or absent one. */
export function knownText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !isSecret(value) && !isUnknown(value)
    ? value
    : undefined;
}

/**
 * Whether two values are the same, whatever the order of their keys and of their lists: no list of
 * the azuread provider means anything by its order.
 */
export function sameValue(a: unknown, b: unknown): boolean {
  return (isAbsent(a) && isAbsent(b)) || canonical(a) === canonical(b);
}

/** Whether there is a secret anywhere in a value. */
export function holdsSecret(value: unknown): boolean {
  if (isSecret(value)) {
    return true;
  }
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

function textOfValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(masked(value));
}

function masked(value: unknown): unknown {
  if (isSecret(value)) {
    return "[secret]";
  }
  if (isUnknown(value)) {
    return "[unknown]";
  }
  if (Array.isArray(value)) {
    return value.map(masked);
  }
  return isRecord(value) ? mapRecord(value, masked) : value;
}

function canonical(value: unknown): string {
  return JSON.stringify(ordered(value)) ?? "";
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(canonical).sort();
  }
  return isRecord(value) ? mapRecord(value, ordered) : value;
}

/** Without the bridge's own `__defaults`, which say nothing about the tenant. */
function mapRecord(
  value: Readonly<Record<string, unknown>>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.keys(value)
      .filter((key) => key !== "__defaults" && value[key] !== undefined)
      .sort()
      .map((key) => [key, map(value[key])]),
  );
}
