import { asText, type JsonObject } from "../json";
import type { GroupRecord, UserRecord } from "../state/entities";
import type { WriteScope } from "../state/exchangeEntities";
import { isMicrosoft365Group } from "../state/newEntities";
import { seededId } from "../state/seedTenant";
import type { Tenant } from "../state/tenants";
import { parseOpath } from "./opath";

/** A recipient as cmdlets answer it, with the user behind its mailbox, or the group. */
export interface Recipient {
  readonly row: JsonObject;
  readonly user?: UserRecord;
  readonly group?: GroupRecord;
}

const discoveryMailbox = "DiscoverySearchMailbox{D919BA05-46A6-415f-80AD-7E09334BB852}";

/** The part that rows of most cmdlets begin with. */
export function commonColumns({ identity }: Tenant, name: string): JsonObject {
  const { tenantId, initialDomain, createdDateTime } = identity;
  return {
    Name: name,
    Identity: name,
    Guid: seededId(tenantId, `exchange/${name}`),
    IsValid: true,
    OrganizationId: `NAMPR00A000.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/${initialDomain} - NAMPR00A000.PROD.OUTLOOK.COM/ConfigurationUnits/${initialDomain}/Configuration`,
    WhenCreatedUTC: createdDateTime,
  };
}

/** Every mailbox: the one of eDiscovery, and one for each user who is not a guest. */
export function mailboxesOf(tenant: Tenant): Recipient[] {
  const { users } = tenant.state;
  const discovery = {
    ...commonColumns(tenant, discoveryMailbox),
    DisplayName: discoveryMailbox,
    PrimarySmtpAddress: `${discoveryMailbox}@${tenant.identity.initialDomain}`,
    RecipientType: "UserMailbox",
    RecipientTypeDetails: "DiscoveryMailbox",
  };
  return [
    { row: discovery },
    ...users
      .all()
      .filter((user) => !isGuest(user))
      .map((user) => ({ row: mailboxRow(tenant, user), user })),
  ];
}

/** Guests, whom mail reaches elsewhere. */
export function mailUsersOf(tenant: Tenant): Recipient[] {
  return tenant.state.users
    .all()
    .filter(isGuest)
    .map((user) => ({
      row: {
        ...mailboxRow(tenant, user),
        RecipientType: "MailUser",
        RecipientTypeDetails: "GuestMailUser",
      },
      user,
    }));
}

const isGuest = ({ properties }: UserRecord) => properties?.["userType"] === "Guest";

/** Phones that read mailboxes, as `Get-MobileDevice` answers them, with the mailbox of each. */
export function mobileDevicesOf(tenant: Tenant): { row: JsonObject; mailbox: Recipient }[] {
  return mailboxesOf(tenant).flatMap((mailbox) =>
    (mailbox.user?.mobileDevices ?? []).map((device) => ({
      row: {
        ...commonColumns(
          tenant,
          `${mailbox.user!.userPrincipalName}\\ExchangeActiveSyncDevices\\${asText(device["DeviceId"])}`,
        ),
        ClientType: "Outlook",
        DeviceAccessState: "Allowed",
        DeviceModel: "Outlook for iOS and Android",
        DeviceType: "Outlook",
        FirstSyncTime: tenant.identity.createdDateTime,
        UserDisplayName: mailbox.user!.displayName,
        ...device,
      },
      mailbox,
    })),
  );
}

/** Every group that has an address: security groups, and those of Microsoft 365, which are mailboxes. */
export function mailGroupsOf(tenant: Tenant): Recipient[] {
  return tenant.state.groups
    .all()
    .filter(({ properties }) => properties["mailEnabled"] === true)
    .map((group) => {
      const { displayName, description, mail, mailNickname, visibility } = group.properties;
      const securityGroup = "MailUniversalSecurityGroup";
      return {
        row: {
          ...commonColumns(tenant, displayName),
          DisplayName: displayName,
          Alias: mailNickname ?? null,
          ExternalDirectoryObjectId: group.id,
          MemberOfGroup: tenant.state.groupsOf(group.id).map((one) => one.properties.displayName),
          PrimarySmtpAddress: mail ?? null,
          ...(isMicrosoft365Group(group)
            ? {
                AccessType: visibility ?? null,
                GroupMemberCount: group.members.length,
                GroupType: "Universal",
                Notes: description ?? null,
                RecipientType: "MailUniversalDistributionGroup",
                RecipientTypeDetails: "GroupMailbox",
              }
            : {
                GroupType: "Universal, SecurityEnabled",
                RecipientType: securityGroup,
                RecipientTypeDetails: securityGroup,
              }),
        },
        group,
      };
    });
}

function mailboxRow(tenant: Tenant, user: UserRecord): JsonObject {
  const { id, userPrincipalName, mailbox = {} } = user;
  const groups = tenant.state.groupsOf(id).map(({ properties }) => properties.displayName);
  return {
    ...commonColumns(tenant, userPrincipalName),
    DisplayName: userPrincipalName,
    Alias: userPrincipalName.split("@")[0] ?? "",
    ExternalDirectoryObjectId: id,
    MemberOfGroup: groups,
    PrimarySmtpAddress: userPrincipalName,
    RecipientType: "UserMailbox",
    RecipientTypeDetails: "UserMailbox",
    UserPrincipalName: userPrincipalName,
    ...mailbox,
  };
}

/** Whether an identity, as `-Identity` takes it, names a recipient. */
export function isNamed({ row }: Recipient, identity: string): boolean {
  const wanted = identity.toLowerCase();
  return [
    "Name",
    "Alias",
    "Guid",
    "DisplayName",
    "ExternalDirectoryObjectId",
    "PrimarySmtpAddress",
    "UserPrincipalName",
  ].some((column) => asText(row[column]).toLowerCase() === wanted);
}

/** Whether a recipient lies within a scope. */
export function isWithin(tenant: Tenant, recipient: Recipient, scope: WriteScope): boolean {
  const { state } = tenant;
  const id = recipient.user?.id ?? recipient.group?.id ?? "";
  if (scope.administrativeUnit !== undefined) {
    return state.administrativeUnits.get(scope.administrativeUnit)?.members.includes(id) ?? false;
  }
  if (scope.group !== undefined) {
    return state.groups.get(scope.group)?.members.includes(id) ?? false;
  }
  if (scope.scope === undefined) {
    return true;
  }
  const named = state.exchangeScopes.all().find(({ name }) => name === scope.scope);
  return named !== undefined && parseOpath(named.filter)(recipient.row);
}
