import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** How many keys of a size this test file has had. */
const taken = new Map<number, number>();

/**
 * A private RSA key, another one with each call. Making one takes a tenth of a second, and seconds
 * where it is large: the files of a run share them in the folder that `globalTeardown` removes. No
 * key is ever committed.
 *
 * @param bits @default 2048
 */
export function rsaKey(bits = 2048): KeyObject {
  const number = taken.get(bits) ?? 0;
  taken.set(bits, number + 1);
  return keyOf(bits, String(number));
}

/** How many keys of stacks there are before the first comes again: more than any stack has. */
const keysInTurn = 32;
let turns = 0;

/** A private RSA key for a stack's certificate: none of those that {@link rsaKey} gives. */
export const rsaKeyInTurn = (bits: number): KeyObject =>
  keyOf(bits, `stack-${turns++ % keysInTurn}`);

function keyOf(bits: number, number: string): KeyObject {
  const make = () => generateKeyPairSync("rsa", { modulusLength: bits }).privateKey;
  if (!basename(tmpdir()).startsWith("apponly-tests-")) {
    return make();
  }
  const file = join(tmpdir(), `rsa-${bits}-${number}.pem`);
  if (!existsSync(file)) {
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, make().export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    // Another file may want the same one at this moment.
    renameSync(draft, file);
  }
  return createPrivateKey(readFileSync(file));
}
