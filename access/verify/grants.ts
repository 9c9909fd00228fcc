import { GraphError } from "@microsoft/microsoft-graph-client";
import { roleNamesFor } from "../../components/catalog/directoryRoles";
import { type Workload, workloadTitles } from "../../components/catalog/workloads";
import { roleByTemplateId, widsOfEverybody } from "../../policy/rules/data/directoryRoles";
import { type TokenClaims, TokenRefused } from "../../microsoft/tokens";
import { UsageFailure } from "../../system/failure";
import { diagnose } from "./diagnosis";
import type { Diagnosis } from "./documentShape";
import { type RecordedGrants, readRecordedGrants } from "./recorded";
import { diagnoseRefusal } from "./signIn";
import type { VerifyInput } from "./target";

/** The permission that opens both workloads. */
export const exchangePermission = "Exchange.ManageAsApp";

/** Names of the directory roles in a token that serve a workload. */
export function servingRoles({ wids }: TokenClaims, workload: Workload): string[] {
  return roleNamesFor(workload, wids ?? []);
}

/** What a token may do besides what the stack declares: somebody else has granted it. */
export function undeclaredIn(
  { roles = [], wids = [] }: TokenClaims,
  { declared }: Pick<VerifyInput, "declared">,
): Readonly<Record<"permissions" | "directoryRoles", readonly string[]>> {
  if (declared === undefined) {
    return { permissions: [], directoryRoles: [] };
  }
  return {
    permissions: roles.filter((role) => !declared.permissions.includes(role)),
    directoryRoles: wids
      .filter((wid) => !widsOfEverybody.includes(wid) && !declared.directoryRoles.includes(wid))
      .map((wid) => roleByTemplateId(wid)?.name ?? wid),
  };
}

/** Why a token has no permission, as exactly as can be known. */
export async function diagnosePermission(
  input: VerifyInput,
  workload: Workload,
): Promise<Diagnosis> {
  const facts = { workload: workloadTitles[workload] };
  const recorded = await recordedGrants(input, workload);
  if (isUnread(recorded)) {
    return withoutLookUp(diagnose("consent-missing", facts), recorded);
  }
  if (recorded.consented) {
    return diagnose("consent-late", facts);
  }
  return diagnose(recorded.requested ? "manifest-without-consent" : "consent-absent", facts);
}

/** Why a token has no directory role that serves the workload, as exactly as can be known. */
export async function diagnoseRole(
  input: VerifyInput,
  workload: Workload,
  { wids = [] }: TokenClaims,
): Promise<Diagnosis> {
  const others = wids.some((wid) => !widsOfEverybody.includes(wid));
  const facts = { workload: workloadTitles[workload], roles: roleNamesFor(workload).join(", ") };
  const grants = await recordedGrants(input, workload);
  if (isUnread(grants) || grants.servingRoles === undefined) {
    const diagnosis = diagnose(others ? "role-unsupported" : "role-missing", facts);
    return withoutLookUp(
      diagnosis,
      isUnread(grants) ? grants : unread(grants.rolesUnread, input, workload),
    );
  }
  const [role] = grants.servingRoles;
  if (role !== undefined) {
    return diagnose("role-late", { ...facts, role });
  }
  if (grants.heldOtherwise !== undefined) {
    const { how, role: held, where } = grants.heldOtherwise;
    return diagnose(`role-${how}`, { ...facts, role: held, scope: where, group: where });
  }
  // The directory itself has none, so that waiting does not help.
  return others
    ? { ...diagnose("role-unsupported", facts), propagating: false }
    : diagnose("role-absent", facts);
}

/** Why nothing is known of what the directory records. */
interface NotLookedUp {
  /** Absent where nobody was to look it up. */
  readonly why?: string | undefined;
  /** Whether it cannot be looked up later either. */
  readonly isFinal: boolean;
}

async function recordedGrants(
  input: VerifyInput,
  workload: Workload,
): Promise<RecordedGrants | NotLookedUp> {
  const { graph, applicationId } = input;
  if (graph === undefined) {
    return { isFinal: false };
  }
  try {
    return await readRecordedGrants(await graph(), applicationId, workload);
  } catch (error) {
    return unread(error, input, workload);
  }
}

function isUnread(grants: RecordedGrants | NotLookedUp): grants is NotLookedUp {
  return "isFinal" in grants;
}

function unread(error: unknown, input: VerifyInput, workload: Workload): NotLookedUp {
  if (error instanceof TokenRefused) {
    return {
      why: `the deployer cannot sign in: ${lineOne(error.description)}`,
      isFinal: !diagnoseRefusal(error, input, workload, new Date()).propagating,
    };
  }
  const why =
    error instanceof GraphError
      ? `Microsoft Graph refuses the deployer: ${error.code ?? ""} (${error.statusCode}).`
      : lineOne(error instanceof Error ? error.message : String(error));
  return { why, isFinal: error instanceof DeployerElsewhere };
}

/** The deployer's Microsoft Graph is not that of the tenant that is verified. */
export class DeployerElsewhere extends UsageFailure {}

/**
 * A diagnosis that leaves open what a look-up would have told, with why there was none. A grant may be
 * on its way; but for a deployer that is refused for good, nobody waits half an hour to learn of it.
 */
function withoutLookUp(diagnosis: Diagnosis, { why, isFinal }: NotLookedUp): Diagnosis {
  const cause =
    why === undefined
      ? diagnosis.cause
      : `${diagnosis.cause} What the directory records could not be looked up: ${why}`;
  return isFinal
    ? {
        ...diagnosis,
        cause,
        remedy: `Correct the deployer's credentials, or take them away from this job: \`apponly doctor --stack NAME\`. ${diagnosis.remedy}`,
        propagating: false,
      }
    : { ...diagnosis, cause };
}

function lineOne(text: string): string {
  return text.split(/[\r\n]/)[0] ?? "";
}
