import { readFileSync } from "node:fs";
import { join } from "node:path";
import coerce from "semver/functions/coerce";
import gte from "semver/functions/gte";

/** Version of the Pulumi CLI that is installed or built where none is found. Also in `go.mod`. */
export const pulumiVersion = "3.259.0";

/**
 * Oldest Pulumi CLI that is used as it is found: older ones know no `object` among the types of
 * configuration in `Pulumi.yaml`.
 */
export const oldestPulumiVersion = "3.186.0";

/** Plugins the program needs. Their versions are those of the npm packages. */
export const pluginNames = ["azuread", "tls"] as const;

/** One of {@link pluginNames}. */
export type PluginName = (typeof pluginNames)[number];

/** Version of the official plugin that the installed npm package asks for. */
export function pluginVersion(name: PluginName): string {
  const file = require.resolve(`@pulumi/${name}/package.json`);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return version;
}

/** Folder of the stand-ins' executables. */
export const standInDirectory = join(__dirname, "standIns", "bin");

/** Folder of the executable of the provider for Exchange's own roles. */
export const exchangeDirectory = join(__dirname, "..", "exchange", "bin");

/** Whether `version` is `oldest` or newer; text that is not a version is not. */
export function isAtLeast(version: string, oldest: string): boolean {
  const found = coerce(version);
  return found !== null && gte(found, oldest);
}
