import { generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** What makes the private keys of a simulator. */
export type MakeKey = () => KeyObject | Promise<KeyObject>;

/** Makes a private RSA key of 2048 bits, as everything that a simulator signs with is. */
export async function makeRsaKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)("rsa", { modulusLength: 2048 })).privateKey;
}
