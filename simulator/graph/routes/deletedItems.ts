import { NotSimulated } from "../../http/protocolError";
import type { SimulatorApp, SimulatorContext } from "../../http/context";
import { asText, isJsonObject, type JsonObject } from "../../json";
import { authorize, authorizeWrite, readApplications, writeApplications } from "../authorization";
import { type GraphCall, permit, versions } from "../call";
import { graphErrors } from "../errors";
import {
  administrativeUnitType,
  applicationType,
  groupType,
  servicePrincipalType,
} from "../model/directoryTypes";
import type { EntityType } from "../model/entityType";
import { directoryObjectType } from "../model/objectTypes";
import { userType } from "../model/userType";
import {
  presentAdministrativeUnit,
  presentApplication,
  presentGroup,
  presentServicePrincipal,
  presentUser,
} from "../present";
import { answerCount, answerList, answerObject } from "../query/answer";
import { readUnits } from "./administrativeUnits";
import { groupReaders, requireChangeable, requireFreeNickname } from "./groups";
import { checkedName, readUsers } from "./users";

/** A deleted object, whatever it was. */
interface DeletedItem {
  readonly id: string;
  readonly deletedDateTime: string;
  show(): JsonObject;
  /** Puts it back; a user under the name that was sent, if one was. Throws where that cannot be. */
  restore(): void;
  forget(): void;
  /** Throws 403 where the permissions do not suffice. */
  authorizeWrite?(): void;
}

/** Deleted objects of a type, and who may see and restore them. */
interface DeletedKind {
  readonly type: EntityType;
  readonly read: readonly string[];
  readonly write: readonly string[];
  items(call: GraphCall): readonly DeletedItem[];
}

const restoreUsers = ["User.DeleteRestore.All", "User.ReadWrite.All"];

const kinds: readonly DeletedKind[] = [
  {
    type: applicationType,
    read: readApplications,
    write: writeApplications,
    items: deletedApplications,
  },
  {
    type: servicePrincipalType,
    read: readApplications,
    write: writeApplications,
    items: deletedServicePrincipals,
  },
  {
    type: userType,
    read: [...readUsers, ...restoreUsers],
    write: restoreUsers,
    items: deletedUsers,
  },
  {
    type: groupType,
    read: groupReaders,
    write: ["Group.ReadWrite.All"],
    items: deletedGroups,
  },
  {
    type: administrativeUnitType,
    read: readUnits,
    write: ["AdministrativeUnit.ReadWrite.All"],
    items: deletedUnits,
  },
];

/**
 * Deleted applications, service principals, users, administrative units and groups of Microsoft 365,
 * which can be restored for 30 days. Security groups are deleted at once.
 *
 * @see https://learn.microsoft.com/graph/api/resources/directory
 */
export function installDeletedItemRoutes(app: SimulatorApp): void {
  const path = `${versions}/directory/deletedItems`;
  const cast = ":cast{microsoft\\.graph\\.\\w+}";

  app.get(`${path}/${cast}`, (c) => {
    const kind = kindInPath(c);
    const call = permit(c, kind.read);
    return answerList(
      call,
      kind.type,
      `${kind.type.name}s`,
      keptItems(call, kind).map(presentDeletedItem),
    );
  });
  app.get(`${path}/${cast}/:count{\\$count}`, (c) => {
    const kind = kindInPath(c);
    const call = permit(c, kind.read);
    return answerCount(call, kind.type, keptItems(call, kind).map(presentDeletedItem));
  });
  for (const one of [`${path}/:id{[0-9A-Fa-f-]+}`, `${path}/${cast}/:id`, `${path}/:id/${cast}`]) {
    app.get(one, (c) => {
      const { call, item, kind } = itemInPath(c, "read");
      return answerObject(
        call,
        c.req.param("cast") === undefined ? directoryObjectType : kind.type,
        "directoryObjects",
        {
          "@odata.type": `#microsoft.graph.${kind.type.name}`,
          ...presentDeletedItem(item),
        },
      );
    });
  }

  app.post(`${path}/:id/restore`, (c) => {
    const { call, item, kind } = itemInPath(c, "write");
    item.restore();
    call.state.touch();
    return answerObject(call, directoryObjectType, "directoryObjects", {
      "@odata.type": `#microsoft.graph.${kind.type.name}`,
      ...item.show(),
      deletedDateTime: null,
    });
  });

  app.delete(`${path}/:id`, (c) => {
    const { call, item } = itemInPath(c, "write");
    item.forget();
    return call.changed();
  });
}

/** What the cast in the path asks for. Throws 501 for types that are not simulated. */
function kindInPath(c: SimulatorContext): DeletedKind {
  const cast = c.req.param("cast")?.toLowerCase();
  const kind = kinds.find(({ type }) => `microsoft.graph.${type.name.toLowerCase()}` === cast);
  if (kind === undefined) {
    throw new NotSimulated(c.req.method, c.req.path);
  }
  return kind;
}

/** The item in the path, whose type tells who may read or write it. Throws 404 for no item. */
function itemInPath(c: SimulatorContext, access: "read" | "write") {
  const wanted = c.req.param("cast") === undefined ? kinds : [kindInPath(c)];
  const call = permit(
    c,
    wanted.flatMap((kind) => [...kind[access]]),
  );
  const id = call.param("id").toLowerCase();
  for (const kind of wanted) {
    const item = keptItems(call, kind).find((one) => one.id === id);
    if (item !== undefined) {
      authorize(c, kind[access]);
      if (access === "write") {
        item.authorizeWrite?.();
      }
      return { call, item, kind };
    }
  }
  throw graphErrors.notFound(id);
}

const keptForMilliseconds = 30 * 86_400_000;

function keptItems(call: GraphCall, kind: DeletedKind): DeletedItem[] {
  const oldest = call.state.now().getTime() - keptForMilliseconds;
  return kind
    .items(call)
    .filter(({ deletedDateTime }) => new Date(deletedDateTime).getTime() > oldest);
}

function deletedApplications({ caller, state, tenant }: GraphCall): DeletedItem[] {
  return state.deletedApplications.all().map((deleted) => {
    const { id, deletedDateTime, application } = deleted;
    return {
      id,
      deletedDateTime,
      show: () => presentApplication(tenant, application),
      restore: () => state.restoreApplication(deleted),
      forget: () => {
        state.deletedApplications.delete(id);
        state.deletedServicePrincipals.delete(deleted.servicePrincipal?.id ?? "");
      },
      authorizeWrite: () => authorizeWrite(caller, application),
    };
  });
}

function deletedServicePrincipals({ caller, state, tenant }: GraphCall): DeletedItem[] {
  return state.deletedServicePrincipals.all().map(({ id, deletedDateTime, servicePrincipal }) => ({
    id,
    deletedDateTime,
    show: () => presentServicePrincipal(tenant, servicePrincipal),
    restore: () => {
      if (state.servicePrincipalOf(servicePrincipal.appId) !== undefined) {
        throw graphErrors.servicePrincipalExists(servicePrincipal.appId);
      }
      state.restoreServicePrincipal(servicePrincipal);
    },
    forget: () => state.deletedServicePrincipals.delete(id),
    authorizeWrite: () => authorizeWrite(caller, servicePrincipal),
  }));
}

/**
 * Deleted users: their id stands before their name, so that it is free for another.
 *
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-restore
 */
function deletedUsers({ c, state }: GraphCall): DeletedItem[] {
  return state.deletedUsers.all().map((deleted) => {
    const { id, deletedDateTime, user } = deleted;
    const sent = c.var.request.body.json;
    const show = () =>
      presentUser(
        state.users.get(id) ?? {
          ...user,
          userPrincipalName: id.replaceAll("-", "") + user.userPrincipalName,
        },
      );
    return {
      id,
      deletedDateTime,
      show,
      restore: () => {
        const { newUserPrincipalName = user.userPrincipalName } = isJsonObject(sent) ? sent : {};
        const userPrincipalName = checkedName(state, { userPrincipalName: newUserPrincipalName });
        state.restoreUser(deleted, userPrincipalName);
      },
      forget: () => state.deletedUsers.delete(id),
    };
  });
}

/** Deleted groups of Microsoft 365, whose members and owners come back with them. */
function deletedGroups(call: GraphCall): DeletedItem[] {
  const { state } = call;
  return state.deletedGroups.all().map((deleted) => {
    const { id, deletedDateTime, group } = deleted;
    return {
      id,
      deletedDateTime,
      show: () => presentGroup(group),
      restore: () => {
        requireFreeNickname(state, asText(group.properties["mailNickname"]));
        state.restoreGroup(deleted);
      },
      forget: () => state.deletedGroups.delete(id),
      authorizeWrite: () => requireChangeable(call, group),
    };
  });
}

/** Deleted administrative units, whose members come back with them. */
function deletedUnits({ state }: GraphCall): DeletedItem[] {
  return state.deletedUnits.all().map(({ id, deletedDateTime, unit }) => ({
    id,
    deletedDateTime,
    show: () => presentAdministrativeUnit(unit),
    restore: () => {
      state.deletedUnits.delete(id);
      state.administrativeUnits.put(unit);
    },
    // Such a unit goes by itself after 30 days, and not before.
    // @see https://learn.microsoft.com/entra/architecture/recover-from-deletions#administrative-units-1
    forget: () => {
      throw graphErrors.insufficientPrivileges();
    },
  }));
}

function presentDeletedItem(item: DeletedItem): JsonObject {
  return { ...item.show(), deletedDateTime: item.deletedDateTime };
}
