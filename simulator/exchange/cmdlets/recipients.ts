import { asText, type JsonObject } from "../../json";
import { isMicrosoft365Group } from "../../state/newEntities";
import type { Tenant } from "../../state/tenants";
import { ExchangeError } from "../errors";
import { parseOpath } from "../opath";
import {
  isNamed,
  isWithin,
  mailboxesOf,
  mailGroupsOf,
  mailUsersOf,
  mobileDevicesOf,
  type Recipient,
} from "../recipients";
import type { CmdletCall, CmdletRun, Cmdlets } from "./cmdletCall";

type Among = (tenant: Tenant) => Recipient[];

/** The recipient that an identity names, among those of a kind. Throws where there is none. */
function recipientNamed(call: CmdletCall, among: Among = mailboxesOf): Recipient {
  const identity = call.parameters.required("Identity");
  const recipient = among(call.tenant).find((one) => isNamed(one, identity));
  if (recipient === undefined) {
    throw ExchangeError.objectNotFound(identity);
  }
  return recipient;
}

/** Switches that narrow recipients to kinds of which a tenant here has none. */
const kindsOfNone = [
  "Archive",
  "InactiveMailboxOnly",
  "IsVIP",
  "PublicFolder",
  "SharedWithMailUser",
  "SoftDeletedMailbox",
  "SoftDeletedMailUser",
];

/** Recipients of a kind as `-Identity`, `-Filter`, `-Anr` and the types ask. Reading knows no scope. */
function readRecipients(call: CmdletCall, among: Among = mailboxesOf): JsonObject[] {
  const { parameters, tenant } = call;
  const isNone = kindsOfNone.some((name) => parameters.flag(name));
  if (parameters.text("Identity") !== undefined) {
    return [recipientNamed(call, isNone ? () => [] : among).row];
  }
  if (isNone) {
    return [];
  }
  const filter = parameters.text("Filter");
  const matches = filter === undefined ? () => true : parseOpath(filter);
  const anr = parameters.text("Anr")?.toLowerCase() ?? "";
  const ofType = (column: "RecipientType" | "RecipientTypeDetails", row: JsonObject) => {
    const types = parameters.texts(column).map((one) => one.toLowerCase());
    return types.length === 0 || types.includes(asText(row[column]).toLowerCase());
  };
  return among(tenant)
    .map(({ row }) => row)
    .filter(
      (row) =>
        matches(row) &&
        ofType("RecipientType", row) &&
        ofType("RecipientTypeDetails", row) &&
        asText(row["Name"]).toLowerCase().startsWith(anr),
    );
}

/** The members of a group that have an address. */
function readGroupMembers(call: CmdletCall): JsonObject[] {
  return recipientRows(call, recipientNamed(call, distributionGroupsOf).group!.members);
}

/** Members or owners of a group of Microsoft 365; nobody subscribes to one here. */
function readGroupLinks(call: CmdletCall): JsonObject[] {
  const links = call.parameters.required("LinkType").toLowerCase();
  const { group } = recipientNamed(call, unifiedGroupsOf);
  const lists: Readonly<Record<string, readonly string[]>> = {
    members: group!.members,
    owners: group!.owners,
  };
  return recipientRows(call, lists[links] ?? []);
}

function recipientRows({ tenant }: CmdletCall, ids: readonly string[]): JsonObject[] {
  return allRecipientsOf(tenant)
    .filter((one) => ids.includes(one.user?.id ?? one.group?.id ?? ""))
    .map(({ row }) => row);
}

const unifiedGroupsOf: Among = (tenant) =>
  mailGroupsOf(tenant).filter(({ group }) => isMicrosoft365Group(group!));
const distributionGroupsOf: Among = (tenant) =>
  mailGroupsOf(tenant).filter(({ group }) => !isMicrosoft365Group(group!));

function allRecipientsOf(tenant: Tenant): Recipient[] {
  return [...mailboxesOf(tenant), ...mailUsersOf(tenant), ...mailGroupsOf(tenant)];
}

/** Phones, or those that a mailbox or an identity names. Throws where it names none. */
const readDevices =
  (columns: JsonObject = {}): CmdletRun =>
  ({ tenant, parameters }) => {
    const [mailbox, identity] = [parameters.text("Mailbox"), parameters.text("Identity")];
    if (mailbox !== undefined && !mailboxesOf(tenant).some((one) => isNamed(one, mailbox))) {
      throw ExchangeError.objectNotFound(mailbox);
    }
    const rows = mobileDevicesOf(tenant)
      .filter((device) => mailbox === undefined || isNamed(device.mailbox, mailbox))
      .map(({ row }) => row)
      .filter(
        ({ Identity, Guid, DeviceId }) =>
          identity === undefined ||
          [Identity, Guid, DeviceId].some(
            (one) => asText(one).toLowerCase() === identity.toLowerCase(),
          ),
      );
    if (identity !== undefined && rows.length === 0) {
      throw ExchangeError.objectNotFound(identity);
    }
    return rows.map((row) => ({ ...row, ...columns }));
  };

/** Kinds of recipients that nobody has made. */
const noRecipients: CmdletRun = (call) => readRecipients(call, () => []);

/** Reads what hangs on one mailbox; its `-Identity` must be given. */
const cmdletOfMailbox =
  (columns: (recipient: Recipient) => JsonObject[]): CmdletRun =>
  (call) =>
    columns(recipientNamed(call)).map((row) => ({ Identity: recipientName(call), ...row }));

const recipientName = (call: CmdletCall) => asText(recipientNamed(call).row["Name"]);

/** Reads one mailbox or all. */
const eachMailbox =
  (columns: JsonObject): CmdletRun =>
  (call) =>
    readRecipients(call).map((row) => ({
      Name: row["Name"]!,
      Identity: row["Identity"]!,
      Guid: row["Guid"]!,
      ...columns,
    }));

/**
 * Writes to a mailbox, if a role that holds the cmdlet with these parameters is assigned for it.
 */
function changeMailbox(call: CmdletCall): JsonObject[] {
  const recipient = recipientNamed(call);
  const { parameters, tenant, rights, cmdlet } = call;
  const used = parameters.names;
  const may = (rights.get(cmdlet) ?? []).some(
    (grant) =>
      used.every((name) => grant.parameters.some((one) => one.toLowerCase() === name)) &&
      isWithin(tenant, recipient, grant.assignment.writeScope),
  );
  if (!may) {
    throw ExchangeError.outOfScope(asText(recipient.row["Name"]));
  }
  if (recipient.user !== undefined) {
    const written = (rights.get(cmdlet) ?? [])
      .flatMap((grant) => grant.parameters)
      .filter((name) => name !== "Identity" && used.includes(name.toLowerCase()));
    recipient.user.mailbox = {
      ...recipient.user.mailbox,
      ...Object.fromEntries(written.map((name) => [name, parameters.value(name) ?? null])),
    };
  }
  return [];
}

/** @see https://learn.microsoft.com/powershell/module/exchangepowershell/get-mailbox */
export const recipients: Cmdlets = {
  "Get-Mailbox": (call) =>
    readRecipients(call, call.parameters.flag("GroupMailbox") ? unifiedGroupsOf : mailboxesOf),
  "Get-Recipient": (call) => readRecipients(call, allRecipientsOf),
  "Get-User": (call) =>
    readRecipients(call, (tenant) => [...mailboxesOf(tenant), ...mailUsersOf(tenant)]),
  "Get-Group": (call) => readRecipients(call, mailGroupsOf),
  "Get-MailUser": (call) =>
    readRecipients(call, (tenant) =>
      call.parameters.flag("HVEAccount") ? [] : mailUsersOf(tenant),
    ),
  "Get-Contact": noRecipients,
  "Get-DynamicDistributionGroup": noRecipients,
  "Get-MailContact": noRecipients,
  "Get-Place": noRecipients,
  "Get-UnifiedGroup": (call) => readRecipients(call, unifiedGroupsOf),
  "Get-UnifiedGroupLinks": readGroupLinks,
  "Get-MobileDevice": readDevices(),
  "Get-MobileDeviceStatistics": (call) => {
    if (call.parameters.text("Mailbox") === undefined) {
      call.parameters.required("Identity");
    }
    return readDevices({ Status: "DeviceOk", LastSyncAttemptTime: null, LastSuccessSync: null })(
      call,
    );
  },
  "Get-DistributionGroup": (call) => readRecipients(call, distributionGroupsOf),
  "Get-DistributionGroupMember": readGroupMembers,
  "Get-CASMailbox": eachMailbox({
    SmtpClientAuthenticationDisabled: null,
    ImapEnabled: false,
    PopEnabled: false,
  }),
  "Get-CalendarProcessing": cmdletOfMailbox(() => [{ AutomateProcessing: "AutoUpdate" }]),
  "Get-InboxRule": (call) => (call.parameters.required("Mailbox"), []),
  "Get-MailboxAutoReplyConfiguration": cmdletOfMailbox(() => [{ AutoReplyState: "Disabled" }]),
  "Get-FocusedInbox": cmdletOfMailbox(() => [{ FocusedInboxOn: true }]),
  "Get-MailboxCalendarConfiguration": cmdletOfMailbox(() => [
    { WorkDays: "Weekdays", WorkingHoursStartTime: "08:00:00", WorkingHoursEndTime: "17:00:00" },
  ]),
  "Get-MailboxJunkEmailConfiguration": cmdletOfMailbox(() => [
    { Enabled: true, TrustedSendersAndDomains: [], BlockedSendersAndDomains: [] },
  ]),
  "Get-MailboxMessageConfiguration": cmdletOfMailbox(() => [
    { DefaultFontName: null, DefaultFontSize: 3, DefaultFormat: "Html" },
  ]),
  "Get-SweepRule": () => [],
  "Get-MailboxFolderPermission": cmdletOfMailbox(() => [
    { User: "Default", AccessRights: ["AvailabilityOnly"] },
  ]),
  "Get-MailboxFolderStatistics": cmdletOfMailbox(() => [
    { Name: "Inbox", FolderPath: "/Inbox", ItemsInFolder: 0 },
  ]),
  "Get-MailboxPermission": cmdletOfMailbox(() => [
    { User: "NT AUTHORITY\\SELF", AccessRights: ["FullAccess"] },
  ]),
  "Get-MailboxRegionalConfiguration": cmdletOfMailbox(() => [
    { Language: "en-US", TimeZone: "UTC" },
  ]),
  "Get-MailboxStatistics": cmdletOfMailbox(() => [
    { ItemCount: 0, TotalItemSize: "0 B (0 bytes)" },
  ]),
  "Get-RecipientPermission": eachMailbox({
    Trustee: "NT AUTHORITY\\SELF",
    AccessRights: ["SendAs"],
  }),
  "Get-MailboxAuditBypassAssociation": eachMailbox({ AuditBypassEnabled: false }),
  "Set-CASMailbox": changeMailbox,
  "Set-CalendarProcessing": changeMailbox,
  "Set-Mailbox": changeMailbox,
  "Set-MailboxAutoReplyConfiguration": changeMailbox,
  "Set-MailboxRegionalConfiguration": changeMailbox,
  "Set-User": changeMailbox,
};
