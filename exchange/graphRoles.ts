import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { readAll } from "../microsoft/graph/client";
import { Failure } from "../system/failure";
import { type Pause, pauseByClock, retry } from "../system/retry";

/** An assignment of a management role to a service principal, as Microsoft Graph has it. */
export interface GraphAssignment {
  readonly id: string;
  readonly principalId: string;
  readonly roleDefinitionId: string;
  readonly directoryScopeId: string | null;
  readonly appScopeId: string | null;
}

/** Whom a role is assigned to over what, by ids of Microsoft Graph. */
export type AssignmentWish = Omit<GraphAssignment, "id">;

const base = "/roleManagement/exchange";

/**
 * Exchange Online's roles over Microsoft Graph's beta: which roles there are and which service
 * principals hold them. Role groups, their members and custom roles it does not have, nor anything
 * of Security & Compliance.
 *
 * @see https://learn.microsoft.com/graph/api/resources/rbacapplication?view=graph-rest-beta
 */
export class GraphRoles {
  constructor(
    private readonly graph: Client,
    private readonly pause: Pause = pauseByClock,
  ) {}

  /** Id of the management role with a name. */
  async roleId(name: string): Promise<string | undefined> {
    return (await this.listed<{ id: string }>("roleDefinitions", "displayName", name))[0]?.id;
  }

  /** Name of a management role. */
  async roleName(id: string): Promise<string | undefined> {
    return (await this.readOne<{ displayName: string }>(`roleDefinitions/${id}`))?.displayName;
  }

  /** Id of the management scope with a name. */
  async scopeId(name: string): Promise<string | undefined> {
    return (await this.listed<{ id: string }>("customAppScopes", "displayName", name))[0]?.id;
  }

  async scopeName(id: string): Promise<string | undefined> {
    return (await this.readOne<{ displayName: string }>(`customAppScopes/${id}`))?.displayName;
  }

  assignmentsOf(principalId: string): Promise<GraphAssignment[]> {
    return this.listed<GraphAssignment>("roleAssignments", "principalId", principalId);
  }

  assignment(id: string): Promise<GraphAssignment | undefined> {
    return this.readOne<GraphAssignment>(`roleAssignments/${encodeURIComponent(id)}`);
  }

  /**
   * Assigns a role; that it is assigned already is as good. A service principal that Exchange does
   * not know yet is tried again.
   */
  async assign(wish: AssignmentWish): Promise<void> {
    await this.tolerating([409], () =>
      retry(() => this.api("roleAssignments").post(wish) as Promise<unknown>, {
        attempts: 5,
        pause: this.pause,
        waitAfter: (error) => (isNotKnownYet(error) ? 4 : undefined),
      }),
    );
  }

  async unassign(id: string): Promise<void> {
    await this.tolerating(
      [404],
      () => this.api(`roleAssignments/${encodeURIComponent(id)}`).delete() as Promise<unknown>,
    );
  }

  private api(path: string) {
    return this.graph.api(`${base}/${path}`).version("beta");
  }

  private async readOne<T>(path: string): Promise<T | undefined> {
    const got = await this.tolerating([404], () => this.api(path).get() as Promise<unknown>);
    return got as T | undefined;
  }

  private listed<T>(set: string, property: string, value: string): Promise<T[]> {
    const filter = encodeURIComponent(`${property} eq '${value.replaceAll("'", "''")}'`);
    return this.explaining(() =>
      readAll<T>(this.graph, `${base}/${set}?$filter=${filter}`, "beta"),
    );
  }

  private async tolerating(
    statuses: readonly number[],
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    return this.explaining(async () => {
      try {
        return await run();
      } catch (error) {
        if (error instanceof GraphError && statuses.includes(error.statusCode)) {
          return undefined;
        }
        throw error;
      }
    });
  }

  private async explaining<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof GraphError && error.statusCode > 0) {
        throw new Failure(
          `Microsoft Graph answers ${error.statusCode} for Exchange's roles: ${error.message || "without a reason"}.`,
        );
      }
      throw error;
    }
  }
}

function isNotKnownYet(error: unknown): boolean {
  return (
    error instanceof GraphError &&
    (error.statusCode === 400 || error.statusCode === 404) &&
    /Couldn't find object|principalId|ManagementObjectNotFound/.test(error.message)
  );
}
