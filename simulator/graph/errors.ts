import { ProtocolError } from "../http/protocolError";
import type { RequestState, Services } from "../http/context";

/** A detail of a Graph error; clients tell otherwise equal errors apart by its code. */
export interface GraphErrorDetail {
  readonly code: string;
  readonly message: string;
  readonly target?: string;
}

/**
 * An error answer of Microsoft Graph.
 *
 * @see https://learn.microsoft.com/graph/errors
 */
export class GraphError extends ProtocolError {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
    readonly options: {
      details?: readonly GraphErrorDetail[];
      headers?: Readonly<Record<string, string>>;
    } = {},
  ) {
    super(message);
    this.name = "GraphError";
  }

  toResponse(request: RequestState, services: Services): Response {
    const { details, headers } = this.options;
    return Response.json(
      {
        error: {
          code: this.errorCode,
          message: this.message,
          ...(details === undefined ? {} : { details }),
          innerError: {
            date: services.clock.now().toISOString().slice(0, 19),
            "request-id": request.requestId,
            "client-request-id": request.clientRequestId,
          },
        },
      },
      { status: this.status, headers },
    );
  }
}

/** @see https://learn.microsoft.com/graph/auth/auth-concepts */
const bearerChallenge = {
  "WWW-Authenticate":
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
};

/** Every error that Graph answers here, one method each, in the service's own words. */
export const graphErrors = {
  notFound: (id: string) =>
    new GraphError(
      404,
      "Request_ResourceNotFound",
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),

  /** @see https://learn.microsoft.com/graph/resolve-auth-errors */
  insufficientPrivileges: () =>
    new GraphError(
      403,
      "Authorization_RequestDenied",
      "Insufficient privileges to complete the operation.",
    ),

  /** What an app without ownership of the application gets when it creates the service principal. */
  backingApplicationNotLocal: () =>
    new GraphError(
      403,
      "Authorization_RequestDenied",
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    ),

  missingToken: () =>
    new GraphError(401, "InvalidAuthenticationToken", "Access token is empty.", {
      headers: bearerChallenge,
    }),

  malformedToken: () =>
    new GraphError(
      401,
      "InvalidAuthenticationToken",
      "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EncodedPayload.EncodedSignature'. (JWE): 'EncodedProtectedHeader.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'.",
      { headers: bearerChallenge },
    ),

  invalidSignature: () =>
    new GraphError(
      401,
      "InvalidAuthenticationToken",
      "Access token validation failure. Invalid signature.",
      { headers: bearerChallenge },
    ),

  invalidAudience: () =>
    new GraphError(
      401,
      "InvalidAuthenticationToken",
      "Access token validation failure. Invalid audience.",
      { headers: bearerChallenge },
    ),

  expiredToken: () =>
    new GraphError(
      401,
      "InvalidAuthenticationToken",
      "Lifetime validation failed, the token is expired.",
      { headers: bearerChallenge },
    ),

  badRequest: (message: string, details?: readonly GraphErrorDetail[]) =>
    new GraphError(400, "Request_BadRequest", message, { details }),

  malformedJson: () =>
    new GraphError(
      400,
      "BadRequest",
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    ),

  /** @see https://learn.microsoft.com/graph/errors */
  bodyTooLarge: () =>
    new GraphError(
      413,
      "RequestEntityTooLarge",
      "The request body exceeds the size that is allowed.",
    ),

  invalidProperty: (name: string) =>
    new GraphError(400, "Request_BadRequest", `Invalid property '${name}'.`),

  readOnlyProperty: (name: string, resource: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `Property '${name}' is read-only and cannot be set on resource '${resource}'.`,
    ),

  invalidValue: (name: string, resource: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `Invalid value specified for property '${name}' of resource '${resource}'.`,
      {
        details: [
          {
            code: "InvalidValue",
            target: name,
            message: `Invalid value specified for property '${name}' of resource '${resource}'.`,
          },
        ],
      },
    ),

  missingProperty: (name: string, resource: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `A value is required for property '${name}' of resource '${resource}'.`,
      {
        details: [
          {
            code: "PropertyRequired",
            target: name,
            message: `A value is required for property '${name}' of resource '${resource}'.`,
          },
        ],
      },
    ),

  unsupportedQuery: (message = "Unsupported Query.") =>
    new GraphError(400, "Request_UnsupportedQuery", message),

  invalidFilter: () => new GraphError(400, "Request_BadRequest", "Invalid filter clause"),

  conflictingObject: () =>
    new GraphError(
      400,
      "Request_BadRequest",
      "A conflicting object with one or more of the specified property values is present in the directory.",
      {
        details: [
          {
            code: "ObjectConflict",
            message:
              "A conflicting object with one or more of the specified property values is present in the directory.",
          },
        ],
      },
    ),

  sameValueExists: (property: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `Another object with the same value for property ${property} already exists.`,
      {
        details: [
          {
            code: "ObjectConflict",
            target: property,
            message: `Another object with the same value for property ${property} already exists.`,
          },
        ],
      },
    ),

  referenceAlreadyExists: (property: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `One or more added object references already exist for the following modified properties: '${property}'.`,
    ),

  invalidReferenceUpdate: () =>
    new GraphError(400, "Request_BadRequest", "Not a valid reference update."),

  permissionAlreadyAssigned: () =>
    new GraphError(
      400,
      "Request_BadRequest",
      "Permission being assigned already exists on the object",
      {
        details: [
          {
            code: "InvalidUpdate",
            message: "Permission being assigned already exists on the object",
          },
        ],
      },
    ),

  permissionNotFound: (appId: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `Permission being assigned was not found on application '${appId}'.`,
    ),

  noBackingApplication: (appId: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
      {
        details: [
          {
            code: "NoBackingApplicationObject",
            target: "appId",
            message: `The appId '${appId}' of the service principal does not reference a valid application object.`,
          },
        ],
      },
    ),

  servicePrincipalExists: (appId: string) =>
    new GraphError(
      409,
      "Request_MultipleObjectsWithSameKeyValue",
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
      {
        details: [
          {
            code: "ConflictingObjects",
            target: "servicePrincipalNames",
            message: "The object with the same value for the property already exists.",
          },
        ],
      },
    ),

  /** @see https://learn.microsoft.com/graph/api/resources/keycredential */
  keyValueMissing: () =>
    new GraphError(400, "KeyCredentialsInvalidValue", "KeyValue cannot be null or empty"),

  keyEndDateInvalid: () =>
    new GraphError(400, "KeyCredentialsInvalidEndDate", "Key credential end date is invalid."),

  keyStartDateInvalid: () =>
    new GraphError(400, "KeyCredentialsInvalidStartDate", "Key credential start date is invalid."),

  keyChanged: (keyId: string) =>
    new GraphError(
      400,
      "Request_BadRequest",
      `Update to existing credential with KeyId '${keyId}' is not allowed.`,
    ),

  /** An app role or scope has to be disabled by one request and removed by the next. */
  entitlementEnabled: () =>
    new GraphError(
      400,
      "CannotDeleteOrUpdateEnabledEntitlement",
      "Permission (scope or role) cannot be deleted or updated unless disabled first.",
    ),

  /** @see https://learn.microsoft.com/graph/api/resources/applicationauthenticationmethodpolicy */
  credentialTypeForbidden: () =>
    new GraphError(
      400,
      "CredentialTypeNotAllowedAsPerAppPolicy",
      "Credential type not allowed as per assigned policy.",
    ),

  credentialLifetimeTooLong: () =>
    new GraphError(
      400,
      "CredentialInvalidLifetimeAsPerAppPolicy",
      "Credential lifetime exceeds the max value allowed as per assigned policy.",
    ),

  concurrencyViolation: () =>
    new GraphError(
      409,
      "Directory_ConcurrencyViolation",
      "A conflict occurred while updating the object. Please retry the request.",
    ),

  throttled: (retryAfterSeconds: number) =>
    new GraphError(429, "TooManyRequests", "Too many requests", {
      headers: { "Retry-After": String(retryAfterSeconds) },
    }),

  serverError: (status: 500 | 502 | 503 | 504, retryAfterSeconds: number) =>
    new GraphError(
      status,
      status === 503
        ? "Service_ServiceUnavailable"
        : status === 504
          ? "UnknownError"
          : "Service_InternalServerError",
      status === 503
        ? "Service is temporarily unavailable. Please wait and retry again."
        : "Encountered an internal server error.",
      { headers: { "Retry-After": String(retryAfterSeconds) } },
    ),
} as const;
