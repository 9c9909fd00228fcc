import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { refuseRedirects } from "../microsoft/deployer/redirects";
import { propertiesOf, textOf } from "../policy/rules/values";
import type { Environment } from "../system/environment";
import { ownNameOf } from "./project";
import { configurationIn, readPulumiFile } from "./pulumiYaml";

const prefix = "azuread:";

/**
 * What the project's and the stack's files configure for the azuread provider, as far as it is text.
 *
 * @throws {DeployerSettingsError} If they would have the deployer's credential sent elsewhere, see
 *   {@link refuseRedirects}; also by what cannot be read, because it is encrypted.
 * @throws {UsageFailure} If a file is not valid YAML.
 */
export async function providerSettingsIn(
  files: readonly string[],
  environment: Environment,
): Promise<Record<string, string>> {
  refuseRedirects({}, environment);
  const settings: Record<string, string> = {};
  for (const file of files) {
    const { config } = await signInPartOf(file);
    for (const [key, value] of config.filter(([one]) => one.startsWith(prefix))) {
      const name = key.slice(prefix.length);
      const given = (value as { value?: unknown } | null)?.value ?? value;
      const text = textOf(given);
      refuseRedirects({ [name]: text ?? JSON.stringify(given) }, environment);
      if (text !== undefined) {
        settings[name] = text;
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
 * @returns By their whole names; `undefined` where the CLI has to be asked: of an environment,
 *   of a secret, of what is not a text.
 */
export async function plainSignInSettings(
  directory: string,
  stack: string,
): Promise<Record<string, string> | undefined> {
  const files = ["Pulumi.yaml", `Pulumi.${ownNameOf(stack)}.yaml`];
  try {
    const [project, settings] = await Promise.all(
      files.map((one) => signInPartOf(join(directory, one))),
    );
    const own = settings?.config ?? [];
    const shared = (project?.config ?? []).flatMap(([key, given]) => projectValue(key, given));
    const texts = [...shared, ...own].filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    const isWhole =
      settings?.keys.includes("environment") === false &&
      texts.length === shared.length + own.length;
    return isWhole ? Object.fromEntries(texts) : undefined;
  } catch {
    // Files of other names, or elsewhere.
    return undefined;
  }
}

/**
 * What a project's file says of a key: a value, a default, or only what kind of value it takes. One
 * that is a secret stays a thing, and no text.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
 */
function projectValue(key: string, given: unknown): (readonly [string, unknown])[] {
  if (typeof given !== "object" || given === null) {
    return [[key, given]];
  }
  const { value, default: byDefault, secret } = propertiesOf(given);
  const said = value ?? byDefault;
  return said === undefined ? [] : [[key, secret === true ? given : said]];
}

/** The keys of a file, and what it configures for signing in. */
async function signInPartOf(file: string) {
  const document = readPulumiFile(file, await readFile(file, "utf8"));
  return {
    keys: Object.keys(propertiesOf(document.toJS())),
    config: Object.entries(configurationIn(document)).filter(([key]) => isForSignIn(key)),
  };
}
