/** A setting of a template: its name, its default, and its type unless that is text. */
type OfferedSetting = readonly [
  name: string,
  defaultValue: string,
  type?: "Boolean" | "Int32" | "Guid",
];

/** What settings can be made from. */
export interface GroupSettingTemplate {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly settings: readonly OfferedSetting[];
}

/**
 * Microsoft's templates of settings for the tenant and for groups.
 *
 * @see https://learn.microsoft.com/graph/group-directory-settings
 */
export const groupSettingTemplates: readonly GroupSettingTemplate[] = [
  {
    id: "62375ab9-6b52-47ed-826b-58e47e0e304b",
    displayName: "Group.Unified",
    description: "Settings for Microsoft 365 groups.",
    settings: [
      ["NewUnifiedGroupWritebackDefault", "true", "Boolean"],
      ["EnableMIPLabels", "false", "Boolean"],
      ["CustomBlockedWordsList", ""],
      ["EnableMSStandardBlockedWords", "false", "Boolean"],
      ["ClassificationDescriptions", ""],
      ["DefaultClassification", ""],
      ["PrefixSuffixNamingRequirement", ""],
      ["AllowGuestsToBeGroupOwner", "false", "Boolean"],
      ["AllowGuestsToAccessGroups", "true", "Boolean"],
      ["GuestUsageGuidelinesUrl", ""],
      ["GroupCreationAllowedGroupId", "", "Guid"],
      ["AllowToAddGuests", "true", "Boolean"],
      ["UsageGuidelinesUrl", ""],
      ["ClassificationList", ""],
      ["EnableGroupCreation", "true", "Boolean"],
    ],
  },
  {
    id: "08d542b9-071f-4e16-94b0-74abb372e3d9",
    displayName: "Group.Unified.Guest",
    description: "Settings for a specific Microsoft 365 group.",
    settings: [["AllowToAddGuests", "true", "Boolean"]],
  },
  {
    id: "5cf42378-d67d-4f36-ba46-e8b86229381d",
    displayName: "Password Rule Settings",
    description: "Settings for passwords.",
    settings: [
      ["BannedPasswordCheckOnPremisesMode", "Audit"],
      ["EnableBannedPasswordCheckOnPremises", "true", "Boolean"],
      ["EnableBannedPasswordCheck", "true", "Boolean"],
      ["LockoutDurationInSeconds", "60", "Int32"],
      ["LockoutThreshold", "10", "Int32"],
      ["BannedPasswordList", ""],
    ],
  },
  {
    id: "dffd5d46-495d-40a9-8e21-954ff55e198a",
    displayName: "Consent Policy Settings",
    description: "Settings for consent to applications.",
    settings: [
      ["EnableGroupSpecificConsent", "false", "Boolean"],
      ["BlockUserConsentForRiskyApps", "true", "Boolean"],
      ["EnableAdminConsentRequests", "false", "Boolean"],
      ["ConstrainGroupSpecificConsentToMembersOfGroupId", "", "Guid"],
    ],
  },
  {
    id: "4bc7f740-180e-4586-adb6-38b2e9024e6b",
    displayName: "Application",
    description: "Settings for applications.",
    settings: [["EnableAccessCheckForPrivilegedApplicationUpdates", "false", "Boolean"]],
  },
  {
    id: "80661d51-be2f-4d46-9713-98a2fcaec5bc",
    displayName: "Prohibited Names Settings",
    description: "Names that applications may not have.",
    settings: [
      ["CustomBlockedSubStringsList", ""],
      ["CustomBlockedWholeWordsList", ""],
    ],
  },
  {
    id: "aad3907d-1d1a-448b-b3ef-7bf7f63db63b",
    displayName: "Prohibited Names Restricted Settings",
    description: "Names that applications may not have, as Microsoft keeps them.",
    settings: [
      ["CustomAllowedSubStringsList", ""],
      ["CustomAllowedWholeWordsList", ""],
      ["DoNotValidateAgainstTrademark", "false", "Boolean"],
    ],
  },
  {
    id: "898f1161-d651-43d1-805c-3b0b388a9fc2",
    displayName: "Custom Policy Settings",
    description: "Settings for Conditional Access.",
    settings: [["CustomConditionalAccessPolicyUrl", ""]],
  },
];
