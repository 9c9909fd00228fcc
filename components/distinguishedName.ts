import type { Refusal } from "./material/textKinds";

/** One type with its value, both as they are meant: without quotes and escapes. */
export interface Attribute {
  readonly type: string;
  readonly value: string;
}

/** A text is not a distinguished name; says why, and what to write. */
export class DistinguishedNameError extends Error {
  override readonly name = "DistinguishedNameError";
  readonly refusal: Refusal;

  constructor(rule: string, remedy: string) {
    super(`${rule} ${remedy}`);
    this.refusal = [rule, remedy];
  }
}

/** Types that are taken for the beginning of a part where one stands within a value. */
const beginsPart = /(?:^|[^\p{L}\p{N}])((?:CN|OU?|L|ST?|C|DC|E|UID|STREET|SERIALNUMBER)[ ]*=)/iu;

/**
 * The attributes of a distinguished name in the form of RFC 4514, in the order of the text. Quoted
 * values, as in RFC 1779, are read too. What RFC 4514 only might mean is an error, so that nothing
 * becomes part of a value that was meant as another part.
 *
 * @throws {DistinguishedNameError} With the reason.
 * @example attributesIn("CN=exo, O=Contoso\\, Ltd.") // [{ type: "CN", value: "exo" }, { type: "O", value: "Contoso, Ltd." }]
 * @see https://www.rfc-editor.org/rfc/rfc4514#section-3
 */
export function attributesIn(text: string): Attribute[] {
  if (/^\s*\/[A-Za-z]+=/.test(text)) {
    const parts = text
      .trim()
      .slice(1)
      .split(/\/(?=[A-Za-z]+=)/);
    throw new DistinguishedNameError(
      "has the form of OpenSSL's -subj, with slashes.",
      `Write ${parts.join(", ")}.`,
    );
  }
  const attributes: Attribute[] = [];
  for (let at = 0; ;) {
    const type = typeAt(text, at);
    const value = readAttributeValue(text, type.end);
    attributes.push({ type: type.name, value: value.value });
    if (value.end >= text.length) {
      return attributes;
    }
    requireComma(text[value.end]);
    at = value.end + 1;
  }
}

function typeAt(text: string, start: number): { name: string; end: number } {
  const rest = text.slice(start);
  const match = /^\s*((?:OID\.)?[A-Za-z0-9][A-Za-z0-9.-]*)\s*=[ \t\r\n]*/i.exec(rest);
  if (match !== null) {
    return { name: match[1] ?? "", end: start + match[0].length };
  }
  throw /^[^,+;]*/.exec(rest)?.[0].trim() === ""
    ? new DistinguishedNameError("has a part that is empty.", "Remove the comma that is too many.")
    : new DistinguishedNameError(
        "has a part without a type.",
        "Write a comma that belongs to a value as \\,.",
      );
}

function requireComma(separator: string | undefined): void {
  if (separator === ";") {
    throw new DistinguishedNameError(
      "has a semicolon, which separates nothing.",
      "Separate the parts by a comma; in a value write \\;.",
    );
  }
  if (separator === "+") {
    throw new DistinguishedNameError(
      "joins two parts by +, which a generated certificate does not.",
      "Separate them by a comma; in a value write \\+.",
    );
  }
}

interface ReadValue {
  readonly value: string;
  /** Where the separator stands, or the text ends. */
  readonly end: number;
}

function readAttributeValue(text: string, start: number): ReadValue {
  if (text[start] === '"') {
    return quotedAt(text, start);
  }
  if (text[start] === "#") {
    throw new DistinguishedNameError(
      "has a value in hexadecimal.",
      "Write the value as text; a number sign that begins it as \\#.",
    );
  }
  const read = readUntil(text, start, /[,+;]/);
  const inside = beginsPart.exec(read.plain);
  if (inside !== null) {
    throw new DistinguishedNameError(
      `has ${inside[1]?.replace(/ /g, "")} within a value.`,
      "Put a comma in front of it; if it belongs to the value, quote the value.",
    );
  }
  if (read.plain.includes('"')) {
    throw new DistinguishedNameError(
      "has quotes within a value.",
      'Quote the whole value, or write \\".',
    );
  }
  return read;
}

function quotedAt(text: string, start: number): ReadValue {
  const { value, end } = readUntil(text, start + 1, /"/, true);
  if (end >= text.length) {
    throw new DistinguishedNameError("has quotes that are not closed.", "Close them.");
  }
  const behind = /^\s*/.exec(text.slice(end + 1))?.[0].length ?? 0;
  const next = end + 1 + behind;
  if (next < text.length && !/[,+;]/.test(text.charAt(next))) {
    throw new DistinguishedNameError(
      "has text behind the quotes of a value.",
      "Quote the whole value.",
    );
  }
  return { value, end: next };
}

/**
 * Reads a value up to a character that is not escaped.
 *
 * @returns With `plain`, the text in which what was escaped is a stop that means nothing.
 */
function readUntil(
  text: string,
  start: number,
  stop: RegExp,
  quoted = false,
): ReadValue & { plain: string } {
  const pieces: Buffer[] = [];
  let [at, plain, kept] = [start, "", 0];
  const add = (piece: Buffer, shown: string) => {
    pieces.push(piece);
    plain += shown;
    // Other white space, as the one that does not break, belongs to the value.
    if (quoted || !/^[ \t\r\n]$/.test(shown)) {
      kept = pieces.length;
    }
  };
  while (at < text.length && !stop.test(text.charAt(at))) {
    const [whole] = [...text.slice(at, at + 2)];
    if (whole !== "\\") {
      add(Buffer.from(whole ?? ""), whole ?? "");
      at += whole?.length ?? 1;
      continue;
    }
    const escaped = /^\\(?:([0-9a-f]{2})|([ "#+,;<=>\\]))/i.exec(text.slice(at));
    if (escaped === null) {
      throw new DistinguishedNameError(
        "has a backslash that escapes nothing.",
        "Write a backslash in a value as \\\\.",
      );
    }
    const [, octet, character = ""] = escaped;
    add(octet === undefined ? Buffer.from(character) : Buffer.from(octet, "hex"), "\u0001");
    at += escaped[0].length;
  }
  try {
    const bytes = Buffer.concat(pieces.slice(0, kept));
    return { value: new TextDecoder("utf-8", { fatal: true }).decode(bytes), end: at, plain };
  } catch {
    throw new DistinguishedNameError(
      "has escaped bytes that are not UTF-8.",
      "Write the text itself.",
    );
  }
}
