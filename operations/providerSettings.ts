import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { isObject, type Properties, propertiesOf } from "../policy/rules/values";
import { ownNameOf } from "./project";

const prefix = "azuread:";

/** What the project's and the stack's files configure for the azuread provider, as far as it is text. */
export async function providerSettingsIn(
  files: readonly string[],
): Promise<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const file of files) {
    for (const [key, value] of Object.entries(propertiesOf((await yamlIn(file)).config))) {
      const given = (value as { value?: unknown } | null)?.value ?? value;
      if (key.startsWith(prefix) && typeof given === "string") {
        settings[key.slice(prefix.length)] = given;
      }
    }
  }
  return settings;
}

/**
 * What of a stack's settings decides how its deployer signs in, and where: those of the azuread provider,
 * the cloud and the organization.
 */
function isForSignIn(key: string): boolean {
  return key.startsWith(prefix) || key === "apponly:cloud" || key === "apponly:organization";
}

/**
 * The settings for signing in where a stack's own file says them all, as text and none of them
 * encrypted: the CLI, which takes a tenth of a second to start, would say no more.
 *
 * @param directory Folder of the project's file and the stack's settings.
 * @returns By their whole names; `undefined` where the CLI has to be asked: of a project with settings
 *   of its own, of an environment, of a secret.
 */
export async function plainSignInSettings(
  directory: string,
  stack: string,
): Promise<Record<string, string> | undefined> {
  const files = ["Pulumi.yaml", `Pulumi.${ownNameOf(stack)}.yaml`];
  try {
    const [project, settings] = await Promise.all(files.map((one) => yamlIn(join(directory, one))));
    const own = Object.entries(propertiesOf(settings?.config)).filter(([key]) => isForSignIn(key));
    const texts = own.filter((entry): entry is [string, string] => typeof entry[1] === "string");
    const isWhole =
      project?.config === undefined &&
      settings?.environment === undefined &&
      texts.length === own.length;
    return isWhole ? Object.fromEntries(texts) : undefined;
  } catch {
    // Files of other names, or elsewhere.
    return undefined;
  }
}

/** Nothing where it is not YAML: whoever reads the file next says what is wrong with it. */
async function yamlIn(file: string): Promise<Properties> {
  const document = parseDocument(await readFile(file, "utf8"));
  const content: unknown = document.errors.length === 0 ? document.toJS() : {};
  return isObject(content) ? content : {};
}
