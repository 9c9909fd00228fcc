/** Length from which a part of a long secret is taken for the secret itself. */
const telling = 24;

/**
 * Text with every given secret replaced by `***`: plain, percent-encoded, as base64 in either
 * alphabet, and parts of long ones. For what others say, which may repeat what was sent to them.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const hidden = secrets
    .filter((secret) => secret !== "")
    .flatMap(writtenForms)
    .sort((one, other) => other.length - one.length);
  // Whole ones first: a part of one form is often the begin of another.
  const whole = hidden.reduce((said, form) => said.replaceAll(form, "***"), text);
  return hidden.filter(({ length }) => length > telling).reduce(hideParts, whole);
}

function writtenForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Base64 inside base64 begins at any of three offsets; its ends depend on what is around it.
  const encoded = [0, 1, 2].map((offset) =>
    bytes.subarray(offset).toString("base64").replace(/=+$/, "").slice(0, -1),
  );
  const all = [
    secret,
    // Half of a surrogate pair has no percent-encoded form.
    encodeURIComponent(bytes.toString()),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("hex"),
    ...encoded,
    ...encoded.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
  ];
  return [...new Set(all)].filter((form) => form === secret || form.length >= 8);
}

/** Every run of characters that the text has in common with a secret, from 24 on. */
function hideParts(text: string, form: string): string {
  let result = text;
  for (let start = 0; start + telling <= form.length; start += 1) {
    const at = result.indexOf(form.slice(start, start + telling));
    if (at >= 0) {
      let length = telling;
      while (start + length < form.length && result[at + length] === form[start + length]) {
        length += 1;
      }
      result = `${result.slice(0, at)}***${result.slice(at + length)}`;
      start -= 1;
    }
  }
  return result;
}
