import { z } from "zod";
import { enforcementLevels, type PolicyConfiguration, type Rule, rules } from "../../policy/rules";

/** A configuration of policies that cannot be used; names every fault. */
export class PolicyConfigurationError extends Error {
  override readonly name = "PolicyConfigurationError";
}

const levels = [...enforcementLevels, "remediate"] as const;

/**
 * Reads a configuration of the policies: the file that `pulumi preview --policy-pack-config` takes.
 * It is checked with the schemas that the policy pack gives to Pulumi.
 *
 * @throws {PolicyConfigurationError} If the text is no such configuration.
 * @example readPolicyConfiguration('{ "all": "advisory" }')
 */
export function readPolicyConfiguration(text: string): PolicyConfiguration {
  const json = text.trim() === "" ? {} : parse(text);
  const read = schema.safeParse(json);
  if (read.success) {
    return read.data;
  }
  const faults = read.error.issues.map(
    ({ path, message }) => `${path.length === 0 ? "the file" : path.join(".")}: ${message}`,
  );
  throw new PolicyConfigurationError(faults.join("; "));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new PolicyConfigurationError(
      'it is not JSON. Write an object such as { "all": "mandatory" }.',
    );
  }
}

const level = z.enum(levels, {
  error: `is no enforcement level. Use one of ${levels.join(", ")}.`,
});

const schema = z.strictObject({
  all: z.union([level, z.strictObject({ enforcementLevel: level })]).optional(),
  ...Object.fromEntries(rules.map((rule) => [rule.name, ruleSchema(rule).optional()])),
});

function ruleSchema({ settings }: Rule) {
  const properties = z.fromJSONSchema({
    type: "object",
    properties: {
      ...settings.properties,
      enforcementLevel: { type: "string", enum: [...levels] },
    },
    additionalProperties: false,
  } as z.core.JSONSchema.JSONSchema);
  return z.union([level, properties]);
}
