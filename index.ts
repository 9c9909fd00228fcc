import * as pulumi from "@pulumi/pulumi";
import { connectOutput, connectRecipes } from "./access/connect/recipes";
import type { Configuration } from "./components/configuration/parse";
import { readConfiguration, readProviderConfiguration } from "./components/configuration/read";
import { ExchangeAppOnly } from "./components/exchangeAppOnly";
import { stackOutputs } from "./components/stackOutputs";
import { connectAsDeployer } from "./microsoft/graph/connect";
import { checkLifetimes } from "./microsoft/graph/lifetimeHook";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The program of every stack: `pulumi up` runs it, and so does the `apponly` command.
 *
 * @param environment Where the azuread provider, too, looks for what the stack does not configure.
 * @returns The stack outputs, described in docs/reference.md.
 * @throws {ConfigurationError} If the configuration is at fault; nothing has been requested by then.
 */
export async function program(
  environment: Environment = process.env,
): Promise<Record<string, unknown>> {
  const configuration = readConfiguration(environment);
  const { certificates = [] } = configuration.access;
  const connectGraph = () => connectAsDeployer(readProviderConfiguration(), environment);
  const access = new ExchangeAppOnly("access", configuration.access, {
    transforms: [checkLifetimes(certificates, connectGraph)],
  });
  const outputs = stackOutputs(configuration, access);
  return Promise.resolve({ ...outputs, connect: connectScripts(configuration, access, outputs) });
}

/** PowerShell that connects, for the active generation and the federated credentials. */
function connectScripts(
  { cloud, access: { workloads } }: Configuration,
  { certificates, activeCertificate: generation = "" }: ExchangeAppOnly,
  outputs: ReturnType<typeof stackOutputs>,
): pulumi.Output<ReturnType<typeof connectOutput>> {
  const { applicationId, organization, tenantId, federatedCredentials } = outputs;
  const { thumbprint } = certificates[generation] ?? {};
  return pulumi
    .output({ applicationId, organization, tenantId, federatedCredentials, thumbprint })
    .apply(({ thumbprint: known, ...rest }) => {
      const certificate = known ? { certificate: { thumbprint: known, generation } } : {};
      const federated = rest.federatedCredentials.length > 0;
      const input = { ...rest, ...certificate, federated, cloud: cloud.name, workloads };
      return connectOutput(connectRecipes(input));
    });
}

// Pulumi calls what the module itself is; the command imports the name.
module.exports = Object.assign(program, { program });
