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
    const answerHeaders = {
      "x-ms-request-id": request.requestId,
      ...(internal === undefined ? {} : { "X-ExceptionType": internal.type }),
      ...headers,
    };
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
   * The answer to a name that is not a cmdlet. Where it could be one, Exchange may have it and the
   * simulator lack it: that is 501, and a test has to notice.
   */
  static cmdletUnknown(name: string, knownToBeAbsent: boolean): ExchangeError {
    const notSimulated = !knownToBeAbsent && /^[a-z]+-\w+$/i.test(name);
    return new ExchangeError(notSimulated ? 501 : 400, "BadRequest", "Invalid Operation", {
      notSimulated,
      internal: {
        type: "System.Management.Automation.CommandNotFoundException",
        message: `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program.${notSimulated ? " The simulator does not have it; see simulator/COVERAGE.md for those it has." : ""}`,
      },
    });
  }

  /** What a cmdlet throws, as the admin API wraps it. */
  static cmdletFailed(type: string, message: string, status = 400): ExchangeError {
    const code = status === 404 ? "NotFound" : "BadRequest";
    return new ExchangeError(status, code, "Error executing cmdlet", {
      internal: { type, message },
      details: [{ code: "Context", target: "", message: `|${type}|${message}` }],
    });
  }

  /** The address of a next page holds for minutes only. */
  static pageExpired(): ExchangeError {
    return ExchangeError.cmdletFailed(
      "System.InvalidOperationException",
      "The cmdlet result of the next link has expired. Run the cmdlet again.",
    );
  }

  /** A parameter that the cmdlet does not have, or that no role of the caller's holds. */
  static parameterUnknown(name: string): ExchangeError {
    return ExchangeError.cmdletFailed(
      "System.Management.Automation.ParameterBindingException",
      `A parameter cannot be found that matches parameter name '${name}'.`,
    );
  }

  static parameterMissing(name: string): ExchangeError {
    return ExchangeError.cmdletFailed(
      "System.Management.Automation.ParameterBindingException",
      `Cannot process command because of one or more missing mandatory parameters: ${name}.`,
    );
  }

  /** @see https://github.com/microsoft/Microsoft365DSC/issues/2898 */
  static objectNotFound(name: string): ExchangeError {
    return ExchangeError.cmdletFailed(
      "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
      `The operation couldn't be performed because object '${name}' couldn't be found on 'NAMPR00A000DC01.NAMPR00A000.PROD.OUTLOOK.COM'.`,
      404,
    );
  }

  /** A principal that a role group or an assignment should name. */
  static principalNotFound(name: string): ExchangeError {
    return ExchangeError.cmdletFailed(
      "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
      `Couldn't find object "${name}". Please make sure that it was spelled correctly or specify a different object.`,
    );
  }

  static roleNotFound(name: string): ExchangeError {
    return ExchangeError.cmdletFailed(
      "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
      `The "${name}" management role can't be found. Check the role entry name, and try again.`,
      404,
    );
  }

  static objectExists(kind: string, name: string): ExchangeError {
    return ExchangeError.cmdletFailed(
      "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException",
      `The ${kind} "${name}" already exists. Please specify a different name.`,
    );
  }

  /** @see https://github.com/OfficeDev/Office-Add-in-samples/issues/139 */
  static outOfScope(name: string): ExchangeError {
    return ExchangeError.cmdletFailed(
      "Microsoft.Exchange.Configuration.Tasks.OperationRequiresScopeException",
      `The operation on mailbox "${name}" failed because it's out of the current user's write scope.`,
    );
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
