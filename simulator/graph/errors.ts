import { ProtocolError } from "../http/protocolError";
import { isExtensionName } from "./directoryExtensions";
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

const badRequest = (message: string, details?: readonly GraphErrorDetail[]) =>
  new GraphError(400, "Request_BadRequest", message, details === undefined ? {} : { details });

/** 400 whose only detail says the same under a code of its own. */
const detailedError = (code: string, message: string, target?: string) =>
  badRequest(message, [{ code, ...(target === undefined ? {} : { target }), message }]);

const unauthorized = (message: string) =>
  new GraphError(401, "InvalidAuthenticationToken", message, { headers: bearerChallenge });

const forbidden = (message: string) => new GraphError(403, "Authorization_RequestDenied", message);

const unsupportedQuery = (message = "Unsupported Query.") =>
  new GraphError(400, "Request_UnsupportedQuery", message);

const retryAfter = (seconds: number) => ({ headers: { "Retry-After": String(seconds) } });

/** Every error that Graph answers here, one method each, in the service's own words. */
export const graphErrors = {
  notFound: (id: string) =>
    new GraphError(
      404,
      "Request_ResourceNotFound",
      `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
    ),

  /** @see https://learn.microsoft.com/graph/resolve-auth-errors */
  insufficientPrivileges: () => forbidden("Insufficient privileges to complete the operation."),

  /** What an app without ownership of the application gets when it creates the service principal. */
  backingApplicationNotLocal: () =>
    forbidden(
      "When using this permission, the backing application of the service principal being created must in the local tenant",
    ),

  missingToken: () => unauthorized("Access token is empty."),

  malformedToken: () =>
    unauthorized(
      "IDX14100: JWT is not well formed, there are no dots (.).\nThe token needs to be in JWS or JWE Compact Serialization Format. (JWS): 'EncodedHeader.EncodedPayload.EncodedSignature'. (JWE): 'EncodedProtectedHeader.EncodedEncryptedKey.EncodedInitializationVector.EncodedCiphertext.EncodedAuthenticationTag'.",
    ),

  invalidSignature: () => unauthorized("Access token validation failure. Invalid signature."),

  invalidAudience: () => unauthorized("Access token validation failure. Invalid audience."),

  expiredToken: () => unauthorized("Lifetime validation failed, the token is expired."),

  badRequest,

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

  /** Kiota's clients send a body uncompressed after it. */
  encodingUnsupported: () =>
    new GraphError(415, "UnsupportedMediaType", "The Content-Encoding is not supported."),

  /** @see https://github.com/microsoftgraph/msgraph-sdk-php/issues/1163 */
  delegatedOnly: () =>
    new GraphError(
      400,
      "BadRequest",
      "/me request is only valid with delegated authentication flow.",
    ),

  /** @see https://github.com/microsoftgraph/microsoft-graph-docs/issues/10686 */
  proofInvalid: () =>
    new GraphError(401, "Authentication_MissingOrMalformed", "Access Token missing or malformed."),

  mailboxMissing: () =>
    new GraphError(
      404,
      "MailboxNotEnabledForRESTAPI",
      "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
    ),

  /** @see https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/568 */
  imageNotFound: () =>
    new GraphError(
      404,
      "ImageNotFound",
      "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.",
    ),

  /** @see https://github.com/microsoftgraph/msgraph-sdk-java-auth/issues/36 */
  passwordTooWeak: () =>
    badRequest(
      "The specified password does not comply with password complexity requirements. Please provide a different password.",
    ),

  /** @see https://github.com/KelvinTegelaar/CIPP/issues/783 */
  usageLocationInvalid: () =>
    badRequest("License assignment cannot be done for user with invalid usage location."),

  invalidProperty: (name: string) => badRequest(`Invalid property '${name}'.`),

  readOnlyProperty: (name: string, resource: string) =>
    badRequest(`Property '${name}' is read-only and cannot be set on resource '${resource}'.`),

  invalidValue: (name: string, resource: string) =>
    detailedError(
      "InvalidValue",
      `Invalid value specified for property '${name}' of resource '${resource}'.`,
      name,
    ),

  missingProperty: (name: string, resource: string) =>
    detailedError(
      "PropertyRequired",
      `A value is required for property '${name}' of resource '${resource}'.`,
      name,
    ),

  unsupportedQuery,

  unknownProperty: (name: string, type: string, prefix = "") =>
    isExtensionName(name)
      ? unsupportedQuery(
          `Property '${name}' does not exist as a declared property or extension property.`,
        )
      : badRequest(
          `${prefix}Could not find a property named '${name}' on type 'microsoft.graph.${type}'.`,
        ),

  /** A directory extension that is not defined for the object, or whose application has no service principal. */
  extensionUnavailable: (name: string) =>
    badRequest(`The following extension properties are not available: ${name}.`),

  tooManyExtensionValues: (most: number) =>
    badRequest(`An object cannot have more than ${most} values of extension properties.`),

  /** @see https://github.com/microsoftgraph/microsoft-graph-docs/issues/96 */
  tooManyExpansions: (asked: number) =>
    new GraphError(
      400,
      "BadRequest",
      `The result of parsing $expand contained at least ${asked} items, but the maximum allowed is 1.`,
    ),

  invalidFilter: (filter: string) =>
    badRequest(`Invalid filter clause: Syntax error in '${filter}'.`),

  /** @see https://github.com/microsoftgraph/microsoft-graph-docs/issues/10665 */
  incompatibleTypes: (property: string, value: string, operator: string) =>
    new GraphError(
      400,
      "BadRequest",
      `A binary operator with incompatible types was detected. Found operand types '${property}' and '${value}' for operator kind '${operator}'.`,
    ),

  syntax: (message: string) => new GraphError(400, "BadRequest", message),

  /** @see https://github.com/microsoftgraph/msgraph-sdk-dotnet/issues/2254 */
  expiredPageToken: () =>
    new GraphError(
      400,
      "Directory_ExpiredPageToken",
      "The specified page token value has expired and can no longer be included in your request.",
    ),

  /** @see https://github.com/microsoftgraph/msgraph-sdk-python/issues/408 */
  invalidReferenceProperty: (name: string) =>
    badRequest(
      `Invalid value specified for object reference property '${name}'. Please ensure that this value has an appropriate syntax and length.`,
    ),

  conflictingObject: () =>
    detailedError(
      "ObjectConflict",
      "A conflicting object with one or more of the specified property values is present in the directory.",
    ),

  sameValueExists: (property: string) =>
    detailedError(
      "ObjectConflict",
      `Another object with the same value for property ${property} already exists.`,
      property,
    ),

  referenceAlreadyExists: (property: string) =>
    badRequest(
      `One or more added object references already exist for the following modified properties: '${property}'.`,
    ),

  /** @see https://github.com/microsoftgraph/microsoft-graph-docs/issues/372 */
  mailGroupsNotWritten: () =>
    badRequest(
      "The service does not currently support writes of mail-enabled groups. Please ensure that the mail-enablement property is unset and the security-enablement property is set.",
    ),

  /** @see https://github.com/microsoftgraph/microsoft-graph-docs/issues/14827 */
  mailGroupNotChanged: () =>
    badRequest("Cannot Update a mail-enabled security groups and or distribution list."),

  invalidReferenceUpdate: () => badRequest("Not a valid reference update."),

  /** @see https://github.com/hashicorp/terraform-provider-azuread/issues/690 */
  grantAlreadyExists: () =>
    new GraphError(
      409,
      "Request_MultipleObjectsWithSameKeyValue",
      "Permission entry already exists.",
    ),

  permissionAlreadyAssigned: () =>
    detailedError("InvalidUpdate", "Permission being assigned already exists on the object"),

  permissionNotFound: (appId: string) =>
    badRequest(`Permission being assigned was not found on application '${appId}'.`),

  noBackingApplication: (appId: string) =>
    detailedError(
      "NoBackingApplicationObject",
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
      "appId",
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
    badRequest(`Update to existing credential with KeyId '${keyId}' is not allowed.`),

  /** An app role or scope has to be disabled by one request and removed by the next. */
  entitlementEnabled: () =>
    new GraphError(
      400,
      "CannotDeleteOrUpdateEnabledEntitlement",
      "Permission (scope or role) cannot be deleted or updated unless disabled first.",
    ),

  /** @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleeligibilityscheduleinstances */
  privilegedLicenceMissing: () =>
    new GraphError(
      400,
      "AadPremiumLicenseRequired",
      "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    ),

  /** @see https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/403-tenant-premium-license */
  premiumLicenceMissing: () =>
    new GraphError(
      403,
      "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
      "Neither tenant is B2C or tenant doesn't have premium license",
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

  invalidTenant: () =>
    new GraphError(
      401,
      "Authorization_IdentityNotFound",
      "The identity of the calling application could not be established.",
    ),

  concurrencyViolation: () =>
    new GraphError(
      409,
      "Directory_ConcurrencyViolation",
      "A conflict occurred while updating the object. Please retry the request.",
    ),

  throttled: (seconds: number) =>
    new GraphError(429, "TooManyRequests", "Too many requests", retryAfter(seconds)),

  serverError: (status: 500 | 502 | 503 | 504, seconds: number) =>
    status === 503
      ? new GraphError(
          status,
          "Service_ServiceUnavailable",
          "Service is temporarily unavailable. Please wait and retry again.",
          retryAfter(seconds),
        )
      : new GraphError(
          status,
          status === 504 ? "UnknownError" : "Service_InternalServerError",
          "Encountered an internal server error.",
          retryAfter(seconds),
        ),
} as const;
