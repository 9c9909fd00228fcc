import { randomBytes } from "node:crypto";
import type { Tenant } from "../../state/tenants";
import { graphErrors } from "../errors";

/** How many unread pages of a tenant are remembered; older ones are over. */
const remembered = 1000;

/**
 * What is left of lists, by the tokens that were handed out for it. A token stands for the objects
 * that were to follow, so that what is deleted or made between two pages moves nothing.
 *
 * @see https://learn.microsoft.com/graph/paging
 */
const pages = new WeakMap<Tenant, Map<string, readonly string[]>>();

/** A token for the rest of a list, by the ids of its objects. */
export function pageTokenFor(tenant: Tenant, rest: readonly string[]): string {
  const ofTenant = pages.get(tenant) ?? new Map<string, readonly string[]>();
  pages.set(tenant, ofTenant);
  const token = `RFNwdAIAAQAAA${randomBytes(24).toString("base64url")}`;
  ofTenant.set(token, rest);
  const [oldest] = ofTenant.keys();
  if (ofTenant.size > remembered && oldest !== undefined) {
    ofTenant.delete(oldest);
  }
  return token;
}

/** The ids that a token stands for. Throws 400 for a token that was not handed out, or is over. */
export function restOf(tenant: Tenant, token: string): readonly string[] {
  const rest = pages.get(tenant)?.get(token);
  if (rest === undefined) {
    throw token.startsWith("RFNwdAIAAQAAA")
      ? graphErrors.expiredPageToken()
      : graphErrors.badRequest("Invalid Skip Token");
  }
  return rest;
}
