import { isJsonObject, type Json } from "../json";

/** What takes the place of a secret. */
const redacted = "(redacted)";

const secretNames = new Set([
  "access_token",
  "assertion",
  "client_assertion",
  "client_secret",
  "code",
  "id_token",
  "password",
  "refresh_token",
  "secrethash",
  "secrettext",
  "token",
  "proof",
]);

/** What of a request's body the journal shows. */
interface ReadBody {
  readonly text: string;
  readonly json?: Json;
  readonly form: URLSearchParams;
}

/** A request's body for the journal: parsed where it can be, secrets replaced. */
export function redactBody({ text, json, form }: ReadBody): unknown {
  if (text === "") {
    return undefined;
  }
  if (form.size > 0) {
    return Object.fromEntries([...form].map(([name, value]) => [name, redactValue(name, value)]));
  }
  // What cannot be parsed cannot be searched for secrets.
  return json === undefined ? redacted : redactJson(json);
}

function redactJson(value: Json): Json {
  if (Array.isArray(value)) {
    return value.map(redactJson);
  }
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, redactValue(name, inner)]),
    );
  }
  return typeof value === "string" && isSecretText(value) ? redacted : value;
}

function redactValue(name: string, value: Json): Json {
  if (secretNames.has(name.toLowerCase()) && value !== null) {
    return redacted;
  }
  return redactJson(value);
}

/** Private keys, wherever they were pasted: PEM text, or base64 of it. */
function isSecretText(text: string): boolean {
  if (/PRIVATE KEY/.test(text)) {
    return true;
  }
  return (
    text.length > 64 &&
    /^[A-Za-z0-9+/=_-]+$/.test(text) &&
    /PRIVATE KEY/.test(Buffer.from(text, "base64").toString("latin1"))
  );
}
