import {
  decodeJwt,
  decodeProtectedHeader,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from "jose";
import { entraErrors } from "./errors";

/** How far clocks may differ, in seconds, as Entra tolerates it. */
export const clockSkewSeconds = 300;

/** A client assertion that has been taken apart and not been believed yet. */
export interface Assertion {
  readonly text: string;
  readonly header: ProtectedHeaderParameters & { readonly "x5t#S256"?: string };
  readonly claims: JWTPayload;
}

/** Takes a client assertion apart. Throws AADSTS50027 when it is not a JWT. */
export function parseAssertion(text: string): Assertion {
  try {
    return { text, header: decodeProtectedHeader(text), claims: decodeJwt(text) };
  } catch {
    throw entraErrors.assertionMalformed();
  }
}

/** Throws AADSTS700024 when an assertion is over, not yet valid, or without an end. */
export function checkAssertionTime({ claims }: Assertion, now: Date): void {
  const seconds = now.getTime() / 1000;
  const from = claims.nbf ?? 0;
  const until = claims.exp ?? 0;
  if (from > seconds + clockSkewSeconds || until < seconds - clockSkewSeconds) {
    throw entraErrors.assertionOutsideTime(now, new Date(from * 1000), new Date(until * 1000));
  }
}
