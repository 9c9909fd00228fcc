import { digestOfTicket, type StoredTicket, type TicketStore, type WantedTicket } from "./tickets";

/** How many tickets were written. */
export interface KeptTickets {
  readonly opened: number;
  /** With a text that has changed, or opened again. */
  readonly updated: number;
  readonly closed: number;
  /** Left closed, because somebody has closed them for good. */
  readonly declined: number;
  /** Not opened, updated or closed yet, because there were too many. */
  readonly left: number;
}

/**
 * New tickets of one run, and writes of any kind: a run after a change of every tenant would otherwise end
 * at the forge's limit, in the middle. GitHub takes 500 a hour of everything that notifies somebody, and
 * asks for pauses in between.
 *
 * @see https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 */
const mostNewTickets = 150;
const mostWrites = 400;

interface TicketWrite {
  readonly kind: "opened" | "updated" | "closed";
  readonly change: () => Promise<void>;
}

/**
 * Keeps one ticket for each finding on a forge: opens it, replaces its text when that changes, closes it
 * when the finding is gone. A run that finds what the one before has found writes nothing. Of two that
 * runs side by side have opened for the same finding, the older one stays.
 *
 * @param wanted What there is, worst first.
 * @param project Only tickets of this project are touched.
 * @param isGone Whether the stack was looked at again by all that have found something there: only then
 *   what they no longer tell is gone.
 * @param tell Told before each write how far it is: the forge's pauses make many of them take minutes.
 */
export async function keepTickets(
  store: TicketStore,
  wanted: readonly WantedTicket[],
  project: string,
  isGone: (stack: string, foundBy: readonly string[]) => boolean,
  tell: (written: number, of: number) => void = () => undefined,
): Promise<KeptTickets> {
  const byKey = new Map<string, StoredTicket[]>();
  for (const ticket of await store.list()) {
    if (ticket.project === project) {
      byKey.set(ticket.key, [...(byKey.get(ticket.key) ?? []), ticket]);
    }
  }
  const writes: TicketWrite[] = [];
  for (const [first, ...others] of byKey.values()) {
    for (const other of others.filter(({ status }) => status === "open")) {
      writes.push({ kind: "closed", change: () => store.close(other, first) });
    }
  }
  let declined = 0;
  const keys = new Set<string>();
  for (const ticket of wanted) {
    const [there] = byKey.get(ticket.key) ?? [];
    keys.add(ticket.key);
    if (there === undefined) {
      writes.push({ kind: "opened", change: () => store.create(ticket) });
    } else if (there.status === "declined") {
      declined += 1;
    } else if (there.status === "closed" || there.digest !== digestOfTicket(ticket)) {
      writes.push({ kind: "updated", change: () => store.rewrite(there, ticket) });
    }
  }
  for (const [key, [there]] of byKey) {
    if (there?.status === "open" && !keys.has(key) && isGone(there.stack, there.foundBy)) {
      writes.push({ kind: "closed", change: () => store.close(there) });
    }
  }
  let fresh = 0;
  const due = writes
    .filter(({ kind }) => kind !== "opened" || ++fresh <= mostNewTickets)
    .slice(0, mostWrites);
  const kept = { opened: 0, updated: 0, closed: 0, declined, left: writes.length - due.length };
  for (const [at, { kind, change }] of due.entries()) {
    tell(at, due.length);
    await change();
    kept[kind] += 1;
  }
  return kept;
}
