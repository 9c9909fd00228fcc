import { type CommonSettings, exemptionOf } from "./exemptions";
import type { Rule, Scene, Verdict } from "./rule";
import type { ViewedResource } from "./stackView";

/** A violation, ready to be reported. */
export interface Violation {
  readonly resource: ViewedResource;
  readonly message: string;
}

/** What came of a rule. */
export interface Evaluation {
  readonly violations: readonly Violation[];
  /** What the rule did not judge and why, and what it let pass by an exemption. */
  readonly notes: readonly Violation[];
}

/** Added where a value could not be seen, so that nobody looks for a fault in what is there. */
const unseen = "It cannot be seen at preview, so it does not pass.";

/** Applies a rule to everything in view. */
export function evaluate<Settings extends CommonSettings>(
  rule: Rule<Settings>,
  scene: Scene<Settings>,
): Evaluation {
  const verdicts: Verdict[] = [];
  for (const resource of scene.stack.resources) {
    verdicts.push(...(rule.judgeResource?.(resource, scene) ?? []));
  }
  for (const resource of scene.stack.deleted) {
    verdicts.push(...(rule.judgeDeleted?.(resource, scene) ?? []));
  }
  if (rule.judgeStack !== undefined && scene.stack.whole) {
    verdicts.push(...rule.judgeStack(scene));
  }
  return settle(verdicts, scene);
}

/** Turns verdicts into what is reported, in view of exemptions and of how much can be seen. */
export function settle<Settings extends CommonSettings>(
  verdicts: readonly Verdict[],
  { settings, stack, now }: Scene<Settings>,
): Evaluation {
  const violations: Violation[] = [];
  const notes: Violation[] = [];
  for (const { kind, resource, message } of verdicts) {
    const violated = kind === "violation" || (kind === "open" && stack.whole);
    const text = kind === "open" && stack.whole ? `${message} ${unseen}` : message;
    const exemption = violated ? exemptionOf(resource, settings.exemptions, now) : undefined;
    if (!violated) {
      notes.push({ resource, message: `Not judged: ${text}` });
    } else if (exemption !== undefined) {
      notes.push({ resource, message: `Exempt until ${exemption.until}: ${text}` });
    } else {
      violations.push({ resource, message: text });
    }
  }
  return { violations, notes };
}
