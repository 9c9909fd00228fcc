import type { RequestState, Services } from "../http/context";
import { ProtocolError } from "../http/protocolError";

type OAuthError =
  | "invalid_client"
  | "invalid_grant"
  | "invalid_request"
  | "invalid_resource"
  | "invalid_scope"
  | "invalid_tenant"
  | "temporarily_unavailable"
  | "unauthorized_client"
  | "unsupported_grant_type";

const credentialsPage =
  "https://learn.microsoft.com/entra/identity-platform/certificate-credentials";
const federationPage = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";
const federationHelp = `Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${federationPage}`;

/**
 * An error answer of Entra's token endpoint.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#error-response
 */
export class EntraError extends ProtocolError {
  constructor(
    readonly error: OAuthError,
    /** The number after `AADSTS`. */
    readonly number: number,
    message: string,
    readonly options: {
      /** Default: 401 for `invalid_client`, else 400. */
      status?: number;
      retryAfterSeconds?: number;
      suberror?: string;
    } = {},
  ) {
    super(message);
    this.name = "EntraError";
  }

  get errorCode(): string {
    return `AADSTS${this.number}`;
  }

  toResponse(request: RequestState, services: Services): Response {
    const timestamp = `${services.clock.now().toISOString().slice(0, 19).replace("T", " ")}Z`;
    const { retryAfterSeconds, status, suberror } = this.options;
    const headers: Record<string, string> =
      retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) };
    return Response.json(
      {
        error: this.error,
        error_description: `${this.errorCode}: ${this.message} Trace ID: ${request.requestId} Correlation ID: ${request.clientRequestId} Timestamp: ${timestamp}`,
        error_codes: [this.number],
        timestamp,
        trace_id: request.requestId,
        correlation_id: request.clientRequestId,
        error_uri: `${request.origin}/error?code=${this.number}`,
        ...(suberror === undefined ? {} : { suberror }),
      },
      { status: status ?? (this.error === "invalid_client" ? 401 : 400), headers },
    );
  }

  static throttled(retryAfterSeconds: number): EntraError {
    return new EntraError(
      "temporarily_unavailable",
      50196,
      "The server terminated an operation because it encountered a client request loop. Please contact your app vendor.",
      { status: 429, retryAfterSeconds },
    );
  }

  static server(status: number, retryAfterSeconds: number): EntraError {
    return new EntraError(
      "temporarily_unavailable",
      90033,
      "A transient error has occurred. Please try again.",
      { status, retryAfterSeconds },
    );
  }
}

const errorOfKind = (error: OAuthError) => (number: number, message: string) =>
  new EntraError(error, number, message);
const invalidRequest = errorOfKind("invalid_request");
const invalidClient = errorOfKind("invalid_client");
const federatedRecordUnknown =
  (number: number, what: "issuer" | "audience" | "subject") => (presented: string) =>
    invalidClient(
      number,
      `No matching federated identity record found for presented assertion ${what} '${presented}'. ${federationHelp}`,
    );
const unauthorizedClient = errorOfKind("unauthorized_client");
const invalidScope = errorOfKind("invalid_scope");
const invalidResource = errorOfKind("invalid_resource");

/** Every error the token endpoint answers here, one method each, in the service's own words. */
export const entraErrors = {
  /** @see https://github.com/Azure/azure-cli/issues/22145 for what discovery answers */
  tenantNotFound: (tenant: string, error: "invalid_request" | "invalid_tenant") =>
    new EntraError(
      error,
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    ),

  tenantMalformed: (tenant: string) =>
    invalidRequest(
      900023,
      `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
    ),

  /** An authority that stands for any tenant cannot issue tokens without a user. */
  tenantMissing: () =>
    invalidRequest(
      50059,
      "No tenant-identifying information found in either the request or implied by any provided credentials.",
    ),

  /** @see https://github.com/github/docs/issues/44039 */
  methodNotAllowed: (method: string) =>
    invalidRequest(
      900561,
      `The endpoint only accepts POST requests. Received a ${method} request.`,
    ),

  requestMalformed: () =>
    invalidRequest(9002313, "Invalid request. Request is malformed or invalid."),

  missingParameter: (name: string) =>
    invalidRequest(900144, `The request body must contain the following parameter: '${name}'.`),

  unsupportedGrantType: (grantType: string) =>
    new EntraError(
      "unsupported_grant_type",
      70003,
      `The app requested an unsupported grant type '${grantType}'.`,
    ),

  credentialMissing: () =>
    invalidClient(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),

  assertionTypeInvalid: () =>
    invalidRequest(
      90014,
      "The required field 'client_assertion_type' is missing from the credential. Ensure that you have all the necessary parameters for the login request.",
    ),

  applicationNotFound: (appId: string, tenantName: string) =>
    unauthorizedClient(
      700016,
      `Application with identifier '${appId}' was not found in the directory '${tenantName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.`,
    ),

  servicePrincipalMissing: (appId: string, tenantId: string) =>
    unauthorizedClient(
      7000229,
      `The client application ${appId} is missing service principal in the tenant ${tenantId}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119`,
    ),

  applicationDisabled: (appId: string, name: string) =>
    unauthorizedClient(7000112, `Application '${appId}'(${name}) is disabled.`),

  secretInvalid: (appId: string) =>
    invalidClient(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${appId}'.`,
    ),

  secretExpired: (appId: string) =>
    invalidClient(
      7000222,
      `The provided client secret keys for app '${appId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    ),

  assertionMalformed: () => invalidRequest(50027, "JWT token is invalid or malformed."),

  algorithmUnsupported: (algorithm: string) =>
    invalidClient(
      5002738,
      `Invalid JWT token. '${algorithm}' is not a supported signature algorithm. Supported signing algorithms are: 'RS256, RS384, RS512, PS256, PS384, PS512'.`,
    ),

  assertionIdentityMismatch: () =>
    invalidClient(
      700021,
      `Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at ${credentialsPage} .`,
    ),

  assertionAudienceMismatch: () =>
    invalidClient(
      700023,
      `Client assertion audience claim does not match Realm issuer. Review the documentation at ${credentialsPage} .`,
    ),

  assertionOutsideTime: (now: Date, from: Date, until: Date) =>
    invalidClient(
      700024,
      `Client assertion is not within its valid time range. Current time: ${ticks(now)}, assertion valid from ${ticks(from)}, expiry time of assertion ${ticks(until)}. Review the documentation at ${credentialsPage} .`,
    ),

  certificateNotRegistered: (appId: string, thumbprint: string | undefined) =>
    invalidClient(
      700027,
      `The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.,${usedThumbprint(thumbprint)} ${keyHelp(appId)}]`,
    ),

  /** Entra says the same of a certificate that is not valid yet. */
  certificateOutsideValidity: (
    appId: string,
    thumbprint: string | undefined,
    key: { startDateTime: string; endDateTime: string },
  ) =>
    invalidClient(
      700027,
      `The certificate with identifier used to sign the client assertion is expired on application. [Reason - The key used is expired.,${usedThumbprint(thumbprint)} ${describeFoundKey(key)} ${keyHelp(appId)}]`,
    ),

  signatureInvalid: (
    appId: string,
    thumbprint: string | undefined,
    key: { startDateTime: string; endDateTime: string },
  ) =>
    invalidClient(
      700027,
      `Client assertion failed signature validation. [Reason - The provided signature value did not match the expected signature value.,${usedThumbprint(thumbprint)} ${describeFoundKey(key)} ${keyHelp(appId)}]`,
    ),

  federatedIssuerUnknown: federatedRecordUnknown(700211, "issuer"),
  federatedAudienceUnknown: federatedRecordUnknown(700212, "audience"),
  federatedSubjectUnknown: federatedRecordUnknown(700213, "subject"),

  /** @see https://learn.microsoft.com/entra/identity-platform/reference-breaking-changes#august-2024 */
  federatedSubjectCase: (subject: string) =>
    invalidClient(
      7002138,
      `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. Check your federated identity credential Subject, Audience and Issuer against the presented assertion. See documentation at: ${federationPage}. See breaking change notification and remediation at: https://learn.microsoft.com/en-us/entra/identity-platform/reference-breaking-changes#august-2024.`,
    ),

  federatedRecordMissing: (issuer: string, subject: string, audience: string) =>
    invalidClient(
      70021,
      `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: '${subject}'. Assertion Audience: '${audience}'. ${federationPage}`,
    ),

  issuerUnreachable: (address: string) =>
    invalidRequest(
      50166,
      `Request to External OIDC endpoint failed. The endpoint '${address}' did not answer with its configuration or keys.`,
    ),

  federatedSignatureInvalid: () =>
    invalidClient(
      5001256,
      "Failed to complete authentication with the external provider due to invalid id_token. Details: Failed to validate token signature.",
    ),

  scopeNotDefault: (scope: string) =>
    invalidScope(
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),

  scopeInvalid: (scope: string) =>
    invalidScope(
      70011,
      `The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope ${scope} is not valid.`,
    ),

  resourceNotFound: (resource: string, tenantName: string) =>
    invalidResource(
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenantName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant.`,
    ),

  resourceDisabled: (resource: string, name: string) =>
    invalidResource(
      500014,
      `The service principal for resource '${resource}' is disabled. This indicate that a subscription within the tenant has lapsed, or that the administrator for this tenant has disabled the application, preventing tokens from being issued for it. (${name})`,
    ),

  assignmentRequired: (appId: string, name: string, resource: string, resourceName: string) =>
    new EntraError(
      "invalid_grant",
      501051,
      `Application '${appId}'(${name}) is not assigned to a role for the application '${resource}'(${resourceName}).`,
    ),

  conditionalAccess: () =>
    new EntraError(
      "invalid_grant",
      53003,
      "Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.",
      { suberror: "message_only" },
    ),
} as const;

function usedThumbprint(thumbprint: string | undefined): string {
  return thumbprint === undefined ? "" : ` Thumbprint of key used by client: '${thumbprint}',`;
}

function describeFoundKey(key: { startDateTime: string; endDateTime: string }): string {
  return `Found key 'Start=${americanDate(key.startDateTime)}, End=${americanDate(key.endDateTime)}',`;
}

function keyHelp(appId: string): string {
  return `Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'. Review the documentation at https://docs.microsoft.com/en-us/graph/deployments to determine the corresponding service endpoint and https://docs.microsoft.com/en-us/graph/api/application-get?view=graph-rest-1.0&tabs=http to build a query request URL, such as 'https://graph.microsoft.com/beta/applications/${appId}'.`;
}

/** `2026-11-24T10:00:00.0000000Z`, as .NET prints instants. */
function ticks(instant: Date): string {
  return instant.toISOString().replace("Z", "0000Z");
}

/** `11/24/2026 10:00:00`, as the service prints dates of keys. */
function americanDate(date: string): string {
  const iso = new Date(date).toISOString();
  return `${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
}
