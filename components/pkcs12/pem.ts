import { PfxInputError } from "./inputError";

const beginLine = /^-----BEGIN ([A-Z0-9 ]+)-----\s*$/gm;

/** The labels of all PEM blocks in a text, in order: `PRIVATE KEY`, `CERTIFICATE` and so on. */
export function pemLabels(text: string): string[] {
  return [...text.matchAll(beginLine)].map(([, label]) => label ?? "");
}

/**
 * The one PEM block in a text, without what stands around it.
 *
 * Parsers of PEM take the first block they know and pass over the rest in silence. A text with two
 * keys is more often a mistake than a wish, so it is refused.
 *
 * @param option Name of the option, for the message.
 * @param labels The labels that will do.
 * @throws {PfxInputError} Without repeating any of the text but the labels.
 */
export function requireOnlyPemBlock(
  option: string,
  text: string,
  labels: readonly string[],
): string {
  const wanted = labels.map((label) => `"${label}"`).join(" or ");
  const found = pemLabels(text);
  const [label] = found;
  if (label === undefined) {
    throw new PfxInputError(
      option,
      "has no PEM block",
      `Pass the PEM text, from -----BEGIN to -----END: one block ${wanted}.`,
    );
  }
  if (found.length > 1) {
    throw new PfxInputError(
      option,
      `has ${found.length} PEM blocks`,
      `Pass exactly one block ${wanted}.`,
    );
  }
  if (!labels.includes(label)) {
    throw new PfxInputError(option, `is a PEM block of another kind`, `Pass one block ${wanted}.`);
  }
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const stop = text.indexOf(end);
  if (stop < 0) {
    throw new PfxInputError(option, "is a PEM block without its end line", "Pass the whole text.");
  }
  return `${text.slice(text.indexOf(begin), stop)}${end}\n`;
}
