import { Hono } from "hono";
import { systemClock } from "./clock";
import type { TokenIssuance } from "./entra/accessToken";
import { FederatedIssuers } from "./entra/federatedIssuers";
import { entraService } from "./entra/service";
import { makeSigningKey, verifyAccessToken } from "./entra/signingKey";
import { exchangeService } from "./exchange/service";
import type { Fault } from "./faults/faults";
import { FaultSet } from "./faults/faultSet";
import { graphService } from "./graph/service";
import type { Services, SimulatorApp, SimulatorEnv } from "./http/context";
import type { Service } from "./http/service";
import { Journal } from "./journal/journal";
import { managementService } from "./management/service";
import { openListeners, type Ports } from "./network/listeners";
import type { SimulatorEndpoints, SimulatorOptions, TenantSeed } from "./options";
import { openStorage } from "./persistence/storage";
import { makeRsaKey } from "./rsaKey";
import { Tenants } from "./state/tenants";
import { handleOf, type TenantHandle } from "./tenantHandle";
import { installMiddleware, ownerOf } from "./http/middleware";

/** A running simulator. */
export interface Simulator {
  readonly endpoints: SimulatorEndpoints;
  /** The certificate that `SSL_CERT_FILE` or `NODE_EXTRA_CA_CERTS` must point at for https. */
  readonly caCertificatePem: string;
  /** Requests of all tenants. */
  readonly journal: Journal;
  /** Keys of outside identity providers, for federated credentials. */
  readonly issuers: FederatedIssuers;
  /** Faults of requests that concern no tenant, such as those for the cloud's metadata. */
  readonly faults: {
    /** Switches a fault on. Answers the function that switches it off. */
    add(fault: Fault): () => void;
  };
  /** Makes a tenant. Throws when its id or domain is taken. */
  addTenant(seed: TenantSeed): TenantHandle;
  /** The tenant with this id or verified domain. Throws when there is none. */
  tenant(idOrDomain: string): TenantHandle;
  tenants(): TenantHandle[];
  /** Saves what is unsaved and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a Microsoft 365 tenant, or many, on loopback: Entra's token endpoint, Microsoft Graph
 * and the admin APIs of Exchange Online and Security & Compliance.
 *
 * @example
 * const simulator = await startSimulator();
 * const tenant = simulator.addTenant({ initialDomain: "contoso.onmicrosoft.com" });
 * process.env["ARM_METADATA_HOSTNAME"] = simulator.endpoints.metadataHost;
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { clock = systemClock, makeKey = makeRsaKey } = options;
  const [storage, signingKey] = await Promise.all([
    openStorage(options.stateFile, makeKey),
    makeSigningKey(makeKey),
  ]);
  const journal = new Journal(options.journalCapacity);
  const tenants = new Tenants(clock, () => storage.changed());
  storage.restore(tenants);
  const published: { endpoints?: SimulatorEndpoints } = {};
  const services: Services = {
    clock,
    tenants,
    journal,
    faults: new FaultSet(),
    verifyToken: (token) => verifyAccessToken(token, signingKey, clock.now()),
    endpoints: () => published.endpoints!,
  };
  const issuers = new FederatedIssuers(options.federatedIssuers ?? "loopback");
  const app = buildApp(
    services,
    registeredServices({
      clock,
      signingKey,
      issuers,
      tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3599,
    }),
  );
  const listeners = await openListeners(app, storage.tls, {
    http: options.ports?.http || storage.ports.http,
    https: options.ports?.https || storage.ports.https,
    proxy: options.ports?.proxy || storage.ports.proxy,
  });
  const endpoints = (published.endpoints = endpointsOf(listeners));
  const { http, https, proxy } = listeners;
  storage.start({ http, https, proxy }, tenants);
  for (const seed of options.tenants ?? []) {
    if (tenants.find(seed.initialDomain) === undefined) {
      tenants.add(seed);
    }
  }
  return {
    endpoints,
    caCertificatePem: storage.tls.caCertificatePem,
    journal,
    issuers,
    faults: { add: (fault) => services.faults.add(fault) },
    addTenant: (seed) => handleOf(tenants.add(seed)),
    tenant: (idOrDomain) => {
      const found = tenants.find(idOrDomain);
      if (found === undefined) {
        throw new Error(
          `no tenant has the id or domain '${idOrDomain}'; there are: ${
            tenants
              .all()
              .map(({ identity }) => identity.initialDomain)
              .join(", ") || "none"
          }`,
        );
      }
      return handleOf(found);
    },
    tenants: () => tenants.all().map(handleOf),
    close: async () => {
      await listeners.close();
      await storage.close();
    },
  };
}

/** Every service, in the order in which they are asked whether a path is theirs. */
export function registeredServices(issuance: TokenIssuance): Service[] {
  return [graphService, exchangeService, managementService, entraService(issuance)];
}

function endpointsOf(ports: Ports): SimulatorEndpoints {
  const plain = `http://127.0.0.1:${ports.http}`;
  const tls = `https://127.0.0.1:${ports.https}`;
  return Object.freeze({
    metadataHost: `127.0.0.1:${ports.https}`,
    login: plain,
    loginTls: tls,
    graph: plain,
    graphTls: tls,
    exchange: `${plain}/exchange`,
    compliance: `${plain}/compliance`,
    proxy: `http://127.0.0.1:${ports.proxy}`,
  });
}

/** Every route of the services that are registered; COVERAGE.md lists them. */
export function buildApp(services: Services, registered: readonly Service[]): SimulatorApp {
  const app = new Hono<SimulatorEnv>({
    getPath: ({ url }) => {
      const { pathname, hostname } = new URL(url);
      return ownerOf(pathname, registered).routed?.(pathname, hostname) ?? pathname;
    },
  });
  installMiddleware(app, services, registered);
  for (const service of registered) {
    service.install(app);
  }
  return app;
}
