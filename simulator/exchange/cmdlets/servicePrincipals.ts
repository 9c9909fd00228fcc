import { randomUUID } from "node:crypto";
import { isGuid, type JsonObject } from "../../json";
import type { PointerRecord } from "../../state/exchangeEntities";
import { ExchangeError } from "../errors";
import { findRole } from "../roleDirectory";
import type { CmdletCall, Cmdlets } from "./cmdletCall";

/** The pointers to service principals that a workload keeps. */
function pointersOf({ state, workload }: Pick<CmdletCall, "state" | "workload">): PointerRecord[] {
  return state.exchangePointers.all().filter((one) => one.workload === workload);
}

/** A pointer by object id, application id or display name. */
export function findPointer(
  call: Pick<CmdletCall, "state" | "workload">,
  identity: string,
): PointerRecord | undefined {
  const wanted = identity.toLowerCase();
  return pointersOf(call).find((one) =>
    [one.id, one.objectId, one.appId, one.displayName].some((key) => key.toLowerCase() === wanted),
  );
}

function servicePrincipalRow({ id, appId, objectId, displayName }: PointerRecord): JsonObject {
  return {
    Identity: objectId,
    Id: objectId,
    Name: objectId,
    Guid: id,
    AppId: appId,
    ObjectId: objectId,
    ServiceId: objectId,
    ExternalDirectoryObjectId: objectId,
    DisplayName: displayName,
  };
}

function requiredPointer(call: CmdletCall): PointerRecord {
  const identity = call.parameters.required("Identity");
  const pointer = findPointer(call, identity);
  if (pointer === undefined) {
    throw ExchangeError.objectNotFound(identity);
  }
  return pointer;
}

/** @see https://learn.microsoft.com/powershell/module/exchangepowershell/new-serviceprincipal */
export const servicePrincipalCmdlets: Cmdlets = {
  "Get-ServicePrincipal": (call) => {
    const pointer = findPointer(call, call.parameters.text("Identity") ?? "");
    // An identity that is null or unknown returns all objects, as its page warns.
    return (pointer === undefined ? pointersOf(call) : [pointer]).map(servicePrincipalRow);
  },
  "New-ServicePrincipal": (call) => {
    const { parameters, state, workload } = call;
    const appId = parameters.required("AppId").toLowerCase();
    const objectId = (
      parameters.text("ServiceId") ?? parameters.required("ObjectId")
    ).toLowerCase();
    for (const [name, value] of Object.entries({ AppId: appId, ObjectId: objectId })) {
      if (!isGuid(value)) {
        throw ExchangeError.cmdletFailed(
          "System.Management.Automation.ParameterBindingException",
          `Cannot bind parameter '${name}'. Cannot convert value "${value}" to type "System.Guid".`,
        );
      }
    }
    if (pointersOf(call).some((one) => one.appId === appId || one.objectId === objectId)) {
      throw ExchangeError.objectExists("service principal", objectId);
    }
    const displayName = parameters.text("DisplayName") ?? "";
    const id = randomUUID();
    return [
      servicePrincipalRow(
        state.exchangePointers.put({ id, workload, appId, objectId, displayName }),
      ),
    ];
  },
  "Set-ServicePrincipal": (call) => {
    const pointer = requiredPointer(call);
    pointer.displayName = call.parameters.text("DisplayName") ?? pointer.displayName;
    return [];
  },
  "Remove-ServicePrincipal": (call) => {
    const pointer = requiredPointer(call);
    const used = call.state.exchangeRoleAssignments.findBy("assigneeId", pointer.objectId);
    for (const { id } of used.filter(({ workload }) => workload === call.workload)) {
      call.state.exchangeRoleAssignments.delete(id);
    }
    call.state.exchangePointers.delete(pointer.id);
    return [];
  },
  // Only application roles are shown.
  "Test-ServicePrincipalAuthorization": (call) => {
    const { objectId } = requiredPointer(call);
    return call.state.exchangeRoleAssignments
      .findBy("assigneeId", objectId)
      .filter(({ role }) => findRole(call.state, "exchange", role)?.isApplicationRole === true)
      .map(({ role, writeScope }) => ({
        RoleName: role,
        GrantedPermissions: role.replace(/^Application /, ""),
        AllowedResourceScope: writeScope.scope ?? writeScope.administrativeUnit ?? "Organization",
        ScopeType: writeScope.scope === undefined ? "Organization" : "CustomRecipientScope",
        InScope: "Not Run",
      }));
  },
};
