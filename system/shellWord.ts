/** A text as one word of a POSIX shell, in quotes that nothing of it ends. */
export function quotedWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The same, without quotes where none are needed. */
export function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : quotedWord(text);
}
