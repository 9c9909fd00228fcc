import type { JsonObject } from "../../json";

/** One object that a read-only cmdlet answers: its name, and what is in it besides. */
type Setting = readonly [name: string, columns: JsonObject];

/** Cmdlets that answer nothing where nobody has made anything. */
function withoutRows(names: string): Record<string, readonly Setting[]> {
  return Object.fromEntries(names.split(/\s+/).map((name) => [name, []]));
}

/**
 * What cmdlets that read the settings of the organization answer in a tenant where nobody has
 * changed them: the columns that public assessment tools look at.
 *
 * @see https://github.com/cisagov/ScubaGear
 * @see https://github.com/maester365/maester
 * @see https://github.com/KelvinTegelaar/CIPP-API
 */
export const exchangeSettings: Readonly<Record<string, readonly Setting[]>> = {
  "Get-AdminAuditLogConfig": [
    [
      "Admin Audit Log Settings",
      { AdminAuditLogEnabled: true, UnifiedAuditLogIngestionEnabled: true },
    ],
  ],
  "Get-AntiPhishPolicy": [
    [
      "Office365 AntiPhish Default",
      {
        IsDefault: true,
        Enabled: true,
        PhishThresholdLevel: 1,
        EnableSpoofIntelligence: true,
        EnableMailboxIntelligence: true,
        EnableTargetedUserProtection: false,
        EnableTargetedDomainsProtection: false,
        EnableOrganizationDomainsProtection: false,
        TargetedUsersToProtect: [],
        HonorDmarcPolicy: true,
      },
    ],
  ],
  "Get-ATPBuiltInProtectionRule": [
    [
      "ATP Built-In Protection Rule",
      { State: "Enabled", SafeLinksPolicy: "Built-In Protection Policy" },
    ],
  ],
  "Get-ActiveSyncMailboxPolicy": [
    ["Default", { IsDefault: true, AllowNonProvisionableDevices: true }],
  ],
  "Get-ActiveSyncOrganizationSettings": [
    ["Mobile Mailbox Settings", { DefaultAccessLevel: "Allow" }],
  ],
  "Get-AddressList": [["All Users", { RecipientFilter: "Alias -ne $null" }]],
  "Get-EmailAddressPolicy": [["Default Policy", { Priority: "Lowest" }]],
  "Get-EmailTenantSettings": [["Default", { EnablePriorityAccountProtection: true }]],
  "Get-FederatedOrganizationIdentifier": [["Federation", { Enabled: true, Domains: [] }]],
  "Get-FederationTrust": [
    ["Microsoft Federation Gateway", { TokenIssuerUri: "urn:federation:MicrosoftOnline" }],
  ],
  "Get-GlobalAddressList": [["Default Global Address List", { IsDefaultGlobalAddressList: true }]],
  "Get-IntraOrganizationConfiguration": [
    [
      "Configuration",
      {
        OnlineDiscoveryEndpoint: "https://autodiscover-s.outlook.com/autodiscover/autodiscover.svc",
      },
    ],
  ],
  "Get-MobileDeviceMailboxPolicy": [["Default", { IsDefault: true, PasswordEnabled: false }]],
  "Get-LimitsEnforcementStatus": [
    [
      "Limits",
      { EnforcementEnabled: false, ObservedValue: 0, Threshold: 1000, Verdict: "Allowed" },
    ],
  ],
  "Get-OMEConfiguration": [["OME Configuration", { OTPEnabled: true, SocialIdSignIn: true }]],
  "Get-OfflineAddressBook": [["Default Offline Address Book", { IsDefault: true }]],
  "Get-TeamsProtectionPolicy": [
    [
      "Teams Protection Policy",
      {
        ZapEnabled: true,
        HighConfidencePhishQuarantineTag: "AdminOnlyAccessPolicy",
        MalwareQuarantineTag: "AdminOnlyAccessPolicy",
      },
    ],
  ],
  "Get-ArcConfig": [["Default", { ArcTrustedSealers: [] }]],
  "Get-AtpPolicyForO365": [["Default", { EnableATPForSPOTeamsODB: false, EnableSafeDocs: false }]],
  "Get-AvailabilityConfig": [["Availability Configuration", {}]],
  "Get-CASMailboxPlan": [["ExchangeOnlineEnterprise", { ImapEnabled: true, PopEnabled: true }]],
  "Get-ExternalInOutlook": [["Default", { Enabled: false, AllowList: [] }]],
  "Get-HostedConnectionFilterPolicy": [
    ["Default", { IsDefault: true, EnableSafeList: false, IPAllowList: [], IPBlockList: [] }],
  ],
  "Get-HostedContentFilterPolicy": [
    [
      "Default",
      {
        IsDefault: true,
        HighConfidencePhishAction: "Quarantine",
        PhishSpamAction: "Quarantine",
        SpamAction: "MoveToJmf",
        BulkThreshold: 7,
        AllowedSenders: [],
        AllowedSenderDomains: [],
        ZapEnabled: true,
      },
    ],
  ],
  "Get-HostedOutboundSpamFilterPolicy": [
    ["Default", { IsDefault: true, AutoForwardingMode: "Automatic", NotifyOutboundSpam: false }],
  ],
  "Get-IRMConfiguration": [["ControlPoint Config", { AzureRMSLicensingEnabled: true }]],
  "Get-MailboxPlan": [["ExchangeOnlineEnterprise", { IsDefault: true }]],
  "Get-MalwareFilterPolicy": [
    ["Default", { IsDefault: true, EnableFileFilter: true, ZapEnabled: true }],
  ],
  "Get-OwaMailboxPolicy": [
    ["OwaMailboxPolicy-Default", { IsDefault: true, AdditionalStorageProvidersAvailable: true }],
  ],
  "Get-PerimeterConfig": [["Default", { GatewayIPAddresses: [] }]],
  "Get-QuarantinePolicy": [
    ["AdminOnlyAccessPolicy", { ESNEnabled: false }],
    ["DefaultFullAccessPolicy", { ESNEnabled: false }],
  ],
  "Get-RemoteDomain": [["Default", { DomainName: "*", AutoForwardEnabled: true }]],
  "Get-ResourceConfig": [["Resource Schema", { ResourcePropertySchema: [] }]],
  "Get-RetentionPolicy": [["Default MRM Policy", { IsDefault: true }]],
  "Get-RetentionPolicyTag": [
    ["1 Month Delete", { RetentionEnabled: true, AgeLimitForRetention: "30.00:00:00" }],
  ],
  "Get-RoleAssignmentPolicy": [
    ["Default Role Assignment Policy", { IsDefault: true, AssignedRoles: ["My Marketplace Apps"] }],
  ],
  "Get-SafeAttachmentPolicy": [
    ["Built-In Protection Policy", { IsBuiltInProtection: true, Enable: true, Action: "Block" }],
  ],
  "Get-SafeLinksPolicy": [
    [
      "Built-In Protection Policy",
      {
        IsBuiltInProtection: true,
        EnableSafeLinksForEmail: true,
        EnableSafeLinksForTeams: true,
        EnableSafeLinksForOffice: true,
        TrackClicks: true,
      },
    ],
  ],
  "Get-SharingPolicy": [
    [
      "Default Sharing Policy",
      { Default: true, Enabled: true, Domains: ["Anonymous:CalendarSharingFreeBusyReviewer"] },
    ],
  ],
  "Get-TransportConfig": [
    [
      "Transport Settings",
      { SmtpClientAuthenticationDisabled: true, ExternalPostmasterAddress: null },
    ],
  ],
  ...withoutRows(`Get-ActiveSyncDevice Get-ActiveSyncDeviceAccessRule Get-ActiveSyncDeviceClass
Get-AuditLogSearch Get-AuthServer Get-AvailabilityAddressSpace Get-MigrationUser
Get-ConfigAnalyzerPolicyRecommendation Get-DataClassification Get-AddressBookPolicy Get-AntiPhishRule
Get-ApplicationAccessPolicy Get-ATPProtectionPolicyRule Get-AuthenticationPolicy
Get-BillingPolicy Get-BlockedSenderAddress Get-DataEncryptionPolicy Get-EOPProtectionPolicyRule
Get-ExoPhishSimOverrideRule Get-ExoSecOpsOverrideRule Get-HostedContentFilterRule
Get-HostedOutboundSpamFilterRule Get-HVEAccountBillingPolicy Get-HVEAccountSettings
Get-InboundConnector Get-IntraOrganizationConnector Get-JournalRule Get-MailboxRestoreRequest
Get-MailboxRestoreRequestStatistics Get-MalwareFilterRule Get-MessageClassification
Get-MessageTraceDetailV2 Get-MessageTraceV2 Get-MigrationBatch
Get-MigrationEndpoint Get-MoveRequest Get-OnPremisesOrganization Get-OrganizationRelationship
Get-OutboundConnector Get-PartnerApplication Get-PhishSimOverridePolicy Get-PolicyTipConfig
Get-PublicFolder Get-QuarantineMessage Get-ReportSubmissionPolicy Get-ReportSubmissionRule
Get-SafeAttachmentRule Get-SafeLinksRule Get-SecOpsOverridePolicy Get-TeamsProtectionPolicyRule
Get-TenantAllowBlockListItems Get-TenantAllowBlockListSpoofItems Get-TransportRule
Search-UnifiedAuditLog
Get-SpoofMailReport`),
};

/** @see https://learn.microsoft.com/powershell/exchange/scc-powershell */
export const complianceSettings: Readonly<Record<string, readonly Setting[]>> = {
  "Get-DlpSensitiveInformationType": [
    [
      "Credit Card Number",
      {
        Id: "50842eb7-edc8-4019-85dd-5a5c1f2bb085",
        Publisher: "Microsoft Corporation",
        RulePackId: "00000000-0000-0000-0000-000000000000",
      },
    ],
  ],
  "Get-DlpSensitiveInformationTypeRulePackage": [
    [
      "Microsoft Rule Package",
      { Publisher: "Microsoft Corporation", RuleCollectionName: "Microsoft Rule Package" },
    ],
  ],
  "Get-DlpCompliancePolicy": [
    ["Default Office 365 DLP policy", { Mode: "TestWithNotifications", Enabled: true }],
  ],
  "Get-Label": [
    ["defa4170-0d19-0005-0004-bc88714345d2", { DisplayName: "General", Priority: 0 }],
    ["defa4170-0d19-0005-0005-bc88714345d2", { DisplayName: "Confidential", Priority: 1 }],
  ],
  "Get-LabelPolicy": [["Global sensitivity label policy", { Mode: "Enforce", Enabled: true }]],
  "Get-PolicyConfig": [["Settings", { EnableLabelCoauth: false, EnableSpoAipMigration: false }]],
  "Get-ProtectionAlert": [
    ["Elevation of Exchange admin privilege", { Severity: "Low", Disabled: false }],
    ["Suspicious email sending patterns detected", { Severity: "Medium", Disabled: false }],
  ],
  ...withoutRows(`Get-AdaptiveScope Get-AppRetentionCompliancePolicy Get-AppRetentionComplianceRule
Get-AutoSensitivityLabelPolicy Get-AutoSensitivityLabelRule Get-CaseHoldPolicy Get-CaseHoldRule
Get-ComplianceCase Get-ComplianceRetentionEventType Get-ComplianceSearch
Get-ComplianceSearchAction Get-ComplianceSecurityFilter Get-ComplianceTag
Get-DeviceConditionalAccessPolicy Get-DeviceConditionalAccessRule Get-DeviceConfigurationRule
Get-DevicePolicy Get-DeviceTenantPolicy Get-DeviceTenantRule
Get-DeviceConfigurationPolicy Get-DlpComplianceRule Get-DlpKeywordDictionary
Get-FilePlanPropertyAuthority Get-FilePlanPropertyCategory Get-FilePlanPropertyCitation
Get-FilePlanPropertyDepartment Get-FilePlanPropertyReferenceId Get-FilePlanPropertySubCategory
Get-RetentionCompliancePolicy Get-RetentionComplianceRule
Get-SupervisoryReviewOverallProgressReport Get-SupervisoryReviewPolicyV2
Get-SupervisoryReviewRule Get-UnifiedAuditLogRetentionPolicy`),
};
