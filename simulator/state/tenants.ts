import { createHash, randomBytes, randomUUID } from "node:crypto";
import { type Clock, graphDate } from "../clock";
import { FaultSet } from "../faults/faultSet";
import type { TenantSeed } from "../options";
import { clouds } from "../seed/clouds";
import { firstPartyTemplates } from "../seed/firstParty";
import type { ApplicationRecord } from "./entities";
import { deployerIds, seedTenant } from "./seedTenant";
import { type TenantIdentity, TenantState } from "./tenantState";

/** A registration and the tenant it is in. */
export interface Registration {
  readonly home: Tenant;
  readonly application: ApplicationRecord;
}

/** A tenant with what surrounds its state: its faults and secrets that are never saved. */
export class Tenant {
  state: TenantState;
  readonly faults = new FaultSet();
  /** SHA-256 hashes of secrets handed out in this process, by application id. */
  private readonly volatileSecrets = new Map<string, Set<string>>();

  constructor(
    readonly seed: TenantSeed,
    readonly identity: TenantIdentity,
    private readonly clock: Clock,
    private readonly changed: () => void,
    private readonly others: Tenants,
  ) {
    this.state = new TenantState(identity, clock, changed);
  }

  /**
   * The registration of an application and the tenant it is in: this tenant's own, or another
   * tenant's if that one offers it to other organisations.
   */
  registrationFor(appId: string): Registration | undefined {
    return this.others.registrationFor(this, appId);
  }

  /** Puts the tenant back to how it was made. Ids of the tenant, the deployer and Microsoft's service principals stay. */
  reset(): void {
    seedTenant(this.empty(), this.seed);
    this.faults.clear();
    this.changed();
  }

  /** Forgets everything the tenant holds. Answers the state for the caller to fill. */
  empty(): TenantState {
    this.state = new TenantState(this.identity, this.clock, this.changed);
    return this.state;
  }

  get deployer() {
    return deployerIds(this.identity.tenantId);
  }

  /** Makes a secret for an application of which only the hash is kept, in memory. */
  issueSecret(appId: string): string {
    const secret = randomBytes(30).toString("base64url");
    const hashes = this.volatileSecrets.get(appId) ?? new Set();
    this.volatileSecrets.set(appId, hashes.add(hashSecret(secret)));
    return secret;
  }

  /** Whether this is a secret that was handed out in this process. */
  hasVolatileSecret(appId: string, secret: string): boolean {
    return this.volatileSecrets.get(appId)?.has(hashSecret(secret)) ?? false;
  }
}

/** The form in which secrets are kept. They are random and long: no salt is needed. */
export function hashSecret(secret: string): string {
  return createHash("sha256").update(secret).digest("base64");
}

/** Every tenant of the simulator, found by its id or any of its verified domains. */
export class Tenants {
  private readonly byId = new Map<string, Tenant>();
  private readonly byDomain = new Map<string, Tenant>();

  constructor(
    private readonly clock: Clock,
    private readonly changed: () => void,
  ) {}

  all(): Tenant[] {
    return [...this.byId.values()];
  }

  /** Makes a tenant. Throws when its id or a domain of it is taken. */
  add(seed: TenantSeed): Tenant {
    const tenantId = (seed.tenantId ?? randomUUID()).toLowerCase();
    const cloud = seed.cloud ?? "global";
    if (!(cloud in clouds)) {
      throw new Error(
        `cloud '${String(cloud)}' of tenant '${seed.initialDomain}' is unknown; use one of ${Object.keys(clouds).join(", ")}`,
      );
    }
    const tenant = this.prepare(seed, {
      tenantId,
      initialDomain: seed.initialDomain.toLowerCase(),
      displayName: seed.displayName ?? seed.initialDomain.split(".")[0]!,
      cloud,
      createdDateTime: graphDate(this.clock.now()),
    });
    seedTenant(tenant.state, seed);
    this.index(tenant);
    this.changed();
    return tenant;
  }

  /** Makes room for a tenant whose state is put in by the caller. */
  register(seed: TenantSeed, identity: TenantIdentity): Tenant {
    return this.index(this.prepare(seed, identity));
  }

  /** A tenant that nobody finds yet. Throws when its id or a domain of it is taken. */
  private prepare(seed: TenantSeed, identity: TenantIdentity): Tenant {
    for (const domain of domainsOf(seed, identity)) {
      if (this.byDomain.has(domain)) {
        throw new Error(`initialDomain or domain '${domain}' belongs to another tenant already`);
      }
    }
    if (this.byId.has(identity.tenantId)) {
      throw new Error(`tenantId '${identity.tenantId}' belongs to another tenant already`);
    }
    return new Tenant(seed, identity, this.clock, this.changed, this);
  }

  private index(tenant: Tenant): Tenant {
    this.byId.set(tenant.identity.tenantId, tenant);
    for (const domain of domainsOf(tenant.seed, tenant.identity)) {
      this.byDomain.set(domain, tenant);
    }
    return tenant;
  }

  find(idOrDomain: string): Tenant | undefined {
    const key = idOrDomain.toLowerCase();
    return this.byId.get(key) ?? this.byDomain.get(key);
  }

  registrationFor(tenant: Tenant, appId: string): Registration | undefined {
    const own = tenant.state.applications.firstBy("appId", appId);
    if (own !== undefined) {
      return { home: tenant, application: own };
    }
    if (firstPartyTemplates.has(appId)) {
      return undefined;
    }
    for (const home of this.byId.values()) {
      const application = home.state.applications.firstBy("appId", appId);
      if (
        application !== undefined &&
        ["AzureADMultipleOrgs", "AzureADandPersonalMicrosoftAccount"].includes(
          application.properties.signInAudience,
        )
      ) {
        return { home, application };
      }
    }
    return undefined;
  }
}

function domainsOf(seed: TenantSeed, identity: TenantIdentity): string[] {
  return [identity.initialDomain, ...(seed.domains ?? [])].map((domain) => domain.toLowerCase());
}
