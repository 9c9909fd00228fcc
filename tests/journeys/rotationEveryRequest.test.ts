/**
 * Rotations with a fault at every request in turn: whatever becomes of a request,
 * the application holds the certificate that pipelines have, valid, at every request, and the same
 * command run again completes the rotation and leaves nothing behind. Each is struck in one way,
 * which changes from request to request; every request in every way is `npm run faults`.
 *
 * Not proven here: faults of a real tenant, which may come in other ways.
 */
import { expectRotations } from "../support/faultedRotations/expectRotations";

jest.setTimeout(600_000);

test("no pipeline is left out, and every rotation comes to its end", () => expectRotations());
