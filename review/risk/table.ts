import { compareRisk, type Risk } from "../model";
import { builtInRoles, directoryRolesPage } from "../../policy/rules/data/directoryRoles";
import { permissions } from "../../policy/rules/data/permissions";
import { type RiskRule, riskRules } from "./rules";

/**
 * The table of risks as Markdown, for the documentation: every rule, every known role, every known
 * permission, worst first. A test compares the page with it.
 */
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
