/** Edits after which a word is another one, and not a slip. */
const mostEdits = 3;

/**
 * Names the word that somebody may have meant; nothing where none is near.
 *
 * @param otherNames What else the words are called, in small letters and digits only, and by whose name.
 * @returns Ends with a space, to stand before the sentence that says what is allowed.
 * @example didYouMean("exchagne", ["exchange", "compliance"]) // 'Did you mean "exchange"? '
 */
export function didYouMean(
  word: string,
  known: readonly string[],
  otherNames: Readonly<Record<string, string>> = {},
): string {
  const folded = word.toLowerCase().replace(/[^a-z0-9]/g, "");
  const named = Object.hasOwn(otherNames, folded) ? otherNames[folded] : undefined;
  const near = known
    // Each letter more or less is an edit: a page of text is not compared with every word.
    .filter((one) => Math.abs(one.length - word.length) <= mostEdits)
    .map((one) => ({ one, edits: editsBetween(word.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.min(mostEdits, one.length / 2))
    .sort((a, b) => a.edits - b.edits)[0];
  const meant = named ?? near?.one ?? findSoleWithStart(word, known);
  return meant === undefined ? "" : `Did you mean "${meant}"? `;
}

/** What was cut short: the one word that goes on where this one ends. */
function findSoleWithStart(word: string, known: readonly string[]): string | undefined {
  const [only, ...others] = known.filter((one) => one.toLowerCase().startsWith(word.toLowerCase()));
  return word.length >= 4 && others.length === 0 ? only : undefined;
}

/** What a word that is not one of a few may be, as a remedy. */
export function useOneOf(
  word: string,
  known: readonly string[],
  otherNames: Readonly<Record<string, string>> = {},
): string {
  return `${didYouMean(word, known, otherNames)}Use one of: ${known.join(", ")}.`;
}

/** Letters that are added, removed, changed, or swapped with their neighbour (Damerau, Levenshtein). */
function editsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const [above, before] = [rows[i - 1]!, rows[i - 2]];
      const changed = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? before![j - 2]! + 1 : changed;
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, changed, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
