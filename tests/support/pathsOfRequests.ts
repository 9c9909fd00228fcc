/**
 * A path with `{id}` for each id: 20 letters and digits or more, of which one is a digit, or 40 without
 * any, as a random text of 64 signs may happen to be.
 */
export const pathWithoutIds = (path: string) =>
  path.replace(/(?<=\/)(?:(?=[\w-]*\d)[\w-]{20,}|[\w-]{40,})/g, "{id}");
