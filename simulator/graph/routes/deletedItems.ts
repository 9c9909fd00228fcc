import type { SimulatorApp, SimulatorContext } from "../../http/context";
import type { JsonObject } from "../../json";
import { authorizeWrite, readApplications, writeApplications } from "../authorization";
import { type GraphCall, permit, versions } from "../call";
import { graphErrors } from "../errors";
import { applicationType, servicePrincipalType } from "../model/directoryTypes";
import { directoryObjectType } from "../model/objectTypes";
import { presentApplication, presentServicePrincipal } from "../present";
import { answerList, answerObject } from "../query/answer";

/** A deleted object, whatever it was. */
interface DeletedItem {
  readonly id: string;
  readonly type: "application" | "servicePrincipal";
  readonly deletedDateTime: string;
  readonly owners: readonly string[];
  show(): JsonObject;
  restore(): void;
  forget(): void;
}

/**
 * Deleted applications and service principals, which can be restored for 30 days.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directory
 */
export function installDeletedItemRoutes(app: SimulatorApp): void {
  const path = `${versions}/directory/deletedItems`;

  for (const type of [applicationType, servicePrincipalType]) {
    app.get(`${path}/microsoft.graph.${type.name}`, (c) => {
      const call = permit(c, readApplications);
      const ofType = deletedItemsOf(call).filter((item) => item.type === type.name);
      return answerList(call, type, `${type.name}s`, ofType.map(presentDeletedItem));
    });
  }

  app.get(`${path}/:id{[0-9A-Fa-f-]+}`, (c) => {
    const call = permit(c, readApplications);
    return answerItem(call, itemInPath(call), itemInPath(call).deletedDateTime);
  });

  app.post(`${path}/:id/restore`, (c) => {
    const { call, item } = writableItem(c);
    item.restore();
    return answerItem(call, item, null);
  });

  app.delete(`${path}/:id`, (c) => {
    const { call, item } = writableItem(c);
    item.forget();
    return call.changed();
  });
}

function answerItem(call: GraphCall, item: DeletedItem, deletedDateTime: string | null): Response {
  return answerObject(call, directoryObjectType, "directoryObjects", {
    "@odata.type": `#microsoft.graph.${item.type}`,
    ...item.show(),
    deletedDateTime,
  });
}

const keptForMilliseconds = 30 * 86_400_000;

function deletedItemsOf({ state, tenant }: GraphCall): DeletedItem[] {
  const oldest = state.now().getTime() - keptForMilliseconds;
  const { deletedApplications, deletedServicePrincipals } = state;
  return [
    ...deletedApplications.all().map((deleted): DeletedItem => {
      const { id, deletedDateTime, application } = deleted;
      return {
        id,
        type: "application",
        deletedDateTime,
        owners: application.owners,
        show: () => presentApplication(tenant, application),
        restore: () => state.restoreApplication(deleted),
        forget: () => {
          deletedApplications.delete(id);
          deletedServicePrincipals.delete(deleted.servicePrincipal?.id ?? "");
        },
      };
    }),
    ...deletedServicePrincipals
      .all()
      .map(({ id, deletedDateTime, servicePrincipal }): DeletedItem => ({
        id,
        type: "servicePrincipal",
        deletedDateTime,
        owners: servicePrincipal.owners,
        show: () => presentServicePrincipal(tenant, servicePrincipal),
        restore: () => {
          if (state.servicePrincipalOf(servicePrincipal.appId) !== undefined) {
            throw graphErrors.servicePrincipalExists(servicePrincipal.appId);
          }
          state.restoreServicePrincipal(servicePrincipal);
        },
        forget: () => deletedServicePrincipals.delete(id),
      })),
  ].filter(({ deletedDateTime }) => new Date(deletedDateTime).getTime() > oldest);
}

function itemInPath(call: GraphCall): DeletedItem {
  const id = call.param("id").toLowerCase();
  const item = deletedItemsOf(call).find((one) => one.id === id);
  if (item === undefined) {
    throw graphErrors.notFound(id);
  }
  return item;
}

function writableItem(c: SimulatorContext): { call: GraphCall; item: DeletedItem } {
  const call = permit(c, writeApplications);
  const item = itemInPath(call);
  authorizeWrite(call.caller, item);
  return { call, item };
}

function presentDeletedItem(item: DeletedItem): JsonObject {
  return { ...item.show(), deletedDateTime: item.deletedDateTime };
}
