import type { JsonObject } from "../json";
import { seededId } from "../state/seedTenant";
import type { Tenant } from "../state/tenants";
import type { Workload } from "./roles";

/** What a read-only cmdlet answers in a tenant, one object per row. */
export function runCmdlet(workload: Workload, cmdlet: string, tenant: Tenant): JsonObject[] {
  return workload === "exchange" ? exchange(cmdlet, tenant) : compliance(cmdlet, tenant);
}

function exchange(cmdlet: string, tenant: Tenant): JsonObject[] {
  const { initialDomain, displayName, createdDateTime, tenantId } = tenant.identity;
  const id = (name: string) => seededId(tenantId, `exchange/${name}`);
  const common = (name: string): JsonObject => ({
    Name: name,
    Identity: name,
    Guid: id(name),
    IsValid: true,
    OrganizationId: `NAMPR00A000.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/${initialDomain} - NAMPR00A000.PROD.OUTLOOK.COM/ConfigurationUnits/${initialDomain}/Configuration`,
    WhenCreatedUTC: createdDateTime,
  });
  switch (cmdlet) {
    case "Get-OrganizationConfig":
      return [
        {
          ...common(initialDomain),
          DisplayName: displayName,
          IsDehydrated: false,
          OAuth2ClientProfileEnabled: true,
          AuditDisabled: false,
          CustomerLockboxEnabled: false,
        },
      ];
    case "Get-AcceptedDomain":
      return tenant.state.domains.all().map((domain) => ({
        ...common(domain.id),
        DomainName: domain.id,
        DomainType: "Authoritative",
        Default: domain.isDefault,
        InitialDomain: domain.isInitial,
      }));
    case "Get-Mailbox":
    case "Get-Recipient":
      return [
        discoveryMailbox,
        ...tenant.state.users.all().map((user) => user.userPrincipalName),
      ].map((name) => ({
        ...common(name),
        DisplayName: name,
        PrimarySmtpAddress: name.includes("@") ? name : `${name}@${initialDomain}`,
        RecipientTypeDetails: name === discoveryMailbox ? "DiscoveryMailbox" : "UserMailbox",
      }));
    case "Get-TransportConfig":
      return [
        {
          ...common("Transport Settings"),
          SmtpClientAuthenticationDisabled: true,
          ExternalPostmasterAddress: null,
        },
      ];
    case "Get-HostedContentFilterPolicy":
      return [{ ...common("Default"), IsDefault: true, HighConfidencePhishAction: "Quarantine" }];
    case "Get-AdminAuditLogConfig":
      return [
        {
          ...common("Admin Audit Log Settings"),
          AdminAuditLogEnabled: true,
          UnifiedAuditLogIngestionEnabled: true,
        },
      ];
    default:
      return [];
  }
}

const discoveryMailbox = "DiscoverySearchMailbox{D919BA05-46A6-415f-80AD-7E09334BB852}";

function compliance(cmdlet: string, tenant: Tenant): JsonObject[] {
  const { tenantId, createdDateTime } = tenant.identity;
  const row = (name: string, rest: JsonObject): JsonObject => ({
    Name: name,
    Guid: seededId(tenantId, `compliance/${name}`),
    ImmutableId: seededId(tenantId, `compliance/${name}`),
    WhenCreatedUTC: createdDateTime,
    ...rest,
  });
  switch (cmdlet) {
    case "Get-Label":
      return [
        row("defa4170-0d19-0005-0004-bc88714345d2", { DisplayName: "General", Priority: 0 }),
        row("defa4170-0d19-0005-0005-bc88714345d2", { DisplayName: "Confidential", Priority: 1 }),
      ];
    case "Get-LabelPolicy":
      return [row("Global sensitivity label policy", { Mode: "Enforce", Enabled: true })];
    case "Get-DlpCompliancePolicy":
      return [
        row("Default Office 365 DLP policy", { Mode: "TestWithNotifications", Enabled: true }),
      ];
    case "Get-ProtectionAlert":
      return [
        row("Elevation of Exchange admin privilege", { Severity: "Low", Disabled: false }),
        row("Suspicious email sending patterns detected", { Severity: "Medium", Disabled: false }),
      ];
    default:
      return [];
  }
}
