import { createHash } from "node:crypto";
import type { Acceptance, GateVerdict } from "./gate";

/** What was written by somebody who may accept a change. */
export type Statement = Omit<Acceptance, "fingerprint"> & { readonly text: string };

/**
 * The line by which somebody accepts what trips a gate, and nothing else: it names a fingerprint of
 * each change, each violated policy and the content of each file of code. What is changed afterwards
 * has another one, whoever pushes it; a later commit that changes none of it keeps it.
 *
 * @param head Commit under review: a file whose content is not known is accepted only there.
 * @example acceptanceLine(verdict, head) // "apponly accept 3f9c…", 40 digits
 */
export function acceptanceLine(verdict: GateVerdict, head: string): string {
  return `apponly accept ${fingerprintOf(verdict, head)}`;
}

/**
 * A verdict with what people have accepted. Only what was seen as a whole can be.
 *
 * @param head Commit under review.
 * @param statements In any order; the first that names what trips the gate counts.
 */
export function withAcceptance(
  verdict: GateVerdict,
  head: string,
  statements: readonly Statement[],
): GateVerdict {
  if (!isAcceptable(verdict)) {
    return verdict;
  }
  const fingerprint = fingerprintOf(verdict, head);
  const found = statements.find(({ text }) =>
    text.split(/\r\n|\n|\r/).some((line) => ownLine.exec(line)?.[1] === fingerprint),
  );
  if (found === undefined) {
    return verdict;
  }
  const { by, at, commit } = found;
  const acceptance = { by, at, ...(commit === undefined ? {} : { commit }), fingerprint };
  return { ...verdict, kind: "accepted", acceptance };
}

/** Whether there is something to be accepted: what nobody has seen is not. */
export function isAcceptable({ kind, unseen }: GateVerdict): boolean {
  return kind === "tripped" && unseen.length === 0;
}

/** A line of its own, as it is or as code; a quotation is none. */
const ownLine = /^\s*`{0,3}\s*apponly accept ([0-9a-f]{40})\s*`{0,3}\s*$/;

/**
 * A hundred and sixty bits of SHA-256: who chooses both of two changes cannot make them meet. How a
 * risk is explained is not part of it, so that another version of the words keeps what was accepted.
 */
function fingerprintOf({ by, code }: GateVerdict, head: string): string {
  const trips = by.map(({ stack, cause }) => {
    if ("policy" in cause) {
      const { policy, severity, enforcementLevel, resource, message } = cause;
      return JSON.stringify([stack, policy, severity, enforcementLevel, resource, message]);
    }
    const { kind, action, subject, target, resource, before, after, risk } = cause;
    const sides = [before, after].map((side) => side ?? null);
    return JSON.stringify([stack, kind, action, subject, target ?? null, resource, sides, risk]);
  });
  const files = code.map(({ path, kind, content }) =>
    JSON.stringify([path, kind, content ?? head]),
  );
  const whole = JSON.stringify([trips.sort(), files.sort()]);
  return createHash("sha256").update(whole).digest("hex").slice(0, 40);
}
