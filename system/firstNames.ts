/** How many stacks a sentence names. */
export const mostNamedStacks = 10;

/**
 * Names of stacks for a sentence: the first ones, and how many more there are.
 *
 * @example firstNames(["a", "b", "c"], 2) // "a, b and 1 more"
 */
export function firstNames(stacks: readonly string[], most: number): string {
  const more = stacks.length - most;
  return `${stacks.slice(0, most).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
