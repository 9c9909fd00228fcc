/** An application permission, or a delegated one, by its ids. */
export interface PermissionId {
  /** Application id of the resource that offers it. */
  readonly resourceAppId: string;
  /** Id of the app role or scope. */
  readonly id: string;
  /** `Role` for an application permission, `Scope` for a delegated one. */
  readonly type: "Role" | "Scope";
}

/**
 * The two permissions that app-only PowerShell needs: `Exchange.ManageAsApp` of Office 365 Exchange
 * Online, and that of Microsoft Exchange Online Protection. A test compares them with the catalog.
 *
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export const appOnlyPermissions: readonly PermissionId[] = [
  {
    resourceAppId: "00000002-0000-0ff1-ce00-000000000000",
    id: "dc50a0fb-09a3-484d-be87-e023b12c6440",
    type: "Role",
  },
  {
    resourceAppId: "00000007-0000-0ff1-ce00-000000000000",
    id: "455e5cd2-84e8-4751-8344-5672145dfa17",
    type: "Role",
  },
];

/** The app role of an assignment that gives access to an application without any permission. */
export const defaultAccess = "00000000-0000-0000-0000-000000000000";
