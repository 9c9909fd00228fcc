import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../json";
import type { ScopeRecord } from "../../state/exchangeEntities";
import { ExchangeError } from "../errors";
import { parseOpath } from "../opath";
import { type CmdletCall, type Cmdlets, freeName, namedEntity } from "./cmdletCall";

function scopeRow({ id, name, filter, exclusive }: ScopeRecord): JsonObject {
  return {
    Name: name,
    Identity: name,
    Guid: id,
    RecipientFilter: filter,
    RecipientRoot: "",
    ScopeRestrictionType: "RecipientScope",
    Exclusive: exclusive,
  };
}

const scopeNamed = (call: CmdletCall) =>
  namedEntity(call.state.exchangeScopes.all(), call.parameters.required("Identity"));

/** @see https://learn.microsoft.com/powershell/module/exchangepowershell/new-managementscope */
export const scopeCmdlets: Cmdlets = {
  "Get-ManagementScope": (call) =>
    (call.parameters.text("Identity") === undefined
      ? call.state.exchangeScopes.all()
      : [scopeNamed(call)]
    ).map(scopeRow),
  "New-ManagementScope": ({ parameters, state }) => {
    const filter = parameters.required("RecipientRestrictionFilter");
    parseOpath(filter);
    const scope = {
      id: randomUUID(),
      name: freeName("management scope", state.exchangeScopes.all(), parameters.required("Name")),
      filter,
      exclusive: parameters.flag("Exclusive"),
    };
    return [scopeRow(state.exchangeScopes.put(scope))];
  },
  "Set-ManagementScope": (call) => {
    const scope = scopeNamed(call);
    const filter = call.parameters.text("RecipientRestrictionFilter");
    if (filter !== undefined) {
      parseOpath(filter);
      scope.filter = filter;
    }
    return [];
  },
  "Remove-ManagementScope": (call) => {
    const { id, name } = scopeNamed(call);
    if (
      call.state.exchangeRoleAssignments.all().some(({ writeScope }) => writeScope.scope === name)
    ) {
      throw ExchangeError.cmdletFailed(
        "Microsoft.Exchange.Configuration.Tasks.TaskInvalidOperationException",
        `The management scope "${name}" can't be removed because it's associated with a management role assignment.`,
      );
    }
    call.state.exchangeScopes.delete(id);
    return [];
  },
};
