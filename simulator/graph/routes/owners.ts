import { authorizeWrite, readApplications, writeApplications } from "../authorization";
import type { GraphCall } from "../call";
import { graphErrors } from "../errors";
import { findApplication, findServicePrincipal, findInPath } from "../lookup";
import type { References } from "../references";

/** What is owned: an application or a service principal. */
type Owned = { owners: string[] };

/**
 * Owners of applications and of service principals.
 *
 * @see https://learn.microsoft.com/graph/api/application-list-owners
 * @see https://learn.microsoft.com/graph/api/application-post-owners
 * @see https://learn.microsoft.com/graph/api/application-delete-owners
 */
export const owners: readonly References[] = [
  ownerIds("/applications", findApplication),
  ownerIds("/servicePrincipals", findServicePrincipal),
];

function ownerIds(
  path: string,
  find: (call: GraphCall, key: string) => Owned | undefined,
): References {
  const owned = (call: GraphCall) => findInPath(call, find);
  return {
    paths: [`${path}/:id/owners`],
    read: readApplications,
    write: writeApplications,
    ids: (call) => owned(call).owners,
    authorizeChange: (call) => authorizeWrite(call.caller, owned(call)),
    add: (call, id) => {
      if (call.state.directoryObject(id)?.type === "application") {
        throw graphErrors.badRequest(
          `The reference target 'Application_${id}' of type 'Application' is invalid for the 'owners' reference.`,
        );
      }
      owned(call).owners.push(id);
    },
    remove: (call, id) => {
      const one = owned(call);
      one.owners = one.owners.filter((owner) => owner !== id);
    },
  };
}
