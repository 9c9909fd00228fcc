import { randomBytes } from "node:crypto";
import type { Tenant } from "../../state/tenants";
import { graphErrors } from "../errors";

/** What tokens stand for, by tenant: each is kept until as many others have been handed out. */
export class Tokens<T> {
  private readonly kept = new WeakMap<Tenant, Map<string, { value: T; since: number }>>();

  /**
   * @param start With what every token begins; one that begins so and is not known is over.
   * @param most How many of a tenant are kept.
   * @param lifetimeMs How long each is good for. Default: without end.
   */
  constructor(
    private readonly start: string,
    private readonly most: number,
    private readonly lifetimeMs: number = Infinity,
  ) {}

  /** A fresh token for a value. */
  keep(tenant: Tenant, value: T): string {
    const ofTenant = this.kept.get(tenant) ?? new Map<string, { value: T; since: number }>();
    this.kept.set(tenant, ofTenant);
    const token = this.start + randomBytes(24).toString("base64url");
    ofTenant.set(token, { value, since: tenant.state.now().getTime() });
    const [oldest] = ofTenant.keys();
    if (ofTenant.size > this.most && oldest !== undefined) {
      ofTenant.delete(oldest);
    }
    return token;
  }

  /** What a token stands for. Throws 400 for one that was not handed out, or is over. */
  read(tenant: Tenant, token: string): T {
    const kept = this.kept.get(tenant)?.get(token);
    const age = tenant.state.now().getTime() - (kept?.since ?? 0);
    if (kept === undefined || age > this.lifetimeMs) {
      throw token.startsWith(this.start)
        ? graphErrors.expiredPageToken()
        : graphErrors.badRequest("Invalid Skip Token");
    }
    return kept.value;
  }
}
