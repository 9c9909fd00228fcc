import forge from "node-forge";

// Given a digest as an object, as its reader of `.pfx` files does, node-forge derives the key in JavaScript,
// which takes a quarter of a second; given the digest's name, it lets Node derive it, in milliseconds.
const { pbkdf2 } = forge.pkcs5;
Object.assign(forge.pkcs5, {
  pbkdf2: (
    password: string,
    salt: string,
    iterations: number,
    keySize: number,
    digest: forge.md.MessageDigest & { readonly algorithm: forge.md.Algorithm },
  ) => pbkdf2(password, salt, iterations, keySize, digest.algorithm),
});

/** node-forge, with the derivation of keys done by Node. */
export { forge };
