/**
 * The tables of rules as the documentation has them, made of the rules themselves: tests compare the
 * pages with them.
 */
import { auditRules } from "../../audit/rules";
import { tenantRules } from "../../audit/tenantRules";
import { builtInRoles, directoryRolesPage } from "../../policy/rules/data/directoryRoles";
import { permissions } from "../../policy/rules/data/permissions";
import type { SettingSchema } from "../../policy/rules/rule";
import { rules } from "../../policy/rules/rules";
import { compareRisk, type Risk } from "../../review/model";
import { type RiskRule, riskRules } from "../../review/risk/rules";

/** The table of risks: every rule, every known role, every known permission, worst first. */
export function riskTable(): string {
  return [
    "### Changes",
    "",
    ...markdownTable(
      ["Risk", "When", "Why"],
      rulesWorstFirst<RiskRule>(Object.values(riskRules)).map(({ risk, when, reason, source }) => [
        risk,
        when,
        `${reason} ([source](${source}))`,
      ]),
    ),
    "",
    "### Directory roles",
    "",
    ...markdownTable(
      ["Risk", "Role", "Labelled privileged", "Supported for app-only PowerShell"],
      rulesWorstFirst(builtInRoles).map(({ risk, name, privileged, workloads }) => [
        risk,
        `[${name}](${directoryRolesPage})`,
        privileged ? "yes" : "no",
        workloads.length > 0 ? "yes" : "no",
      ]),
    ),
    "",
    "### Application permissions",
    "",
    ...markdownTable(
      ["Risk", "Permission", "Of", "Why"],
      rulesWorstFirst(permissions).map(({ risk, value, resourceName, reason, source }) => [
        risk,
        `\`${value}\``,
        resourceName,
        `${reason} ([source](${source}))`,
      ]),
    ),
    "",
  ].join("\n");
}

function rulesWorstFirst<T extends { readonly risk: Risk }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => compareRisk(a.risk, b.risk));
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** The policies: what each demands, how bad a violation is, what to do, and what can be configured. */
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
        ...markdownTable(
          ["Setting", "Default", "Meaning"],
          own.map(([key, schema]) => [
            `\`${key}\``,
            defaultOf(schema),
            `${schema.description ?? ""}${fieldsOf(schema)}`,
          ]),
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

/** The rules of an audit. */
export function auditRuleTable(): string {
  return markdownTable(
    ["Rule", "Severity", "When", "Why", "To do"],
    Object.entries({ ...auditRules, ...tenantRules }).map(
      ([name, { severity, when, reason, source, remedy }]) => [
        `\`${name}\``,
        severity,
        when,
        `${reason} ([source](${source}))`,
        remedy,
      ],
    ),
  ).join("\n");
}
