import { readFileSync } from "node:fs";
import { join } from "node:path";
import { coerce, gte } from "semver";

/** Version of the Pulumi CLI that is installed or built where none is found. Also in `go.mod`. */
export const pulumiVersion = "3.259.0";

/**
 * Oldest Pulumi CLI that is used as it is found. The Automation API itself takes any from 3.2 on;
 * the events that reviews are made of have their present form since 3.150.
 */
export const oldestPulumiVersion = "3.150.0";

/** Oldest Node, as `engines` in `package.json` has it. */
export const oldestNodeVersion = "22.0.0";

/** Oldest Go that builds the CLI: the `go` directive of `go.mod`. */
export const oldestGoVersion = "1.26";

/** Plugins the program needs. Their versions are those of the npm packages. */
export const pluginNames = ["azuread", "tls"] as const;

/** One of {@link pluginNames}. */
export type PluginName = (typeof pluginNames)[number];

/** Version of the official plugin that the installed npm package asks for, such as `6.9.1`. */
export function pluginVersion(name: PluginName): string {
  const file = require.resolve(`@pulumi/${name}/package.json`);
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return version;
}

/** Folder of the stand-ins' executables. */
export const standInDirectory = join(__dirname, "..", "simulator", "plugins", "bin");

/**
 * Whether `version` is `oldest` or newer. Takes what tools print (`v3.259.0`, `go1.26.8`); text
 * without a version in it is not.
 */
export function isAtLeast(version: string, oldest: string): boolean {
  const have = coerce(version);
  const want = coerce(oldest);
  return have !== null && want !== null && gte(have, want);
}
