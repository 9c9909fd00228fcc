import { check } from "../../pluginProtocol/check";
import { diff } from "../../pluginProtocol/diff";
import { packageVersion } from "../../pluginProtocol/packageVersion";
import { inputsOf, plannedState, updatedState } from "../../pluginProtocol/plan";
import type { Plugin } from "../../pluginProtocol/server";
import { application } from "./application";
import { appRoleAssignment, directoryRoleAssignment } from "./assignments";
import { type Credentials, credentialsFrom, discoverEndpoints } from "./configuration";
import { applicationCertificate, applicationFederatedIdentityCredential } from "./credentials";
import { Graph } from "./graph";
import { lookUps } from "./lookups";
import type { Resource } from "./resource";
import { servicePrincipal } from "./servicePrincipal";

const azureadResources = new Map<string, Resource>(
  [
    application,
    applicationCertificate,
    applicationFederatedIdentityCredential,
    appRoleAssignment,
    directoryRoleAssignment,
    servicePrincipal,
  ].map((resource) => [resource.token, resource]),
);

function azureadType(token: string): Resource {
  const resource = azureadResources.get(token);
  if (resource === undefined) {
    throw new Error(
      `The stand-in for the azuread plugin does not know ${token}. Install the official plugin: pulumi plugin install resource azuread`,
    );
  }
  return resource;
}

/**
 * The stand-in for the azuread plugin.
 *
 * @param environment Where it finds what a stack does not configure.
 */
export function azureadPlugin(environment: NodeJS.ProcessEnv): Plugin {
  let session: { graph: Graph; credentials: Credentials } | undefined;
  const signedIn = () => {
    if (session === undefined) {
      throw new Error("The azuread plugin was used before it was configured.");
    }
    return session;
  };
  return {
    name: "azuread",
    version: packageVersion("@pulumi/azuread"),

    async configure(configuration) {
      const { metadataHost, ...credentials } = credentialsFrom(configuration, environment);
      const endpoints = await discoverEndpoints(metadataHost, environment);
      const graph = new Graph(endpoints, credentials);
      // As in the official plugin, configuring signs in: a wrong secret fails here, once.
      await graph.callerObjectId();
      session = { graph, credentials };
    },
    check: (token, inputs, olds) => check(azureadType(token).schema, inputs, olds),
    diff: (token, state, inputs) => diff(azureadType(token).schema, state, inputs),
    create(token, inputs, preview) {
      const resource = azureadType(token);
      return preview
        ? Promise.resolve({ id: "", state: plannedState(resource.schema, inputs) })
        : resource.create(signedIn().graph, inputs);
    },
    async read(token, id, state, inputs) {
      const resource = azureadType(token);
      const found = await resource.read(signedIn().graph, id, state);
      return found && { id, state: found, inputs: inputsOf(resource.schema, found, inputs) };
    },
    update(token, id, state, inputs, preview) {
      const { schema, update } = azureadType(token);
      if (preview) {
        return Promise.resolve(updatedState(schema, state, inputs));
      }
      if (update === undefined) {
        // The engine updates what exists and could not be finished.
        throw new Error("1 error occurred:\n\t* doesn't support update");
      }
      const changed = diff(schema, state, inputs).map(({ path }) => path.split(/[.[]/)[0] ?? path);
      return update(signedIn().graph, id, state, inputs, new Set(changed));
    },
    delete: (token, id, state) => azureadType(token).delete(signedIn().graph, id, state),
    invoke(token, args) {
      const lookUp = lookUps[token];
      if (lookUp === undefined) {
        throw new Error(
          `The stand-in for the azuread plugin does not know ${token}. Install the official plugin: pulumi plugin install resource azuread`,
        );
      }
      return lookUp(signedIn().graph, args, signedIn().credentials);
    },
  };
}
