import type { KeyObject } from "node:crypto";

/**
 * Whether the numbers of a two-prime RSA key fit together, as RFC 8017, section 3.2, wants them.
 *
 * A key that was damaged in its private half still parses, and still matches its certificate,
 * because that is decided by the public half. The mistake would then show at the import or at the
 * first sign-in, far from its cause.
 */
export function numbersFit(key: KeyObject): boolean {
  const jwk = key.export({ format: "jwk" });
  const [p, q, d] = [toNumber(jwk.p), toNumber(jwk.q), toNumber(jwk.d)];
  const inverts = d * toNumber(jwk.e);
  // Divisors come first: the operator % throws for zero.
  return (
    p > 2n &&
    q > 2n &&
    p * q === toNumber(jwk.n) &&
    inverts % (p - 1n) === 1n &&
    inverts % (q - 1n) === 1n &&
    toNumber(jwk.dp) === d % (p - 1n) &&
    toNumber(jwk.dq) === d % (q - 1n) &&
    (toNumber(jwk.qi) * q) % p === 1n
  );
}

function toNumber(base64url = ""): bigint {
  return BigInt(`0x0${Buffer.from(base64url, "base64url").toString("hex")}`);
}
