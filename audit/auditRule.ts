import type { PermissionChangeKind, Risk } from "../review/model";
import type { AuditedApplication } from "./application";

/** One rule of the audit: when it applies, how bad that is, why, where it is written, what to do. */
export interface AuditRule {
  /** When the rule applies, for the table in the documentation. */
  readonly when: string;
  readonly severity: Exclude<Risk, "info">;
  readonly kind: PermissionChangeKind;
  readonly reason: string;
  readonly source: string;
  readonly remedy: string;
  /** What of an application it applies to, each by a name; nothing where it does not. */
  readonly judge: (application: AuditedApplication) => readonly string[];
}
