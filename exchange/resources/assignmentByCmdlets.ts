import type { AdminSession, Row } from "../../microsoft/exchange/adminSession";
import { ignoreAbsent, ignoreExisting } from "../resource";

/** What is assigned to whom, by names. */
export interface Assigned {
  /** Object id of the service principal. */
  readonly objectId: string;
  readonly role: string;
  readonly recipientScope?: string;
  readonly administrativeUnit?: string;
}

/** A way to assign roles. All ways have the same ids. */
export interface AssignmentWay {
  find(wish: Assigned): Promise<string | undefined>;
  create(wish: Assigned): Promise<string>;
  read(id: string): Promise<Assigned | undefined>;
  remove(id: string): Promise<void>;
}

/**
 * Assigns over the admin API, which wants a pointer to the service principal.
 *
 * @see https://learn.microsoft.com/powershell/module/exchangepowershell/new-managementroleassignment
 */
export function assignByCmdlets(session: AdminSession): AssignmentWay {
  const list = () =>
    session.run("Get-ManagementRoleAssignment", { RoleAssigneeType: "ServicePrincipal" });
  const find = async (wish: Assigned) => {
    const rows = await list();
    const same = rows.find(
      (row) => JSON.stringify(assignedIn(row)) === JSON.stringify(assignedIn(assignmentRow(wish))),
    );
    return same === undefined ? undefined : String(same.Guid);
  };
  return {
    find,
    async create(wish) {
      const { objectId, role, recipientScope, administrativeUnit } = wish;
      const rows = await session
        .run(
          "New-ManagementRoleAssignment",
          {
            App: objectId,
            Role: role,
            ...(recipientScope === undefined ? {} : { CustomResourceScope: recipientScope }),
            ...(administrativeUnit === undefined
              ? {}
              : { RecipientAdministrativeUnitScope: administrativeUnit }),
          },
          { fresh: true },
        )
        .catch(ignoreExisting);
      const id = rows[0]?.Guid ?? (await find(wish));
      if (typeof id !== "string") {
        throw new Error(
          `The assignment of ${role} was made and is not listed yet. Repeat the update.`,
        );
      }
      return id;
    },
    async read(id) {
      const row = (await list()).find(({ Guid }) => Guid === id);
      return row === undefined ? undefined : assignedIn(row);
    },
    async remove(id) {
      await session
        .run("Remove-ManagementRoleAssignment", { Identity: id, Confirm: false })
        .catch(ignoreAbsent);
    },
  };
}

const assignmentRow = ({ objectId, role, recipientScope, administrativeUnit }: Assigned): Row => ({
  RoleAssignee: objectId,
  Role: role,
  CustomResourceScope: recipientScope ?? administrativeUnit,
});

function assignedIn({ RoleAssignee, Role, CustomResourceScope }: Row): Assigned {
  const scope = CustomResourceScope;
  const isUnit = typeof scope === "string" && /^[0-9a-f-]{36}$/i.test(scope);
  return {
    objectId: String(RoleAssignee),
    role: String(Role),
    ...(typeof scope === "string" && scope !== ""
      ? isUnit
        ? { administrativeUnit: scope }
        : { recipientScope: scope }
      : {}),
  };
}
