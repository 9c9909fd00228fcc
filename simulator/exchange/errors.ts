import type { RequestState, Services } from "../http/context";
import { ProtocolError } from "../http/protocolError";

/** What an error of the admin API carries beyond its status. */
interface ExchangeErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly notSimulated?: boolean;
  /** Text of the exception inside, where people find the reason. */
  readonly internal?: { readonly message: string; readonly type: string };
  readonly details?: readonly { code: string; target: string; message: string }[];
  /** A body that is not JSON, as some answers have. */
  readonly rawBody?: string;
}

/**
 * An error answer of the Exchange Online admin API. Its form is not documented; it follows what
 * public issues and clients show.
 *
 * @see https://github.com/MicrosoftDocs/office-docs-powershell/issues/7970
 * @see https://github.com/MicrosoftDocs/office-docs-powershell/issues/11332
 */
export class ExchangeError extends ProtocolError {
  constructor(
    readonly status: number,
    readonly errorCode: string,
    message: string,
    readonly options: ExchangeErrorOptions = {},
  ) {
    super(message);
    this.name = "ExchangeError";
  }

  override get notSimulated(): boolean {
    return this.options.notSimulated === true;
  }

  toResponse(request: RequestState, services: Services): Response {
    const { headers, rawBody, internal, details } = this.options;
    const answerHeaders = { "x-ms-request-id": request.requestId, ...headers };
    if (rawBody !== undefined) {
      return new Response(rawBody, {
        status: this.status,
        headers: { "Content-Type": "text/html", ...answerHeaders },
      });
    }
    return Response.json(
      {
        error: {
          code: this.errorCode,
          message: this.message,
          ...(details === undefined ? {} : { details }),
          innererror: {
            message: this.message,
            type: "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
            stacktrace: "",
            ...(internal === undefined
              ? {}
              : {
                  internalexception: {
                    message: internal.message,
                    type: internal.type,
                    stacktrace: "",
                  },
                }),
          },
          "@error.request-id": request.requestId,
          "@error.date": services.clock.now().toISOString(),
        },
      },
      { status: this.status, headers: answerHeaders },
    );
  }

  static throttled(retryAfterSeconds: number): ExchangeError {
    return new ExchangeError(429, "TooManyRequests", "Too many requests", {
      headers: { "Retry-After": String(retryAfterSeconds) },
      internal: {
        type: "Microsoft.Exchange.Configuration.Authorization.OverBudgetException",
        message:
          "You have reached the maximum number of concurrent requests per tenant. Please wait and try again.",
      },
    });
  }

  static server(status: number, retryAfterSeconds: number): ExchangeError {
    return new ExchangeError(status, "InternalServerError", "Invalid Operation", {
      headers: { "Retry-After": String(retryAfterSeconds) },
      internal: {
        type: "System.InvalidOperationException",
        message: "The server encountered a temporary error. Please try again later.",
      },
    });
  }

  /** Consent but no role: some servers answer a body of NUL bytes instead of JSON. */
  static forbidden(): ExchangeError {
    return new ExchangeError(403, "Forbidden", "Forbidden", { rawBody: "\0\0\0\0" });
  }

  /** None of the caller's roles allows a cmdlet. */
  static cmdletDenied(cmdlet: string): ExchangeError {
    return new ExchangeError(401, "Unauthorized", `User is not allowed to call ${cmdlet}`);
  }

  /**
   * The answer to a name that is not a cmdlet. Exchange may have the cmdlet and the simulator lack
   * it: a test has to notice.
   */
  static cmdletUnknown(name: string): ExchangeError {
    return new ExchangeError(400, "BadRequest", "Invalid Operation", {
      notSimulated: true,
      internal: {
        type: "System.Management.Automation.CommandNotFoundException",
        message: `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.`,
      },
    });
  }

  /** Exchange does not serve the tenant. */
  static tenantUnknown(name: string): ExchangeError {
    return new ExchangeError(
      404,
      "OrganizationFromTenantGuidNotFound",
      `The tenant for tenant guid '${name}' does not exist.`,
    );
  }
}
