import { randomBytes } from "node:crypto";
import { pauseByClock } from "../system/retry";
import { bodyOf } from "./commentBody";
import { type CommentPart, compareRuns, partsOfComment, stamp, withMarker } from "./marker";
import type { ReviewRun } from "./model";

/** A comment of this program, as the forge has it. */
export interface StoredComment {
  readonly id: number;
  readonly body: string;
  /** Address for a person. */
  readonly url?: string;
}

/** The comments on a pull request that this program wrote, by marker and author. */
export interface CommentStore {
  /** Those with the key, oldest first, out of however many pages. */
  list(): Promise<readonly StoredComment[]>;
  create(body: string, attention: boolean): Promise<StoredComment>;
  /**
   * Replaces the text. Resolves to nothing if the comment is gone.
   *
   * @param attention Left out: whether somebody has to act stays as it is.
   */
  update(id: number, body: string, attention?: boolean): Promise<StoredComment | undefined>;
  /** Deletes; a comment that is gone already is not an error. */
  remove(id: number): Promise<void>;
  /** Commit that is at the tip of the pull request now. */
  currentHead(): Promise<string>;
  /** Waits longer than a write of another run takes that has looked already. */
  settle(): Promise<void>;
}

/** A report to be kept on a pull request. */
export interface Report extends CommentPart {
  /** Whether to write it also where there is no comment yet. @default true */
  readonly createIfMissing?: boolean;
}

/** How a report was kept. */
export interface KeptComment {
  /** `outdated`: there is a newer commit or a newer report, so nothing was written. */
  readonly outcome: "created" | "updated" | "outdated" | "none";
  readonly url?: string;
}

/** Rounds after which the comments are left as they are: another run then has the last word. */
const mostCommentRounds = 6;

/** The same where parts of a review are written side by side: each may have to wait for the others. */
const mostRoundsOfParts = 60;

/**
 * Keeps exactly one comment on a pull request, with the newest report of each part of the review.
 *
 * Forges have no conditional writes for comments. So each write is followed by another look, until
 * what is there is as it should be: two runs that both created a comment both see two of them, agree
 * that the oldest stays and on what goes into it, and delete the others. A run of a part looks again
 * after a while, longer than a write takes, until nothing has changed meanwhile: another part may have
 * looked before it wrote.
 * Nothing is written for a commit that is no longer the tip.
 */
export async function keepOneComment(store: CommentStore, report: Report): Promise<KeptComment> {
  const { run } = report;
  let written: "created" | "updated" | undefined;
  let last: StoredComment | undefined;
  let settled: string | undefined;
  for (
    let round = 0;
    round < (run.part === undefined ? mostCommentRounds : mostRoundsOfParts);
    round += 1
  ) {
    const found = await store.list();
    // A list may lag behind a write; without this a comment could be created twice.
    const own = found.length === 0 && last !== undefined ? [last] : found;
    const [first, ...others] = own;
    if (first === undefined) {
      if (report.createIfMissing === false) {
        return { outcome: "none" };
      }
      if ((await store.currentHead()) !== run.head) {
        return { outcome: "outdated" };
      }
      last = await store.create(stampedText(run, withMarker(report)), report.attention);
      written = "created";
      continue;
    }
    const there = newestOfEach(own.flatMap(({ body }) => partsOfComment(body)));
    const mine = isNewest(run, there);
    const parts = mine ? newestOfEach([report, ...there]) : there;
    const wanted = bodyOf(run.key, parts);
    let changed = false;
    if (!sameText(first.body, wanted)) {
      if (mine && (await store.currentHead()) !== run.head) {
        return { outcome: "outdated", ...urlOf(first) };
      }
      const attention = parts.some((part) => part.attention);
      last = await store.update(first.id, stampedText(run, wanted), mine ? attention : undefined);
      written = mine ? (written ?? "updated") : written;
      changed = true;
    }
    for (const { id } of others) {
      await store.remove(id);
      changed = true;
    }
    if (!changed && (run.part === undefined || settled === first.body)) {
      return { outcome: mine ? (written ?? "updated") : "outdated", ...urlOf(first) };
    }
    if (!changed) {
      settled = first.body;
      await store.settle();
    }
  }
  return { outcome: written ?? "outdated", ...urlOf(last) };
}

/**
 * Of each part the newest report, by name. Reports of another commit than the newest one's, and those
 * of some stacks that are older than one of all, say nothing any more.
 */
function newestOfEach(parts: readonly CommentPart[]): CommentPart[] {
  const byPart = new Map<string, CommentPart>();
  for (const part of parts) {
    const other = byPart.get(part.run.part ?? "");
    if (other === undefined || compareRuns(part.run, other.run) > 0) {
      byPart.set(part.run.part ?? "", part);
    }
  }
  const all = [...byPart.values()];
  const newest = all.reduce<ReviewRun | undefined>(
    (found, { run }) => (found === undefined || compareRuns(run, found) > 0 ? run : found),
    undefined,
  );
  const whole = byPart.get("");
  return all
    .filter(
      (part) =>
        part.run.head === newest?.head &&
        (part === whole || whole === undefined || compareRuns(part.run, whole.run) >= 0),
    )
    .sort((a, b) => ((a.run.part ?? "") < (b.run.part ?? "") ? -1 : 1));
}

/** Whether nothing newer is there: of its own part, of all stacks, or of a later commit. */
function isNewest(run: ReviewRun, parts: readonly CommentPart[]): boolean {
  return parts.every(({ run: other }) => {
    const concerns = [run.part, undefined].includes(other.part) || other.head !== run.head;
    return !concerns || compareRuns(run, other) >= 0;
  });
}

/**
 * Waits for five to eight seconds, so that parts that have waited for each other do not meet again.
 *
 * @param second Milliseconds of a second. @default 1000
 */
export async function settleFor(second = 1_000): Promise<void> {
  await pauseByClock((5 + 3 * Math.random()) * second);
}

/**
 * A text with a last, hidden line that no other write has: whoever finds the same text again knows that
 * nothing was written meanwhile, not even the same twice.
 */
function stampedText({ part }: ReviewRun, text: string): string {
  return part === undefined
    ? text
    : `${text.trimEnd()}\n<!-- apponly-write ${randomBytes(6).toString("hex")} -->`;
}

/** Whether two texts are the same but for the write. Forges may change line ends and blanks at the end. */
function sameText(a: string, b: string): boolean {
  return normalisedText(a) === normalisedText(b);
}

function normalisedText(text: string): string {
  return text.replace(/\r\n/g, "\n").replace(stamp, "").trimEnd();
}

function urlOf(comment: StoredComment | undefined): { url?: string } {
  return comment?.url === undefined ? {} : { url: comment.url };
}
