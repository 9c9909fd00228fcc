import type { GateVerdict, Trip } from "../gate";
import type { Risk } from "../model";
import { visibleText } from "../../system/visibleText";
import { kindTitles, namedSubjectOf } from "./wording";

/** Causes that are named; of more, the number. */
const mostNamed = 3;

/**
 * What a gate says, and what tripped it, in one line.
 *
 * @example gateInWords(verdict, "high") // "Gate: failed (--fail-on high): directory role Global Administrator is critical."
 */
export function gateInWords(verdict: GateVerdict, failOn: Risk): string {
  const named = [
    ...verdict.by.map(tripInWords),
    ...verdict.code.map(({ path, kind, detail = "" }) =>
      `${kind} ${visibleText(path)} changes ${detail}`.trimEnd(),
    ),
    ...verdict.unseen.map(
      ({ stack, why }) =>
        `${visibleText(stack)} was not seen as a whole: ${visibleText(why).replace(/\.$/, "")}`,
    ),
  ];
  const more = named.length - mostNamed;
  const causes = named.slice(0, mostNamed).join("; ") + (more > 0 ? `; and ${more} more` : "");
  if (verdict.acceptance !== undefined) {
    const { by, at } = verdict.acceptance;
    return `Gate: passed (--fail-on ${failOn}), accepted by ${visibleText(by)} on ${at}: ${causes}.`;
  }
  return verdict.kind === "passed"
    ? `Gate: passed (--fail-on ${failOn}).`
    : `Gate: failed (--fail-on ${failOn}): ${causes}.`;
}

function tripInWords({ cause }: Trip): string {
  return "risk" in cause
    ? `${kindTitles[cause.kind]} ${visibleText(namedSubjectOf(cause))} is ${cause.risk}`
    : `policy ${visibleText(cause.policy)} is violated, ${cause.severity}`;
}
