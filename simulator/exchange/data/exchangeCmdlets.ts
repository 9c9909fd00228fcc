/**
 * The cmdlets of Exchange Online that the simulator has: `cmdlet | roles that hold it | parameters`. A role
 * that holds only some parameters names them in brackets. Names of cmdlets and parameters are those
 * of their pages; Microsoft publishes no table of which role holds what, so the roles follow what
 * the pages of the roles say, and are assumed where they say nothing.
 *
 * @see https://learn.microsoft.com/powershell/module/exchangepowershell
 * @see https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
 */
export const exchangeCmdlets = `
Get-ActiveSyncDevice | Mail Recipients, View-Only Recipients | Identity Filter Mailbox Monitoring OrganizationalUnit ResultSize SortBy
Get-ActiveSyncDeviceClass | View-Only Configuration, Organization Client Access | Identity Filter SortBy
Get-AuditLogSearch | View-Only Audit Logs, Audit Logs | Identity CreatedAfter CreatedBefore ResultSize Type
Get-AuthServer | View-Only Configuration, Organization Configuration | Identity
Get-AvailabilityAddressSpace | View-Only Configuration, Organization Configuration | Identity
Get-ConfigAnalyzerPolicyRecommendation | View-Only Configuration, Security Admin, Security Reader | Identity IsAppliedToDisabled RecommendedPolicyType
Get-DataClassification | View-Only Configuration, Data Loss Prevention | ClassificationRuleCollectionIdentity Identity
Get-MigrationUser | View-Only Recipients, Migration | BatchId EmailAddress Identity IncludeAssociatedUsers MailboxGuid Partition ResultSize Status StatusSummary
Get-AcceptedDomain | View-Only Configuration, Remote and Accepted Domains, Mail Recipients, Transport Hygiene, Security Admin, Security Reader | Identity ResultSize
Get-ActiveSyncDeviceAccessRule | View-Only Configuration, Organization Client Access | Identity
Get-ActiveSyncMailboxPolicy | View-Only Configuration, Organization Client Access | Identity
Get-ActiveSyncOrganizationSettings | View-Only Configuration, Organization Client Access | Identity
Get-AddressBookPolicy | View-Only Configuration, Address Lists | Identity
Get-AddressList | View-Only Configuration, Address Lists | Identity Container SearchText
Get-AdminAuditLogConfig | View-Only Configuration, Audit Logs, View-Only Audit Logs, Security Admin, Security Reader | 
Get-AntiPhishPolicy | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity Advanced Impersonation Spoof
Get-AntiPhishRule | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity State
Get-ApplicationAccessPolicy | View-Only Configuration, Organization Configuration | Identity
Get-ArcConfig | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | 
Get-ATPBuiltInProtectionRule | View-Only Configuration, Security Admin, Security Reader | Identity State
Get-AtpPolicyForO365 | View-Only Configuration, Security Admin, Security Reader | Identity
Get-ATPProtectionPolicyRule | View-Only Configuration, Security Admin, Security Reader | Identity State
Get-AuthenticationPolicy | View-Only Configuration, Organization Client Access | Identity AllowLegacyExchangeTokens TenantId
Get-AvailabilityConfig | View-Only Configuration, Organization Configuration | Identity
Get-BillingPolicy | View-Only Recipients, Mail Recipients | ResourceType
Get-BlockedSenderAddress | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | SenderAddress
Get-CalendarProcessing | Mail Recipients, View-Only Recipients | Identity ResultSize
Get-CASMailbox | Mail Recipients, View-Only Recipients | Identity ActiveSyncDebugLogging ActiveSyncSuppressReadReceipt Anr Credential Filter IgnoreDefaultScope OrganizationalUnit ProtocolSettings ReadIsOptimizedForAccessibility RecalculateHasActiveSyncDevicePartnership RecipientTypeDetails ResultSize SortBy
Get-CASMailboxPlan | View-Only Configuration, Organization Client Access | Identity Credential Filter IgnoreDefaultScope ResultSize SortBy
Get-Contact | Mail Recipients, View-Only Recipients | Identity Anr Filter OrganizationalUnit RecipientTypeDetails ResultSize SortBy
Get-DataEncryptionPolicy | View-Only Configuration, Organization Configuration | Identity DomainController
Get-DistributionGroup | Distribution Groups, Mail Recipients, View-Only Recipients, Security Group Creation and Membership | Identity Anr Credential Filter IncludeAcceptMessagesOnlyFromDLMembersWithDisplayNames IncludeAcceptMessagesOnlyFromSendersOrMembersWithDisplayNames IncludeAcceptMessagesOnlyFromWithDisplayNames IncludeBypassModerationFromSendersOrMembersWithDisplayNames IncludeGrantSendOnBehalfToWithDisplayNames IncludeManagedByWithDisplayNames IncludeModeratedByWithDisplayNames ManagedBy OrganizationalUnit RecipientTypeDetails ResultSize SortBy
Get-DistributionGroupMember | Distribution Groups, Mail Recipients, View-Only Recipients, Security Group Creation and Membership | Identity Credential IncludeSoftDeletedObjects ResultSize
Get-DkimSigningConfig | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity
Get-DynamicDistributionGroup | Distribution Groups, Mail Recipients, View-Only Recipients | Identity Anr Credential Filter IncludeAcceptMessagesOnlyFromDLMembersWithDisplayNames IncludeAcceptMessagesOnlyFromSendersOrMembersWithDisplayNames IncludeAcceptMessagesOnlyFromWithDisplayNames IncludeBypassModerationFromSendersOrMembersWithDisplayNames IncludeGrantSendOnBehalfToWithDisplayNames IncludeManagedByWithDisplayNames IncludeModeratedByWithDisplayNames ManagedBy OrganizationalUnit ResultSize SortBy
Get-EmailAddressPolicy | View-Only Configuration, Mail Recipients | Identity
Get-EmailTenantSettings | View-Only Configuration, Organization Configuration | Identity
Get-EOPProtectionPolicyRule | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity State
Get-ExoPhishSimOverrideRule | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity DomainController Policy
Get-ExoSecOpsOverrideRule | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity DomainController Policy
Get-ExternalInOutlook | View-Only Configuration, Organization Configuration | Identity
Get-FederatedOrganizationIdentifier | View-Only Configuration, Federated Sharing | Identity IncludeExtendedDomainInfo
Get-FederationTrust | View-Only Configuration, Federated Sharing | Identity
Get-FocusedInbox | Mail Recipients, View-Only Recipients | Identity UseCustomRouting
Get-GlobalAddressList | View-Only Configuration, Address Lists | Identity DefaultOnly
Get-Group | Distribution Groups, Mail Recipients, View-Only Recipients | Identity Anr Filter OrganizationalUnit RecipientTypeDetails ResultSize SortBy
Get-HostedConnectionFilterPolicy | View-Only Configuration, Transport Hygiene | Identity
Get-HostedContentFilterPolicy | View-Only Configuration, Transport Hygiene | Identity
Get-HostedContentFilterRule | View-Only Configuration, Transport Hygiene | Identity State
Get-HostedOutboundSpamFilterPolicy | View-Only Configuration, Transport Hygiene | Identity
Get-HostedOutboundSpamFilterRule | View-Only Configuration, Transport Hygiene | Identity State
Get-HVEAccountBillingPolicy | View-Only Recipients, Mail Recipients | Identity
Get-HVEAccountSettings | View-Only Recipients, Mail Recipients | Identity
Get-InboundConnector | View-Only Configuration, Remote and Accepted Domains, Organization Transport Settings | Identity ResultSize
Get-InboxRule | Mail Recipients, User Options | Identity BypassScopeCheck DescriptionTimeFormat DescriptionTimeZone IncludeHidden Mailbox ResultSize SkipCount UseCustomRouting
Get-IntraOrganizationConfiguration | View-Only Configuration, Federated Sharing | OrganizationGuid
Get-IntraOrganizationConnector | View-Only Configuration, Federated Sharing | Identity
Get-IRMConfiguration | View-Only Configuration, Information Rights Management | 
Get-JournalRule | View-Only Configuration, Journaling, Compliance Admin | Identity
Get-LimitsEnforcementStatus | View-Only Configuration, Organization Transport Settings | 
Get-Mailbox | Mail Recipients, View-Only Recipients, Retention Management(Identity ResultSize Filter RecipientTypeDetails), Legal Hold(Identity ResultSize Filter) | Identity Anr Archive Filter GroupMailbox InactiveMailboxOnly IncludeAcceptMessagesOnlyFromDLMembersWithDisplayNames IncludeAcceptMessagesOnlyFromSendersOrMembersWithDisplayNames IncludeAcceptMessagesOnlyFromWithDisplayNames IncludeEmailAddressDisplayNames IncludeForwardingAddressWithDisplayNames IncludeGrantSendOnBehalfToWithDisplayNames IncludeInactiveMailbox MailboxPlan Migration OrganizationalUnit PublicFolder RecipientTypeDetails ResultSize SoftDeletedMailbox SortBy
Get-MailboxAuditBypassAssociation | View-Only Configuration, Audit Logs, View-Only Audit Logs | Identity ResultSize
Get-MailboxAutoReplyConfiguration | Mail Recipients, User Options, View-Only Recipients | Identity Credential ReadFromDomainController ResultSize UseCustomRouting
Get-MailboxCalendarConfiguration | Mail Recipients, User Options, View-Only Recipients | Identity MailboxLocation
Get-MailboxFolderPermission | Mail Recipients, View-Only Recipients | Identity GroupMailbox ResultSize SkipCount UseCustomRouting User
Get-MailboxFolderStatistics | Mail Recipients, View-Only Recipients | Identity Database StoreMailboxIdentity Archive DiagnosticInfo FolderScope IncludeAnalysis IncludeOldestAndNewestItems IncludeSoftDeletedRecipients ResultSize SkipCount UseCustomRouting
Get-MailboxJunkEmailConfiguration | Mail Recipients, User Options, View-Only Recipients | Identity Credential ReadFromDomainController ResultSize
Get-MailboxMessageConfiguration | Mail Recipients, User Options, View-Only Recipients | Identity Credential ReadFromDomainController ResultSize SignatureName UseCustomRouting
Get-MailboxPermission | Mail Recipients, View-Only Recipients | Identity Credential GroupMailbox IncludeSoftDeletedUserPermissions IncludeUnresolvedPermissions IncludeUserWithDisplayName Owner ReadFromDomainController ResultSize SoftDeletedMailbox UseCustomRouting User
Get-MailboxPlan | View-Only Configuration, Mail Recipients | Identity AllMailboxPlanReleases Credential Filter IgnoreDefaultScope ResultSize SortBy
Get-MailboxRegionalConfiguration | Mail Recipients, User Options, View-Only Recipients | Identity Archive MailboxLocation UseCustomRouting VerifyDefaultFolderNameLanguage
Get-MailboxRestoreRequest | Mail Recipients, View-Only Recipients | Identity BatchName HighPriority Name ResultSize Status Suspend TargetMailbox
Get-MailboxRestoreRequestStatistics | Mail Recipients, View-Only Recipients | Identity IncludeReport DiagnosticInfo IncludeSkippedItems ReportOnly
Get-MailboxStatistics | Mail Recipients, View-Only Recipients | Identity Archive IncludeMoveHistory IncludeMoveReport IncludeSoftDeletedRecipients UseCustomRouting
Get-MailContact | Mail Recipients, View-Only Recipients | Identity ANR Filter OrganizationalUnit RecipientTypeDetails ResultSize SortBy
Get-MailUser | Mail Recipients, View-Only Recipients | Identity Anr Filter HVEAccount OrganizationalUnit ResultSize SharedWithMailUser SortBy SoftDeletedMailUser
Get-MalwareFilterPolicy | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity
Get-MalwareFilterRule | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity State
Get-ManagementRole | Role Management, View-Only Configuration | Identity GetChildren Recurse Cmdlet CmdletParameters RoleType Script ScriptParameters
Get-ManagementRoleAssignment | Role Management, View-Only Configuration | Identity AssignmentMethod ConfigWriteScope CustomRecipientWriteScope Delegating Enabled Exclusive ExclusiveRecipientWriteScope GetEffectiveUsers RecipientAdministrativeUnitScope RecipientGroupScope RecipientOrganizationalUnitScope RecipientWriteScope Role RoleAssignee RoleAssigneeType WritableRecipient
Get-ManagementRoleEntry | Role Management, View-Only Configuration | Identity Parameters PSSnapinName ResultSize Type
Get-ManagementScope | Role Management, View-Only Configuration | Identity Exclusive Orphan
Get-MessageClassification | View-Only Configuration, Information Rights Management | Identity IncludeLocales
Get-MessageTraceDetailV2 | Message Tracking, View-Only Recipients | MessageTraceId RecipientAddress Action EndDate Event MessageId SenderAddress StartDate
Get-MessageTraceV2 | Message Tracking, View-Only Recipients | EndDate FromIP MessageId MessageTraceId RecipientAddress ResultSize SenderAddress StartDate StartingRecipientAddress Status Subject SubjectFilterType ToIP
Get-MigrationBatch | Migration, View-Only Recipients | Identity DiagnosticInfo Endpoint IncludeReport Partition ResultSize Status
Get-MigrationEndpoint | Migration, View-Only Recipients | Identity DiagnosticInfo Partition Type
Get-MobileDevice | Mail Recipients, User Options, View-Only Recipients | Identity Mailbox ActiveSync Filter OrganizationalUnit OWAforDevices ResultSize SortBy RestApi UniversalOutlook
Get-MobileDeviceMailboxPolicy | View-Only Configuration, Organization Client Access, Recipient Policies | Identity
Get-MobileDeviceStatistics | Mail Recipients, User Options, View-Only Recipients | Identity Mailbox ActiveSync GetMailboxLog NotificationEmailAddresses OWAforDevices ShowRecoveryPassword RestApi UniversalOutlook UseCustomRouting
Get-MoveRequest | Move Mailboxes, View-Only Recipients | Identity BatchName Flags Offline ProxyToMailbox RemoteHostName ResultSize Status Suspend SuspendWhenReadyToComplete
Get-MxRecordReport | View-Only Configuration, Remote and Accepted Domains | Domain ProbeTag
Get-SpoofMailReport | View-Only Configuration, Security Admin, Security Reader | Action Direction EndDate EventType Page PageSize ProbeTag StartDate
Get-OfflineAddressBook | View-Only Configuration, Address Lists | Identity
Get-OMEConfiguration | View-Only Configuration, Information Rights Management | Identity
Get-OnPremisesOrganization | View-Only Configuration, Federated Sharing | Identity
Get-OrganizationConfig | View-Only Configuration, View-Only Recipients, Organization Configuration, Mail Recipients, Security Admin, Security Reader | 
Get-OrganizationRelationship | View-Only Configuration, Federated Sharing | Identity
Get-OutboundConnector | View-Only Configuration, Remote and Accepted Domains, Organization Transport Settings | Identity IncludeTestModeConnectors IsTransportRuleScoped ResultSize
Get-OwaMailboxPolicy | View-Only Configuration, Recipient Policies, Organization Client Access | Identity
Get-PartnerApplication | View-Only Configuration, Organization Configuration | Identity
Get-PerimeterConfig | View-Only Configuration, Organization Transport Settings | Identity
Get-PhishSimOverridePolicy | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity DomainController
Get-Place | Mail Recipients, View-Only Recipients | Identity ResultSize Type
Get-PolicyTipConfig | View-Only Configuration, Data Loss Prevention | Identity Action Locale Original
Get-PublicFolder | View-Only Recipients, Mail Recipients | Identity GetChildren Recurse LostAndFound Mailbox ResidentFolders ResultSize
Get-QuarantineMessage | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity Direction Domain EndExpiresDate EndReceivedDate EntityType IncludeMessagesFromBlockedSenderAddress MessageId MyItems Page PageSize PolicyName PolicyTypes QuarantineTypes RecipientAddress RecipientTag ReleaseStatus Reported SenderAddress StartExpiresDate StartReceivedDate Subject Type
Get-QuarantinePolicy | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity QuarantinePolicyType
Get-Recipient | Mail Recipients, View-Only Recipients, Distribution Groups | Identity Anr AuthenticationType BookmarkDisplayName Capabilities Filter IncludeBookmarkObject IncludeManagerWithDisplayName IncludeSoftDeletedRecipients OrganizationalUnit Properties PropertySet RecipientPreviewFilter RecipientType RecipientTypeDetails ResultSize SortBy
Get-RecipientPermission | Mail Recipients, View-Only Recipients | Identity AccessRights IncludeTrusteeWithPrimarySmtpAddress ReadFromDomainController ResultSize Trustee
Get-RemoteDomain | View-Only Configuration, Remote and Accepted Domains | Identity ResultSize
Get-ReportSubmissionPolicy | View-Only Configuration, Security Admin, Security Reader | Identity
Get-ReportSubmissionRule | View-Only Configuration, Security Admin, Security Reader | Identity State
Get-ResourceConfig | View-Only Configuration, Organization Configuration | 
Get-RetentionPolicy | View-Only Configuration, Retention Management, Recipient Policies | Identity
Get-RetentionPolicyTag | View-Only Configuration, Retention Management | Identity IncludeSystemTags Mailbox OptionalInMailbox Types
Get-RoleAssignmentPolicy | View-Only Configuration, Role Management, Recipient Policies | Identity
Get-RoleGroup | Role Management, View-Only Configuration | Identity Filter ResultSize ShowPartnerLinked SortBy
Get-RoleGroupMember | Role Management, View-Only Configuration | Identity ResultSize
Get-SafeAttachmentPolicy | View-Only Configuration, Security Admin, Security Reader | Identity
Get-SafeAttachmentRule | View-Only Configuration, Security Admin, Security Reader | Identity State
Get-SafeLinksPolicy | View-Only Configuration, Security Admin, Security Reader | Identity
Get-SafeLinksRule | View-Only Configuration, Security Admin, Security Reader | Identity State
Get-SecOpsOverridePolicy | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity DomainController
Get-ServicePrincipal | Role Management, View-Only Configuration | Identity Organization ResultSize
Get-SharingPolicy | View-Only Configuration, Federated Sharing, Organization Configuration | Identity
Get-SweepRule | Mail Recipients, User Options | Identity BypassScopeCheck Mailbox Provider ResultSize SkipCount
Get-TeamsProtectionPolicy | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity
Get-TeamsProtectionPolicyRule | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity State
Get-TenantAllowBlockListItems | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | ListType Entry NoExpiration Allow Block ExpirationDate ListSubType OutputJson
Get-TenantAllowBlockListSpoofItems | View-Only Configuration, Transport Hygiene, Security Admin, Security Reader | Identity Action SpoofType
Get-TransportConfig | View-Only Configuration, Transport Rules, Organization Transport Settings | 
Get-TransportRule | View-Only Configuration, Transport Rules, Data Loss Prevention | Identity State DlpPolicy ExcludeConditionActionDetails Filter ResultSize
Get-UnifiedGroup | Mail Recipients, View-Only Recipients | Identity Anr Filter IncludeAcceptMessagesOnlyFromSendersOrMembersWithDisplayNames IncludeAllProperties IncludeBypassModerationFromSendersOrMembersWithDisplayNames IncludeGrantSendOnBehalfToWithDisplayNames IncludeModeratedByWithDisplayNames IncludeRejectMessagesFromSendersOrMembersWithDisplayNames IncludeSoftDeletedGroups ResultSize SortBy
Get-UnifiedGroupLinks | Mail Recipients, View-Only Recipients | Identity LinkType ResultSize
Get-User | Mail Recipients, View-Only Recipients | Identity Anr Filter IncludeDirectReportsWithDisplayNames IncludeManagerWithDisplayName IsVIP OrganizationalUnit PublicFolder RecipientTypeDetails ResultSize Sortby
Search-UnifiedAuditLog | Audit Logs, View-Only Audit Logs | EndDate StartDate Formatted FreeText HighCompleteness IPAddresses LegacyFlow LongerRetentionEnabled ObjectIds Operations RecordType ResultSize SessionCommand SessionId SiteIds UserIds
Set-CASMailbox | Mail Recipients | Identity ActiveSyncAllowedDeviceIDs ActiveSyncBlockedDeviceIDs ActiveSyncDebugLogging ActiveSyncEnabled ActiveSyncMailboxPolicy ActiveSyncSuppressReadReceipt EwsAllowEntourage EwsAllowList EwsAllowMacOutlook EwsAllowOutlook EwsApplicationAccessPolicy EwsBlockList EwsEnabled ImapEnabled ImapForceICalForCalendarRetrievalOption ImapMessagesRetrievalMimeFormat ImapSuppressReadReceipt ImapUseProtocolDefaults IsOptimizedForAccessibility MacOutlookEnabled MAPIEnabled OneWinNativeOutlookEnabled OutlookMobileEnabled OWAEnabled OWAforDevicesEnabled OwaMailboxPolicy PopEnabled PopForceICalForCalendarRetrievalOption PopMessagesRetrievalMimeFormat PopSuppressReadReceipt PopUseProtocolDefaults PublicFolderClientAccess ShowGalAsDefaultView SmtpClientAuthenticationDisabled UniversalOutlookEnabled
Set-CalendarProcessing | Mail Recipients | Identity AddAdditionalResponse AdditionalResponse AddNewRequestsTentatively AddOrganizerToSubject AllBookInPolicy AllowConflicts AllowRecurringMeetings AllRequestInPolicy AllRequestOutOfPolicy AutomateProcessing BookingType BookingWindowInDays BookInPolicy ConflictPercentageAllowed DeleteAttachments DeleteComments DeleteNonCalendarItems DeleteSubject EnableAutoRelease EnableResponseDetails EnforceCapacity EnforceSchedulingHorizon ForwardRequestsToDelegates IgnoreDefaultScope MaximumConflictInstances MaximumDurationInMinutes MinimumDurationInMinutes OrganizerInfo PostReservationMaxClaimTimeInMinutes ProcessExternalMeetingMessages RemoveCanceledMeetings RemoveForwardedMeetingNotifications RemoveOldMeetingMessages RemovePrivateProperty RequestInPolicy RequestOutOfPolicy ResourceDelegates ScheduleOnlyDuringWorkHours TentativePendingApproval
Set-DistributionGroup | Distribution Groups | Identity AcceptMessagesOnlyFrom AcceptMessagesOnlyFromDLMembers AcceptMessagesOnlyFromSendersOrMembers Alias BccBlocked BypassModerationFromSendersOrMembers BypassNestedModerationEnabled BypassSecurityGroupManagerCheck CustomAttribute1 CustomAttribute10 CustomAttribute11 CustomAttribute12 CustomAttribute13 CustomAttribute14 CustomAttribute15 CustomAttribute2 CustomAttribute3 CustomAttribute4 CustomAttribute5 CustomAttribute6 CustomAttribute7 CustomAttribute8 CustomAttribute9 Description DisplayName EmailAddresses ExtensionCustomAttribute1 ExtensionCustomAttribute2 ExtensionCustomAttribute3 ExtensionCustomAttribute4 ExtensionCustomAttribute5 ForceUpgrade GrantSendOnBehalfTo HiddenFromAddressListsEnabled HiddenGroupMembershipEnabled IgnoreNamingPolicy MailTip MailTipTranslations ManagedBy MemberDepartRestriction MemberJoinRestriction ModeratedBy ModerationEnabled Name PrimarySmtpAddress RejectMessagesFrom RejectMessagesFromDLMembers RejectMessagesFromSendersOrMembers ReportToManagerEnabled ReportToOriginatorEnabled RequireSenderAuthenticationEnabled ResetMigrationToUnifiedGroup RoomList SendModerationNotifications SendOofMessageToOriginatorEnabled SimpleDisplayName UpdateMemberCount WindowsEmailAddress
Set-Mailbox | Mail Recipients, User Options(Identity MessageCopyForSentAsEnabled MessageCopyForSendOnBehalfEnabled), Retention Management(Identity RetentionPolicy RetentionHoldEnabled), Legal Hold(Identity LitigationHoldEnabled LitigationHoldDuration LitigationHoldDate LitigationHoldOwner) | Identity AcceptMessagesOnlyFrom AcceptMessagesOnlyFromDLMembers AcceptMessagesOnlyFromSendersOrMembers AccountDisabled AddressBookPolicy Alias ApplyMandatoryProperties ArchiveName AuditAdmin AuditDelegate AuditEnabled AuditLogAgeLimit AuditOwner AutoArchivingEnabled BypassModerationFromSendersOrMembers CalendarRepairDisabled CalendarVersionStoreDisabled ClearThrottlingPolicyAssignment CustomAttribute1 CustomAttribute10 CustomAttribute11 CustomAttribute12 CustomAttribute13 CustomAttribute14 CustomAttribute15 CustomAttribute2 CustomAttribute3 CustomAttribute4 CustomAttribute5 CustomAttribute6 CustomAttribute7 CustomAttribute8 CustomAttribute9 DataEncryptionPolicy DefaultAuditSet DefaultPublicFolderMailbox DeliverToMailboxAndForward DisplayName ElcProcessingDisabled EmailAddressDisplayNames EmailAddresses EnableRoomMailboxAccount EndDateForRetentionHold EnforcedTimestamps ExcludeFromAllHolds ExcludeFromAllOrgHolds ExcludeFromOrgHolds ExtensionCustomAttribute1 ExtensionCustomAttribute2 ExtensionCustomAttribute3 ExtensionCustomAttribute4 ExtensionCustomAttribute5 ExternalOofOptions Force ForwardingAddress ForwardingSmtpAddress GrantSendOnBehalfTo GroupMailbox HiddenFromAddressListsEnabled ImmutableId InactiveMailbox IsExchangeCloudManaged IsExcludedFromServingHierarchy IssueWarningQuota JournalArchiveAddress Languages LitigationHoldDate LitigationHoldDuration LitigationHoldEnabled LitigationHoldOwner MailboxRegion MailTip MailTipTranslations MaxReceiveSize MaxSendSize MessageCopyForSendOnBehalfEnabled MessageCopyForSentAsEnabled MessageCopyForSMTPClientSubmissionEnabled MessageTrackingReadStatusEnabled MicrosoftOnlineServicesID ModeratedBy ModerationEnabled Name NonCompliantDevices Office Password ProhibitSendQuota ProhibitSendReceiveQuota ProvideConsent ProvisionedForOfficeGraph PublicFolder RecalculateInactiveMailbox RecipientLimits RejectMessagesFrom RejectMessagesFromDLMembers RejectMessagesFromSendersOrMembers RemoveComplianceTagHoldApplied RemoveDelayHoldApplied RemoveDelayReleaseHoldApplied RemoveDisabledArchive RemoveMailboxProvisioningConstraint RemoveOrphanedHolds RequireSenderAuthenticationEnabled ResourceCapacity ResourceCustom RetainDeletedItemsFor RetentionComment RetentionHoldEnabled RetentionPolicy RetentionUrl RoleAssignmentPolicy RoomMailboxPassword RulesQuota SchedulerAssistant SendModerationNotifications SharingPolicy SimpleDisplayName SingleItemRecoveryEnabled StartDateForRetentionHold StsRefreshTokensValidFrom Type UniqueRecipientsCountLimitLevel UniqueUnrestrictedGroupsLimitEnabled UpdateEnforcedTimestamp UseDatabaseQuotaDefaults UseDatabaseRetentionDefaults UserCertificate UserSMimeCertificate WindowsEmailAddress
Set-MailboxAutoReplyConfiguration | Mail Recipients, User Options | Identity AutoDeclineFutureRequestsWhenOOF AutoReplyState CreateOOFEvent DeclineAllEventsForScheduledOOF DeclineEventsForScheduledOOF DeclineMeetingMessage EndTime EventsToDeleteIDs ExternalAudience ExternalMessage IgnoreDefaultScope InternalMessage OOFEventSubject StartTime
Set-MailboxRegionalConfiguration | Mail Recipients, User Options | Identity Archive DateFormat Language MailboxLocation LocalizeDefaultFolderName TimeFormat TimeZone UseCustomRouting
Set-OrganizationConfig | Organization Configuration | ShortenEventScopeDefault ActionableMessagesExtenalAccessTokenEnabled ActivityBasedAuthenticationTimeoutEnabled ActivityBasedAuthenticationTimeoutInterval ActivityBasedAuthenticationTimeoutWithSingleSignOnEnabled AppsForOfficeEnabled AsyncSendEnabled AuditDisabled AutoArchivingThresholdPercentage AutodiscoverPartialDirSync AutoEnableArchiveMailbox AutoExpandingArchive AutomaticForcedReadReceiptEnabled BlockMoveMessagesForGroupFolders BookingsAddressEntryRestricted BookingsAuthEnabled BookingsBlockedWordsEnabled BookingsCreationOfCustomQuestionsRestricted BookingsEnabled BookingsExposureOfStaffDetailsRestricted BookingsMembershipApprovalRequired BookingsNamingPolicyEnabled BookingsNamingPolicyPrefix BookingsNamingPolicyPrefixEnabled BookingsNamingPolicySuffix BookingsNamingPolicySuffixEnabled BookingsNotesEntryRestricted BookingsPaymentsEnabled BookingsPhoneNumberEntryRestricted BookingsSearchEngineIndexDisabled BookingsSmsMicrosoftEnabled BookingsSocialSharingRestricted ByteEncoderTypeFor7BitCharsets CalendarVersionStoreEnabled ComplianceMLBgdCrawlEnabled ConnectorsActionableMessagesEnabled ConnectorsEnabled ConnectorsEnabledForOutlook ConnectorsEnabledForSharepoint ConnectorsEnabledForTeams ConnectorsEnabledForYammer CustomerLockboxEnabled DefaultAuthenticationPolicy DefaultFolderPermissionRestricted DefaultGroupAccessType DefaultMinutesToReduceLongEventsBy DefaultMinutesToReduceShortEventsBy DefaultPublicFolderAgeLimit DefaultPublicFolderDeletedItemRetention DefaultPublicFolderIssueWarningQuota DefaultPublicFolderMaxItemSize DefaultPublicFolderMovedItemRetention DefaultPublicFolderProhibitPostQuota DelayedDelicensingEnabled DirectReportsGroupAutoCreationEnabled DisablePlusAddressInRecipients DistributionGroupDefaultOU DistributionGroupNameBlockedWordsList DistributionGroupNamingPolicy DLPViaDcsEnabled DLPWaitOnSendEnabled DLPWaitOnSendTimeout ElcProcessingDisabled EnableForwardingAddressSyncForMailboxes EnableOutlookEvents EndUserDLUpgradeFlowsDisabled EndUserMailNotificationForDelayedDelicensingEnabled EnforceExoAppRbacPermissions EnforceShortenEventSetting EwsAllowEntourage EwsAllowList EwsAllowMacOutlook EwsAllowOutlook EwsAllowedAppIDs EwsApplicationAccessPolicy EwsBlockList EwsEnabled ExchangeAttributesCloudManagedByDefault ExchangeAttributesServerManagedByDefault ExchangeNotificationEnabled ExchangeNotificationRecipients FindTimeAttendeeAuthenticationEnabled FindTimeAutoScheduleDisabled FindTimeLockPollForAttendeesEnabled FindTimeOnlineMeetingOptionDisabled FocusedInboxOn HierarchicalAddressBookRoot HybridRSVPEnabled InRegionRoutingEnabled IPListBlocked IsAgendaMailEnabled IsGroupFoldersAndRulesEnabled IsGroupMemberAllowedToEditContent LeanPopoutEnabled LinkPreviewEnabled MailTipsAllTipsEnabled MailTipsExternalRecipientsTipsEnabled MailTipsGroupMetricsEnabled MailTipsLargeAudienceThreshold MailTipsMailboxSourcedTipsEnabled MaskClientIpInReceivedHeadersEnabled MatchSenderOrganizerProperties MessageHighlightsEnabled MessageRecallAlertRecipientsEnabled MessageRecallAlertRecipientsReadMessagesOnlyEnabled MessageRecallEnabled MessageRecallMaxRecallableAge MessageRemindersEnabled MobileAppEducationEnabled OAuth2ClientProfileEnabled OnlineMeetingsByDefaultEnabled OutlookGifPickerDisabled OutlookMobileGCCRestrictionsEnabled OutlookMobileHelpShiftEnabled OutlookMobileSingleAccountEnabled OutlookPayEnabled OutlookTextPredictionDisabled PerTenantSwitchToESTSEnabled PostponeRoamingSignaturesUntilLater PreferredInternetCodePageForShiftJis PublicComputersDetectionEnabled PublicFoldersEnabled PublicFolderShowClientControl ReadTrackingEnabled RecallReadMessagesEnabled RefreshSessionEnabled RejectDirectSend RecipientDelimiters RemotePublicFolderMailboxes RequiredCharsetCoverage SendFromAliasEnabled SharedDomainEmailAddressFlowEnabled SiteMailboxCreationURL SmtpActionableMessagesEnabled TenantAdminNotificationForDelayedDelicensingEnabled TwoClickMailPreviewEnabled UnblockUnsafeSenderPromptEnabled VisibleMeetingUpdateProperties WebPushNotificationsDisabled WebSuggestedRepliesDisabled WorkspaceTenantEnabled
Set-TransportConfig | Organization Transport Settings | AddressBookPolicyRoutingEnabled AllowLegacyTLSClients ClearCategories ConvertDisclaimerWrapperToEml DSNConversionMode ExternalDelayDsnEnabled ExternalDsnDefaultLanguage ExternalDsnLanguageDetectionEnabled ExternalDsnReportingAuthority ExternalDsnSendHtml ExternalPostmasterAddress Force HeaderPromotionModeSetting InternalDelayDsnEnabled InternalDsnDefaultLanguage InternalDsnLanguageDetectionEnabled InternalDsnReportingAuthority InternalDsnSendHtml JournalMessageExpirationDays JournalingReportNdrTo MaxRecipientEnvelopeLimit MessageExpiration PreventDuplicateJournalingEnabled ReplyAllStormBlockDurationHours ReplyAllStormDetectionMinimumRecipients ReplyAllStormDetectionMinimumReplies ReplyAllStormProtectionEnabled Rfc2231EncodingEnabled SmtpClientAuthenticationDisabled VoicemailJournalingEnabled
Set-User | Mail Recipients, User Options(Identity Phone MobilePhone) | Identity AssistantName AuthenticationPolicy BlockCloudCache CanHaveCloudCache City ClearDataEncryptionPolicy Company CountryOrRegion Department DesiredWorkloads DisplayName EXOModuleEnabled Fax FirstName Force GeoCoordinates HomePhone Initials IsShadowMailbox LastName MailboxRegion MailboxRegionSuffix ManagedOnboardingType Manager MobilePhone Name Notes Office OtherFax OtherHomePhone OtherTelephone Pager PermanentlyClearPreviousMailboxInfo Phone PhoneticDisplayName PostalCode PostOfficeBox PublicFolder RemotePowerShellEnabled RemoveMailboxProvisioningConstraint ResetPasswordOnNextLogon SeniorityIndex SimpleDisplayName StateOrProvince StreetAddress StsRefreshTokensValidFrom Title VIP WebPage WindowsEmailAddress
Add-ManagementRoleEntry | Role Management | Identity ParentRoleEntry Role Force Overwrite Parameters Type
Add-RoleGroupMember | Role Management | Identity Member BypassSecurityGroupManagerCheck
New-ManagementRole | Role Management | Name Parent Description EnabledCmdlets Force
New-ManagementRoleAssignment | Role Management | Name App Policy Role SecurityGroup User CustomRecipientWriteScope CustomResourceScope Delegating ExclusiveRecipientWriteScope Force RecipientAdministrativeUnitScope RecipientGroupScope RecipientOrganizationalUnitScope RecipientRelativeWriteScope
New-ManagementScope | Role Management | Name RecipientRestrictionFilter Exclusive Force RecipientRoot
New-RoleGroup | Role Management | Name CustomRecipientWriteScope Description DisplayName Force ManagedBy Members Roles WellKnownObject
New-ServicePrincipal | Role Management | AppId ObjectId ServiceId DisplayName
Remove-ManagementRole | Role Management | Identity Force Recurse
Remove-ManagementRoleAssignment | Role Management | Identity Force
Remove-ManagementRoleEntry | Role Management | Identity Force
Remove-ManagementScope | Role Management | Identity Force
Remove-RoleGroup | Role Management | Identity BypassSecurityGroupManagerCheck Force
Remove-RoleGroupMember | Role Management | Identity Member BypassSecurityGroupManagerCheck
Remove-ServicePrincipal | Role Management | Identity
Set-ManagementRoleAssignment | Role Management | Identity RecipientAdministrativeUnitScope RecipientGroupScope CustomRecipientWriteScope CustomResourceScope Enabled ExclusiveRecipientWriteScope Force RecipientOrganizationalUnitScope RecipientRelativeWriteScope
Set-ManagementRoleEntry | Role Management | Identity AddParameter Force Parameters RemoveParameter
Set-ManagementScope | Role Management | Identity Force Name RecipientRestrictionFilter RecipientRoot
Set-RoleGroup | Role Management | Identity BypassSecurityGroupManagerCheck Description DisplayName Force ManagedBy Name WellKnownObject
Set-ServicePrincipal | Role Management | Identity DisplayName OverrideEnforceExoAppRbacPermissions
Test-ServicePrincipalAuthorization | Role Management, View-Only Configuration | Identity Resource
`;
