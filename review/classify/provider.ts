import { isAbsent, textOf } from "../../policy/rules/values";
import { riskRules } from "../risk/rules";
import { sameValue, valueOf } from "../values";
import { type Classifier, finding } from "./resourceChange";

/** The azuread provider itself: which tenant everything goes to. */
export const classifyProvider: Classifier = (change) => {
  const [before, after] = [change.before.tenantId, change.after.tenantId];
  const moves = change.operation === "update" || change.operation === "replace";
  if (!moves || sameValue(before, after)) {
    return [];
  }
  const known = textOf(before) !== undefined && textOf(after) !== undefined;
  // From or to the tenant of the environment: it may be the same one.
  const open = isAbsent(before) || isAbsent(after) || !known;
  return [
    finding(riskRules.tenantChanged, change, {
      kind: "unclassified",
      action: "change",
      subject: `tenant of the provider ${change.resource.name}`,
      before: valueOf(before),
      after: valueOf(after),
      ...(open
        ? { reason: "The provider may work in another tenant; the preview does not show which." }
        : {}),
    }),
  ];
};
