import {
  createLocalJWKSet,
  createRemoteJWKSet,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from "jose";
import { entraErrors } from "./errors";

/**
 * Keys of outside issuers of identity tokens, by OpenID Connect discovery or as a test gave them.
 */
export class FederatedIssuers {
  private readonly known = new Map<string, JWTVerifyGetKey>();

  /** @param reach `loopback`: no issuer beyond this machine is asked. */
  constructor(private readonly reach: "loopback" | "any") {}

  /** Gives the keys of an issuer, so that it is not asked: a stand-in for one on the internet. */
  trust(issuer: string, keys: JSONWebKeySet): void {
    this.known.set(issuer, createLocalJWKSet(keys));
  }

  /**
   * The keys of an issuer. Throws AADSTS50166 when it does not answer.
   *
   * @see https://openid.net/specs/openid-connect-discovery-1_0.html
   */
  async keysOf(issuer: string): Promise<JWTVerifyGetKey> {
    const given = this.known.get(issuer);
    if (given !== undefined) {
      return given;
    }
    const address = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
    if (!this.isReachable(issuer)) {
      throw entraErrors.issuerUnreachable(address);
    }
    try {
      const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
      const configuration = (await response.json()) as { issuer: string; jwks_uri: string };
      const { jwks_uri: keys } = configuration;
      if (!response.ok || configuration.issuer !== issuer || !this.isReachable(keys)) {
        throw new Error(`answered ${response.status}`);
      }
      return createRemoteJWKSet(new URL(keys));
    } catch {
      throw entraErrors.issuerUnreachable(address);
    }
  }

  private isReachable(address: string): boolean {
    if (!URL.canParse(address)) {
      return false;
    }
    const { protocol, hostname } = new URL(address);
    const loopback =
      hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
    return loopback
      ? ["http:", "https:"].includes(protocol)
      : this.reach === "any" && protocol === "https:";
  }
}
