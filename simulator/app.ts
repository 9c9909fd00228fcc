import { Hono } from "hono";
import { installDiscoveryRoutes } from "./entra/discoveryRoutes";
import { installMetadataRoutes } from "./entra/metadataRoutes";
import { installTokenRoute } from "./entra/tokenRoute";
import { installExchange } from "./exchange/install";
import { installGraph } from "./graph/install";
import type { Services, SimulatorApp, SimulatorEnv } from "./http/context";
import { installMiddleware } from "./http/middleware";
import { routedPath } from "./http/path";

/** Every route of the simulator; COVERAGE.md lists them. */
export function buildApp(services: Services): SimulatorApp {
  const app = new Hono<SimulatorEnv>({ getPath: ({ url }) => routedPath(url) });
  installMiddleware(app, services);
  installMetadataRoutes(app);
  installDiscoveryRoutes(app);
  installTokenRoute(app);
  installGraph(app);
  installExchange(app);
  return app;
}
