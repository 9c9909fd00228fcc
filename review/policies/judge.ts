import {
  type CommonSettings,
  configurationOf,
  evaluate,
  type PolicyConfiguration,
  type Rule,
  rules,
  type StackView,
} from "../../policy/rules";
import type { PreviewSteps } from "../input/previewSteps";
import { nameOf } from "../input/urn";
import { compareRisk, type PolicyViolation } from "../model";
import { stackViewOf } from "./stackView";

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
  preview: PreviewSteps,
  configuration: PolicyConfiguration,
  now: Date,
): PolicyJudgement {
  const stack = stackViewOf(preview);
  const judged = rules.map((rule) => judgeRule(rule, stack, configuration, now));
  return {
    violations: judged
      .flatMap(({ violations }) => violations)
      .sort((a, b) => compareRisk(a.severity, b.severity)),
    notes: judged.flatMap(({ notes }) => notes),
  };
}

function judgeRule(
  rule: Rule<CommonSettings>,
  stack: StackView,
  configuration: PolicyConfiguration,
  now: Date,
): PolicyJudgement {
  const { enforcementLevel, settings } = configurationOf(rule, configuration);
  if (enforcementLevel === "disabled") {
    return { violations: [], notes: [`Policy ${rule.name} is disabled.`] };
  }
  const { violations, notes } = evaluate(rule, { stack, settings, now });
  return {
    violations: violations.map(({ resource, message }) => ({
      policy: rule.name,
      displayName: rule.displayName,
      severity: rule.severity,
      enforcementLevel,
      resource: resource.urn,
      message,
      remediation: rule.remediationSteps,
      source: rule.url,
    })),
    notes: [
      ...notes.map(
        ({ resource, message }) => `Policy ${rule.name}, ${nameOf(resource.urn)}: ${message}`,
      ),
      ...(rule.judgeStack === undefined || stack.whole ? [] : [`Policy ${rule.name}: ${partial}`]),
    ],
  };
}

const partial =
  "Not judged as a whole: the preview leaves out resources. Review engine events, or a preview with --show-sames.";
