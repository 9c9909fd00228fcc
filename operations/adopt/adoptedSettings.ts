import { existsSync } from "node:fs";
import { textsOf } from "../../policy/rules/values";
import { UsageFailure } from "../../system/failure";
import { configurationInFile } from "../pulumiYaml";
import { editSettings } from "../settingsText";
import type { AdoptedSettings } from "./plan";

const carriedKey = "apponly:carried";

/**
 * Writes what an adoption declares into a stack's settings, which are made where there are none. What
 * stands there of other namespaces stays.
 *
 * @throws {UsageFailure} If the file declares another access already. It is not changed then.
 */
export async function writeAdopted(path: string, settings: AdoptedSettings): Promise<void> {
  const there = existsSync(path) ? configurationInFile(path) : {};
  const declared = Object.entries(settings).map(([key, value]) => [wholeKey(key), value] as const);
  const other = declared.find(
    ([key, value]) =>
      there[key] !== undefined && JSON.stringify(there[key]) !== JSON.stringify(value),
  );
  if (other !== undefined) {
    throw new UsageFailure(
      `${path} declares another access already: ${other[0]} is not that of the registration. Adopt it into a stack of its own: --stack NAME.`,
    );
  }
  const added = declared.filter(([key]) => there[key] === undefined);
  await editSettings(path, (document) => {
    added.forEach(([key, value]) => document.setIn(["config", key], document.createNode(value)));
  });
}

function wholeKey(key: string): string {
  return key.includes(":") ? key : `apponly:${key}`;
}

/** Writes which properties stay as the tenant has them; none removes the key. */
export async function writeCarried(path: string, carried: readonly string[]): Promise<void> {
  await editSettings(path, (document) => {
    const key = ["config", carriedKey];
    if (carried.length === 0) {
      document.deleteIn(key);
    } else {
      document.setIn(key, document.createNode(carried));
    }
  });
}

/** Properties that stay as the tenant has them, by a stack's settings. */
export function carriedIn(path: string): string[] {
  return textsOf(configurationInFile(path)[carriedKey]);
}
