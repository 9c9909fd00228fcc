import { constants, privateEncrypt } from "node:crypto";
import { forge } from "./nodeForge";

/** DigestInfo of a SHA-256 digest, up to the digest (RFC 8017, section 9.2). */
const digestInfo = Buffer.from("3031300d060960864801650304020105000420", "hex");

/**
 * Signs a SHA-256 digest as a vault does, which never sees what was hashed. Node signs only what it
 * hashes itself, so the padding is put on here.
 */
export function signedDigest(key: string, algorithm: "RS256" | "PS256", digest: Buffer): Buffer {
  if (algorithm === "RS256") {
    return privateEncrypt(
      { key, padding: constants.RSA_PKCS1_PADDING },
      Buffer.concat([digestInfo, digest]),
    );
  }
  const { sha256 } = forge.md;
  const pss = forge.pss.create({
    md: sha256.create(),
    mgf: forge.mgf.mgf1.create(sha256.create()),
    saltLength: 32,
  });
  const hashed = {
    ...sha256.create(),
    digest: () => forge.util.createBuffer(digest.toString("binary")),
  };
  const bits = forge.pki.privateKeyFromPem(key).n.bitLength();
  const padded = Buffer.from(pss.encode(hashed, bits), "binary");
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded);
}
