import type { FaultAnswer, Service } from "../http/service";
import { installDiscoveryRoutes } from "./discoveryRoutes";
import { EntraError } from "./errors";
import { installTokenRoutes } from "./tokenRoutes";
import type { TokenIssuance } from "./accessToken";

const faultAnswers: Readonly<Record<"throttle" | "serverError", FaultAnswer>> = {
  throttle: (_, { retryAfterSeconds }) => EntraError.throttled(retryAfterSeconds),
  serverError: (_, { status, retryAfterSeconds }) => EntraError.server(status, retryAfterSeconds),
};

/** Microsoft Entra ID: tokens and discovery. It owns every path that no other service does. */
export function entraService(issuance: TokenIssuance): Service {
  return {
    owns: () => true,
    // Names after the tenant are taken in any case, with or without a slash at the end.
    routed: (path) =>
      path.replace(
        /^(\/[^/]+)(\/.*)$/,
        (_, tenant: string, rest: string) => tenant + rest.toLowerCase().replace(/\/+$/, ""),
      ),
    tenantIn: (path) => /^\/([^/]+)\/(oauth2|v2\.0|discovery|\.well-known)\//.exec(path)?.[1],
    faultAnswers,
    install: (app) => {
      installDiscoveryRoutes(app, issuance.signingKey);
      installTokenRoutes(app, issuance);
    },
  };
}
