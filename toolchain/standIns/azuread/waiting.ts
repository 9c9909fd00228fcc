/**
 * Asks until the answer has been yes so many times in a row, as the official plugin does, but
 * without its seconds in between: on loopback there is nothing to wait for.
 *
 * @param limit Number of times the answer may be no in a row.
 * @see https://github.com/hashicorp/terraform-plugin-sdk/blob/main/helper/retry/state.go
 */
export async function untilSteady(
  times: number,
  ask: () => Promise<boolean>,
  failure: string,
  limit = 20,
): Promise<void> {
  let yes = 0;
  let no = 0;
  while (yes < times) {
    if (await ask()) {
      yes += 1;
      no = 0;
    } else if (++no > limit) {
      throw new Error(`${failure}: timeout while waiting for state`);
    } else {
      yes = 0;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

const queues = new Map<string, Promise<unknown>>();

/** Runs one thing at a time per application, as the official plugin's lock by object id does. */
export async function inTurn<T>(objectId: string, run: () => Promise<T>): Promise<T> {
  const before = queues.get(objectId) ?? Promise.resolve();
  const now = before.then(run, run);
  queues.set(
    objectId,
    now.catch(() => undefined),
  );
  return now;
}
