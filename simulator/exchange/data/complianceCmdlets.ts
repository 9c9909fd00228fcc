/**
 * The cmdlets of Security & Compliance that the simulator has: `cmdlet | roles that hold it | parameters`. A role
 * that holds only some parameters names them in brackets. Names of cmdlets and parameters are those
 * of their pages; Microsoft publishes no table of which role holds what, so the roles follow what
 * the pages of the roles say, and are assumed where they say nothing.
 *
 * @see https://learn.microsoft.com/powershell/module/exchangepowershell
 * @see https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
 */
export const complianceCmdlets = `
Get-Label | Sensitivity Label Administrator, Sensitivity Label Reader | Identity IncludeDetailedLabelActions ReturnModernLabelScheme SkipValidations ValidateContentTypeRemoval
Get-LabelPolicy | Sensitivity Label Administrator, Sensitivity Label Reader | Identity ForceValidate
Get-DlpCompliancePolicy | DLP Compliance Management, View-Only DLP Compliance Management | Identity DisplayName DistributionDetail ForceValidate IncludeExtendedProperties IncludeRulesMetadata IRMUserRiskConfiguredAnyRule IncludeSimulationResults Summary
Get-DlpComplianceRule | DLP Compliance Management, View-Only DLP Compliance Management | Identity DisplayName IncludeExecutionRuleGuids Policy
Get-ProtectionAlert | Manage Alerts, View-Only Manage Alerts | Identity IncludeRuleXml
Get-RetentionCompliancePolicy | Retention Management, View-Only Retention Management | Identity DistributionDetail ErrorPolicyOnly ExcludeTeamsPolicy IncludeTestModeResults PriorityCleanup RetentionRuleTypes TeamsPolicyOnly
Get-RetentionComplianceRule | Retention Management, View-Only Retention Management | Identity Policy PriorityCleanup
Get-ComplianceTag | Retention Management, View-Only Retention Management, RecordManagement | Identity IncludingLabelState PriorityCleanup
Get-AutoSensitivityLabelPolicy | Sensitivity Label Administrator, Sensitivity Label Reader | Identity DistributionDetail ForceValidate IncludeProgressFeedback IncludeTestModeResults
Get-AdaptiveScope | Retention Management, View-Only Retention Management | Identity AdministrativeUnits LocationTypes
Get-AppRetentionCompliancePolicy | Retention Management, View-Only Retention Management | Identity DistributionDetail ErrorPolicyOnly RetentionRuleTypes
Get-AppRetentionComplianceRule | Retention Management, View-Only Retention Management | Identity Policy
Get-AutoSensitivityLabelRule | Sensitivity Label Administrator, Sensitivity Label Reader | Identity ForceValidate IncludeExecutionRuleGuids IncludeExecutionRuleInformation Policy
Get-ComplianceCase | Case Management | Identity CaseType DomainController RecentOnly RoleGroup
Get-CaseHoldPolicy | Hold | Identity Case DistributionDetail IncludeBindings IncludeBindingsOnly
Get-CaseHoldRule | Hold | Identity Policy
Get-ComplianceRetentionEventType | Retention Management, View-Only Retention Management, RecordManagement | Identity LoadTag
Get-ComplianceSearch | Compliance Search | Identity Case ResultSize
Get-ComplianceSecurityFilter | Compliance Search | Action FilterName User
Get-DeviceConditionalAccessPolicy | View-Only Configuration | Identity
Get-DeviceConfigurationPolicy | View-Only Configuration | Identity
Get-ComplianceSearchAction | Compliance Search | Identity Case Details Export IncludeCredential Organization Preview Purge ResultSize
Get-DeviceConditionalAccessRule | View-Only Configuration | Identity CompareToWorkload
Get-DeviceConfigurationRule | View-Only Configuration | Identity CompareToWorkload
Get-DevicePolicy | View-Only Configuration | Identity
Get-DeviceTenantPolicy | View-Only Configuration | Identity
Get-DeviceTenantRule | View-Only Configuration | Identity
Get-DlpKeywordDictionary | DLP Compliance Management, View-Only DLP Compliance Management | Name
Get-DlpSensitiveInformationType | DLP Compliance Management, View-Only DLP Compliance Management, Sensitivity Label Administrator, Sensitivity Label Reader | Identity Capability IncludeDetails IncludeElements Organization
Get-DlpSensitiveInformationTypeRulePackage | DLP Compliance Management, View-Only DLP Compliance Management | Identity Capability
Get-FilePlanPropertyAuthority | RecordManagement, Retention Management | Identity
Get-FilePlanPropertyCategory | RecordManagement, Retention Management | Identity
Get-FilePlanPropertyCitation | RecordManagement, Retention Management | Identity
Get-FilePlanPropertyDepartment | RecordManagement, Retention Management | Identity
Get-FilePlanPropertyReferenceId | RecordManagement, Retention Management | Identity
Get-FilePlanPropertySubCategory | RecordManagement, Retention Management | Identity
Get-SupervisoryReviewOverallProgressReport | View-Only Configuration | EndDate Page PageSize StartDate
Get-SupervisoryReviewPolicyV2 | View-Only Configuration | Identity
Get-PolicyConfig | DLP Compliance Management, View-Only DLP Compliance Management | Identity
Get-SupervisoryReviewRule | View-Only Configuration | Identity IncludeRuleXml Policy
Get-UnifiedAuditLogRetentionPolicy | View-Only Configuration, Audit Logs | Operation RecordType RetentionDuration UserId
Set-DlpCompliancePolicy | DLP Compliance Management | Identity RetryDistribution AddEndpointDlpLocation AddEndpointDlpLocationException AddExchangeLocation AddOneDriveLocation AddOneDriveLocationException AddOnPremisesScannerDlpLocation AddOnPremisesScannerDlpLocationException AddPowerBIDlpLocation AddPowerBIDlpLocationException AddSharePointLocation AddSharePointLocationException AddTeamsLocation AddTeamsLocationException AddThirdPartyAppDlpLocation AddThirdPartyAppDlpLocationException Comment DisplayName EndpointDlpAdaptiveScopes EndpointDlpAdaptiveScopesException EnforcementPlanes ExceptIfOneDriveSharedBy ExceptIfOneDriveSharedByMemberOf ExchangeAdaptiveScopes ExchangeAdaptiveScopesException ExchangeSenderMemberOf ExchangeSenderMemberOfException Force IsFromSmartInsights Locations Mode OneDriveAdaptiveScopes OneDriveAdaptiveScopesException OneDriveSharedBy OneDriveSharedByMemberOf PolicyRBACScopes PolicyTemplateInfo Priority RemoveEndpointDlpLocation RemoveEndpointDlpLocationException RemoveExchangeLocation RemoveOneDriveLocation RemoveOneDriveLocationException RemoveOnPremisesScannerDlpLocation RemoveOnPremisesScannerDlpLocationException RemovePowerBIDlpLocation RemovePowerBIDlpLocationException RemoveSharePointLocation RemoveSharePointLocationException RemoveTeamsLocation RemoveTeamsLocationException RemoveThirdPartyAppDlpLocation RemoveThirdPartyAppDlpLocationException StartSimulation TeamsAdaptiveScopes TeamsAdaptiveScopesException
Set-RetentionCompliancePolicy | Retention Management | Identity RetryDistribution AddAdaptiveScopeLocation AddExchangeLocation AddExchangeLocationException AddModernGroupLocation AddModernGroupLocationException AddOneDriveLocation AddOneDriveLocationException AddPublicFolderLocation AddSharePointLocation AddSharePointLocationException AddSkypeLocation AddSkypeLocationException AddTeamsChannelLocation AddTeamsChannelLocationException AddTeamsChatLocation AddTeamsChatLocationException Applications Comment DeletedResources Enabled EnforceSimulationPolicy Force PolicyRBACScopes PolicyTemplateInfo PriorityCleanup RemoveAdaptiveScopeLocation RemoveExchangeLocation RemoveExchangeLocationException RemoveModernGroupLocation RemoveModernGroupLocationException RemoveOneDriveLocation RemoveOneDriveLocationException RemovePublicFolderLocation RemoveSharePointLocation RemoveSharePointLocationException RemoveSkypeLocation RemoveSkypeLocationException RestrictiveRetention RemoveTeamsChannelLocation RemoveTeamsChannelLocationException RemoveTeamsChatLocation RemoveTeamsChatLocationException StartSimulation
Get-ManagementRole | Role Management, View-Only Configuration | Identity GetChildren Recurse Cmdlet CmdletParameters RoleType Script ScriptParameters
Get-RoleGroup | Role Management, View-Only Configuration | Identity Filter ResultSize ShowPartnerLinked SortBy
Get-RoleGroupMember | Role Management, View-Only Configuration | Identity ResultSize
Get-ServicePrincipal | Role Management, View-Only Configuration | Identity Organization ResultSize
New-RoleGroup | Role Management | Name Description DisplayName Force Id Members Roles
Set-RoleGroup | Role Management | Identity Description DisplayName Force Name
Remove-RoleGroup | Role Management | Identity Force
Add-RoleGroupMember | Role Management | Identity Member
Remove-RoleGroupMember | Role Management | Identity Member
New-ServicePrincipal | Role Management | AppId ObjectId ServiceId DisplayName Organization
Set-ServicePrincipal | Role Management | Identity DisplayName
Remove-ServicePrincipal | Role Management | Identity
`;
