export { AdjustableClock, type Clock, systemClock } from "./clock";
export type {
  CmdletDeniedFault,
  ConcurrencyConflictFault,
  DropConnectionFault,
  Fault,
  FaultLimits,
  FaultMatch,
  GrantLagFault,
  LagFault,
  PermissionDeniedFault,
  ServerErrorFault,
  SlowFault,
  TenantUnknownFault,
  ThrottleFault,
} from "./faults/faults";
export type { Json, JsonObject } from "./json";
export type { Journal, JournalEntry, JournalFilter } from "./journal/journal";
export type { SimulatorEndpoints, SimulatorOptions, TenantSeed } from "./options";
export type { CloudName } from "./seed/clouds";
export { type Simulator, startSimulator } from "./simulator";
export type { TenantSnapshot } from "./snapshot";
export { minimalDeployerPermissions } from "./state/seedTenant";
export type {
  AppManagementPolicy,
  AssignedAppManagementPolicy,
  CredentialRestriction,
} from "./state/policies";
export type { TenantHandle } from "./tenantHandle";
