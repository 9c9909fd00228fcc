import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { readAll } from "../microsoft/graph/client";
import { readExchangeRoles } from "../microsoft/graph/tenant/exchangeRoles";
import { titleOfObject } from "../microsoft/graph/tenant/objects";
import { findReach } from "../microsoft/graph/tenant/reach";
import { readApplications } from "../microsoft/graph/tenant/readApplication";
import { type Unread, unreadOf } from "../microsoft/graph/tenant/unread";
import { readUsage } from "../microsoft/graph/tenant/usage";
import { compareRisk } from "../review/model";
import { type AcceptedFinding, partAccepted } from "./accepted";
import {
  AuditedApplication,
  type AuditContext,
  type AuditedRoleGroup,
  permissionName,
  roleName,
} from "./application";
import type { AuditFinding, AuditReport, AuditRow } from "./documentShape";
import type { AuditRule } from "./auditRule";
import { auditRules } from "./rules";
import { tenantRules } from "./tenantRules";
import { compareText } from "../system/compareText";

/** How a tenant is audited. */
export interface AuditOptions {
  readonly graph: Client;
  /** Number of requests sent so far. */
  readonly requests: () => number;
  /** Names of stacks by the client id of the application that they manage. */
  readonly stacks?: ReadonlyMap<string, string>;
  readonly accepted?: readonly AcceptedFinding[];
  /** Reads who is a member of role groups, which Microsoft Graph does not tell. */
  readonly roleGroups?: () => Promise<ReadRoleGroups>;
  readonly now?: Date;
  /** Told how many applications of how many are read. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** Role groups by the object id, in lower case, of each member. */
export interface ReadRoleGroups {
  readonly byMember: ReadonlyMap<string, readonly AuditedRoleGroup[]>;
  readonly unread: readonly Unread[];
}

/** How many applications are read, judged and forgotten together. */
const atOnce = 20;

/**
 * Judges every application with app-only reach into Exchange or compliance by the rules. What could
 * not be read is a warning, and makes the report incomplete where it may hide something. Of each
 * application only its row and its findings are kept.
 *
 * @throws {GraphError} If the tenant itself cannot be read.
 */
export async function auditTenant({
  graph,
  requests,
  stacks = new Map(),
  accepted = [],
  roleGroups: readRoleGroups = () => Promise.resolve({ byMember: new Map(), unread: [] }),
  now = new Date(),
  onProgress = () => undefined,
}: AuditOptions): Promise<AuditReport> {
  const [organization] = await readAll<{ id: string }>(graph, "/organization?$select=id");
  const tenantId = organization?.id ?? "";
  const exchange = await readExchangeRoles(graph);
  const groups = await readRoleGroups();
  const inExchange = [...exchange.byPrincipal.keys(), ...groups.byMember.keys()];
  const reach = await findReach(graph, inExchange);
  const usage = await readUsage(graph);
  const context: AuditContext = {
    tenantId,
    resources: reach.resources,
    exchangeRoles: exchange.byPrincipal,
    roleGroups: groups.byMember,
    usage,
    stacks,
    now,
  };
  const tenant = await findingsOnTenant(graph, context);
  const findings: AuditFinding[] = [...tenant.findings];
  const rows: AuditRow[] = [];
  const unread: Unread[] = [
    ...reach.unread,
    ...groups.unread,
    ...[usage.unread, exchange.unread, tenant.unread].flatMap((one) => one ?? []),
  ];
  for (let start = 0; start < reach.appIds.length; start += atOnce) {
    const appIds = reach.appIds.slice(start, start + atOnce);
    for (const found of await readApplications(graph, appIds)) {
      const application = new AuditedApplication(found, context);
      unread.push(...found.unread);
      rows.push(applicationRow(application));
      findings.push(...findingsOf(application));
    }
    onProgress(rows.length, reach.appIds.length);
  }
  const parted = partAccepted(findings, accepted, now);
  return {
    version: 1,
    tenant: tenantId,
    complete: unread.every(({ isGap }) => !isGap),
    requests: requests(),
    applications: rows.sort((a, b) => compareText(a.name, b.name)),
    findings: parted.open.sort(
      (a, b) =>
        compareRisk(a.severity, b.severity) ||
        compareText(a.name, b.name) ||
        compareText(a.rule, b.rule),
    ),
    accepted: parted.accepted,
    warnings: [...new Set([...unread.map(({ why }) => why), ...parted.ended])],
  };
}

function findingsOf(application: AuditedApplication): AuditFinding[] {
  return Object.entries<AuditRule>(auditRules).flatMap(([name, rule]) =>
    [...new Set(rule.judge(application))].map((subject) => ({
      ...ruleFacts(name, rule),
      application: application.found.appId,
      name: application.name,
      subject,
    })),
  );
}

function ruleFacts(name: string, rule: Omit<AuditRule, "judge">) {
  const { severity, reason, source, remedy } = rule;
  return { rule: name, severity, reason, source, remedy };
}

async function findingsOnTenant(
  graph: Client,
  { resources, tenantId, now }: AuditContext,
): Promise<{ findings: AuditFinding[]; unread?: Unread }> {
  const keys = resources.flatMap(({ appId, keys: held }) =>
    held
      .filter(({ endDateTime }) => new Date(endDateTime ?? 0) > now)
      .map(({ keyId }) => ({
        ...ruleFacts("microsoftKeys", tenantRules.microsoftKeys),
        application: appId,
        name: "Microsoft's own service principal",
        subject: keyId,
      })),
  );
  try {
    const policy = (await graph.api("/policies/defaultAppManagementPolicy").get()) as {
      isEnabled?: boolean;
    };
    const missing = {
      ...ruleFacts("noCredentialPolicy", tenantRules.noCredentialPolicy),
      application: tenantId,
      name: "the tenant",
      subject: "default app management policy",
    };
    return { findings: policy.isEnabled === true ? keys : [...keys, missing] };
  } catch (error) {
    if (!(error instanceof GraphError)) {
      throw error;
    }
    const source = { what: "the app management policy", permission: "Policy.Read.All" };
    return { findings: keys, unread: unreadOf(source, error) };
  }
}

function applicationRow(application: AuditedApplication): AuditRow {
  const { found, stack, lastSignIn, context } = application;
  const owners = [...found.applicationOwners, ...found.servicePrincipalOwners];
  const publisher = found.application?.verifiedPublisher?.displayName;
  return {
    appId: found.appId,
    name: application.name,
    ...(stack === undefined ? {} : { stack }),
    permissions: application.permissions.map(permissionName),
    directoryRoles: found.roles.map(
      ({ roleDefinitionId, how, group, directoryScopeId }) =>
        `${how === "eligible" ? "eligible for " : ""}${roleName(roleDefinitionId)}${group === undefined ? "" : ` by ${group.name}`}${directoryScopeId === "/" ? "" : ` within ${directoryScopeId}, reach unknown`}`,
    ),
    exchangeRoles: [
      ...application.exchangeRoles.map(({ name, scoped }) => `${name}${scoped ? " (scoped)" : ""}`),
      ...application.roleGroups.map(
        ({ name, workload }) => `by the role group ${name}, ${workload}`,
      ),
    ],
    owners: [...new Set(owners.map(titleOfObject))],
    audience: found.application?.signInAudience ?? "another organisation's",
    ...(publisher ? { publisher } : {}),
    enabled: found.servicePrincipal?.accountEnabled !== false,
    ...(lastSignIn === undefined ? {} : { lastSignIn }),
    credentials: [
      ...application.credentials.map(({ kind, on, keyId, startDateTime, endDateTime }) => {
        const used = context.usage.credentials.get(keyId.toLowerCase());
        return {
          kind,
          on,
          id: keyId,
          ...(startDateTime ? { start: startDateTime } : {}),
          ...(endDateTime ? { end: endDateTime } : {}),
          ...(used === undefined ? {} : { lastSignIn: used }),
        };
      }),
      ...found.federated.map(({ id }) => ({
        kind: "federated credential" as const,
        on: "application" as const,
        id,
      })),
    ],
  };
}
