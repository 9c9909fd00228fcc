import { roleByTemplateId } from "./data/directoryRoles";
import { permissionById } from "./data/permissions";
import { managementRolesPages } from "./data/exchangeRoles";
import { type CommonSettings, settingsOf } from "./exemptions";
import { types } from "./types";
import { type Rule, type Ruling, undecidedOn, violationOf } from "./rule";
import type { StackView, ViewedResource } from "./stackView";
import { bareId, textOf } from "./values";

/** A role of Exchange's own that is narrowed reaches no further by anything else that the stack grants. */
export const narrowedRoles: Rule<CommonSettings> = {
  name: "exchange-role-disallow-void-scope",
  displayName: "Nothing makes a narrowed role of Exchange void",
  description:
    "An application with a role of Exchange's own that is narrowed to cmdlets or recipients has neither a directory role nor a consent that reaches further: they add up.",
  severity: "medium",
  enforcementLevel: "mandatory",
  remediationSteps:
    "Remove the directory role, or the consent to the same data; or assign the role of Exchange's own without a custom role and a scope, because that is how far it reaches.",
  url: managementRolesPages.exchange,
  settings: settingsOf({}),
  judgeStack: ({ stack }) =>
    stack.ofType(types.exchangeAssignment).flatMap((assignment): Ruling[] => {
      const { customRole, recipientScope, administrativeUnit, role } = assignment.inputs;
      const isScoped = recipientScope !== undefined || administrativeUnit !== undefined;
      if (!isScoped && customRole === undefined) {
        return [];
      }
      return [
        ...stack
          .ofType(types.directoryRoleAssignment)
          .filter((other) => holdersMeet(other, "principalObjectId", assignment, stack))
          .flatMap((other) => judgeDirectoryRole(other, assignment, customRole === undefined)),
        ...(isScoped
          ? stack
              .ofType(types.appRoleAssignment)
              .filter((other) => holdersMeet(other, "principalObjectId", assignment, stack))
              .flatMap((other) => judgeSameData(other, assignment, textOf(role)))
          : []),
      ];
    }),
};

/**
 * A role that only reads leaves a scope as it is, which concerns writing, and not the choice of
 * cmdlets.
 */
function judgeDirectoryRole(
  other: ViewedResource,
  assignment: ViewedResource,
  hasAllCmdlets: boolean,
): Ruling[] {
  const id = textOf(other.inputs.roleId);
  if (id === undefined) {
    return [
      undecidedOn(
        assignment,
        `Which directory role ${other.name} assigns, only the update decides.`,
      ),
    ];
  }
  const known = roleByTemplateId(id);
  const reaches =
    known?.workloads.includes("exchange") === true && (known.writes === true || !hasAllCmdlets);
  return reaches
    ? [
        violationOf(
          assignment,
          `The directory role ${known.name} reaches further than ${assignment.name}, and roles add up.`,
        ),
      ]
    : [];
}

/** An application role is about the same data as the permission that it is named after. */
function judgeSameData(
  other: ViewedResource,
  assignment: ViewedResource,
  role: string | undefined,
): Ruling[] {
  const permission = permissionById(textOf(other.inputs.appRoleId) ?? "");
  return permission !== undefined && role === `Application ${permission.value}`
    ? [
        violationOf(
          assignment,
          `The consent to ${permission.value} reaches every mailbox, whatever the scope of ${assignment.name}.`,
        ),
      ]
    : [];
}

/** Whether two grants are, or may be, for the same service principal. */
function holdersMeet(
  other: ViewedResource,
  key: string,
  assignment: ViewedResource,
  stack: StackView,
): boolean {
  const [one, two] = [
    stack.referred(other, key, [types.servicePrincipal]),
    stack.referred(assignment, "objectId", [types.servicePrincipal]),
  ];
  if (one.kind === "resource" && two.kind === "resource") {
    return one.resource === two.resource;
  }
  if (one.kind === "outside" && two.kind === "outside") {
    return one.id !== undefined && two.id !== undefined && bareId(one.id) === bareId(two.id);
  }
  // Only the update decides for whom they are.
  return one.kind === "open" || two.kind === "open";
}
