import * as pulumi from "@pulumi/pulumi";
import { type Configuration, parseConfiguration, rawConfiguration, valuesOf } from "./parse";
import type { Environment } from "../../system/environment";

/**
 * Reads and checks the configuration of the stack that is being previewed or updated.
 *
 * @param environment Process environment, in which the azuread provider also looks for settings.
 * @param now What has expired is judged by it.
 * @throws {ConfigurationError} Lists every fault at once.
 * @example const configuration = readConfiguration(process.env, new Date());
 */
export function readConfiguration(environment: Environment, now: Date): Configuration {
  return parseConfiguration(
    rawConfiguration(pulumi.runtime.allConfig(), configRuntime.isConfigSecret, environment),
    now,
  );
}

/**
 * What the stack configures for the azuread provider, by key without its namespace. May contain the
 * deployer's secret: never print it.
 */
export function readProviderConfiguration(): Record<string, string> {
  return valuesOf(pulumi.runtime.allConfig(), "azuread");
}

/** The SDK exports this at run time and keeps it out of its types. */
const configRuntime = pulumi.runtime as unknown as { isConfigSecret: (key: string) => boolean };
