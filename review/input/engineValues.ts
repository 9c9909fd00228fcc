import {
  isObject,
  listOf,
  type Properties,
  propertiesOf,
  secretValue,
  unknownValue,
} from "../../policy/rules/values";

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

/**
 * Properties as the engine writes them, in previews and in a stack's state, with marks in the place
 * of what is secret, masked or not, and of what is not known yet.
 */
export function visibleProperties(properties: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(propertiesOf(properties)).map(([key, value]) => [key, visibleValue(value)]),
  );
}

/** One value of {@link visibleProperties}. */
export function visibleValue(value: unknown): unknown {
  if (value === "[secret]" || (isObject(value) && isSecretOutput(value))) {
    return secretValue;
  }
  if (unknownSentinels.has(value) || (isObject(value) && isUnknownOutput(value))) {
    return unknownValue;
  }
  if (Array.isArray(value)) {
    return listOf(value).map(visibleValue);
  }
  return isObject(value) ? visibleProperties(value) : value;
}

/**
 * A value of a state, each secret in plain; nothing for one that was exported encrypted.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/core.go
 */
export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    return listOf(value).map(plainValue);
  }
  if (!isObject(value)) {
    return value;
  }
  if (value[signatureKey] === secretSignature) {
    return typeof value.plaintext === "string"
      ? plainValue(JSON.parse(value.plaintext))
      : undefined;
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainValue(one)]));
}

function isSecretOutput({ [signatureKey]: signature, secret }: Properties): boolean {
  return signature === secretSignature || (signature === outputSignature && secret === true);
}

function isUnknownOutput(value: Properties): boolean {
  return value[signatureKey] === outputSignature && !("value" in value);
}
