import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { ExportPlace } from "../access/export/places";
import { listOf, propertiesOf, textOf } from "../policy/rules/values";
import { quotedWord } from "../system/shellWord";
import { writeWhole } from "../system/files";
import { readPulumiFile } from "./pulumiYaml";
import { jsonWithEdits, textWithEdits } from "./settingsText";

const exportsKey = ["config", "apponly:exports"];

/**
 * Notes in a stack's settings where an export has written, once: `apponly retire` looks there.
 *
 * @param path `Pulumi.STACK.yaml`.
 * @throws {UsageFailure} If the settings are not valid YAML.
 * @returns Whether the settings were changed.
 */
export async function rememberExport(path: string, place: ExportPlace): Promise<boolean> {
  const places = await exportPlacesIn(path);
  if (places.some((one) => JSON.stringify(one) === JSON.stringify(place))) {
    return false;
  }
  const text = existsSync(path) ? await readFile(path, "utf8") : "config: {}\n";
  const document = readPulumiFile(path, text);
  document.setIn(exportsKey, document.createNode([...places, place]));
  await writeWhole(path, (path.endsWith(".json") ? jsonWithEdits : textWithEdits)(text, document));
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
export async function exportPlacesIn(path: string): Promise<ExportPlace[]> {
  if (!existsSync(path)) {
    return [];
  }
  const document = readPulumiFile(path, await readFile(path, "utf8"));
  const { config } = propertiesOf(document.toJS());
  return listOf(propertiesOf(config)["apponly:exports"])
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
