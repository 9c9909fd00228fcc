import type { JsonObject } from "../../json";
import type { Workload } from "../../state/exchangeEntities";
import { NotSimulated } from "../../http/protocolError";
import { assignments } from "./assignments";
import type { CmdletCall, Cmdlets } from "./cmdletCall";
import { managementRoleCmdlets } from "./managementRoles";
import { recipients } from "./recipients";
import { roleGroupCmdlets } from "./roleGroups";
import { scopeCmdlets } from "./scopes";
import { servicePrincipalCmdlets } from "./servicePrincipals";
import { organizationSettings, protectionSettings } from "./settings";

const cmdlets: Readonly<Record<Workload, Cmdlets>> = {
  exchange: {
    ...assignments,
    ...managementRoleCmdlets,
    ...organizationSettings,
    ...recipients,
    ...roleGroupCmdlets,
    ...scopeCmdlets,
    ...servicePrincipalCmdlets,
  },
  compliance: {
    ...managementRoleCmdlets,
    ...protectionSettings,
    ...roleGroupCmdlets,
    ...servicePrincipalCmdlets,
  },
};

/**
 * What a cmdlet answers, as many rows as `-ResultSize` asks for. Throws what the service answers
 * otherwise, and 501 for a cmdlet whose rights are known and whose effect is not.
 */
export function runCmdlet(call: CmdletCall): JsonObject[] {
  const run = cmdlets[call.workload][call.cmdlet];
  if (run === undefined) {
    throw new NotSimulated(call.cmdlet, "(cmdlet)");
  }
  const rows = run(call);
  if (!/^(Get|Search|Test)-/.test(call.cmdlet)) {
    call.state.touch();
  }
  const size = call.parameters.text("ResultSize") ?? "1000";
  return rows.slice(0, /^unlimited$/i.test(size) ? undefined : Number(size));
}
