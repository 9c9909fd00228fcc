import { type Document, isCollection, isMap, isScalar, parseDocument } from "yaml";
import { parseConfiguration } from "../components/configuration/parse";
import { ConfigurationError, type Fault } from "../components/faults";

/**
 * A scalar as Pulumi reads it where it wants text: as it is written, so that an unquoted `2026`, or
 * `2026.10`, is the same text as a quoted one.
 *
 * @returns `undefined` where nothing stands there.
 */
export function textIn(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) {
    return undefined;
  }
  return typeof node.value === "string" ? node.value : node.source;
}

/** Whether YAML takes a text for one without quotes, also as Pulumi's parser reads it. */
export function isTextUnquoted(text: string): boolean {
  return (["1.1", "1.2"] as const).every((version) => {
    const document = parseDocument(text, { version });
    return document.errors.length === 0 && document.toJS() === text;
  });
}

/**
 * The document as text in which every line that an edit did not touch is as it was, line ends,
 * indentation and blanks included.
 */
export function textWithEdits(original: string, document: Document): string {
  const edited = document.toString({ lineWidth: 0, ...styleOf(original) });
  const end = original.includes("\r\n") ? "\r\n" : "\n";
  const merged = merge(original.split(/\r?\n/), edited.split("\n")).join(end);
  return sameMeaning(merged, edited) ? merged : edited.replaceAll("\n", end);
}

/** How a file is indented. */
function styleOf(text: string): { indent: number; indentSeq: boolean } {
  const lines = text.split(/\r?\n/).filter((line) => /^\s*[^\s#]/.test(line));
  const indentOf = (line = "") => line.length - line.trimStart().length;
  const indent = indentOf(lines[lines.findIndex((line) => line.startsWith("config:")) + 1]);
  const item = lines.findIndex((line) => line.trimStart().startsWith("- "));
  return {
    indent: indent > 0 ? indent : 2,
    indentSeq: item < 1 || indentOf(lines[item]) > indentOf(lines[item - 1]),
  };
}

/** The edited lines, each in its original form where it differs only in blanks. */
function merge(original: readonly string[], edited: readonly string[]): string[] {
  const [from, to] = [original, edited].map((lines) =>
    lines.map((line) => line.replace(/\s+/g, "")),
  ) as [string[], string[]];
  // Lengths of the longest common subsequences of what begins at each pair of lines.
  const lengths = Array.from({ length: from.length + 1 }, () => new Uint32Array(to.length + 1));
  const at = (i: number, j: number) => lengths[i]?.[j] ?? 0;
  for (let i = from.length - 1; i >= 0; i -= 1) {
    const row = lengths[i];
    for (let j = to.length - 1; row !== undefined && j >= 0; j -= 1) {
      row[j] = from[i] === to[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const merged: string[] = [];
  for (let i = 0, j = 0; j < to.length;) {
    if (i < from.length && from[i] === to[j]) {
      merged.push(original[i++] ?? "");
      j += 1;
    } else if (i < from.length && at(i + 1, j) >= at(i, j + 1) + (from[i] === "" ? 1 : 0)) {
      // A blank line that the library leaves out stays, and a line that is gone goes.
      const line = original[i++] ?? "";
      merged.push(...(line.trim() === "" ? [line] : []));
    } else {
      merged.push(edited[j++] ?? "");
    }
  }
  return merged;
}

function sameMeaning(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => {
    const document = parseDocument(text);
    return document.errors.length > 0 ? undefined : JSON.stringify(document.toJS());
  });
  return first !== undefined && first === second;
}

/**
 * Refuses an edit by which the configuration would break a rule that it keeps now. What is at fault
 * already, or stands elsewhere, is not this edit's.
 *
 * @throws {ConfigurationError} Lists the faults.
 */
export function requireSound(before: string, after: string, now: Date): void {
  const known = new Set(faultsOf(before, now).map(ruleOf));
  const faults = faultsOf(after, now).filter((fault) => !known.has(ruleOf(fault)));
  if (faults.length > 0) {
    throw new ConfigurationError(faults, "apponly:");
  }
}

/** A generation that is removed moves those behind it. */
function ruleOf({ path, value, rule }: Fault): string {
  return JSON.stringify([path.replace(/\[\d+\]/g, "[]"), value, rule]);
}

/** The faults that the configuration's own parser finds in a file of settings. */
function faultsOf(text: string, now: Date): readonly Fault[] {
  const config = parseDocument(text).get("config");
  const entries = isMap(config) ? config.items : [];
  const values = entries.flatMap(({ key, value }) => {
    const name = textIn(key) ?? "";
    const readable = name.startsWith("apponly:") && !(isMap(value) && value.has("secure"));
    const given = isCollection(value) ? JSON.stringify(value.toJSON()) : (textIn(value) ?? "");
    return readable ? [[name.slice("apponly:".length), given] as const] : [];
  });
  try {
    parseConfiguration({ values: Object.fromEntries(values) }, now);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.faults;
    }
    throw error;
  }
}
