import { createHash, X509Certificate } from "node:crypto";
import type {
  Configuration,
  INetworkModule,
  NetworkRequestOptions,
  NetworkResponse,
} from "@azure/msal-node";
import { Failure } from "../system/failure";
import type { Endpoints } from "./endpoints";
import { type HttpAnswer, parseObject, retryAfterSeconds, send } from "./http";

/** What an application signs in with. */
export type Credential =
  | { readonly certificatePem: string; readonly privateKeyPem: string }
  | {
      /** Token of an outside identity provider, which a federated credential trusts. */
      readonly clientAssertion: string;
    };

/** A token was refused. */
export class TokenRefused extends Failure {
  constructor(
    /** The AADSTS number, for example 700027; 0 where the answer names none. */
    readonly code: number,
    readonly description: string,
    readonly status: number,
    readonly retryAfterSeconds?: number,
    /** Whether the answer is not Microsoft's: a proxy or a sign-in page stands between. */
    readonly foreign = false,
  ) {
    super(description);
  }
}

/** Claims of an access token that explain what it can do. */
export interface TokenClaims {
  readonly aud?: string;
  readonly tid?: string;
  readonly appid?: string;
  readonly oid?: string;
  readonly exp?: number;
  readonly roles?: readonly string[];
  readonly wids?: readonly string[];
}

/**
 * Requests an access token, always a fresh one: a cached token has the permissions and roles of
 * the moment it was issued.
 *
 * @param resource Resource without `/.default`, for example `https://outlook.office365.com`.
 * @throws {TokenRefused} If Microsoft Entra ID refuses.
 * @throws {NoAnswer} If it cannot be reached.
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function acquireToken(request: {
  endpoints: Endpoints;
  tenantId: string;
  clientId: string;
  credential: Credential;
  resource: string;
}): Promise<string> {
  const { endpoints, tenantId, clientId, credential, resource } = request;
  const network = new Network(endpoints.extraCaPem);
  const authority = `${endpoints.authority}/${tenantId}`;
  // Loaded for a token: a sixth of what many commands load, of which most request none by it.
  const { ConfidentialClientApplication } = await import("@azure/msal-node");
  const client = new ConfidentialClientApplication({
    auth: {
      clientId,
      authority,
      knownAuthorities: [new URL(authority).host],
      ...clientCredential(credential),
    },
    system: { networkClient: network, loggerOptions: { loggerCallback: () => undefined } },
  } satisfies Configuration);
  try {
    const result = await client.acquireTokenByClientCredential({
      scopes: [`${resource}/.default`],
      skipCache: true,
    });
    if (result === null || result.accessToken === "") {
      throw new TokenRefused(0, "The token endpoint answered without a token.", 200);
    }
    return result.accessToken;
  } catch (error) {
    // MSAL wraps what the network module throws and drops the cause.
    throw network.failure ?? refusal(network.last) ?? error;
  }
}

function clientCredential(
  credential: Credential,
): Pick<Configuration["auth"], "clientCertificate" | "clientAssertion"> {
  if ("clientAssertion" in credential) {
    return { clientAssertion: credential.clientAssertion };
  }
  const { raw } = new X509Certificate(credential.certificatePem);
  return {
    clientCertificate: {
      thumbprintSha256: createHash("sha256").update(raw).digest("hex"),
      privateKey: credential.privateKeyPem,
    },
  };
}

function refusal(answer: HttpAnswer | undefined): TokenRefused | undefined {
  if (answer === undefined) {
    return undefined;
  }
  const { status } = answer;
  if (parseObject(answer.body) === undefined) {
    // Front ends of Microsoft answer 429 and 5xx without JSON too.
    const foreign = status !== 429 && status < 500;
    const description = `HTTP ${status} without JSON`;
    return new TokenRefused(0, description, status, retryAfterSeconds(answer), foreign);
  }
  return status < 400 ? undefined : refusalIn(answer);
}

interface TokenErrorBody {
  error_description?: string;
  error_codes?: number[];
}

/** What an answer of the token endpoint says of why there is no token. */
export function refusalIn(answer: HttpAnswer): TokenRefused {
  const { error_description, error_codes }: TokenErrorBody = parseObject(answer.body) ?? {};
  const description = error_description ?? `HTTP ${answer.status}`;
  const code = error_codes?.[0] ?? Number(/AADSTS(\d+)/.exec(description)?.[1] ?? 0);
  const line = description.split(/\r?\n/)[0] ?? "";
  return new TokenRefused(code, line, answer.status, retryAfterSeconds(answer));
}

/** MSAL's network, which remembers the last answer so that a refusal can be explained. */
class Network implements INetworkModule {
  last: HttpAnswer | undefined;
  failure: unknown;

  constructor(private readonly extraCaPem: string | undefined) {}

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions) {
    return this.send<T>("GET", url, options);
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions) {
    return this.send<T>("POST", url, options);
  }

  private async send<T>(
    method: "GET" | "POST",
    url: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> {
    try {
      const answer = await send(url, {
        method,
        headers: options?.headers ?? {},
        body: options?.body,
        extraCaPem: this.extraCaPem,
      });
      this.last = answer;
      return {
        status: answer.status,
        headers: { ...answer.headers },
        body: (parseObject(answer.body) ?? {}) as T,
      };
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

/** The claims of a token, unverified: they explain, they do not authorize. */
export function decodeClaims(token: string): TokenClaims {
  const payload = token.split(".")[1] ?? "";
  return parseObject(Buffer.from(payload, "base64url").toString("utf8")) ?? {};
}
