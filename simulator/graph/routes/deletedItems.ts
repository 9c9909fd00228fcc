import type { Caller, SimulatorApp, SimulatorContext } from "../../http/context";
import type { JsonObject } from "../../json";
import type { DeletedApplicationRecord } from "../../state/entities";
import { authorize, authorizeWrite, readApplications, writeApplications } from "../authorization";
import { graphErrors } from "../errors";
import { presentApplication } from "../present";
import { entity, filtered, list } from "../query";

/**
 * Deleted applications, which can be restored for 30 days.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directory
 */
export function installDeletedItemRoutes(app: SimulatorApp, version: string): void {
  const path = `/${version}/directory/deletedItems`;

  app.get(`${path}/microsoft.graph.application`, (c) => {
    const caller = authorize(c, readApplications);
    const found = filtered(c, kept(caller), {
      appId: ({ application }) => application.appId,
      displayName: ({ application }) => application.properties.displayName,
      id: ({ id }) => id,
    });
    return list(
      c,
      "applications",
      found.map((one) => show(caller, one)),
    );
  });

  app.get(`${path}/:id`, (c) => {
    const caller = authorize(c, readApplications);
    return entity(c, "directoryObjects", {
      "@odata.type": "#microsoft.graph.application",
      ...show(caller, deletedInPath(c, caller)),
    });
  });

  app.post(`${path}/:id/restore`, (c) => {
    const { caller, deleted } = writable(c);
    const { state } = caller.tenant;
    const application = state.restoreApplication(deleted);
    return entity(c, "directoryObjects", {
      "@odata.type": "#microsoft.graph.application",
      ...presentApplication(caller.tenant, application),
    });
  });

  app.delete(`${path}/:id`, (c) => {
    const { caller, deleted } = writable(c);
    caller.tenant.state.deletedApplications.delete(deleted.id);
    caller.tenant.state.touch();
    return c.body(null, 204);
  });
}

const keptForMilliseconds = 30 * 86_400_000;

function kept(caller: Caller): DeletedApplicationRecord[] {
  const oldest = caller.tenant.state.now().getTime() - keptForMilliseconds;
  return caller.tenant.state.deletedApplications
    .all()
    .filter(({ deletedDateTime }) => new Date(deletedDateTime).getTime() > oldest);
}

function deletedInPath(c: SimulatorContext, caller: Caller): DeletedApplicationRecord {
  const id = c.req.param("id")?.toLowerCase() ?? "";
  const found = kept(caller).find((one) => one.id === id);
  if (found === undefined) {
    throw graphErrors.notFound(id);
  }
  return found;
}

function writable(c: SimulatorContext): { caller: Caller; deleted: DeletedApplicationRecord } {
  const caller = authorize(c, writeApplications);
  const deleted = deletedInPath(c, caller);
  authorizeWrite(caller, deleted.application);
  return { caller, deleted };
}

function show(caller: Caller, { application, deletedDateTime }: DeletedApplicationRecord) {
  const shown: JsonObject = { ...presentApplication(caller.tenant, application), deletedDateTime };
  return shown;
}
