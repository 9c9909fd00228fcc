import type { RequestState, Services } from "./context";

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
    const payload = await services.verifyToken(token);
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
