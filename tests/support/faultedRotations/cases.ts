import { type BaselineRequest, type FaultKind, faultKinds } from "./faultKinds";

/** One request that is struck in one way. */
export interface FaultedRotation {
  /** Place of the request in the rotation without faults, from 1. */
  readonly number: number;
  readonly request: BaselineRequest;
  readonly kind: FaultKind;
}

/**
 * What is struck, in order: every request, in every way or, unless `all`, in one that changes from
 * request to request; writes always in every way.
 */
export function casesOf(requests: readonly BaselineRequest[], all: boolean): FaultedRotation[] {
  return requests.flatMap((request, index) => {
    // The requests of a batch are struck one by one, and not the batch itself.
    if (request.path.endsWith("/$batch")) {
      return [];
    }
    const every = all || request.method === "PATCH";
    const kinds = every ? faultKinds : [faultKinds[index % faultKinds.length] ?? faultKinds[0]];
    return kinds.map((kind) => ({ number: index + 1, request, kind }));
  });
}
