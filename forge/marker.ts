import { createHash } from "node:crypto";
import type { ReviewRun } from "./model";

/**
 * The first line of every comment of this program: hidden from readers, it tells a later run which
 * comment is its own and which run wrote it. Text out of a stack cannot forge it: it stands at the
 * very beginning, and the renderers escape `<`.
 */
const marker =
  /^<!-- apponly-review key=([\w.%]{1,300}) head=([0-9a-f]{40,64}) run=(\d{1,19}) attempt=(\d{1,9}) -->\r?\n/;

/**
 * What tells the comments of several projects on one pull request apart, and those of parts of one
 * project's review, each of which has a comment of its own: the jobs of a matrix overwrite nothing.
 *
 * @param projectPath Folder of the project, relative to the repository; empty for its root.
 * @param stacks The stacks that were asked for by name, in any order; none for all that are touched.
 * @example commentKey("infra/access") // "infra%2Faccess"
 */
export function commentKey(projectPath: string, stacks: readonly string[] = []): string {
  const project = projectPath === "" ? "." : keyText(projectPath);
  const part = keyText([...new Set(stacks)].sort().join(" "));
  if (part === "") {
    return project.slice(0, 300);
  }
  const key = `${project}%00${part}`;
  // What is too long is told apart by its digest.
  return key.length <= 300
    ? key
    : `${key.slice(0, 230)}%00${createHash("sha256").update(key).digest("hex")}`;
}

function keyText(text: string): string {
  return [...Buffer.from(text, "utf8")]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[\w.]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}

/** Puts the marker of a run in front of a report. */
export function withMarker(run: ReviewRun, report: string): string {
  return `<!-- apponly-review key=${run.key} head=${run.head} run=${run.run} attempt=${run.attempt} -->\n${report}`;
}

/** Most characters that {@link withMarker} adds. */
export const markerSize = 480;

/** The run that wrote a comment; nothing if it is not a comment of this program. */
export function runOfComment(body: string): ReviewRun | undefined {
  const [, key, head, run, attempt] = marker.exec(body) ?? [];
  return key === undefined || head === undefined || run === undefined
    ? undefined
    : { key, head, run, attempt: Number(attempt) };
}

/** Positive when `a` is the newer run. */
export function compareRuns(a: ReviewRun, b: ReviewRun): number {
  const difference = BigInt(a.run) - BigInt(b.run);
  return difference === 0n ? a.attempt - b.attempt : difference > 0n ? 1 : -1;
}
