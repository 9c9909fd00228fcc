import { Hono } from "hono";
import type { Services, SimulatorApp, SimulatorEnv } from "./http/context";
import { installMiddleware, ownerOf } from "./http/middleware";
import type { Service } from "./http/service";

/** Every route of the services that are registered; COVERAGE.md lists them. */
export function buildApp(services: Services, registered: readonly Service[]): SimulatorApp {
  const app = new Hono<SimulatorEnv>({
    getPath: ({ url }) => {
      const { pathname } = new URL(url);
      return ownerOf(pathname, registered).routed?.(pathname) ?? pathname;
    },
  });
  installMiddleware(app, services, registered);
  for (const service of registered) {
    service.install(app);
  }
  return app;
}
