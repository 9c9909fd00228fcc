import { readFileSync } from "node:fs";

/** The version of an installed package, which is that of the plugin it belongs to. */
export function packageVersion(name: string): string {
  const file = require.resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
