import type { JsonObject } from "../../json";

/** One object that a read-only cmdlet answers: its name, and what is in it besides. */
type Setting = readonly [name: string, columns: JsonObject];

/**
 * What cmdlets that read the settings of the organization answer in a tenant where nobody has
 * changed them: the columns that public assessment tools look at. A cmdlet without a row answers
 * none.
 *
 * @see https://github.com/cisagov/ScubaGear
 * @see https://github.com/maester365/maester
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
      { IsDefault: true, Enabled: true, PhishThresholdLevel: 1, EnableSpoofIntelligence: true },
    ],
  ],
  "Get-AntiPhishRule": [],
  "Get-ArcConfig": [["Default", { ArcTrustedSealers: [] }]],
  "Get-AtpPolicyForO365": [["Default", { EnableATPForSPOTeamsODB: false, EnableSafeDocs: false }]],
  "Get-AuthenticationPolicy": [],
  "Get-AvailabilityConfig": [["Availability Configuration", {}]],
  "Get-CASMailboxPlan": [["ExchangeOnlineEnterprise", { ImapEnabled: true, PopEnabled: true }]],
  "Get-DkimSigningConfig": [],
  "Get-ExternalInOutlook": [["Default", { Enabled: false, AllowList: [] }]],
  "Get-HostedConnectionFilterPolicy": [
    ["Default", { IsDefault: true, EnableSafeList: false, IPAllowList: [], IPBlockList: [] }],
  ],
  "Get-HostedContentFilterPolicy": [
    [
      "Default",
      { IsDefault: true, HighConfidencePhishAction: "Quarantine", SpamAction: "MoveToJmf" },
    ],
  ],
  "Get-HostedContentFilterRule": [],
  "Get-HostedOutboundSpamFilterPolicy": [
    ["Default", { IsDefault: true, AutoForwardingMode: "Automatic", NotifyOutboundSpam: false }],
  ],
  "Get-HostedOutboundSpamFilterRule": [],
  "Get-IRMConfiguration": [["ControlPoint Config", { AzureRMSLicensingEnabled: true }]],
  "Get-InboundConnector": [],
  "Get-JournalRule": [],
  "Get-MailboxPlan": [["ExchangeOnlineEnterprise", { IsDefault: true }]],
  "Get-MalwareFilterPolicy": [
    ["Default", { IsDefault: true, EnableFileFilter: true, ZapEnabled: true }],
  ],
  "Get-MalwareFilterRule": [],
  "Get-MessageTraceV2": [],
  "Get-OnPremisesOrganization": [],
  "Get-OrganizationRelationship": [],
  "Get-OutboundConnector": [],
  "Get-OwaMailboxPolicy": [
    ["OwaMailboxPolicy-Default", { IsDefault: true, AdditionalStorageProvidersAvailable: true }],
  ],
  "Get-PerimeterConfig": [["Default", { GatewayIPAddresses: [] }]],
  "Get-QuarantinePolicy": [
    ["AdminOnlyAccessPolicy", { ESNEnabled: false }],
    ["DefaultFullAccessPolicy", { ESNEnabled: false }],
  ],
  "Get-RemoteDomain": [["Default", { DomainName: "*", AutoForwardEnabled: true }]],
  "Get-ReportSubmissionPolicy": [],
  "Get-ResourceConfig": [["Resource Schema", { ResourcePropertySchema: [] }]],
  "Get-RetentionPolicy": [["Default MRM Policy", { IsDefault: true }]],
  "Get-RetentionPolicyTag": [
    ["1 Month Delete", { RetentionEnabled: true, AgeLimitForRetention: "30.00:00:00" }],
  ],
  "Get-RoleAssignmentPolicy": [
    ["Default Role Assignment Policy", { IsDefault: true, AssignedRoles: ["My Marketplace Apps"] }],
  ],
  "Get-SafeAttachmentPolicy": [],
  "Get-SafeAttachmentRule": [],
  "Get-SafeLinksPolicy": [],
  "Get-SafeLinksRule": [],
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
  "Get-TransportRule": [],
  "Search-UnifiedAuditLog": [],
};

/** @see https://learn.microsoft.com/powershell/exchange/scc-powershell */
export const complianceSettings: Readonly<Record<string, readonly Setting[]>> = {
  "Get-AutoSensitivityLabelPolicy": [],
  "Get-ComplianceTag": [],
  "Get-DlpCompliancePolicy": [
    ["Default Office 365 DLP policy", { Mode: "TestWithNotifications", Enabled: true }],
  ],
  "Get-DlpComplianceRule": [],
  "Get-Label": [
    ["defa4170-0d19-0005-0004-bc88714345d2", { DisplayName: "General", Priority: 0 }],
    ["defa4170-0d19-0005-0005-bc88714345d2", { DisplayName: "Confidential", Priority: 1 }],
  ],
  "Get-LabelPolicy": [["Global sensitivity label policy", { Mode: "Enforce", Enabled: true }]],
  "Get-ProtectionAlert": [
    ["Elevation of Exchange admin privilege", { Severity: "Low", Disabled: false }],
    ["Suspicious email sending patterns detected", { Severity: "Medium", Disabled: false }],
  ],
  "Get-RetentionCompliancePolicy": [],
  "Get-RetentionComplianceRule": [],
};
