import type { PermissionChange, PolicyViolation, StackReview } from "./documentShape";
import { compareRisk, type Risk } from "./model";

/** A change or a violated policy that a gate does not let through. */
export interface Trip {
  readonly stack: string;
  readonly cause: PermissionChange | PolicyViolation;
}

/** A stack that nobody has seen as a whole, and why. */
export interface Unseen {
  readonly stack: string;
  readonly why: string;
}

/** A file of which a preview shows nothing: what it does is not known. */
export interface ChangedCode {
  readonly path: string;
  /** What it is, in words. */
  readonly kind: string;
  /** What changes, in our own words, as the end of a sentence. */
  readonly detail?: string;
  /** What it holds, by git's id or as a word, where that is known. */
  readonly content?: string;
}

/** By whom, when and at which commit something was accepted. */
export interface Acceptance {
  readonly by: string;
  /** Instant, ISO 8601. */
  readonly at: string;
  /** Commit that was looked at, where it is known. */
  readonly commit?: string;
  /** Of what was accepted. */
  readonly fingerprint: string;
}

/** What a gate says of reviews. */
export interface GateVerdict {
  /**
   * `incomplete` where nothing that was seen trips it, and not everything was seen; `accepted` where
   * somebody who may has accepted what trips it.
   */
  readonly kind: "passed" | "tripped" | "incomplete" | "accepted";
  /** What trips it, by stack in the order given. */
  readonly by: readonly Trip[];
  readonly unseen: readonly Unseen[];
  /** Code that changes beside the settings: whatever the limit, it trips the gate. */
  readonly code: readonly ChangedCode[];
  /** Who has accepted what trips it. */
  readonly acceptance?: Acceptance;
}

/** Whether a change may go on. */
export function isOpen({ kind }: GateVerdict): boolean {
  return kind === "passed" || kind === "accepted";
}

/**
 * Whether a change may go on: not where there is a change at least as bad as `failOn`, or a
 * mandatory policy of that severity is violated, or code changes that may do anything, or a preview
 * was incomplete, because what nobody saw may be worse.
 *
 * @param notPreviewed Stacks of which there is no whole review.
 * @param code What else changes, of which no preview shows anything.
 * @example gate(reviews, "critical").kind // "tripped": exit with 3
 */
export function gate(
  reviews: readonly StackReview[],
  failOn: Risk,
  notPreviewed: readonly Unseen[] = [],
  code: readonly ChangedCode[] = [],
): GateVerdict {
  const stops = (risk: Risk) => compareRisk(risk, failOn) <= 0;
  const by = reviews.flatMap(({ stack, changes, violations }): Trip[] =>
    [
      ...changes.filter(({ risk }) => stops(risk)),
      ...violations.filter(
        ({ severity, enforcementLevel }) => enforcementLevel === "mandatory" && stops(severity),
      ),
    ].map((cause) => ({ stack, cause })),
  );
  const unseen = [
    ...notPreviewed,
    ...reviews
      .filter(
        ({ stack, complete }) => !complete && !notPreviewed.some((one) => one.stack === stack),
      )
      .map(({ stack, warnings }) => ({ stack, why: warnings[0] ?? "The preview is not whole." })),
  ];
  const clear = unseen.length === 0 ? "passed" : "incomplete";
  return { kind: by.length + code.length > 0 ? "tripped" : clear, by, unseen, code };
}
