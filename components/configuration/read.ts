import * as pulumi from "@pulumi/pulumi";
import { type Configuration, parseConfiguration } from "./parse";

const namespace = "apponly";

/**
 * Reads and checks the configuration of the stack that is being previewed or updated.
 *
 * @param environment Process environment, in which the azuread provider also looks for settings.
 * @throws {ConfigurationError} Lists every fault at once.
 * @example const configuration = readConfiguration(process.env);
 */
export function readConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
  now = new Date(),
): Configuration {
  const prefix = `${namespace}:`;
  const entries = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  const secretKeys = entries.map(([key]) => key).filter((key) => isSecret(`${prefix}${key}`));
  const azuread = new pulumi.Config("azuread");
  // An own metadata host decides the endpoints alone; the provider then ignores `environment`.
  const ownHost = azuread.get("metadataHost") ?? environment.ARM_METADATA_HOSTNAME;
  return parseConfiguration(
    {
      values: Object.fromEntries(entries),
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

/** The SDK exports this at run time and keeps it out of its types. */
function isSecret(key: string): boolean {
  const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return runtime.isConfigSecret(key);
}
