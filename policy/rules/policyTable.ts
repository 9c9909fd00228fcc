import { rules } from "./rules";
import type { SettingSchema } from "./rule";

/**
 * The policies as Markdown, for the documentation: what each demands, how bad a violation is, what
 * to do about it, and what can be configured. A test compares the page with it.
 */
export function policyTable(): string {
  return rules
    .flatMap((rule) => [
      `### ${rule.displayName}`,
      "",
      `\`${rule.name}\`, ${rule.severity}, ${rule.enforcementLevel}. [Background](${rule.url})`,
      "",
      rule.description,
      "",
      `**Remedy.** ${rule.remediationSteps}`,
      "",
      ...settingRows(rule.settings.properties),
    ])
    .join("\n");
}

function settingRows(properties: Readonly<Record<string, SettingSchema>>): string[] {
  const own = Object.entries(properties).filter(([key]) => key !== "exemptions");
  return own.length === 0
    ? []
    : [
        "| Setting | Default | Meaning |",
        "| --- | --- | --- |",
        ...own.map(
          ([key, schema]) =>
            `| \`${key}\` | ${defaultOf(schema)} | ${schema.description ?? ""}${fieldsOf(schema)} |`,
        ),
        "",
      ];
}

function defaultOf({ default: value }: SettingSchema): string {
  if (value === undefined) {
    return "none";
  }
  // The ids of a permission would fill the table; the description names them.
  const plain = Array.isArray(value) && value.some((one) => typeof one === "object");
  return plain ? "see right" : `\`${JSON.stringify(value)}\``;
}

function fieldsOf({ items }: SettingSchema): string {
  const fields = Object.keys(items?.properties ?? {});
  return fields.length === 0
    ? ""
    : ` Each has ${fields.map((field) => `\`${field}\``).join(", ")}.`;
}
