import { z } from "zod";
import { enforcementLevels, type Rule } from "../../policy/rules/rule";
import type { PolicyConfiguration } from "../../policy/rules/configuration";
import type { CommonSettings } from "../../policy/rules/exemptions";
import { rules } from "../../policy/rules/rules";

/** A configuration of policies that cannot be used; names every fault. */
export class PolicyConfigurationError extends Error {
  override readonly name = "PolicyConfigurationError";
}

const levels = [...enforcementLevels, "remediate"] as const;

/**
 * Reads a configuration of the policies: the file that `pulumi preview --policy-pack-config` takes.
 * It is checked with the schemas that the policy pack gives to Pulumi.
 *
 * @throws {PolicyConfigurationError} If the text is not such a configuration.
 * @example readPolicyConfiguration('{ "all": "advisory" }')
 */
export function readPolicyConfiguration(text: string): PolicyConfiguration {
  const json = text.trim() === "" ? {} : parse(text);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new PolicyConfigurationError(documentShape);
  }
  const configuration = json as PolicyConfiguration;
  const faults = Object.entries(configuration).flatMap(([key, value]) => problemsOf(key, value));
  if (faults.length > 0) {
    throw new PolicyConfigurationError(faults.join("; "));
  }
  return configuration;
}

const documentShape =
  'it is not a JSON object. Write one such as { "all": "mandatory" }, with policies by their names.';

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new PolicyConfigurationError(documentShape);
  }
}

function problemsOf(key: string, value: unknown): string[] {
  // Where Pulumi Cloud keeps values for a pack; no rule reads any.
  if (key === "environments") {
    return [];
  }
  const rule = rules.find(({ name }) => name === key);
  if (rule === undefined && key !== "all") {
    const names = rules.map(({ name }) => name).join(", ");
    return [`"${key}" is not a policy. Use all, or one of ${names}`];
  }
  if (typeof value === "string") {
    return (levels as readonly string[]).includes(value)
      ? []
      : [`${key}: "${value}" is not an enforcement level. Use one of ${levels.join(", ")}`];
  }
  const read = schemaOf(rule).safeParse(value);
  return read.success
    ? []
    : read.error.issues.map(({ path, message }) => `${[key, ...path].join(".")}: ${message}`);
}

/** The schema that the policy pack gives to Pulumi, as an object of its own. */
function schemaOf(rule: Rule<CommonSettings> | undefined): z.ZodType {
  return z.fromJSONSchema({
    type: "object",
    properties: {
      ...rule?.settings.properties,
      enforcementLevel: { type: "string", enum: [...levels] },
    },
    additionalProperties: false,
  });
}
