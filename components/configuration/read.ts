import * as pulumi from "@pulumi/pulumi";
import { type Configuration, parseConfiguration } from "./parse";

const namespace = "apponly";

/**
 * Reads and checks the configuration of the stack that is being previewed or updated.
 *
 * @param environment Process environment, in which the azuread provider also looks for settings.
 * @param now What has expired is judged by it.
 * @throws {ConfigurationError} Lists every fault at once.
 * @example const configuration = readConfiguration(process.env, new Date());
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
  now: Date,
): Configuration {
  const values = valuesOf(namespace);
  const secretKeys = Object.keys(values).filter((key) => isSecret(`${namespace}:${key}`));
  const azuread = new pulumi.Config("azuread");
  // With its own metadata host the provider takes the endpoints from there and ignores `environment`.
  const ownHost = azuread.get("metadataHost") ?? environment.ARM_METADATA_HOSTNAME;
  return parseConfiguration(
    {
      values,
      secretKeys: new Set(secretKeys),
      ...(ownHost
        ? {}
        : {
            azureadEnvironment:
              azuread.get("environment") ?? (environment.ARM_ENVIRONMENT || "public"),
          }),
    },
    now,
  );
}

/**
 * What the stack configures for the azuread provider, by key without its namespace. May contain the
 * deployer's secret: never print it.
 */
export function readProviderConfiguration(): Record<string, string> {
  return valuesOf("azuread");
}

function valuesOf(keysOf: string): Record<string, string> {
  const prefix = `${keysOf}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** The SDK exports this at run time and keeps it out of its types. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return runtime.isConfigSecret(key);
}
