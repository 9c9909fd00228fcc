import { faultKinds as rotationKinds } from "../faultedRotations/faultKinds";
import { faultKinds } from "./faults";

/** What became of one case. */
export interface CaseLine {
  readonly operation: string;
  readonly request?: string;
  readonly occurrence?: number;
  readonly kind: string;
  readonly runs: number;
  readonly struck: boolean;
  readonly faults: readonly string[];
}

/** What became of one rotation with a fault. */
export interface RotationLine {
  /** The phase that the fault struck. */
  readonly segment: string;
  readonly kind: string;
  readonly faults: readonly string[];
}

/** One table: a row for each title, a column for each kind of fault. */
function table<Line extends Pick<CaseLine, "kind" | "faults">>(
  heading: string,
  lines: readonly Line[],
  kinds: readonly string[],
  titleOf: (line: Line) => string,
): string[] {
  const cell = (chosen: readonly Line[]) => {
    const bad = chosen.filter(({ faults }) => faults.length > 0).length;
    return chosen.length === 0
      ? "–"
      : bad === 0
        ? `${chosen.length}`
        : `${chosen.length}, ${bad} bad`;
  };
  const row = (title: string, chosen: readonly Line[]) => [
    title,
    ...kinds.map((kind) => cell(chosen.filter((one) => one.kind === kind))),
    cell(chosen),
  ];
  const rows = [
    [heading, ...kinds, "All"],
    ["---", ...kinds.map(() => "--:"), "--:"],
    ...[...new Set(lines.map(titleOf))].map((title) =>
      row(
        title,
        lines.filter((line) => titleOf(line) === title),
      ),
    ),
    row("All", lines),
  ];
  return rows.map((cells) => `| ${cells.join(" | ")} |`);
}

/** The page of the figures. */
export function figuresPage(
  cases: readonly CaseLine[],
  rotations: readonly RotationLine[] = [],
): string {
  const bad = (lines: readonly Pick<CaseLine, "faults">[]) =>
    lines.filter(({ faults }) => faults.length > 0).length;
  const first = cases.filter(({ runs }) => runs === 1).length;
  return [
    "# Faults",
    "",
    "One operation on a stack, with one fault at one of its requests, and the same operation again until it ends well, at most twice. A case is bad if it does not end well, if something is left in the tenant that no sentence has named, if a preview still has changes, if operations are pending in the state, or if at any request the application holds more rights than before and after, or no valid certificate where it is to have one all along. The simulated tenant answers; the engine is the real one, the plugins are the stand-ins.",
    "",
    ...table("Operation", cases, faultKinds, ({ operation }) => operation),
    "",
    `${cases.length} cases, ${bad(cases)} bad. In ${cases.filter(({ struck }) => struck).length} the fault struck; most of the others are of lag, which strikes only what was just made. ${first} ended well in the first run already.`,
    ...(rotations.length === 0
      ? []
      : [
          "",
          "`apponly rotate`, with one fault at one of the requests of a phase, and again until it is complete. A rotation is bad if it is not complete after four runs, if a run without a fault fails, if more than the new certificate is left, or if at any request a pipeline has no valid certificate:",
          "",
          ...table("Phase", rotations, rotationKinds, ({ segment }) => segment),
          "",
          `${rotations.length} rotations, ${bad(rotations)} bad.`,
        ]),
    "",
    "Run them: `npm run faults`. It takes more than an hour.",
    "",
  ].join("\n");
}
