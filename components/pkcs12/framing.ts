/**
 * Joins texts and bytes so that no two different lists give the same bytes: each part is preceded
 * by its length. Without it, ("a", "bc") and ("ab", "c") would derive the same salt.
 */
export function framed(...parts: (string | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const bytes = typeof part === "string" ? Buffer.from(part, "utf8") : part;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}
