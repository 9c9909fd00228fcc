import type { StackView, ViewedResource } from "./stackView";

/** How bad a violation is, worst first. */
export const severities = ["critical", "high", "medium", "low"] as const;

/** One of {@link severities}. */
export type Severity = (typeof severities)[number];

/** Whether a violation stops the operation. */
export const enforcementLevels = ["mandatory", "advisory", "disabled"] as const;

/** One of {@link enforcementLevels}. */
export type EnforcementLevel = (typeof enforcementLevels)[number];

/** JSON Schema of one setting, in the subset that policy packs take. */
export interface SettingSchema {
  readonly type: "string" | "number" | "integer" | "boolean" | "array" | "object";
  readonly description?: string;
  readonly default?: unknown;
  readonly items?: SettingSchema;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What a rule says of what it has seen. Text out of the stack may be in it. */
export type Ruling =
  /** The rule is violated. */
  | { readonly kind: "violation"; readonly resource: ViewedResource; readonly message: string }
  /**
   * Other resources decide, and they cannot be seen. With the whole stack in view that is a
   * violation: what nobody can see must not pass.
   */
  | { readonly kind: "open"; readonly resource: ViewedResource; readonly message: string }
  /** Something the preview masks in every stack, so that only the policy pack can judge it. */
  | { readonly kind: "masked"; readonly resource: ViewedResource; readonly message: string };

/** What a rule judges by. */
export interface Scene<Settings> {
  readonly stack: StackView;
  readonly settings: Settings;
  /** The instant that decides what has expired. */
  readonly now: Date;
}

/**
 * A rule on a stack. One definition serves the policy pack and `apponly review`: it knows neither
 * the policy SDK nor the form of a preview.
 */
export interface Rule<Settings extends object = object> {
  /** Name of the policy, kebab-case. */
  readonly name: string;
  readonly displayName: string;
  /** What must hold, as a sentence. */
  readonly description: string;
  readonly severity: Severity;
  readonly enforcementLevel: EnforcementLevel;
  /** What to do about a violation. */
  readonly remediationSteps: string;
  /** Page of Microsoft's or Pulumi's on the subject. */
  readonly url: string;
  readonly settings: {
    readonly properties: Readonly<Record<string, SettingSchema>>;
    readonly defaults: Settings;
  };
  /** Judges one resource; the stack may hold only what was registered before it. */
  readonly judgeResource?: (resource: ViewedResource, scene: Scene<Settings>) => Ruling[];
  /** Judges a resource that the update would delete; the policy SDK shows none of those. */
  readonly judgeDeleted?: (resource: ViewedResource, scene: Scene<Settings>) => Ruling[];
  /** Judges the stack; called only when all of it is in view. */
  readonly judgeStack?: (scene: Scene<Settings>) => Ruling[];
}

/** A violated rule. */
export function violationOf(resource: ViewedResource, message: string): Ruling {
  return { kind: "violation", resource, message };
}

/** A violated rule, unless it holds. */
export function violationUnless(
  holds: boolean,
  resource: ViewedResource,
  message: string,
): Ruling[] {
  return holds ? [] : [violationOf(resource, message)];
}

/** A judgement that needs resources which are not in view. */
export function undecidedOn(resource: ViewedResource, message: string): Ruling {
  return { kind: "open", resource, message };
}

/** A value that the engine masks in every preview. */
export function maskedOn(resource: ViewedResource, message: string): Ruling {
  return { kind: "masked", resource, message };
}
