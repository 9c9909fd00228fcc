/** A text as it was before it was quoted, escaped, indented, typeset or put into markup. */
export function unwrapText(text: string): string {
  const joined = asMailed(text)
    // Characters that draw nothing, and zero bytes of UTF-16 that was read as something else.
    .replace(/[\uFEFF\u200B-\u200D\u2060\u0000]/g, "")
    .replace(/\u00A0|&nbsp;/g, " ")
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    // What a URL, a header of a proxy and HTML write for characters of PEM and base64.
    .replace(/%(0[AD]|2[0BDF]|3[AD])|&#(?:x(0?[AD]|2B|2F|3D)|(10|13));/gi, (_, ...codes) => {
      const [octet, hexadecimal, decimal] = codes as (string | undefined)[];
      const code = Number.parseInt(octet ?? hexadecimal ?? "", 16) || Number(decimal);
      return String.fromCharCode(code);
    })
    .replace(/(BEGIN|END)((?:\+[A-Z0-9]+)+)(?=-)/g, (_, edge: string, label: string) =>
      `${edge}${label}`.replaceAll("+", " "),
    )
    .replace(/\\+(?:par\b|[rn])|`r|`n|\r\n?/g, "\n")
    .replace(/^[ \t>|#*]+(?=(?:-{2,}[ \t]*(?:BEGIN|END) .*|[A-Za-z0-9+/=]+[ \t]*)$)/gim, "");
  return joined
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, "$2")
    .trim();
}

/**
 * A text as it was before a mail program wrote it in printable characters only.
 *
 * @see https://www.rfc-editor.org/rfc/rfc2045#section-6.7
 */
function asMailed(text: string): string {
  return /=3D/.test(text) ? text.replace(/=\r?\n/g, "").replaceAll("=3D", "=") : text;
}

/** A text without the tags of HTML and XML. Of a key in .NET's XML the tags say what it is. */
export function withoutTags(text: string): string {
  return /<RSAKeyValue>/i.test(text) ? text : text.replace(/<\/?[a-z][^<>]*>/gi, "\n").trim();
}

/** A line that gives a long value a name, as in YAML, a file of variables or a script. */
const namedValue =
  /^[ \t]*(?:export[ \t]+|\$)?["']?[\w.:-]{1,64}?["']?[ \t]*[:=][ \t]*["']?([A-Za-z0-9+/_-]{40,}={0,2})["']?[,;]?[ \t]*$/gm;

/**
 * The long values of a text that holds them under names: JSON, YAML, variables.
 *
 * @example namedValuesIn("tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUR") // ["LS0tLS1CRUdJTi..."]
 */
export function namedValuesIn(text: string): string[] {
  try {
    const parsed: unknown = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
    if (parsed !== undefined) {
      return longTextsIn(parsed);
    }
  } catch {
    // Not JSON.
  }
  return [...text.matchAll(namedValue)].flatMap(([, value]) => value ?? []);
}

function longTextsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return value.length < 40 ? [] : [value];
  }
  return typeof value === "object" && value !== null
    ? Object.values(value).flatMap(longTextsIn)
    : [];
}
