/** A sign that no text has, for a blank at which no line is broken. */
const kept = "\uE000";

/** A command that is typed: the last of its text, behind a colon or by itself, or in backticks. */
const printedProgram = "(?:npx )?(?:apponly|pulumi|az|npm|git|gh) (?=[\\w-])[^`]+";
const typedCommand = new RegExp(`\`${printedProgram}\`|(?<=^\\s*|: )${printedProgram}$`, "g");

/**
 * The words of a line, at whose ends it may be broken. A command is one of them however long it is,
 * because a command that is copied with a line break in it is another one.
 *
 * @example unbrokenWords("Rotate it: apponly rotate --stack dev") // ["Rotate", "it:", "apponly rotate --stack dev"]
 */
export function unbrokenWords(line: string): string[] {
  return line
    .replace(typedCommand, (command) => command.replaceAll(" ", kept))
    .split(" ")
    .map((word) => word.replaceAll(kept, " "));
}
