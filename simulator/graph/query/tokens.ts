import { randomBytes } from "node:crypto";
import type { Tenant } from "../../state/tenants";
import { graphErrors } from "../errors";

/** What tokens stand for, by tenant: each is kept until as many others have been handed out. */
export class Tokens<T> {
  private readonly kept = new WeakMap<Tenant, Map<string, T>>();

  /**
   * @param start With what every token begins; one that begins so and is not known is over.
   * @param most How many of a tenant are kept.
   */
  constructor(
    private readonly start: string,
    private readonly most: number,
  ) {}

  /** A fresh token for a value. */
  keep(tenant: Tenant, value: T): string {
    const ofTenant = this.kept.get(tenant) ?? new Map<string, T>();
    this.kept.set(tenant, ofTenant);
    const token = this.start + randomBytes(24).toString("base64url");
    ofTenant.set(token, value);
    const [oldest] = ofTenant.keys();
    if (ofTenant.size > this.most && oldest !== undefined) {
      ofTenant.delete(oldest);
    }
    return token;
  }

  /** What a token stands for. Throws 400 for one that was not handed out, or is over. */
  read(tenant: Tenant, token: string): T {
    const value = this.kept.get(tenant)?.get(token);
    if (value === undefined) {
      throw token.startsWith(this.start)
        ? graphErrors.expiredPageToken()
        : graphErrors.badRequest("Invalid Skip Token");
    }
    return value;
  }
}
