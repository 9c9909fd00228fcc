import { existsSync } from "node:fs";
import type { ExportPlace } from "../access/export/places";
import { listOf, propertiesOf, textOf } from "../policy/rules/values";
import { quotedWord } from "../system/shellWord";
import { configurationInFile } from "./pulumiYaml";
import { editSettings } from "./settingsText";

const exportsKey = "apponly:exports";

/**
 * Notes in a stack's settings where an export has written, once: `apponly retire` looks there.
 *
 * @param path `Pulumi.STACK.yaml`.
 * @throws {UsageFailure} If the settings are not valid YAML.
 * @returns Whether the settings were changed.
 */
export async function rememberExport(path: string, place: ExportPlace): Promise<boolean> {
  const places = exportPlacesIn(path);
  if (places.some((one) => JSON.stringify(one) === JSON.stringify(place))) {
    return false;
  }
  await editSettings(path, (document) => {
    document.setIn(["config", exportsKey], document.createNode([...places, place]));
  });
  return true;
}

/** The command that hands a stack's access over to the place once more. */
export function exportCommandTo(place: ExportPlace, stack: string): string {
  const target =
    "vault" in place
      ? `key-vault --vault ${quotedWord(place.vault)} --certificate-name ${quotedWord(place.certificate)}`
      : `github --repository ${quotedWord(place.github)} --environment ${quotedWord(place.environment)}`;
  return `apponly export --stack ${stack} --format ${target}`;
}

/** Where exports of a stack have written, by its settings. */
export function exportPlacesIn(path: string): ExportPlace[] {
  if (!existsSync(path)) {
    return [];
  }
  return listOf(configurationInFile(path)[exportsKey])
    .map(propertiesOf)
    .flatMap((one): ExportPlace[] => {
      const [github, environment] = [textOf(one.github), textOf(one.environment)];
      const [vault, certificate] = [textOf(one.vault), textOf(one.certificate)];
      return github !== undefined && environment !== undefined
        ? [{ github, environment }]
        : vault !== undefined && certificate !== undefined
          ? [{ vault, certificate }]
          : [];
    });
}
