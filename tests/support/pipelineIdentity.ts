import { createPublicKey, type KeyObject, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, type JSONWebKeySet, SignJWT } from "jose";
import { rsaKey } from "./keys";

/** What a pipeline's token endpoint was asked. */
export interface TokenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
}

/**
 * The token endpoint of a pipeline on loopback: GitHub's (`GET`, answers `value`) and Azure
 * DevOps's (`POST`, answers `oidcToken`). It follows the public documentation; nothing here shows
 * that the real ones answer alike.
 */
export class PipelineIdentity {
  /** Whom the tokens name; a test may change it. */
  subject: string;
  readonly requests: TokenRequest[] = [];
  /** Status of the answers; a test may change it. */
  status = 200;

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    subject: string,
    private readonly privateKey: KeyObject,
    readonly keys: JSONWebKeySet,
  ) {
    this.subject = subject;
  }

  /** The bearer that the endpoint wants. */
  readonly bearer = randomUUID();

  static async start(issuer: string, subject: string): Promise<PipelineIdentity> {
    const privateKey = rsaKey();
    const jwk = {
      ...(await exportJWK(createPublicKey(privateKey))),
      kid: "job",
      use: "sig",
      alg: "RS256",
    };
    const server = createServer();
    const identity = new PipelineIdentity(server, issuer, subject, privateKey, { keys: [jwk] });
    server.on("request", (request: IncomingMessage, response) => {
      const { method = "", url = "", headers } = request;
      const authorization = headers.authorization ?? "";
      identity.requests.push({ method, url, authorization });
      const audience = new URL(url, "http://localhost").searchParams.get("audience") ?? "";
      const allowed = authorization === `Bearer ${identity.bearer}`;
      void identity.token(audience).then((token) => {
        response
          .writeHead(allowed ? identity.status : 401, { "content-type": "application/json" })
          .end(JSON.stringify(method === "GET" ? { value: token } : { oidcToken: token }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return identity;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/token`;
  }

  /** A fresh token. */
  token(audience = "api://AzureADTokenExchange"): Promise<string> {
    return new SignJWT({})
      .setProtectedHeader({ alg: "RS256", kid: "job" })
      .setIssuer(this.issuer)
      .setSubject(this.subject)
      .setAudience(audience)
      .setIssuedAt()
      .setNotBefore("-10s")
      .setExpirationTime("5m")
      .setJti(randomUUID())
      .sign(this.privateKey);
  }

  /** What a job of GitHub Actions has in its environment. */
  get github(): Record<string, string> {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${this.url}?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: this.bearer,
    };
  }

  /** What a job of Azure DevOps has in its environment. */
  get azureDevOps(): Record<string, string> {
    return {
      SYSTEM_OIDCREQUESTURI: this.url,
      SYSTEM_ACCESSTOKEN: this.bearer,
      AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: "33333333-3333-4333-8333-333333333333",
    };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.closeAllConnections();
      this.server.close(() => resolve());
    });
  }
}
