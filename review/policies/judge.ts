import type { CommonSettings } from "../../policy/rules/exemptions";
import { configurationOf, type PolicyConfiguration } from "../../policy/rules/configuration";
import type { EnforcementLevel, Rule } from "../../policy/rules/rule";
import { evaluate, type Violation } from "../../policy/rules/evaluate";
import { rules } from "../../policy/rules/rules";
import type { Preview } from "../input/preview";
import { nameInUrn } from "../input/urn";
import type { PolicyViolation } from "../documentShape";
import { compareRisk } from "../model";

/** What the policies say of a preview. */
export interface PolicyJudgement {
  /** Worst first. */
  readonly violations: readonly PolicyViolation[];
  /** What could not be judged and why, and what an exemption let pass. */
  readonly notes: readonly string[];
}

/**
 * Judges a preview by the rules of the policy pack, without the pack: the same rules, with the same
 * configuration, on the same resources.
 *
 * @param configuration As in the file for `pulumi preview --policy-pack-config`.
 */
export function judgePolicies(
  preview: Preview,
  configuration: PolicyConfiguration,
  now: Date,
): PolicyJudgement {
  const stack = preview.after;
  const configured = rules.map((rule) => ({ rule, ...configurationOf(rule, configuration) }));
  const violations: PolicyViolation[] = [];
  const notes: string[] = [];
  for (const { rule, enforcementLevel, settings } of configured) {
    if (enforcementLevel !== "disabled") {
      const found = evaluate(rule, { stack, settings, now });
      violations.push(
        ...found.violations.map((one) => policyViolation(rule, enforcementLevel, settings, one)),
      );
      notes.push(
        ...found.notes.map(
          ({ resource, message }) => `Policy ${rule.name}, ${nameInUrn(resource.urn)}: ${message}`,
        ),
      );
    }
  }
  return {
    violations: violations.sort((a, b) => compareRisk(a.severity, b.severity)),
    // What a failed preview leaves out is said by its gaps.
    notes: [...summaries(configured, stack.whole || preview.gaps.length > 0), ...notes],
  };
}

function policyViolation(
  rule: Rule<CommonSettings>,
  enforcementLevel: PolicyViolation["enforcementLevel"],
  settings: object,
  { resource, message }: Violation,
): PolicyViolation {
  return {
    policy: rule.name,
    displayName: rule.displayName,
    severity: rule.severity,
    enforcementLevel,
    resource: resource.urn,
    message,
    remediation: withValues(rule.remediationSteps, settings),
    source: rule.url,
  };
}

/** A remedy that names settings, with their values. */
function withValues(remedy: string, settings: object): string {
  return Object.entries(settings).reduce(
    (text, [name, value]) =>
      typeof value === "number"
        ? text.replaceAll(new RegExp(`\\b${name}\\b`, "g"), String(value))
        : text,
    remedy,
  );
}

/** One sentence each on the policies that are off, and on those that a partial preview leaves open. */
function summaries(
  configured: readonly {
    readonly rule: Rule<CommonSettings>;
    readonly enforcementLevel: EnforcementLevel;
  }[],
  whole: boolean,
): string[] {
  const off = configured.filter(({ enforcementLevel }) => enforcementLevel === "disabled");
  const unjudged = configured.filter(
    ({ rule, enforcementLevel }) =>
      !whole && enforcementLevel !== "disabled" && rule.judgeStack !== undefined,
  );
  const names = (some: typeof configured) => some.map(({ rule }) => rule.name).join(", ");
  return [
    ...(off.length === 0 ? [] : [`Policies that are disabled: ${names(off)}.`]),
    ...(unjudged.length === 0
      ? []
      : [
          `Policies that need the whole stack, and were not judged because the preview leaves out resources: ${names(unjudged)}. Review engine events, or a preview with --show-sames.`,
        ]),
  ];
}
