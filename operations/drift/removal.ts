import type { Client } from "@microsoft/microsoft-graph-client";
import { removeExchangeRight } from "../../exchange/readAccess";
import type { Connections } from "../../exchange/resource";
import { removeKeyFrom } from "../../microsoft/graph/applicationKeys";
import type { ReadApplication } from "../../microsoft/graph/tenant/readApplication";
import type { ViewedResource } from "../../policy/rules/stackView";
import { isExchangeType, types } from "../../policy/rules/types";
import { textOf } from "../../policy/rules/values";
import { UsageFailure } from "../../system/failure";
import type { Drift } from "./drift";

/**
 * What is to be removed, by ids that a person has named.
 *
 * @throws {UsageFailure} If an id names nothing that is besides the stack, or it is the last valid
 *   certificate with which the application can be signed in to. Nothing is changed then.
 */
export function extrasToRemove(
  { extras, applications }: Drift,
  ids: readonly string[],
  now: Date,
): ViewedResource[] {
  const found = ids.map((id) => {
    const extra = extras.get(id) ?? extras.get(id.toLowerCase());
    if (extra === undefined) {
      throw new UsageFailure(
        `--remove "${id}" is the id of nothing that is in the tenant besides the stack. The ids are in what the command shows without --remove. What the stack declares is removed in its settings.`,
      );
    }
    return extra;
  });
  for (const application of applications) {
    requireCertificateLeft(application, found, now);
  }
  return found;
}

function requireCertificateLeft(
  { application, servicePrincipal }: ReadApplication,
  removed: readonly ViewedResource[],
  now: Date,
): void {
  const gone = new Set(removed.map(({ outputs }) => textOf(outputs.keyId)));
  const valid = [
    ...(application?.keyCredentials ?? []),
    ...(servicePrincipal?.keyCredentials ?? []),
  ].filter(({ endDateTime }) => new Date(endDateTime ?? 0) > now);
  const losing = valid.filter(({ keyId }) => gone.has(keyId.toLowerCase()));
  if (losing.length > 0 && losing.length === valid.length) {
    throw new UsageFailure(
      `--remove "${losing[0]?.keyId ?? ""}" is the last valid certificate of ${application?.displayName ?? "the application"}: whoever signs in with it would stop. Put the stack's own back first: apponly up --refresh`,
    );
  }
}

/**
 * Removes something that a stack does not declare.
 *
 * @throws {GraphError} If Graph refuses.
 * @throws {CmdletFailure} If Exchange does.
 */
export async function removeExtra(
  graph: Client,
  exchange: Connections,
  extra: ViewedResource,
): Promise<void> {
  const { type, id = "", inputs, outputs } = extra;
  const text = (value: unknown) => textOf(value) ?? "";
  const keyId = text(outputs.keyId);
  switch (type) {
    case types.applicationCertificate:
      return removeKeyFrom(graph, text(inputs.applicationId), keyId);
    case types.servicePrincipalCertificate:
      return removeKeyFrom(graph, text(inputs.servicePrincipalId), keyId);
    case types.applicationPassword:
      await graph.api(`${text(inputs.applicationId)}/removePassword`).post({ keyId });
      return;
    case types.servicePrincipalPassword:
      await graph.api(`${text(inputs.servicePrincipalId)}/removePassword`).post({ keyId });
      return;
    case types.applicationFederated:
    case types.applicationFlexibleFederated:
      await graph
        .api(
          `${text(inputs.applicationId)}/federatedIdentityCredentials/${text(outputs.credentialId)}`,
        )
        .delete();
      return;
    case types.directoryRoleEligibility:
      await graph.api("/roleManagement/directory/roleEligibilityScheduleRequests").post({
        action: "adminRemove",
        principalId: inputs.principalId,
        roleDefinitionId: inputs.roleDefinitionId,
        directoryScopeId: inputs.directoryScopeId,
        justification: "Not declared by the stack.",
      });
      return;
    case types.directoryRoleAssignment:
      if (outputs.groupId !== undefined) {
        await graph
          .api(`/groups/${text(outputs.groupId)}/members/${text(inputs.principalObjectId)}/$ref`)
          .delete();
        return;
      }
  }
  await (isExchangeType(type) ? removeExchangeRight(exchange, extra) : graph.api(id).delete());
}
