import type { Fault } from "./faults/faults";
import { fillState, tenantDocument } from "./persistence/stateDocument";
import { takeSnapshot, type TenantSnapshot } from "./snapshot";
import { grantGraphPermission, revokeGraphPermission } from "./state/seedTenant";
import type { AppManagementPolicy, AssignedAppManagementPolicy } from "./state/policies";
import type { Tenant } from "./state/tenants";

/** One tenant, for whoever runs the simulator: not reachable over the network. */
export interface TenantHandle {
  readonly tenantId: string;
  readonly initialDomain: string;
  /** The app with which this tenant is administered. */
  readonly deployer: {
    readonly clientId: string;
    readonly servicePrincipalObjectId: string;
    /** Makes a secret that holds until the simulator stops. Only its hash is kept, in memory. */
    issueSecret(): string;
    /** Consents to Graph application permissions, by value. Tokens issued before do not change. */
    grant(...permissions: string[]): void;
    /** Takes consents back. Tokens issued before do not change. */
    revoke(...permissions: string[]): void;
  };
  /** What the tenant holds now. */
  state(): TenantSnapshot;
  /** Puts the tenant back to how it was made, without faults. */
  reset(): void;
  /** Keeps what the tenant holds now. Answers the function that puts it back, as often as called. */
  checkpoint(): () => void;
  readonly faults: {
    /** Switches a fault on. Answers the function that switches it off. */
    add(fault: Fault): () => void;
    clear(): void;
  };
  /** Blocks tokens by Conditional Access for one application, or for all without an argument. */
  blockByConditionalAccess(appId?: string): () => void;
  setAppManagementPolicy(policy: AppManagementPolicy): void;
  /** Assigns a policy to one application, by its object id, in place of the tenant's default. */
  assignAppManagementPolicy(applicationObjectId: string, policy: AssignedAppManagementPolicy): void;
}

/** The handle of a tenant. */
export function handleOf(tenant: Tenant): TenantHandle {
  const { clientId, servicePrincipalObjectId } = tenant.deployer;
  return {
    tenantId: tenant.identity.tenantId,
    initialDomain: tenant.identity.initialDomain,
    deployer: {
      clientId,
      servicePrincipalObjectId,
      issueSecret: () => tenant.issueSecret(clientId),
      grant: (...permissions) => {
        for (const permission of permissions) {
          grantGraphPermission(tenant.state, servicePrincipalObjectId, permission);
        }
      },
      revoke: (...permissions) => {
        for (const permission of permissions) {
          revokeGraphPermission(tenant.state, servicePrincipalObjectId, permission);
        }
      },
    },
    state: () => takeSnapshot(tenant),
    reset: () => tenant.reset(),
    checkpoint: () => {
      const kept = structuredClone(tenantDocument(tenant));
      return () => {
        fillState(tenant.empty(), structuredClone(kept));
        tenant.state.touch();
      };
    },
    faults: {
      add: (fault) => tenant.faults.add(fault),
      clear: () => tenant.faults.clear(),
    },
    blockByConditionalAccess: (appId = "*") => {
      const { blockedByConditionalAccess: blocked } = tenant.state;
      blocked.add(appId);
      return () => blocked.delete(appId);
    },
    setAppManagementPolicy: (policy) => {
      tenant.state.appManagementPolicy = policy;
      tenant.state.touch();
    },
    assignAppManagementPolicy: (applicationObjectId, policy) => {
      tenant.state.appManagementPolicies.put(policy);
      tenant.state.assignedPolicies.set(applicationObjectId, policy.id);
      tenant.state.touch();
    },
  };
}
