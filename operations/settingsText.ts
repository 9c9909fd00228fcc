import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Document, isAlias, isCollection, isMap, isScalar } from "yaml";
import { parseConfiguration } from "../components/configuration/parse";
import { ConfigurationError, type Fault } from "../components/faults";
import { writeWhole } from "../system/files";
import { editedLines } from "./editedLines";
import { engineKey, parseSettings, readPulumiFile } from "./pulumiYaml";

/**
 * A scalar as Pulumi reads it where it wants text: what is written in quotes as it is, and what is
 * not as Go writes the number, the truth value or the day that its YAML parser takes it for. An
 * unquoted `2026` is the text `2026`, and `2026.10` is `2026.1`.
 *
 * @returns `undefined` where nothing stands there.
 * @see https://github.com/go-yaml/yaml/blob/v3/resolve.go
 */
export function textIn(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) {
    return undefined;
  }
  if (node.type === "PLAIN" && node.source !== undefined) {
    return plainText(node.source);
  }
  return typeof node.value === "string" ? node.value : node.source;
}

function plainText(text: string): string {
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(text)) {
    return text.toLowerCase();
  }
  const day = /^(\d{4})-(\d\d?)-(\d\d?)$/.exec(text);
  if (day !== null) {
    return day
      .slice(1)
      .map((part) => part.padStart(2, "0"))
      .join("-");
  }
  const digits = /^[-+]?[\d.]/.test(text) ? text.replaceAll("_", "") : text;
  const whole = /^([-+]?)(0b[01]+|0o[0-7]+|0x[\da-f]+|\d+)$/i.exec(digits);
  if (whole !== null) {
    const [, sign, number = ""] = whole;
    const value = BigInt(/^0[0-7]+$/.test(number) ? `0o${number}` : number);
    return value >> 64n > 0 ? String(Number(digits)) : String(sign === "-" ? -value : value);
  }
  return /^[-+]?(\.\d+|\d+(\.\d*)?)(e[-+]?\d+)?$/i.test(digits) ? String(Number(digits)) : text;
}

/**
 * Edits a stack's settings in their file, which is made where there is none.
 *
 * @throws {UsageFailure} As {@link readPulumiFile} says.
 */
export async function editSettings(
  path: string,
  edit: (document: Document) => void,
): Promise<void> {
  const text = existsSync(path) ? await readFile(path, "utf8") : "config:\n";
  const document = readPulumiFile(path, text);
  const given = document.get("config");
  const config = isAlias(given) ? given.resolve(document)?.clone() : given;
  if (!isMap(config) || config.items.length === 0) {
    document.set("config", document.createNode({}));
  } else if (config !== given) {
    delete config.anchor;
    document.set("config", config);
  }
  edit(document);
  await writeWhole(path, settingsWithEdits(path, text, document));
}

/** The text of a file of settings after an edit, in its form; what was not edited stays as it is. */
export function settingsWithEdits(path: string, original: string, document: Document): string {
  const [, mark = "", body = ""] = /^(\uFEFF?)([\s\S]*)$/.exec(original) ?? [];
  return mark + (path.endsWith(".json") ? jsonWithEdits : textWithEdits)(body, document);
}

/**
 * The document as text in which every line that an edit did not touch is as it was, line ends,
 * indentation and blanks included.
 *
 * @param original The text of the document before the edit.
 */
function textWithEdits(original: string, document: Document): string {
  const style = { lineWidth: 0, ...styleOf(original) };
  const before = parseSettings(original).toString(style);
  const after = document.toString(style);
  const edited = editedLines(original, before, after);
  return sameMeaning(edited, after) ? edited : after;
}

/** The same of settings that are JSON, whose indentation is the file's. */
function jsonWithEdits(original: string, document: Document): string {
  const indent = /^[ \t]+(?=\S)/m.exec(original)?.[0] ?? 4;
  const [before, after] = [parseSettings(original), document].map(
    (one) => `${JSON.stringify(one.toJS(), undefined, indent)}\n`,
  ) as [string, string];
  const edited = editedLines(original, before, after);
  return sameMeaning(edited, after) ? edited : after;
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

function sameMeaning(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => {
    const document = parseSettings(text);
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
  const known = new Set(settingsFaults(before, now).map(ruleOf));
  const faults = settingsFaults(after, now).filter((fault) => !known.has(ruleOf(fault)));
  if (faults.length > 0) {
    throw new ConfigurationError(faults, "apponly:");
  }
}

/** A generation that is removed moves those behind it. */
function ruleOf({ path, value, rule }: Fault): string {
  return JSON.stringify([path.replace(/\[\d+\]/g, "[]"), value, rule]);
}

/**
 * The values of a file of settings that are the program's own and not encrypted, as the Pulumi CLI
 * gives them: an unquoted date is the text that is written.
 */
export function valuesInSettings(text: string): Record<string, string> {
  const document = parseSettings(text);
  const config = document.get("config");
  const entries = isMap(config) ? config.items : [];
  const values = entries.flatMap(({ key, value }) => {
    const name = engineKey(textIn(key) ?? "");
    const node = isAlias(value) ? value.resolve(document) : value;
    const readable = name.startsWith("apponly:") && !(isMap(node) && node.has("secure"));
    const given = isCollection(node) ? JSON.stringify(node.toJS(document)) : (textIn(node) ?? "");
    return readable ? [[name.slice("apponly:".length), given] as const] : [];
  });
  return Object.fromEntries(values);
}

/** The faults that the configuration's own parser finds in a file of settings. */
function settingsFaults(text: string, now: Date): readonly Fault[] {
  try {
    parseConfiguration({ values: valuesInSettings(text) }, now);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) {
      return error.faults;
    }
    throw error;
  }
}
