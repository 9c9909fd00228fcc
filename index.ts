import { connectAsDeployer } from "./microsoft/graph/connect";
import { checkLifetimes } from "./microsoft/graph/lifetimeHook";
import { connectOutput, connectRecipes } from "./access/connect/recipes";
import * as pulumi from "@pulumi/pulumi";
import { ExchangeAppOnly } from "./components/exchangeAppOnly";
import { readConfiguration, readProviderConfiguration } from "./components/configuration/read";
import { stackOutputs } from "./components/outputs";

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
  const configuration = readConfiguration(environment);
  const { certificates = [] } = configuration.access;
  const connectGraph = () => connectAsDeployer(readProviderConfiguration(), environment);
  const access = new ExchangeAppOnly("access", configuration.access, {
    transforms: [checkLifetimes(certificates, connectGraph)],
  });
  const outputs = stackOutputs(configuration, access);
  const { activeCertificate } = access;
  const { federatedCredentials = [] } = configuration.access;
  const connect = pulumi
    .all([
      outputs.applicationId,
      outputs.organization,
      outputs.tenantId,
      access.certificates[activeCertificate ?? ""]?.thumbprint,
    ])
    .apply(([applicationId, organization, tenantId, thumbprint]) =>
      connectOutput(
        connectRecipes({
          cloud: configuration.cloud.name,
          workloads: configuration.access.workloads,
          applicationId,
          organization,
          tenantId,
          ...(thumbprint && activeCertificate
            ? { certificate: { thumbprint, generation: activeCertificate } }
            : {}),
          federated: federatedCredentials.length > 0,
          federatedCredentials,
        }),
      ),
    );
  return Promise.resolve({ ...outputs, connect });
}

// Pulumi calls what the module itself is; the command imports the name.
module.exports = Object.assign(program, { program });
