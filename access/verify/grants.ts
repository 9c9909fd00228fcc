import { roleNamesFor } from "../../components/catalog/directoryRoles";
import { type Workload, workloadTitles } from "../../components/catalog/workloads";
import { widsOfEverybody } from "../../policy/rules/data/directoryRoles";
import type { TokenClaims } from "../../microsoft/tokens";
import { diagnose } from "./diagnosis";
import type { Diagnosis } from "./documentShape";
import { type RecordedGrants, readRecordedGrants } from "./recorded";
import type { VerifyInput } from "./target";

/** The permission that opens both workloads. */
export const exchangePermission = "Exchange.ManageAsApp";

/** Names of the directory roles in a token that serve a workload. */
export function servingRoles({ wids }: TokenClaims, workload: Workload): string[] {
  return roleNamesFor(workload, wids ?? []);
}

/** Why a token has no permission, as exactly as can be known. */
export async function diagnosePermission(
  input: VerifyInput,
  workload: Workload,
): Promise<Diagnosis> {
  const facts = { workload: workloadTitles[workload] };
  const recorded = await recordedGrants(input, workload);
  if (recorded === undefined) {
    return diagnose("consent-missing", facts);
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
  const recorded = grants?.servingRoles;
  if (recorded === undefined) {
    return diagnose(others ? "role-unsupported" : "role-missing", facts);
  }
  const [role] = recorded;
  if (role !== undefined) {
    return diagnose("role-late", { ...facts, role });
  }
  if (grants?.heldOtherwise !== undefined) {
    const { how, role: held, where } = grants.heldOtherwise;
    return diagnose(`role-${how}`, { ...facts, role: held, scope: where, group: where });
  }
  // The directory itself has none, so that waiting does not help.
  return others
    ? { ...diagnose("role-unsupported", facts), propagating: false }
    : diagnose("role-absent", facts);
}

async function recordedGrants(
  { graph, applicationId }: VerifyInput,
  workload: Workload,
): Promise<RecordedGrants | undefined> {
  try {
    return graph && (await readRecordedGrants(await graph(), applicationId, workload));
  } catch {
    // Whoever cannot look it up concludes nothing; the row names both possibilities.
    return undefined;
  }
}
