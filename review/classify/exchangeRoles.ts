import { isReadOnlyRole, takeoverRoles } from "../../policy/rules/data/exchangeRoles";
import { types } from "../../policy/rules/types";
import type { ViewedResource } from "../../policy/rules/stackView";
import { elementsOf, propertiesOf, textOf, textsOf } from "../../policy/rules/values";
import { riskRules } from "../risk/rules";
import { knownValue } from "../values";
import { type Classifier, finding, bothSides } from "./resourceChange";

/**
 * A right of Exchange's own: a role that is assigned, a role group and its members, and what a custom
 * role and a scope hold, by which assignments reach further or less far.
 */
export const classifyExchangeRight: Classifier = (change) => {
  const { operation, action, old, resource } = change;
  const subject = roleSubject(resource);
  const roles = rolesIn(resource);
  const rule =
    operation === "delete"
      ? riskRules.exchangeRightRemoved
      : roles.some((role) => takeoverRoles.includes(role))
        ? riskRules.exchangeRoleTakesOver
        : roles.length > 0 && roles.every(isReadOnlyRole)
          ? riskRules.exchangeRoleReads
          : riskRules.exchangeRight;
  return [
    finding(rule, change, {
      kind: "directory-role",
      action,
      subject,
      ...bothSides(change, knownValue(roleSubject(old ?? resource)), knownValue(subject)),
    }),
  ];
};

/** Built-in roles that a resource names; none where it does not say. */
function rolesIn({ inputs }: ViewedResource): string[] {
  return [textOf(inputs.role), textOf(inputs.parent), ...textsOf(inputs.roles)].filter(
    (one): one is string => one !== undefined,
  );
}

function roleSubject({ type, name, inputs }: ViewedResource): string {
  const label = textOf(inputs.name) ?? name;
  const scope = textOf(inputs.recipientScope);
  switch (type) {
    case types.exchangeAssignment:
      return `role ${textOf(inputs.role) ?? textOf(inputs.customRole) ?? "known after the update"} in Exchange Online${scope === undefined ? " on all recipients" : ` within ${scope}`}`;
    case types.exchangeRole:
      return `custom role ${label} of ${textOf(inputs.parent) ?? "an unknown role"}: ${cmdletsIn(inputs.cmdlets)}`;
    case types.exchangeScope:
      return `scope ${label}: ${textOf(inputs.recipientFilter) ?? "known after the update"}`;
    case types.exchangeRoleGroup:
      return `role group ${label}: ${textsOf(inputs.roles).join(", ") || "roles known after the update"}`;
    default:
      return `member of the role group ${textOf(inputs.roleGroup) ?? "known after the update"} in ${textOf(inputs.workload) ?? "an unknown workload"}`;
  }
}

function cmdletsIn(value: unknown): string {
  const listed = elementsOf(value).map((one) => {
    const { name, parameters } = propertiesOf(one);
    const own = textsOf(parameters).map((parameter) => ` -${parameter}`);
    return `${textOf(name) ?? "…"}${own.join("")}`;
  });
  return listed.join(", ") || "cmdlets known after the update";
}
