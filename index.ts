import { connectOutput, connectRecipes } from "./access/connect";
import * as pulumi from "@pulumi/pulumi";
import { ExchangeAppOnly } from "./components";
import { readConfiguration } from "./components/configuration";
import { stackOutputs } from "./components/outputs";

/**
 * The program of every stack: `pulumi up` runs it, and so does the `apponly` command.
 *
 * @returns The stack outputs, described in docs/reference.md.
 * @throws {ConfigurationError} If the configuration is at fault; nothing has been requested by then.
 */
export async function program(): Promise<Record<string, unknown>> {
  const configuration = readConfiguration(process.env);
  const access = new ExchangeAppOnly("access", configuration.access);
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
