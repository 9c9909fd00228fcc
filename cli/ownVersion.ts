import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Version of apponly, as its package has it. */
export function ownVersion(): string {
  const file = readFileSync(join(__dirname, "../package.json"), "utf8");
  return (JSON.parse(file) as { version: string }).version;
}
