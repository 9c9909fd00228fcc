import { Failure } from "../system/failure";
import { assertionByKey } from "./clientAssertion";
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
  const tokenUrl = `${endpoints.authority}/${tenantId}/oauth2/v2.0/token`;
  return tokenByForm(
    tokenUrl,
    {
      client_id: clientId,
      grant_type: "client_credentials",
      scope: `${resource}/.default`,
      ...assertedBy(
        "clientAssertion" in credential
          ? credential.clientAssertion
          : await assertionByKey(credential, { applicationId: clientId, tokenUrl }),
      ),
    },
    endpoints.extraCaPem,
  );
}

/** What a form says where an application proves itself by an assertion. */
export function assertedBy(assertion: string): Record<string, string> {
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
}

/**
 * Sends a form to a token endpoint.
 *
 * @throws {TokenRefused} If there is no token in the answer.
 * @throws {NoAnswer} If it cannot be reached.
 */
export async function tokenByForm(
  tokenUrl: string,
  form: Readonly<Record<string, string>>,
  extraCaPem?: string,
): Promise<string> {
  const answer = await send(tokenUrl, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
    extraCaPem,
  });
  return tokenIn(answer);
}

/**
 * The token in an answer.
 *
 * @throws {TokenRefused} If there is none.
 */
export function tokenIn(answer: HttpAnswer): string {
  const { access_token: token }: { access_token?: unknown } = parseObject(answer.body) ?? {};
  if (answer.status === 200 && typeof token === "string" && token !== "") {
    return token;
  }
  throw refusal(answer);
}

function refusal(answer: HttpAnswer): TokenRefused {
  const { status } = answer;
  if (parseObject(answer.body) === undefined) {
    // Front ends of Microsoft answer 429 and 5xx without JSON too.
    const foreign = status !== 429 && status < 500;
    const description = `HTTP ${status} without JSON`;
    return new TokenRefused(0, description, status, retryAfterSeconds(answer), foreign);
  }
  return status < 400
    ? new TokenRefused(0, "The token endpoint answered without a token.", status)
    : refusalIn(answer);
}

interface TokenErrorBody {
  error_description?: string;
  error_codes?: number[];
}

/** What an answer of the token endpoint says of why there is no token. */
function refusalIn(answer: HttpAnswer): TokenRefused {
  const { error_description, error_codes }: TokenErrorBody = parseObject(answer.body) ?? {};
  const description = error_description ?? `HTTP ${answer.status}`;
  const code = error_codes?.[0] ?? Number(/AADSTS(\d+)/.exec(description)?.[1] ?? 0);
  const line = description.split(/\r?\n/)[0] ?? "";
  return new TokenRefused(code, line, answer.status, retryAfterSeconds(answer));
}

/** The claims of a token, unverified: they explain, they do not authorize. */
export function decodeClaims(token: string): TokenClaims {
  const payload = token.split(".")[1] ?? "";
  return parseObject(Buffer.from(payload, "base64url").toString("utf8")) ?? {};
}
