/** How much a change matters to whoever answers for the tenant, worst first. */
export const risks = ["critical", "high", "medium", "low", "info"] as const;

/** One of {@link risks}. */
export type Risk = (typeof risks)[number];

/** What kind of permission changes. */
export const permissionChangeKinds = [
  "application-permission",
  "admin-consent",
  "directory-role",
  "certificate",
  "password-credential",
  "federated-credential",
  "owner",
  "sign-in-audience",
  "exception",
  "application",
  "service-principal",
  "unclassified",
] as const;

/** One of {@link permissionChangeKinds}. */
export type PermissionChangeKind = (typeof permissionChangeKinds)[number];

/** What happens to it. */
export const permissionChangeActions = ["add", "remove", "change", "replace"] as const;

/** One of {@link permissionChangeActions}. */
export type PermissionChangeAction = (typeof permissionChangeActions)[number];

/**
 * One side of a change. A secret is never written out; an unknown value is decided by the update;
 * an absent one is not set.
 */
export type Value =
  | { readonly state: "known"; readonly text: string }
  | { readonly state: "secret" }
  | { readonly state: "unknown" }
  | { readonly state: "absent" };

/** One change of what an application may do, or of who may act as it. */
export interface PermissionChange {
  readonly kind: PermissionChangeKind;
  readonly action: PermissionChangeAction;
  /** What changes, for example `Global Administrator`. May hold text out of the stack. */
  readonly subject: string;
  /** Whom it concerns: an application's display name, or an id. May hold text out of the stack. */
  readonly target?: string;
  /** URN of the resource. */
  readonly resource: string;
  readonly before?: Value;
  readonly after?: Value;
  readonly risk: Risk;
  /** Why it has this risk, in one or two sentences. */
  readonly reason: string;
  /** Page the reason rests on. */
  readonly source?: string;
  /** What stops working, where something does. */
  readonly consequence?: string;
}

/** A resource that is deleted and created anew. */
export interface Replacement {
  /** URN of the resource. */
  readonly resource: string;
  /** What that breaks. */
  readonly consequence: string;
}

/** A policy that the stack would violate after the update. */
export interface PolicyViolation {
  /** Name of the policy. */
  readonly policy: string;
  /** Title of the policy. */
  readonly displayName: string;
  readonly severity: Exclude<Risk, "info">;
  /** Whether it stops the update: a mandatory one trips the gate. */
  readonly enforcementLevel: "mandatory" | "advisory";
  /** URN of the resource that violates it. */
  readonly resource: string;
  /** What is wrong. May hold text out of the stack. */
  readonly message: string;
  /** What to do about it. */
  readonly remediation: string;
  /** Page the policy rests on. */
  readonly source: string;
}

/** What a preview of one stack would change in the tenant. */
export interface StackReview {
  readonly stack: string;
  readonly project?: string;
  /** Initial domain or id of the tenant, where the preview names it. */
  readonly tenant?: string;
  /** Worst first; within a risk in a stable order. */
  readonly changes: readonly PermissionChange[];
  /** Policies that the stack violates, changed or not; worst first. */
  readonly violations: readonly PolicyViolation[];
  /** Number of resources that carry no permission change, by operation. */
  readonly rest: Readonly<Record<string, number>>;
  readonly replacements: readonly Replacement[];
  /** What the engine, the provider or a policy said, and what the review could not see. */
  readonly warnings: readonly string[];
  /** Whether the preview was complete. If not, changes may be missing, and every gate trips. */
  readonly complete: boolean;
}

/** Negative when `a` is worse than `b`. */
export function compareRisk(a: Risk, b: Risk): number {
  return risks.indexOf(a) - risks.indexOf(b);
}

/** The worse of two risks. */
export function worse(a: Risk, b: Risk): Risk {
  return compareRisk(a, b) <= 0 ? a : b;
}
