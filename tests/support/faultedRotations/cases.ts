import { type BaselineRequest, type FaultKind, faultKinds } from "./faultKinds";

/** One request that is struck in one way. */
export interface FaultedRotation {
  /** Place of the request in the rotation without faults, from 1. */
  readonly number: number;
  readonly request: BaselineRequest;
  readonly kind: FaultKind;
}

/** How many requests are struck in one rotation, where each is struck in one way. */
const together = 5;

/** Whether a request is struck: those of a batch are, one by one, and not the batch itself. */
export const isStruckAlone = ({ path }: BaselineRequest) => !path.endsWith("/$batch");

/**
 * What is struck, by rotation: every request, in every way or, unless `all`, in one that changes from
 * request to request.
 *
 * Unless `all`, up to five reads of one part are struck in one rotation, each as often as the
 * rotation is run again at the most: more goes wrong at once, and fewer rotations are needed.
 */
export function casesOf(requests: readonly BaselineRequest[], all: boolean): FaultedRotation[][] {
  const cases = requests.flatMap((request, index): FaultedRotation[] => {
    if (!isStruckAlone(request)) {
      return [];
    }
    const own = faultKinds[index % faultKinds.length] ?? "throttled";
    const kinds = all ? faultKinds : [own];
    return kinds.map((kind) => ({ number: index + 1, request, kind }));
  });
  const rotations: FaultedRotation[][] = [];
  for (const one of cases) {
    const group = rotations.find(
      ([first, ...more]) =>
        first !== undefined &&
        more.length + 1 < together &&
        [first, ...more].every((other) => isStruckBeside(one, other)),
    );
    if (all || group === undefined) {
      rotations.push([one]);
    } else {
      group.push(one);
    }
  }
  return rotations;
}

/** Whether the one leaves the other its request. */
function isStruckBeside(...two: [FaultedRotation, FaultedRotation]): boolean {
  const [one, other] = two.map(({ request }) => request) as [BaselineRequest, BaselineRequest];
  return (
    one.segment === other.segment &&
    two.every(
      ({ request, kind }) =>
        request.method !== "PATCH" && kind !== "the first that is cut off, with all after it",
    )
  );
}
