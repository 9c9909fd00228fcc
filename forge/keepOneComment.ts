import { compareRuns, runOfComment, withMarker } from "./marker";
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
}

/** A report to be kept on a pull request. */
export interface Report {
  readonly run: ReviewRun;
  /** Markdown, without the marker. */
  readonly text: string;
  /** Whether somebody has to act on it; a forge with threads keeps it open then. */
  readonly attention: boolean;
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

/**
 * Keeps exactly one comment on a pull request, with the newest report.
 *
 * Forges have no conditional writes for comments. So each write is followed by another look, until
 * what is there is as it should be: two runs that both created a comment both see two of them, agree
 * that the oldest stays and that the newest report goes into it, and delete the others. Nothing is
 * written for a commit that is no longer the tip.
 */
export async function keepOneComment(store: CommentStore, report: Report): Promise<KeptComment> {
  const body = withMarker(report.run, report.text);
  let written: "created" | "updated" | undefined;
  let last: StoredComment | undefined;
  for (let round = 0; round < mostCommentRounds; round += 1) {
    const found = await store.list();
    // A list may lag behind a write; without this a comment could be created twice.
    const own = found.length === 0 && last !== undefined ? [last] : found;
    const [first, ...others] = own;
    if (first === undefined) {
      if (report.createIfMissing === false) {
        return { outcome: "none" };
      }
      if ((await store.currentHead()) !== report.run.head) {
        return { outcome: "outdated" };
      }
      last = await store.create(body, report.attention);
      written = "created";
      continue;
    }
    const newest = newestOf(own);
    const mine = isNewer(report.run, newest.body);
    const wanted = mine ? body : newest.body;
    let changed = false;
    if (!sameText(first.body, wanted)) {
      if (mine && (await store.currentHead()) !== report.run.head) {
        return { outcome: "outdated", ...urlOf(first) };
      }
      last = await store.update(first.id, wanted, mine ? report.attention : undefined);
      written = mine ? (written ?? "updated") : written;
      changed = true;
    }
    for (const { id } of others) {
      await store.remove(id);
      changed = true;
    }
    if (!changed) {
      return { outcome: mine ? (written ?? "updated") : "outdated", ...urlOf(first) };
    }
  }
  return { outcome: written ?? "outdated", ...urlOf(last) };
}

function newestOf(own: readonly StoredComment[]): StoredComment {
  return own.reduce((newest, one) => (isNewer(runOfComment(one.body), newest.body) ? one : newest));
}

/** Whether a run is at least as new as the one that wrote a comment. */
function isNewer(run: ReviewRun | undefined, body: string): boolean {
  const other = runOfComment(body);
  return run !== undefined && (other === undefined || compareRuns(run, other) >= 0);
}

/** Forges may change line ends and blanks at the end. */
function sameText(a: string, b: string): boolean {
  return normalised(a) === normalised(b);
}

function normalised(text: string): string {
  return text.replace(/\r\n/g, "\n").trimEnd();
}

function urlOf(comment: StoredComment | undefined): { url?: string } {
  return comment?.url === undefined ? {} : { url: comment.url };
}
