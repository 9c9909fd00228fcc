import * as pulumi from "@pulumi/pulumi";
import { connectOutput, connectRecipes } from "./access/connect/recipes";
import type { Configuration } from "./components/configuration/parse";
import { readConfiguration, readProviderConfiguration } from "./components/configuration/read";
import { Provider } from "./components/exchangeOnline/resources";
import { ExchangeAppOnly } from "./components/exchangeAppOnly";
import { LifetimeGuard } from "./components/lifetimeGuard";
import { stackOutputs, type WrittenOutputs } from "./components/stackOutputs";
import { connectDeployer } from "./microsoft/deployer/session";
import { readCertificateLimit } from "./microsoft/graph/managementPolicy";

/**
 * The program of every stack: `pulumi up` runs it, and so does the `apponly` command.
 *
 * @param environment Where the azuread provider, too, looks for what the stack does not configure.
 * @returns The stack outputs, described in docs/reference.md.
 * @throws {ConfigurationError} If the configuration is at fault; nothing has been requested by then.
 */
export async function program(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Record<string, unknown>> {
  const now = new Date();
  const configuration = readConfiguration(environment, now);
  const guard = new LifetimeGuard(async (applicationObjectId) => {
    const deployer = await connectDeployer(readProviderConfiguration(), environment);
    const graph = await deployer.graph();
    return readCertificateLimit(graph, applicationObjectId, now);
  }, "apponly:");
  const access = new ExchangeAppOnly("access", configuration.access, {
    transformations: [guard.transformation],
    providers: exchangeProvider(configuration),
  });
  guard.requireGuarded(Object.values(access.certificates));
  const outputs = stackOutputs(configuration, access);
  return Promise.resolve({ ...outputs, connect: connectScripts(access, outputs) });
}

/** The provider for Exchange's own roles, which signs in as azuread does; none where there are none. */
function exchangeProvider({ access, cloud, organization }: Configuration): Provider[] {
  const { exchangeRoles = [], complianceRoleGroups = [] } = access;
  if (exchangeRoles.length + complianceRoleGroups.length === 0) {
    return [];
  }
  const deployer = Object.entries(readProviderConfiguration()).map(
    ([key, value]) => [key, pulumi.secret(value)] as const,
  );
  const settings = { ...Object.fromEntries(deployer), cloud: cloud.name, organization };
  return [new Provider("exchange", settings)];
}

/** PowerShell that connects, for the active generation and the federated credentials. */
function connectScripts(
  { certificates, activeCertificate: generation = "" }: ExchangeAppOnly,
  { cloud, workloads, applicationId, organization, tenantId, federatedCredentials }: WrittenOutputs,
): pulumi.Output<ReturnType<typeof connectOutput>> {
  const { thumbprint } = certificates[generation] ?? {};
  const target = { cloud, workloads, applicationId, organization, tenantId, federatedCredentials };
  return pulumi.output({ ...target, thumbprint }).apply(({ thumbprint: known, ...rest }) => {
    const certificate = known ? { certificate: { thumbprint: known, generation } } : {};
    const federated = rest.federatedCredentials.length > 0;
    return connectOutput(connectRecipes({ ...rest, ...certificate, federated }));
  });
}

// Pulumi calls what the module itself is; the command imports the name.
module.exports = Object.assign(program, { program });
