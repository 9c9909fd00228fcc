import { asText, type JsonObject } from "../json";

const longestByPlace = {
  Admin_Eligibility: "P365D",
  Admin_Assignment: "P180D",
  EndUser_Assignment: "PT8H",
};
const target = (place: string, every: string): JsonObject => {
  const [caller = "", level = ""] = place.split("_");
  return { caller, operations: [every], level, inheritableSettings: [], enforcedSettings: [] };
};

/**
 * The 17 rules that Privileged Identity Management has for a directory role, or for members or owners
 * of a group, where nobody has changed them, by their ids.
 *
 * @see https://learn.microsoft.com/graph/identity-governance-pim-rules-overview
 * @see https://learn.microsoft.com/graph/api/policyroot-list-rolemanagementpolicyassignments#examples
 */
export function defaultRulesOf(of: "role" | "group"): ReadonlyMap<string, JsonObject> {
  const isGroup = of === "group";
  const rules = Object.entries(longestByPlace).flatMap(([place, maximumDuration]) => {
    const byUser = place.startsWith("EndUser");
    const rule = (kind: string, id: string, own: JsonObject): JsonObject => ({
      "@odata.type": `#microsoft.graph.unifiedRoleManagementPolicy${kind}Rule`,
      id,
      ...own,
      target: target(place, isGroup ? "All" : "all"),
    });
    const asked = byUser && !isGroup ? ["MultiFactorAuthentication"] : [];
    const enabledRules = place === "Admin_Eligibility" ? [] : [...asked, "Justification"];
    return [
      rule("Expiration", `Expiration_${place}`, {
        isExpirationRequired: byUser || isGroup,
        maximumDuration,
      }),
      rule("Enablement", `Enablement_${place}`, { enabledRules }),
      ...(byUser
        ? [
            rule("Approval", `Approval_${place}`, { setting: noApproval() }),
            rule("AuthenticationContext", `AuthenticationContext_${place}`, {
              isEnabled: false,
              claimValue: null,
            }),
          ]
        : []),
      ...["Admin", "Requestor", "Approver"].map((recipientType) =>
        rule("Notification", `Notification_${recipientType}_${place}`, {
          notificationType: "Email",
          recipientType,
          notificationLevel: "All",
          isDefaultRecipientsEnabled: true,
          notificationRecipients: [],
        }),
      ),
    ];
  });
  return new Map(rules.map((one) => [asText(one["id"]), one]));
}

function noApproval(): JsonObject {
  return {
    isApprovalRequired: false,
    isApprovalRequiredForExtension: false,
    isRequestorJustificationRequired: true,
    approvalMode: "SingleStage",
    approvalStages: [
      {
        approvalStageTimeOutInDays: 1,
        isApproverJustificationRequired: true,
        escalationTimeInMinutes: 0,
        isEscalationEnabled: false,
        primaryApprovers: [],
        escalationApprovers: [],
      },
    ],
  };
}
