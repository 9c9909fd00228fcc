import type { AuditedChange } from "../../microsoft/graph/tenant/directoryAudit";
import type { ViewedResource } from "../../policy/rules/stackView";
import { bareId, textOf } from "../../policy/rules/values";
import type { ChangeOrigin, PermissionChange } from "../../review/documentShape";

/** What the audit log calls changes of each kind; a change is told by it only where both fit. */
const activities: Readonly<Record<PermissionChange["kind"], RegExp>> = {
  "application-permission": /^update application$/i,
  "admin-consent": /app role assignment|delegated permission grant|consent to application/i,
  "directory-role": /member (to|from) role|member to group|member from group/i,
  certificate: /certificates and secrets|service principal( credentials)?$/i,
  "password-credential": /certificates and secrets|service principal( credentials)?$/i,
  "federated-credential": /^update application$|federated/i,
  owner: /owner (to|from)/i,
  "sign-in-audience": /^update application$/i,
  exception: /$^/,
  application: /application/i,
  "service-principal": /service principal/i,
  unclassified: /./,
};

/**
 * Who made a change, by the latest entry of the log that is of its kind and names what was changed.
 *
 * @param log The latest first.
 */
export function originOf(
  change: PermissionChange,
  resource: ViewedResource | undefined,
  log: readonly AuditedChange[],
): ChangeOrigin | undefined {
  const fitting = log.filter(({ activity }) => activities[change.kind].test(activity));
  const words = wordsOf(change, resource);
  const entry =
    fitting.find(({ details }) => words.some((word) => details.includes(word))) ??
    // A removal leaves nothing by which the log could name it but the object itself.
    (change.action === "add" ? undefined : fitting[0]);
  return entry && { actor: entry.actor, time: entry.time, activity: entry.activity };
}

/** What of a change the log would name: ids, names, the property. */
function wordsOf({ subject }: PermissionChange, resource: ViewedResource | undefined): string[] {
  const { id, name, inputs = {}, outputs = {} } = resource ?? {};
  return [
    outputs.keyId,
    inputs.appRoleId,
    inputs.roleId,
    inputs.roleDefinitionId,
    outputs.groupId,
    ...(id === undefined ? [] : [bareId(id)]),
    ...(inputs.issuer === undefined ? [] : [name]),
    ...(Array.isArray(inputs.claimValues) ? [(inputs.claimValues as unknown[]).join(" ")] : []),
    subject,
  ]
    .map(textOf)
    .flatMap((word) => (word === undefined ? [] : [word.toLowerCase()]));
}
