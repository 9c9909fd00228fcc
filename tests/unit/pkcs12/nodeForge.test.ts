/**
 * node-forge reads back what is written, with the derivation of keys done by Node: that this is the
 * same derivation.
 */
import { forge } from "../../support/nodeForge";

test.each(["sha1", "sha256", "sha384", "sha512"] as const)(
  "keys are derived with %s as node-forge derives them itself",
  (name) => {
    const digest = () => forge.md[name].create();
    const inputs = ["pässwörd", "salt", 1000, 40] as const;
    const { pbkdf2 } = forge as unknown as { pbkdf2: typeof forge.pkcs5.pbkdf2 };
    expect(forge.pkcs5.pbkdf2).not.toBe(pbkdf2);
    expect(forge.pkcs5.pbkdf2(...inputs, digest())).toBe(pbkdf2(...inputs, digest()));
  },
);
