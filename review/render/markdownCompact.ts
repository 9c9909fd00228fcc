import { type Line, reportLines, violationTitle } from "./lines";
import type { Section } from "./markdownSection";
import { markdownFenced } from "./markdownText";
import {
  actionSigns,
  addCounts,
  countsInWords,
  kindTitles,
  plural,
  reviewTitle,
  namedSubjectOf,
} from "./wording";

/** Longest names, by step: each next one is tried when the list does not fit. */
const steps = [
  { subject: 120, tenant: 100 },
  { subject: 60, tenant: 48 },
  { subject: 40, tenant: 32 },
  { subject: 24, tenant: 20 },
] as const;

/**
 * Every critical change in the fewest characters: each distinct change gets a number, and each
 * combination of numbers is followed by the tenants it concerns.
 *
 * If not even names of 20 characters fit, which takes thousands of tenants, the list ends where the
 * room does and says in its first line how many critical changes it does not name.
 */
export function compactCriticals(sections: readonly Section[], budget: number): string {
  const others = addCounts(sections.map((section) => section.countsAfter(section.criticals)));
  const left = `> **Cut to fit a comment.** Even the critical changes would not fit as tables, so they are listed. Left out: ${countsInWords(others)}. The JSON and HTML forms hold everything.`;
  const room = budget - left.length - 40;
  const tables = steps.map(({ subject, tenant }) => compactLines(sections, subject, tenant));
  const fitting = tables.find((lines) => sizeOfLines(lines) <= room);
  if (fitting !== undefined) {
    return [left, fencedBlock(fitting)].join("\n\n");
  }
  const all = tables.at(-1) ?? [];
  const criticals = sections.reduce((sum, section) => sum + section.criticals, 0);
  const warning = `> **${plural(criticals, "critical change")}: more than a comment can name.** The list below is not whole. Read the JSON or HTML form before approving.`;
  const kept: string[] = [];
  let used = warning.length + 4;
  for (const line of all) {
    used += line.length + 2;
    if (used > room) {
      break;
    }
    kept.push(line);
  }
  return [left, warning, fencedBlock(kept)].join("\n\n");
}

function fencedBlock(lines: readonly string[]): string {
  return ["```text", ...lines, "```"].join("\n");
}

function sizeOfLines(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 2, 0);
}

function compactLines(sections: readonly Section[], subject: number, tenant: number): string[] {
  const legend = new Map<string, { number: number; text: string }>();
  const tenants = new Map<string, string[]>();
  for (const { review } of sections) {
    const own = new Map<number, number>();
    for (const line of reportLines(review).filter(({ risk }) => risk === "critical")) {
      // By the whole text: two changes that are cut to the same words stay two.
      const key = lineKey(line);
      const entry = legend.get(key) ?? { number: legend.size + 1, text: lineText(line, subject) };
      legend.set(key, entry);
      own.set(entry.number, (own.get(entry.number) ?? 0) + 1);
    }
    if (own.size > 0) {
      const key = [...own]
        .sort(([a], [b]) => a - b)
        .map(([number, times]) => (times === 1 ? `${number}` : `${number}x${times}`))
        .join(" ");
      const names = tenants.get(key) ?? [];
      names.push(markdownFenced(reviewTitle(review), tenant));
      tenants.set(key, names);
    }
  }
  return [
    ...[...legend.values()].map(({ number, text }) => `[${number}] ${text}`),
    "",
    ...[...tenants].map(([key, names]) => `[${key}] ${names.join(", ")}`),
  ];
}

function lineKey(line: Line): string {
  if ("violation" in line) {
    const { policy, enforcementLevel, message } = line.violation;
    return JSON.stringify([policy, enforcementLevel, message]);
  }
  const { action, kind, subject } = line.change;
  return JSON.stringify([action, kind, subject]);
}

function lineText(line: Line, limit: number): string {
  if ("violation" in line) {
    const { violation } = line;
    return `${violationTitle(violation)} ${violation.policy}: ${markdownFenced(violation.message, limit)}`;
  }
  const { action, kind } = line.change;
  return `${actionSigns[action]} ${kindTitles[kind]} ${markdownFenced(namedSubjectOf(line.change), limit)}`;
}
