import type { RequestState, Services } from "./context";

/** An error answer in the form of the service it comes from; whoever throws it ends the request. */
export abstract class ProtocolError extends Error {
  /** The service's code, for the journal. */
  abstract readonly errorCode: string;

  /** The answer as the service would give it. */
  abstract toResponse(request: RequestState, services: Services): Response;
}
