import { readFileSync, rmSync, writeFileSync } from "node:fs";

/** What a kill, a full disk or a hand makes of a file. */
export const ways = ["missing", "empty", "cut in half", "something else"] as const;

/** Damages a file. */
export function damageOf(file: string, way: (typeof ways)[number]): void {
  const content = readFileSync(file);
  switch (way) {
    case "missing":
      rmSync(file);
      return;
    case "empty":
      writeFileSync(file, "");
      return;
    case "cut in half":
      writeFileSync(file, content.subarray(0, content.length / 2));
      return;
    case "something else":
      writeFileSync(file, "\u0000\u0001{[ something else");
  }
}
