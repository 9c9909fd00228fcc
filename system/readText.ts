import { readFile } from "node:fs/promises";
import { decodedText } from "./decodedText";

/**
 * A text file as people have it, in the encodings that {@link decodedText} knows.
 *
 * @throws {NodeJS.ErrnoException} If it cannot be read.
 * @example await readText("preview.json")
 */
export async function readText(path: string): Promise<string> {
  return decodedText(await readFile(path));
}
