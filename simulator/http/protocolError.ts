import type { RequestState, Services } from "./context";

/** An error answer in the form of the service it comes from; whoever throws it ends the request. */
export abstract class ProtocolError extends Error {
  /** The service's code, for the journal. */
  abstract readonly errorCode: string;

  /** Whether the request asked for what is not simulated; it is then kept as an unknown route. */
  get notSimulated(): boolean {
    return false;
  }

  /** The answer as the service would give it. */
  abstract toResponse(request: RequestState, services: Services): Response;
}

/** 501: not an answer of the service's, but of the simulator, which lacks what was asked for. */
export class NotSimulated extends ProtocolError {
  readonly errorCode = "NotImplemented";

  constructor(method: string, path: string) {
    super(
      `The simulator has no route for ${method} ${path}. See simulator/COVERAGE.md for those it has.`,
    );
  }

  override get notSimulated(): boolean {
    return true;
  }

  toResponse(): Response {
    return Response.json(
      { error: { code: this.errorCode, message: this.message } },
      { status: 501 },
    );
  }
}
