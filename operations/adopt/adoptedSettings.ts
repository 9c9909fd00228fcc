import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isMap, parseDocument } from "yaml";
import { textsOf } from "../../policy/rules/values";
import { writeWhole } from "../../system/files";
import { UsageFailure } from "../../system/failure";
import type { AdoptedSettings } from "./plan";

const namespace = "apponly:";

/**
 * Writes what an adoption declares into a stack's settings, which are made where there are none. What
 * stands there of other namespaces stays.
 *
 * @throws {UsageFailure} If the file declares another access already. It is not changed then.
 */
export async function writeAdopted(path: string, settings: AdoptedSettings): Promise<void> {
  const document = parseDocument(existsSync(path) ? await readFile(path, "utf8") : "config: {}\n");
  if (!isMap(document.get("config"))) {
    document.set("config", document.createNode({}));
  }
  const { config } = document.toJS() as { config: Readonly<Record<string, unknown>> };
  const other = Object.keys(settings).find((key) => {
    const there = config[wholeKey(key)];
    return there !== undefined && JSON.stringify(there) !== JSON.stringify(settings[key]);
  });
  if (other !== undefined) {
    throw new UsageFailure(
      `${path} declares another access already: ${wholeKey(other)} is not that of the registration. Adopt it into a stack of its own: --stack NAME.`,
    );
  }
  for (const [key, value] of Object.entries(settings)) {
    document.setIn(["config", wholeKey(key)], document.createNode(value));
  }
  await writeWhole(path, document.toString({ lineWidth: 0 }));
}

function wholeKey(key: string): string {
  return key.includes(":") ? key : namespace + key;
}

/** Writes which properties stay as the tenant has them; none removes the key. */
export async function writeCarried(path: string, carried: readonly string[]): Promise<void> {
  const document = parseDocument(await readFile(path, "utf8"));
  const key = ["config", `${namespace}carried`];
  if (carried.length === 0) {
    document.deleteIn(key);
  } else {
    document.setIn(key, document.createNode(carried));
  }
  await writeWhole(path, document.toString({ lineWidth: 0 }));
}

/** Properties that stay as the tenant has them, by a stack's settings. */
export async function carriedIn(path: string): Promise<string[]> {
  const { config } = parseDocument(await readFile(path, "utf8")).toJS() as {
    config?: Readonly<Record<string, unknown>>;
  };
  return textsOf(config?.[`${namespace}carried`]);
}
