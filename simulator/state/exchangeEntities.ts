/** A service with an admin API, each with role groups and pointers of its own. */
export type Workload = "exchange" | "compliance";

/**
 * What a workload knows of a service principal: a pointer to it that `New-ServicePrincipal` makes.
 *
 * @see https://learn.microsoft.com/powershell/module/exchangepowershell/new-serviceprincipal
 */
export interface PointerRecord {
  /** Of the pointer itself. */
  readonly id: string;
  readonly workload: Workload;
  readonly appId: string;
  /** As it was given: nothing checks that such a service principal exists. */
  readonly objectId: string;
  displayName: string;
}

/** A cmdlet that a role holds, with the parameters that it may be called with. */
export interface RoleEntry {
  readonly cmdlet: string;
  readonly parameters: readonly string[];
}

/** A custom management role: a child of another role, with no more than that one has. */
export interface CustomRoleRecord {
  readonly id: string;
  readonly name: string;
  readonly parent: string;
  readonly description: string;
  entries: RoleEntry[];
}

/** A management scope: the recipients that a filter finds. */
export interface ScopeRecord {
  readonly id: string;
  name: string;
  filter: string;
  readonly exclusive: boolean;
}

/** A role group of a workload. */
export interface RoleGroupRecord {
  readonly id: string;
  readonly workload: Workload;
  name: string;
  /** Empty where `New-RoleGroup` was not told one, which later calls stumble over. */
  displayName: string;
  description: string;
  readonly builtIn: boolean;
  /** Object ids of service principals and users. */
  members: string[];
}

/** On which recipients an assignment may write. Without any of them: on all. */
export interface WriteScope {
  /** Name of a management scope. */
  readonly scope?: string;
  /** Object id. */
  readonly administrativeUnit?: string;
  /** Object id. */
  readonly group?: string;
}

/** A management role given to a role group, an application or a user. */
export interface RoleAssignmentRecord {
  readonly id: string;
  readonly workload: Workload;
  readonly name: string;
  /** Name of the role. */
  readonly role: string;
  readonly assigneeType: "RoleGroup" | "ServicePrincipal" | "User";
  /** Id of the role group, or object id. */
  readonly assigneeId: string;
  writeScope: WriteScope;
  readonly delegating: boolean;
  enabled: boolean;
}
