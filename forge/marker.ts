import { createHash } from "node:crypto";
import type { ReviewRun } from "./model";

/** What one run has to say in the comment, of all stacks or of those it was asked for. */
export interface CommentPart {
  readonly run: ReviewRun;
  /** Whether somebody has to act on it. */
  readonly attention: boolean;
  /** What it comes to, in some words of our own, for the table of several parts. */
  readonly says: string;
  /** Markdown. */
  readonly text: string;
}

/**
 * The line in front of each part of a comment of this program: hidden from readers, it tells a later
 * run which comment is its own, and which run wrote what. Text out of a stack cannot forge it: it is a
 * line of its own, and the renderers escape `<` or indent.
 */
const partMarker =
  /^<!-- apponly-review key=([\w.%]{1,300})(?: part=([\w.%]{1,300}))? head=([0-9a-f]{40,64}) run=(\d{1,19}) attempt=(\d{1,9})( attention)?(?: says=([\w.%]{1,300}))? -->$/;

/** The first line of a comment of several parts, in front of the table of them. */
const tableMarker = /^<!-- apponly-review key=([\w.%]{1,300}) parts -->$/;

/**
 * What tells the comments of several projects on one pull request apart.
 *
 * @param projectPath Folder of the project, relative to the repository; empty for its root.
 * @example commentKey("infra/access") // "infra%2Faccess"
 */
export function commentKey(projectPath: string): string {
  return boundedKey(projectPath === "" ? "." : encodedText(projectPath));
}

/**
 * What tells the parts of one project's review apart, as those of the jobs of a matrix.
 *
 * @param stacks The stacks that were asked for by name, in any order; none for all that are touched.
 */
export function partKey(stacks: readonly string[] = []): string {
  return boundedKey(encodedText([...new Set(stacks)].sort().join(" ")));
}

/** The stacks of a part in words. */
export function partName({ run: { part = "" } }: CommentPart): string {
  return part === "" ? "stacks that the change touches" : decodedKey(part);
}

/** What is too long is told apart by its digest. */
function boundedKey(key: string): string {
  return key.length <= 200
    ? key
    : `${key.slice(0, 100).replace(/%.?$/, "")}%20${createHash("sha256").update(key).digest("hex")}`;
}

/** A text as one word of a marker, whatever it holds. */
export function encodedText(text: string): string {
  return [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** Of whatever somebody has written into a comment: nothing in it is an error. */
export function decodedKey(text: string): string {
  const bytes = text.replace(/%([0-9A-F]{2})/g, (_all, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** A part with its marker in front. */
export function withMarker({ run, attention, says, text }: CommentPart): string {
  const words = [
    `key=${run.key}`,
    ...(run.part ? [`part=${run.part}`] : []),
    `head=${run.head} run=${run.run} attempt=${run.attempt}`,
    ...(attention ? ["attention"] : []),
    ...(says === "" ? [] : [`says=${encodedText(says)}`]),
  ];
  return `<!-- apponly-review ${words.join(" ")} -->\n${text}`;
}

/** Several parts under a table of them. */
export function withTable(key: string, table: string, parts: readonly CommentPart[]): string {
  return [`<!-- apponly-review key=${key} parts -->\n${table}\n`, ...parts.map(withMarker)].join(
    "\n",
  );
}

/** The last line that tells writes apart. */
export const stamp = /\n<!-- apponly-write [0-9a-f]{12} -->\s*$/;

/** Most characters that {@link withMarker} adds. */
export const markerSize = 1_100;

/** The key of a comment; nothing if it is not a comment of this program. */
export function keyOfComment(body: string): string | undefined {
  const [first = ""] = body.split(/\r?\n/, 1);
  return (partMarker.exec(first) ?? tableMarker.exec(first))?.[1];
}

/** What runs have written into a comment, in its order. */
export function partsOfComment(body: string): CommentPart[] {
  const parts: (Omit<CommentPart, "text"> & { readonly lines: string[] })[] = [];
  for (const line of keyOfComment(body) === undefined
    ? []
    : body.replace(stamp, "").split(/\r?\n/)) {
    const [, key, part, head, run, attempt, attention, says] = partMarker.exec(line) ?? [];
    if (key === undefined || head === undefined || run === undefined) {
      parts.at(-1)?.lines.push(line);
      continue;
    }
    parts.push({
      run: { key, ...(part === undefined ? {} : { part }), head, run, attempt: Number(attempt) },
      attention: attention !== undefined,
      says: decodedKey(says ?? ""),
      lines: [],
    });
  }
  return parts.map(({ lines, ...rest }) => ({ ...rest, text: lines.join("\n").trimEnd() }));
}

/** Positive when `a` is the newer run. */
export function compareRuns(a: ReviewRun, b: ReviewRun): number {
  const difference = BigInt(a.run) - BigInt(b.run);
  return difference === 0n ? a.attempt - b.attempt : difference > 0n ? 1 : -1;
}
