import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
} from "yaml";
import { propertiesOf } from "../policy/rules/values";
import { UsageFailure } from "../system/failure";

/** Whether the bytes of a file are UTF-8: its text has the same mark for what is not, and for that very mark. */
function isUtf8In(file: string): boolean {
  try {
    return isUtf8(readFileSync(file));
  } catch {
    // What came from a forge lies nowhere here, and was sent as text.
    return true;
  }
}

/**
 * Reads a project's file or a stack's settings, so that everything here sees what the engine sees.
 * Other YAML than people write is read in different ways by different parsers, and a setting that is
 * looked at here and read otherwise there would pass every check.
 *
 * @param file Its path, for errors.
 * @throws {UsageFailure} If it is not UTF-8 or not valid YAML, or its keys can be read in two ways.
 */
export function readPulumiFile(file: string, text: string): Document {
  const encoding = text.includes("\0")
    ? "UTF-16"
    : text.includes("\uFFFD") && !isUtf8In(file)
      ? "not UTF-8"
      : "";
  if (encoding !== "") {
    throw new UsageFailure(`${file} is ${encoding}. Save it as UTF-8.`);
  }
  const document = parseSettings(text);
  const [fault] = document.errors;
  if (fault !== undefined) {
    throw new UsageFailure(`${file} is not valid YAML: ${faultInWords(fault, text)}`);
  }
  const ambiguity = ambiguityIn(document);
  if (ambiguity !== undefined) {
    throw new UsageFailure(
      `${file} has ${ambiguity}, which programs read in different ways. Write the keys and values out as plain text.`,
    );
  }
  return document;
}

/** Copied off a page or out of a mail: it looks like blanks, or like nothing. */
const strangeIndent = /^[ \t]*([\u00A0\u1680\u2000-\u200D\u202F\u205F\u2060\u3000\uFEFF])/;

function faultInWords({ code, message }: YAMLError, text: string): string {
  if (code === "MULTIPLE_DOCS") {
    return "it has several documents, with --- between them. Keep the one that is meant.";
  }
  if (/\r(?!\n)/.test(text) && !text.includes("\n")) {
    return "it has the line ends of an old Mac. Save it with those of Linux or Windows.";
  }
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const at = lines.findIndex((line) => strangeIndent.test(line));
  const [, sign] = strangeIndent.exec(lines[at] ?? "") ?? [];
  if (sign !== undefined) {
    const code = sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
    return `line ${at + 1} is indented with U+${code}, which only looks like a blank. Write blanks.`;
  }
  const tabs = /^ *\t/m.test(text) ? " Blanks and not tabs indent YAML." : "";
  const [what = ""] = message.split(":\n");
  return `${what}.${tabs}`;
}

/** Settings as Pulumi reads them: with merge keys. */
export function parseSettings(text: string): Document {
  return parseDocument(text, { keepSourceTokens: true, merge: true });
}

/** What of a document Go's parser, which is the engine's, takes for something else than this one. */
function ambiguityIn(document: Document): string | undefined {
  const binary = (tag?: string) => tag !== undefined && /binary$/.test(tag);
  let found: string | undefined;
  visit(document, {
    Pair: (_key, { key }: Pair) => {
      const named = isAlias(key) ? key.resolve(document) : key;
      if (!isScalar(named)) {
        found ??= "a key that is a list or a set of keys";
      } else if (named.tag !== undefined) {
        found ??= `a key with the tag ${named.tag}`;
      } else if (named.value === "<<" && named.type !== "PLAIN") {
        found ??= 'the key "<<" in quotes';
      }
      return found === undefined ? undefined : visit.BREAK;
    },
    Node: (_key, { tag }) => {
      found ??= binary(tag) ? "binary data" : undefined;
      return found === undefined ? undefined : visit.BREAK;
    },
  });
  const top = isMap(document.contents) ? document.contents.items : [];
  const inOtherCase = top
    .map(({ key }) => (isScalar(key) ? String(key.value) : ""))
    .find((key) => !engineKeys.includes(key) && engineKeys.includes(foldedKey(key)));
  const isMerge = ({ key }: Pair) =>
    isScalar(key) && (key.value === "<<" || typeof key.value === "symbol");
  found ??= top.some(isMerge) ? 'the key "<<" at its top' : undefined;
  return found ?? (inOtherCase && `the key "${foldedKey(inOtherCase)}" in other letters`);
}

/** Keys of a project and of settings that decide what is run, where, and by whose key. */
const engineKeys: readonly string[] = [
  "name",
  "runtime",
  "main",
  "config",
  "backend",
  "options",
  "plugins",
  "packages",
  "environment",
  "secretsprovider",
  "encryptedkey",
  "encryptionsalt",
];

/**
 * A key as Go's reader of JSON compares it, for which two letters outside ASCII are a `k` and an `s`
 * too. That of YAML takes it as it is.
 *
 * @see https://pkg.go.dev/encoding/json#Unmarshal
 */
function foldedKey(key: string): string {
  return key.toUpperCase().toLowerCase();
}

/** The configuration in a file by {@link engineKey}. */
export function configurationIn(document: Document): Record<string, unknown> {
  const { config } = propertiesOf(document.toJS());
  return Object.fromEntries(
    Object.entries(propertiesOf(config)).map(([key, value]) => [engineKey(key), value]),
  );
}

/** The same of a file that is there. */
export function configurationInFile(file: string): Record<string, unknown> {
  return configurationIn(readPulumiFile(file, readFileSync(file, "utf8")));
}

/**
 * A value in a project's file, which has it as it is, or below `value`, or `default` beside a type.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration
 */
export function valueInProject(given: unknown): unknown {
  const { value, default: byDefault } = propertiesOf(given);
  return value ?? byDefault ?? given;
}

/**
 * A key as the engine names it. It also takes `NAMESPACE:config:NAME`, an older form.
 *
 * @see https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/config/key.go
 */
export function engineKey(key: string): string {
  return key.replace(/^([^:]+):config:([^:]+)$/, "$1:$2");
}

/** Whether YAML takes a text for one without quotes, also as Pulumi's parser reads it. */
export function isTextUnquoted(text: string): boolean {
  return (["1.1", "1.2"] as const).every((version) => {
    const document = parseDocument(text, { version });
    return document.errors.length === 0 && document.toJS() === text;
  });
}
