import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { readAll } from "../client";
import { type Unread, unreadOf } from "./unread";

/** When applications, and their credentials, last signed in, as the tenant's reports have it. */
export interface Usage {
  /** Instants by client id, in lower case; of app-only sign-ins. */
  readonly applications: ReadonlyMap<string, string>;
  /** Instants by key id, in lower case. */
  readonly credentials: ReadonlyMap<string, string>;
  /** Why it is not known; a missing row is then no evidence. */
  readonly unread?: Unread;
}

interface Activity {
  readonly lastSignInDateTime?: string | null;
}

interface ApplicationRow {
  readonly appId: string;
  readonly applicationAuthenticationClientSignInActivity?: Activity | null;
}

interface CredentialRow {
  readonly keyId: string;
  readonly signInActivity?: Activity | null;
}

/**
 * Reads the reports of sign-in activity, which only the global cloud has, and only in beta. A missing
 * row says that there is no sign-in on record, not that there never was one.
 *
 * @param appId Of only one application. @default all
 * @throws {GraphError} If Graph fails otherwise than by refusing.
 * @see https://learn.microsoft.com/graph/api/resources/serviceprincipalsigninactivity
 * @see https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity
 */
export async function readUsage(graph: Client, appId?: string): Promise<Usage> {
  const filter = appId === undefined ? "" : `&$filter=${encodeURIComponent(`appId eq '${appId}'`)}`;
  const read = <T>(report: string) =>
    readAll<T>(graph, `/reports/${report}?$top=999${filter}`, "beta");
  try {
    const applications = await read<ApplicationRow>("servicePrincipalSignInActivities");
    const credentials = await read<CredentialRow>("appCredentialSignInActivities");
    return {
      applications: instantsById(applications, (row) => [
        row.appId,
        row.applicationAuthenticationClientSignInActivity,
      ]),
      credentials: instantsById(credentials, (row) => [row.keyId, row.signInActivity]),
    };
  } catch (error) {
    if (!(error instanceof GraphError)) {
      throw error;
    }
    const source = { what: "sign-in activity", permission: "AuditLog.Read.All" };
    return { applications: new Map(), credentials: new Map(), unread: unreadOf(source, error) };
  }
}

function instantsById<T>(
  rows: readonly T[],
  of: (row: T) => [id: string, activity: Activity | null | undefined],
): Map<string, string> {
  return new Map(
    rows.flatMap((row): [string, string][] => {
      const [id, activity] = of(row);
      return activity?.lastSignInDateTime ? [[id.toLowerCase(), activity.lastSignInDateTime]] : [];
    }),
  );
}
