import type { SimulatorApp, SimulatorContext } from "../../http/context";
import type { JsonObject } from "../../json";
import type { DeletedApplicationRecord } from "../../state/entities";
import { authorizeWrite, readApplications, writeApplications } from "../authorization";
import { type GraphCall, permitted, versions } from "../call";
import { graphErrors } from "../errors";
import { applicationType } from "../model/directoryTypes";
import { presentApplication } from "../present";
import { answerList, answerObject } from "../query/answer";
import { directoryObjectType } from "../references";

/**
 * Deleted applications, which can be restored for 30 days.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directory
 */
export function installDeletedItemRoutes(app: SimulatorApp): void {
  const path = versions + "/directory/deletedItems";

  app.get(`${path}/microsoft.graph.application`, (c) => {
    const call = permitted(c, readApplications);
    const shown = kept(call).map((one) => show(call, one));
    return answerList(call, applicationType, "applications", shown);
  });

  app.get(`${path}/:id{[0-9A-Fa-f-]+}`, (c) => {
    const call = permitted(c, readApplications);
    return answerDeleted(call, show(call, deletedInPath(call)));
  });

  app.post(`${path}/:id/restore`, (c) => {
    const { call, deleted } = writable(c);
    const application = call.state.restoreApplication(deleted);
    return answerDeleted(call, presentApplication(call.tenant, application));
  });

  app.delete(`${path}/:id`, (c) => {
    const { call, deleted } = writable(c);
    call.state.deletedApplications.delete(deleted.id);
    return call.changed();
  });
}

function answerDeleted(call: GraphCall, application: JsonObject): Response {
  return answerObject(call, directoryObjectType, "directoryObjects", {
    "@odata.type": "#microsoft.graph.application",
    ...application,
  });
}

const keptForMilliseconds = 30 * 86_400_000;

function kept({ state }: GraphCall): DeletedApplicationRecord[] {
  const oldest = state.now().getTime() - keptForMilliseconds;
  return state.deletedApplications
    .all()
    .filter(({ deletedDateTime }) => new Date(deletedDateTime).getTime() > oldest);
}

function deletedInPath(call: GraphCall): DeletedApplicationRecord {
  const id = call.param("id").toLowerCase();
  const found = kept(call).find((one) => one.id === id);
  if (found === undefined) {
    throw graphErrors.notFound(id);
  }
  return found;
}

function writable(c: SimulatorContext): { call: GraphCall; deleted: DeletedApplicationRecord } {
  const call = permitted(c, writeApplications);
  const deleted = deletedInPath(call);
  authorizeWrite(call.caller, deleted.application);
  return { call, deleted };
}

function show({ tenant }: GraphCall, deleted: DeletedApplicationRecord): JsonObject {
  const { application, deletedDateTime } = deleted;
  return { ...presentApplication(tenant, application), deletedDateTime };
}
