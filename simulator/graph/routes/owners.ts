import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import { asText } from "../../json";
import { authorize, authorizeWrite, readApplications, writeApplications } from "../authorization";
import { jsonBody, referencedIds } from "../body";
import { graphErrors } from "../errors";
import { applicationInPath, servicePrincipalInPath, showDirectoryObjects } from "../lookup";
import { filtered, list } from "../query";

/** What owns and is owned: an application or a service principal. */
type Owned = { owners: string[] };

/**
 * Owners of applications and of service principals.
 *
 * @see https://learn.microsoft.com/graph/api/application-list-owners
 * @see https://learn.microsoft.com/graph/api/application-post-owners
 * @see https://learn.microsoft.com/graph/api/application-delete-owners
 */
export function installOwnerRoutes(app: SimulatorApp, version: string): void {
  for (const { set, inPath } of [
    { set: "applications", inPath: applicationInPath },
    { set: "servicePrincipals", inPath: servicePrincipalInPath },
  ]) {
    app.get(`/${version}/${set}/:id/owners`, (c) => {
      const caller = authorize(c, readApplications);
      const owners = showDirectoryObjects(c, caller, inPath(c, caller).owners);
      return list(c, "directoryObjects", filtered(c, owners, { id: ({ id }) => asText(id) }));
    });

    app.post(`/${version}/${set}/:id/owners/$ref`, (c) => {
      const { caller, owned } = writable(c, inPath);
      const [id = ""] = referencedIds(jsonBody(c)["@odata.id"]);
      const owner = caller.tenant.state.directoryObject(id);
      if (owner === undefined) {
        throw graphErrors.notFound(id);
      }
      if (owner.type === "application") {
        throw graphErrors.badRequest(
          "The reference target 'Application_" +
            id +
            "' of type 'Application' is invalid for the 'owners' reference.",
        );
      }
      if (owned.owners.includes(id)) {
        throw graphErrors.referenceAlreadyExists("owners");
      }
      owned.owners = [...owned.owners, id];
      caller.tenant.state.touch();
      return c.body(null, 204);
    });

    app.delete(`/${version}/${set}/:id/owners/:owner/$ref`, (c) => {
      const { caller, owned } = writable(c, inPath);
      const owner = c.req.param("owner").toLowerCase();
      if (!owned.owners.includes(owner)) {
        throw graphErrors.notFound(owner);
      }
      owned.owners = owned.owners.filter((id) => id !== owner);
      caller.tenant.state.touch();
      return c.body(null, 204);
    });
  }
}

function writable(
  c: SimulatorContext,
  inPath: (c: SimulatorContext, caller: Caller) => Owned,
): { caller: Caller; owned: Owned } {
  const caller = authorize(c, writeApplications);
  const owned = inPath(c, caller);
  authorizeWrite(caller, owned);
  return { caller, owned };
}
