import { afterAll, afterEach, beforeAll, expect } from "@jest/globals";
import { type Simulator, startSimulator } from "../../../simulator/simulator";
import type { SimulatorOptions, TenantSeed } from "../../../simulator/options";
import type { TenantHandle } from "../../../simulator/tenantHandle";
import { rsaKey } from "../../support/keys";

/** A simulator that runs for one test file, with one tenant. */
export interface Simulated {
  readonly simulator: Simulator;
  readonly tenant: TenantHandle;
}

/**
 * Starts a simulator for the file and resets its tenant after every test. Every test ends with
 * the assertion that no request missed a route, unless `unknownRoutesExpected`.
 */
export function simulated(
  seed: Partial<TenantSeed> = {},
  options: SimulatorOptions & { unknownRoutesExpected?: boolean } = {},
): Simulated {
  const running: { simulator?: Simulator; tenant?: TenantHandle } = {};
  beforeAll(async () => {
    running.simulator = await startSimulator({ makeKey: rsaKey, ...options });
    running.tenant = running.simulator.addTenant({
      initialDomain: "contoso.onmicrosoft.com",
      displayName: "Contoso",
      ...seed,
    });
  });
  afterEach(() => {
    const unknown = running.simulator!.journal.unknownRoutes();
    running.tenant!.reset();
    running.simulator!.journal.clear();
    if (options.unknownRoutesExpected !== true) {
      expect(unknown.map(({ method, path }) => `${method} ${path}`)).toEqual([]);
    }
  });
  afterAll(async () => {
    await running.simulator?.close();
  });
  return {
    get simulator() {
      return running.simulator!;
    },
    get tenant() {
      return running.tenant!;
    },
  };
}
