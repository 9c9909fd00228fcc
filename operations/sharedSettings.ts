import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { projectAbove } from "./project";
import { configurationIn, readPulumiFile, valueInProject } from "./pulumiYaml";

/**
 * What the project's file has of some keys for all its stacks. A stack's own value counts before it, as a
 * whole.
 *
 * @param settingsFile Of one stack; the project is in its folder, or above.
 */
export function sharedSettings(
  settingsFile: string,
  keys: readonly string[],
): Record<string, unknown> {
  const project = projectAbove(dirname(settingsFile));
  const text = project === undefined ? "" : readFileSync(project, "utf8");
  // To read YAML takes long. Only with an escape can a key be there whose name is not.
  const mayHave =
    text.includes("\\") || keys.some((key) => text.includes(key.slice(key.indexOf(":") + 1)));
  if (project === undefined || !mayHave) {
    return {};
  }
  const config = configurationIn(readPulumiFile(project, text));
  return Object.fromEntries(keys.map((key) => [key, valueInProject(config[key])]));
}
