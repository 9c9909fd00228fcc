import type { CommonSettings } from "./exemptions";
import { type EnforcementLevel, enforcementLevels, type Rule } from "./rule";
import { propertiesOf } from "./values";

/** What a configuration says of one rule: its level, its settings, or both. */
export interface RuleConfiguration<Settings> {
  readonly enforcementLevel: EnforcementLevel;
  readonly settings: Settings;
}

/** A configuration of policies as Pulumi reads it: by the policy's name, and `all` for every one. */
export type PolicyConfiguration = Readonly<Record<string, unknown>>;

/**
 * The level and the settings of a rule. What is configured under its name comes first, then the
 * level of `all`, then the rule's own.
 *
 * @example configurationOf(noPasswords, { all: "advisory" }).enforcementLevel // "advisory"
 * @see https://www.pulumi.com/docs/insights/policy/configuration/
 */
export function configurationOf<Settings extends CommonSettings>(
  rule: Rule<Settings>,
  configuration: PolicyConfiguration = {},
): RuleConfiguration<Settings> {
  const own = configuration[rule.name];
  return {
    enforcementLevel: levelOf(own) ?? levelOf(configuration.all) ?? rule.enforcementLevel,
    settings: withDefaults(rule, propertiesOf(own)),
  };
}

/** A rule's settings: what is configured, and its defaults for the rest. */
export function withDefaults<Settings extends CommonSettings>(
  { settings }: Rule<Settings>,
  configured: Readonly<Record<string, unknown>>,
): Settings {
  const own = Object.entries(configured).filter(
    ([key, value]) => key in settings.properties && value !== undefined && value !== null,
  );
  return { ...settings.defaults, ...Object.fromEntries(own) };
}

function levelOf(configured: unknown): EnforcementLevel | undefined {
  const level =
    typeof configured === "string" ? configured : propertiesOf(configured).enforcementLevel;
  // A rule remedies nothing, so Pulumi takes `remediate` for mandatory.
  return level === "remediate" ? "mandatory" : enforcementLevels.find((one) => one === level);
}
