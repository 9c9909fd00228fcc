/**
 * Built-in role groups: `group | directory role whose holders are members | roles`. `*` stands for
 * every built-in role that is in some group by default.
 *
 * @see https://learn.microsoft.com/exchange/permissions-exo/permissions-exo#role-groups
 */
export const exchangeRoleGroups = `
Compliance Management | Compliance Administrator | Audit Logs, Compliance Admin, Data Loss Prevention, Information Rights Management, Journaling, Message Tracking, Retention Management, Transport Rules, View-Only Audit Logs, View-Only Configuration, View-Only Recipients
Discovery Management |  | Legal Hold, Mailbox Search
Help Desk | Helpdesk Administrator | Reset Password, User Options, View-Only Recipients
Hygiene Management |  | Transport Hygiene, View-Only Configuration, View-Only Recipients
Organization Management | Exchange Administrator, Global Administrator | *
Recipient Management | Exchange Recipient Administrator | Distribution Groups, Mail Recipient Creation, Mail Recipients, Message Tracking, Migration, Move Mailboxes, Recipient Policies, Reset Password, Team Mailboxes
Records Management |  | Audit Logs, Journaling, Message Tracking, Retention Management, Transport Rules
Security Administrator | Security Administrator | Security Admin
Security Reader | Security Reader | Security Reader
View-Only Organization Management | Global Reader | View-Only Configuration, View-Only Recipients
`;

/** @see https://learn.microsoft.com/defender-office-365/scc-permissions */
export const complianceRoleGroups = `
Compliance Administrator | Compliance Administrator | Audit Logs, Compliance Administrator, DLP Compliance Management, Manage Alerts, RecordManagement, Retention Management, Sensitivity Label Administrator, View-Only Configuration
eDiscovery Manager |  | Case Management, Compliance Search, Hold
Global Reader | Global Reader | Sensitivity Label Reader, View-Only Configuration, View-Only DLP Compliance Management, View-Only Manage Alerts, View-Only Retention Management
Organization Management | Global Administrator | *
Records Management |  | RecordManagement, Retention Management
Security Administrator | Security Administrator | Audit Logs, DLP Compliance Management, Manage Alerts, Sensitivity Label Administrator, View-Only Configuration
Security Reader | Security Reader | Sensitivity Label Reader, View-Only DLP Compliance Management, View-Only Manage Alerts
`;

/** Roles of Exchange Online that no group holds by default; nobody has them before they are assigned. */
export const unassignedRoles = [
  "Address Lists",
  "Mailbox Import Export",
  "ApplicationImpersonation",
];

/**
 * Application roles: what an application may do with data over Graph, EWS, IMAP and SMTP. They
 * hold no cmdlet.
 *
 * @see https://learn.microsoft.com/exchange/permissions-exo/application-rbac#supported-application-roles
 */
export const applicationRoles = `
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
