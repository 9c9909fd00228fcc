import type { AuditRule } from "./auditRule";
import { appPolicyPage, learn } from "../policy/rules/data/pages";

/** Rules on the tenant itself. */
export const tenantRules = {
  microsoftKeys: {
    when: "a valid key on Microsoft's own Exchange service principal",
    severity: "critical",
    kind: "certificate",
    reason:
      "Whoever has the key acts as Exchange Online itself; a hybrid set up before October 2025 leaves it.",
    source: `${learn}/exchange/hybrid-deployment/deploy-dedicated-hybrid-app`,
    remedy:
      "Move the hybrid to its own application, and clean the keys up with Microsoft's script.",
  },
  noCredentialPolicy: {
    when: "no app management policy that limits credentials",
    severity: "low",
    kind: "application",
    reason: "Any owner can add a secret without an end to any application.",
    source: appPolicyPage,
    remedy: "Switch the tenant's default app management policy on.",
  },
} as const satisfies Record<string, Omit<AuditRule, "judge">>;
