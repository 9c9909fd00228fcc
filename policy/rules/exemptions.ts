import type { Rule, SettingSchema } from "./rule";
import type { ViewedResource } from "./stackView";
import { propertiesOf, textOf } from "./values";

/** Why, and until when, something is accepted. */
export interface TimedReason {
  /** Why, in at least 10 characters. */
  readonly reason: string;
  /** Last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/** A resource that a rule lets pass for a time. */
export interface Exemption extends TimedReason {
  /** Name in the program, or URN. */
  readonly resource: string;
}

/** Settings that every rule has. */
export interface CommonSettings {
  readonly exemptions: readonly Exemption[];
}

/** Fields of an {@link TimedReason} in a schema. */
export const acceptanceProperties: Readonly<Record<string, SettingSchema>> = {
  reason: { type: "string", minLength: 10, description: "Why, for whoever reviews it." },
  until: {
    type: "string",
    pattern: "^\\d{4}-\\d{2}-\\d{2}$",
    description: "Last day on which it holds, YYYY-MM-DD, UTC.",
  },
};

/** Schema of {@link CommonSettings}. */
const commonProperties: Readonly<Record<string, SettingSchema>> = {
  exemptions: {
    type: "array",
    description: "Resources that the policy lets pass for a time.",
    default: [],
    items: {
      type: "object",
      properties: {
        resource: { type: "string", minLength: 1, description: "Name in the program, or URN." },
        ...acceptanceProperties,
      },
      required: ["resource", "reason", "until"],
      additionalProperties: false,
    },
  },
};

/** Settings of a rule, with those that every rule has; what is not configured is as the schema says. */
export function settingsOf<Settings extends CommonSettings>(
  own: Readonly<Record<Exclude<keyof Settings, "exemptions">, SettingSchema>>,
): Rule<Settings>["settings"] {
  const properties: Readonly<Record<string, SettingSchema>> = { ...own, ...commonProperties };
  const defaults = Object.entries(properties)
    .filter(([, schema]) => schema.default !== undefined)
    .map(([key, schema]) => [key, schema.default]);
  return { properties, defaults: Object.fromEntries(defaults) as Settings };
}

/** The exemption of a resource that is live, or `undefined`. */
export function exemptionOf(
  { name, urn }: ViewedResource,
  exemptions: readonly Exemption[],
  now: Date,
): Exemption | undefined {
  return exemptions.find(
    (one) => (one.resource === name || one.resource === urn) && isLive(one, now),
  );
}

/** Whether an acceptance read from anywhere has a reason and a last day that has not passed. */
export function isLive(acceptance: unknown, now: Date): boolean {
  const { reason, until } = propertiesOf(acceptance);
  const day = textOf(until);
  return (
    (textOf(reason)?.trim().length ?? 0) >= 10 &&
    day !== undefined &&
    /^\d{4}-\d{2}-\d{2}$/.test(day) &&
    !Number.isNaN(Date.parse(day)) &&
    day >= now.toISOString().slice(0, 10)
  );
}
