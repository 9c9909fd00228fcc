import { graphErrors } from "../errors";

/** A value that a filter compares with. */
export interface Literal {
  readonly edm: string;
  readonly value: string | number | boolean | null;
}

/** A word of a filter. */
export interface Token {
  readonly kind: "literal" | "name" | "sign";
  readonly text: string;
  readonly literal?: Literal;
}

const tokenForms: readonly [form: RegExp, read: (text: string) => Token][] = [
  [
    /'(?:[^']|'')*'/y,
    (text) => literalToken(text, "Edm.String", text.slice(1, -1).replaceAll("''", "'")),
  ],
  [
    /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/iy,
    (text) => literalToken(text, "Edm.Guid", text.toLowerCase()),
  ],
  [
    /\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?/y,
    (text) => literalToken(text, "Edm.DateTimeOffset", instantIn(text)),
  ],
  [/-?\d+(?:\.\d+)?/y, (text) => literalToken(text, "Edm.Int32", Number(text))],
  [
    /(?:true|false)\b/iy,
    (text) => literalToken(text, "Edm.Boolean", text.toLowerCase() === "true"),
  ],
  [/null\b/iy, (text) => literalToken(text, "Edm.Null", null)],
  [/[A-Za-z_@][\w.@]*(?:\/[\w.@$]+)*/y, (text) => ({ kind: "name", text })],
  [/[(),:]/y, (text) => ({ kind: "sign", text })],
];

function literalToken(text: string, edm: string, value: Literal["value"]): Token {
  return { kind: "literal", text, literal: { edm, value } };
}

/** The words of a filter. Throws 400 for what is none. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text[at]!)) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    if (token === undefined) {
      throw syntaxError(text);
    }
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

function tokenAt(text: string, at: number): Token | undefined {
  for (const [form, read] of tokenForms) {
    form.lastIndex = at;
    const found = form.exec(text)?.[0];
    if (found !== undefined) {
      return read(found);
    }
  }
  return undefined;
}

/** A date in one form. Throws 400 for one that is not in the calendar. */
function instantIn(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw syntaxError(text);
  }
  return new Date(time).toISOString();
}

/** 400 for a text that cannot be read as a filter. */
export function syntaxError(text: string) {
  return graphErrors.invalidFilter(text);
}
