import { jwtVerify } from "jose";
import type { Tenant } from "../state/tenants";
import type { RequestState, Services } from "./context";

/** Whom a bearer token speaks for. */
export interface Caller {
  readonly tenant: Tenant;
  readonly appId: string;
  /** Object id of the app's service principal in the tenant. */
  readonly objectId: string;
  readonly audience: string;
  readonly roles: readonly string[];
  /** Template ids of directory roles. */
  readonly wids: readonly string[];
}

/**
 * Finds out who calls, by a token that this simulator issued. Whether the caller is wanted where
 * it calls is for the routes to say.
 */
export async function identifyCaller(
  authorization: string | undefined,
  request: RequestState,
  services: Services,
): Promise<void> {
  const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
  if (token === undefined) {
    return;
  }
  if (token.split(".").length !== 3) {
    request.callerProblem = "malformed";
    return;
  }
  try {
    const { payload } = await jwtVerify(token, services.signingKey.publicKey, {
      algorithms: ["RS256"],
      currentDate: services.clock.now(),
      clockTolerance: 300,
    });
    const tenant = services.tenants.find(String(payload["tid"]));
    if (tenant === undefined) {
      request.callerProblem = "signature";
      return;
    }
    request.tenant = tenant;
    request.caller = {
      tenant,
      appId: String(payload["appid"]),
      objectId: String(payload["oid"]),
      audience: String(payload.aud),
      roles: strings(payload["roles"]),
      wids: strings(payload["wids"]),
    };
  } catch (problem) {
    const code = (problem as { code?: string }).code;
    request.callerProblem = code === "ERR_JWT_EXPIRED" ? "expired" : "signature";
  }
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
