import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../system/failure";
import type { CheckFailure } from "../toolchain/pluginProtocol/check";
import { diff } from "../toolchain/pluginProtocol/diff";
import { InitializationFailed } from "../toolchain/pluginProtocol/failures";
import { plannedState, updatedState } from "../toolchain/pluginProtocol/plan";
import type { Plugin } from "../toolchain/pluginProtocol/server";
import { isUnknown, type Properties } from "../toolchain/pluginProtocol/values";
import { connect } from "./connections";
import type { Connections, ExchangeResource } from "./resource";
import { managementRole } from "./resources/managementRole";
import { managementScope } from "./resources/managementScope";
import { roleAssignment } from "./resources/roleAssignment";
import { roleGroup } from "./resources/roleGroup";
import { roleGroupMember } from "./resources/roleGroupMember";
import { servicePrincipal } from "./resources/servicePrincipal";
import { packageSchema } from "./schema";

/** Resources by the names of their classes. */
const resources: Readonly<Record<string, ExchangeResource>> = {
  ManagementRole: managementRole,
  ManagementScope: managementScope,
  RoleAssignment: roleAssignment,
  RoleGroup: roleGroup,
  RoleGroupMember: roleGroupMember,
  ServicePrincipal: servicePrincipal,
};

const { version } = JSON.parse(readFileSync(join(__dirname, "../package.json"), "utf8")) as {
  version: string;
};

/** Opens what the resources ask. */
export type Connect = (configuration: Properties) => Connections;

/** The provider. Nothing is asked before a resource is created, read, changed or removed. */
export function exchangePlugin(open: Connect = connect): Plugin {
  let connections: Connections | undefined;
  const connected = () => {
    if (connections === undefined) {
      throw new Failure("The provider is not configured.");
    }
    return connections;
  };
  return {
    name: "exchangeonline",
    version,
    schema: JSON.stringify(packageSchema(version, resources)),
    // Names are unique in a tenant.
    deleteBeforeReplace: true,
    configure(configuration) {
      connections = open(configuration);
      return Promise.resolve();
    },
    check(token, inputs) {
      const resource = resourceOf(token);
      const failures = [...formFaults(resource, inputs), ...resource.faults(inputs)];
      return { inputs, failures };
    },
    diff(token, state, inputs) {
      const resource = resourceOf(token);
      return diff(resource.schema, state, inputs).map((change) => ({
        ...change,
        replace: change.replace || resource.replaces?.(change.path, state) === true,
      }));
    },
    async create(token, inputs, preview) {
      const resource = resourceOf(token);
      return preview
        ? { id: "", state: plannedState(resource.schema, inputs) }
        : resource.create(connected(), inputs);
    },
    async read(token, id, state, inputs) {
      const resource = resourceOf(token);
      const read = await resource.read(connected(), id);
      if (read === undefined) {
        return undefined;
      }
      const imported = Object.keys(inputs).length === 0;
      const outputs = Object.entries(resource.schema).filter(([, { outputOnly }]) => outputOnly);
      const given = Object.fromEntries(
        Object.entries(read).filter(([key]) => !outputs.some(([output]) => output === key)),
      );
      // What has not changed keeps the form in which it was written.
      const kept = imported || diff(resource.schema, inputs, given).length > 0 ? given : inputs;
      return { id, state: { ...state, ...read, ...kept }, inputs: kept };
    },
    async update(token, id, state, inputs, preview) {
      const resource = resourceOf(token);
      if (preview || resource.update === undefined) {
        return updatedState(resource.schema, state, inputs);
      }
      try {
        return await resource.update(connected(), id, state, inputs);
      } catch (error) {
        // Some of it may be done: the next update goes on from there.
        throw new InitializationFailed(id, state, error as Error);
      }
    },
    delete: (token, id, state) => resourceOf(token).remove(connected(), id, state),
    invoke(token) {
      throw new Failure(`The provider has no function ${token}.`);
    },
  };
}

function resourceOf(token: string): ExchangeResource {
  const resource = resources[token.split(":").pop() ?? ""];
  if (resource === undefined) {
    throw new Failure(
      `The provider has no resource ${token}. It has: ${Object.keys(resources).join(", ")}.`,
    );
  }
  return resource;
}

/** Properties that are missing, unknown or of another form. */
function formFaults({ schema }: ExchangeResource, inputs: Properties): CheckFailure[] {
  const wanted = Object.entries(schema).filter(([, { outputOnly }]) => outputOnly !== true);
  const unknown = Object.keys(inputs)
    .filter((key) => !key.startsWith("__") && !wanted.some(([name]) => name === key))
    .map((property) => ({
      property,
      reason: `is not a property. There are: ${wanted.map(([name]) => name).join(", ")}.`,
    }));
  return [
    ...unknown,
    ...wanted.flatMap(([property, { required, type, refuse }]): CheckFailure[] => {
      const value = inputs[property];
      if (value === undefined || value === null) {
        return required === true ? [{ property, reason: "must be given." }] : [];
      }
      if (isUnknown(value)) {
        return [];
      }
      const fits = type === "set" ? Array.isArray(value) : typeof value === "string";
      if (!fits) {
        return [{ property, reason: type === "set" ? "must be a list." : "must be text." }];
      }
      const reason = refuse?.(value);
      return reason === undefined ? [] : [{ property, reason }];
    }),
  ];
}
