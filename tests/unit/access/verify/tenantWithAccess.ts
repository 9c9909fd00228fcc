import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { readCertificate } from "../../../../components/certificateFacts";
import { clouds } from "../../../../components/catalog/clouds";
import type { Workload } from "../../../../components/catalog/workloads";
import { graphClient } from "../../../../microsoft/graph/client";
import type { Generation, VerifyInput } from "../../../../access/verify/target";
import { type MadeCertificate, makeCertificate } from "../../../support/certificates";
import { keyCredential } from "../../../simulator/support/assertions";
import {
  consent,
  deployerToken,
  giveRole,
  Graph,
  makeApp,
  microsoft,
} from "../../../simulator/support/clients";
import type { Simulated } from "../../../simulator/support/simulated";

export const roles = {
  exchangeAdministrator: "29232cdf-9323-42fd-ade2-1d097af3e4de",
  globalReader: "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
  userAdministrator: "fe930be7-5e62-47db-91af-98c3a49a38b1",
};

/** What an application in the tenant is to have. Everything, unless told otherwise. */
export interface Wish {
  readonly certificate?: MadeCertificate;
  /** Further properties of the key credential. */
  readonly keyCredential?: object;
  readonly registered?: boolean;
  readonly manifest?: boolean;
  readonly consented?: boolean;
  /** Template id of the directory role; `null` for none. */
  readonly role?: string | null;
  readonly workloads?: readonly Workload[];
}

/** An application that the tenant knows, and what a verification of it is given. */
export interface Access {
  readonly graph: Graph;
  readonly app: { id: string; appId: string; servicePrincipalId: string };
  readonly input: VerifyInput;
  /** Consents to what both workloads need. */
  readonly grantConsent: () => Promise<void>;
  readonly grantRole: (templateId?: string) => Promise<void>;
}

/** One certificate for a whole file: making a key takes longer than most tests. */
let shared: MadeCertificate | undefined;

/** A certificate that is valid now, and was yesterday. */
export function validCertificate(): MadeCertificate {
  return (shared ??= makeCertificate({
    commonName: "verify.contoso.org",
    notBefore: new Date(Date.now() - 86_400_000),
  }));
}

/** A generation as the stack would hand it over. */
export function generationOf(certificate: MadeCertificate, name = "2026-11"): Generation {
  const { notBefore, notAfter, pem } = readCertificate(certificate.certificatePem);
  return {
    name,
    active: true,
    certificate: { notBefore, notAfter, certificatePem: pem },
    privateKeyPem: certificate.privateKeyPem,
  };
}

/** Makes an application in the tenant as the component would. */
export async function makeAccess(simulated: Simulated, wish: Wish = {}): Promise<Access> {
  const { simulator, tenant } = simulated;
  const certificate = wish.certificate ?? validCertificate();
  const graph = await Graph.connect(simulated);
  const app = await makeApp(graph, {
    ...(wish.registered === false
      ? {}
      : { keyCredentials: [keyCredential(certificate, wish.keyCredential)] }),
    ...(wish.manifest === false
      ? {}
      : {
          requiredResourceAccess: [
            [microsoft.exchange, microsoft.manageAsApp],
            [microsoft.protection, microsoft.manageAsAppOnProtection],
          ].map(([resourceAppId, id]) => ({
            resourceAppId: resourceAppId!,
            resourceAccess: [{ id: id!, type: "Role" }],
          })),
        }),
  });
  const grantConsent = async () => {
    await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
    await consent(
      graph,
      app.servicePrincipalId,
      microsoft.protection,
      microsoft.manageAsAppOnProtection,
    );
  };
  const grantRole = async (templateId = roles.globalReader) => {
    await giveRole(graph, app.servicePrincipalId, templateId);
  };
  if (wish.consented !== false) {
    await grantConsent();
  }
  if (wish.role !== null) {
    await grantRole(wish.role);
  }
  const { endpoints } = simulator;
  return {
    graph,
    app,
    grantConsent,
    grantRole,
    input: {
      endpoints: {
        authority: endpoints.loginTls,
        workloads: { exchange: endpoints.exchange, compliance: endpoints.compliance },
        graph: endpoints.graph,
        extraCaPem: simulator.caCertificatePem,
      },
      cloud: clouds.global,
      tenantId: tenant.tenantId,
      applicationId: app.appId,
      organization: tenant.initialDomain,
      workloads: wish.workloads ?? ["exchange"],
      generations: [generationOf(certificate)],
    },
  };
}

/** Lets a verification read what was granted with the deployer's token. */
export function withDeployer(simulated: Simulated, input: VerifyInput): VerifyInput {
  const { loginTls: login, graph } = simulated.simulator.endpoints;
  return {
    ...input,
    graph: async () => graphClient({ login, graph }, await deployerToken(simulated)),
  };
}

/** A local https server that answers every request alike. */
export async function loopbackServer(
  certificate: MadeCertificate,
  answer: { status: number; body: string; type?: string },
): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer(
    { cert: certificate.certificatePem, key: certificate.privateKeyPem },
    (_request, response) => {
      response
        .writeHead(answer.status, { "content-type": answer.type ?? "text/html" })
        .end(answer.body);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A loopback address at which nobody listens. */
export async function refusedAddress(): Promise<string> {
  const { url, close } = await loopbackServer(validCertificate(), { status: 200, body: "" });
  await close();
  return url;
}
