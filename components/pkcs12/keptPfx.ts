import { createHash } from "node:crypto";
import { createPfx } from "./createPfx";
import type { PfxOptions } from "./options";

const lastWritten = new Map<string, Buffer>();

/** As many as the generations of a few stacks. */
const mostKept = 16;

/**
 * What {@link createPfx} writes, kept for as long as the process runs: a preview, the update after it
 * and the preview after that want the same file, and each costs thousands of rounds of a hash.
 *
 * @throws {PfxInputError} If an option cannot be used; the message repeats no secret.
 */
export function keptPfx(options: PfxOptions): Buffer {
  const key = createHash("sha256").update(JSON.stringify(options)).digest("base64");
  const file = lastWritten.get(key) ?? createPfx(options);
  // What was asked for last goes last.
  lastWritten.delete(key);
  lastWritten.set(key, file);
  for (const oldest of [...lastWritten.keys()].slice(0, -mostKept)) {
    lastWritten.delete(oldest);
  }
  return Buffer.from(file);
}
