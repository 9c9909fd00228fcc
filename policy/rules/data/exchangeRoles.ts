/** A service with role-based access control of its own. */
type Workload = "exchange" | "compliance";

/**
 * Management roles that Exchange Online has built in. Those that only end users or Microsoft's own
 * applications hold are left out.
 *
 * @see https://learn.microsoft.com/exchange/permissions-exo/permissions-exo
 * @see https://learn.microsoft.com/exchange/permissions-exo/application-rbac#supported-application-roles
 */
const exchangeOnline = `
Address Lists
ApplicationImpersonation
Audit Logs
Compliance Admin
Data Loss Prevention
Distribution Groups
E-Mail Address Policies
Federated Sharing
Information Rights Management
Journaling
Legal Hold
Mail Enabled Public Folders
Mail Recipient Creation
Mail Recipients
Mail Tips
Mailbox Import Export
Mailbox Search
Message Tracking
Migration
Move Mailboxes
Org Custom Apps
Org Marketplace Apps
Organization Client Access
Organization Configuration
Organization Transport Settings
Place Configuration
Public Folders
Recipient Policies
Remote and Accepted Domains
Reset Password
Retention Management
Role Management
Security Admin
Security Group Creation and Membership
Security Reader
Send Connectors
Support Diagnostics
Team Mailboxes
Transport Hygiene
Transport Rules
UM Mailboxes
UM Prompts
Unified Messaging
User Options
View-Only Audit Logs
View-Only Configuration
View-Only Recipients
Application Calendars.Read
Application Calendars.ReadWrite
Application Contacts.Read
Application Contacts.ReadWrite
Application EWS.AccessAsApp
Application Exchange Full Access
Application Mail Full Access
Application Mail.Read
Application Mail.ReadBasic
Application Mail.ReadWrite
Application Mail.Send
Application MailboxSettings.Read
Application MailboxSettings.ReadWrite
Application SMTP.SendAsApp
`;

/**
 * Roles of Security & Compliance, which are given only through its role groups.
 *
 * @see https://learn.microsoft.com/defender-office-365/scc-permissions
 */
const compliance = `
Audit Logs
Billing Admin
Case Management
Communication
Compliance Administrator
Compliance Manager Administration
Compliance Manager Assessment
Compliance Manager Contribution
Compliance Manager Reader
Compliance Search
Custodian
Data Classification Content Viewer
Data Classification Feedback Provider
Data Classification Feedback Reviewer
Data Classification List Viewer
Data Investigation Management
Device Management
Disposition Management
DLP Compliance Management
Export
Hold
IB Compliance Management
Information Protection Admin
Information Protection Analyst
Information Protection Investigator
Information Protection Reader
Insider Risk Management Admin
Insider Risk Management Analysis
Insider Risk Management Investigation
Manage Alerts
Organization Configuration
Preview
Quarantine
RecordManagement
Retention Management
Review
RMS Decrypt
Role Management
Search And Purge
Security Administrator
Security Reader
Sensitivity Label Administrator
Sensitivity Label Reader
Service Assurance View
Supervisory Review Administrator
Tag Contributor
Tag Manager
Tag Reader
Tenant AllowBlockList Manager
View-Only Audit Logs
View-Only Case
View-Only Configuration
View-Only Device Management
View-Only DLP Compliance Management
View-Only IB Compliance Management
View-Only Manage Alerts
View-Only Recipients
View-Only Record Management
View-Only Retention Management
`;

/** Names of the built-in management roles of each workload. */
export const managementRoleNames: Readonly<Record<Workload, readonly string[]>> = {
  exchange: exchangeOnline.trim().split("\n"),
  compliance: compliance.trim().split("\n"),
};

/** Page that lists a workload's roles. */
export const managementRolesPages: Readonly<Record<Workload, string>> = {
  exchange: "https://learn.microsoft.com/exchange/permissions-exo/permissions-exo",
  compliance: "https://learn.microsoft.com/defender-office-365/scc-permissions",
};

/** Roles with which whoever holds them can give themselves every other role of the workload. */
export const takeoverRoles: readonly string[] = [
  "Role Management",
  "ApplicationImpersonation",
  "Application Exchange Full Access",
];

/** Whether a management role only reads, by its name. */
export function isReadOnlyRole(name: string): boolean {
  return /^View-Only |Reader$|\.Read(Basic)?(\.All)?$|^Message Tracking$/.test(name);
}

/** The built-in role of this name as the service writes it; case does not matter. */
export function findManagementRole(workload: Workload, name: string): string | undefined {
  const wanted = name.trim().toLowerCase();
  return managementRoleNames[workload].find((role) => role.toLowerCase() === wanted);
}
