import { asText, type JsonObject } from "../../json";
import { seededId } from "../../state/seedTenant";
import { complianceSettings, exchangeSettings } from "../data/settings";
import { ExchangeError } from "../errors";
import { commonColumns } from "../recipients";
import type { CmdletCall, CmdletRun, Cmdlets } from "./cmdletCall";

/** The rows that `-Identity` leaves, by name or id. Throws where it names none. */
function asNamed(call: CmdletCall, rows: JsonObject[]): JsonObject[] {
  const identity = call.parameters.text("Identity")?.toLowerCase();
  if (identity === undefined) {
    return rows;
  }
  const named = rows.filter(({ Name, Guid, DisplayName }) =>
    [Name, Guid, DisplayName].some((one) => asText(one).toLowerCase() === identity),
  );
  if (named.length === 0) {
    throw ExchangeError.objectNotFound(identity);
  }
  return named;
}

function complianceColumns({ tenant }: CmdletCall, name: string): JsonObject {
  const { tenantId, createdDateTime } = tenant.identity;
  const id = seededId(tenantId, `compliance/${name}`);
  return { Name: name, Guid: id, ImmutableId: id, WhenCreatedUTC: createdDateTime };
}

/** A cmdlet that answers what the table has. */
const settingsCmdlet =
  (settings: typeof exchangeSettings, name: string): CmdletRun =>
  (call) =>
    asNamed(
      call,
      (settings[name] ?? []).map(([title, columns]) => ({
        ...(call.workload === "exchange"
          ? commonColumns(call.tenant, title)
          : complianceColumns(call, title)),
        ...columns,
      })),
    );

const cmdletsOfSettings = (settings: typeof exchangeSettings): Cmdlets =>
  Object.fromEntries(Object.keys(settings).map((name) => [name, settingsCmdlet(settings, name)]));

/** Cmdlets of Exchange Online that read settings of the organization. */
export const organizationSettings: Cmdlets = {
  ...cmdletsOfSettings(exchangeSettings),
  "Get-OrganizationConfig": ({ tenant }) => [
    {
      ...commonColumns(tenant, tenant.identity.initialDomain),
      DisplayName: tenant.identity.displayName,
      IsDehydrated: false,
      OAuth2ClientProfileEnabled: true,
      AuditDisabled: false,
      DefaultAuthenticationPolicy: null,
      MailTipsAllTipsEnabled: true,
      MailTipsExternalRecipientsTipsEnabled: false,
      MailTipsGroupMetricsEnabled: true,
      RejectDirectSend: false,
      CustomerLockboxEnabled: false,
      EnforceExoAppRbacPermissions: false,
    },
  ],
  "Get-DkimSigningConfig": (call) =>
    asNamed(
      call,
      call.state.domains.all().map((domain) => ({
        ...commonColumns(call.tenant, domain.id),
        Domain: domain.id,
        // Mail from the initial domain is always signed.
        Enabled: domain.isInitial,
        Status: domain.isInitial ? "Valid" : "CnameMissing",
      })),
    ),
  "Get-MxRecordReport": ({ parameters, state }) => {
    const domain = parameters.required("Domain").toLowerCase();
    return state.domains.get(domain) === undefined
      ? []
      : [
          {
            Domain: domain,
            HighestMailhost: `${domain.replaceAll(".", "-")}.mail.protection.outlook.com`,
            PointsToService: true,
            RecordExists: true,
          },
        ];
  },
  "Get-AcceptedDomain": (call) =>
    asNamed(
      call,
      call.state.domains.all().map((domain) => ({
        ...commonColumns(call.tenant, domain.id),
        DomainName: domain.id,
        DomainType: "Authoritative",
        Default: domain.isDefault,
        InitialDomain: domain.isInitial,
      })),
    ),
};

/** Cmdlets of Security & Compliance that read its settings. */
export const protectionSettings: Cmdlets = cmdletsOfSettings(complianceSettings);
