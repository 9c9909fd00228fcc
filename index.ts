import * as pulumi from "@pulumi/pulumi";
import { connectOutput, connectRecipes } from "./access/connect/recipes";
import type { ExchangeAppOnlyArgs } from "./components/args";
import { type CloudName, clouds } from "./components/catalog/clouds";
import type { Configuration } from "./components/configuration/parse";
import { readConfiguration, readProviderConfiguration } from "./components/configuration/read";
import { Provider } from "./components/exchangeOnline/resources";
import { ExchangeAppOnly } from "./components/exchangeAppOnly";
import { LifetimeGuard } from "./components/lifetimeGuard";
import {
  keySourceOf,
  type OutputSettings,
  stackOutputs,
  type WrittenOutputs,
} from "./components/stackOutputs";
import type * as sessionModule from "./microsoft/deployer/session";
import type * as managementPolicyModule from "./microsoft/graph/managementPolicy";

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
    // Loaded when a certificate is about to be made: most updates make none.
    /* oxlint-disable typescript/no-require-imports -- import() leads nowhere once compiled */
    const { connectDeployer } = require("./microsoft/deployer/session") as typeof sessionModule;
    const { readCertificateLimit } =
      require("./microsoft/graph/managementPolicy") as typeof managementPolicyModule;
    /* oxlint-enable typescript/no-require-imports */
    const deployer = await connectDeployer(readProviderConfiguration(), environment);
    const graph = await deployer.graph();
    return readCertificateLimit(graph, applicationObjectId, now);
  }, "apponly:");
  const access = new ExchangeAppOnly("access", configuration.access, {
    transformations: [guard.transformation],
    providers: exchangeProvider(configuration),
  });
  guard.requireGuarded(Object.values(access.generations));
  return Promise.resolve(outputsOf(configuration, access));
}

/** Where a program that makes the component itself makes it. */
export interface AccessPlace {
  /**
   * Microsoft cloud of the tenant.
   *
   * @default "global"
   */
  readonly cloud?: CloudName;
  /**
   * Initial domain of the tenant.
   *
   * @default asked of the tenant
   */
  readonly organization?: string;
}

/**
 * The stack outputs by which commands, pipelines and reports know the access, for a program that
 * makes the component itself: `verify`, `certificates`, `export`, `pipeline` and others then work on its
 * stacks.
 *
 * @param args What the component was made of.
 * @example module.exports = accessOutputs(access, args);
 */
export function accessOutputs(
  access: ExchangeAppOnly,
  args: ExchangeAppOnlyArgs,
  { cloud = "global", organization }: AccessPlace = {},
): Record<string, unknown> {
  return outputsOf({ access: args, cloud: clouds[cloud], organization }, access);
}

function outputsOf(configuration: OutputSettings, access: ExchangeAppOnly) {
  const outputs = stackOutputs(configuration, access);
  return { ...outputs, connect: connectScripts(access, outputs) };
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
  { generations, activeCertificate: generation = "" }: ExchangeAppOnly,
  { cloud, workloads, applicationId, organization, tenantId, federatedCredentials }: WrittenOutputs,
): pulumi.Output<ReturnType<typeof connectOutput>> {
  const { thumbprint } = generations[generation] ?? {};
  const target = { cloud, workloads, applicationId, organization, tenantId, federatedCredentials };
  const { vault, source } = keySourceOf(generations[generation]);
  return pulumi.output({ ...target, thumbprint }).apply(({ thumbprint: known = "", ...rest }) => {
    const inVault = vault && source && { vault: { vault, source, thumbprint: known } };
    const certificate = known ? { certificate: { thumbprint: known, generation, ...inVault } } : {};
    const federated = rest.federatedCredentials.length > 0;
    return connectOutput(connectRecipes({ ...rest, ...certificate, federated }));
  });
}
