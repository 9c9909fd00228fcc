import { type CommonSettings, exemptionOf } from "./exemptions";
import type { Rule, Scene, Ruling } from "./rule";
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
  const rulings: Ruling[] = [];
  for (const resource of scene.stack.resources) {
    rulings.push(...(rule.judgeResource?.(resource, scene) ?? []));
  }
  for (const resource of scene.stack.deleted) {
    rulings.push(...(rule.judgeDeleted?.(resource, scene) ?? []));
  }
  if (rule.judgeStack !== undefined && scene.stack.whole) {
    rulings.push(...rule.judgeStack(scene));
  }
  return settle(rulings, scene);
}

/** Turns rulings into what is reported, in view of exemptions and of how much can be seen. */
export function settle<Settings extends CommonSettings>(
  rulings: readonly Ruling[],
  { settings, stack, now }: Scene<Settings>,
): Evaluation {
  const violations: Violation[] = [];
  const notes: Violation[] = [];
  for (const { kind, resource, message } of rulings) {
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
