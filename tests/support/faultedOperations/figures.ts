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

/** What became of the rotations with a fault. */
export interface RotationFigures {
  readonly cases: number;
  readonly bad: number;
}

/** The page of the figures: a row for each operation, a column for each kind of fault. */
export function figuresPage(cases: readonly CaseLine[], rotations?: RotationFigures): string {
  const operations = [...new Set(cases.map(({ operation }) => operation))];
  const cell = (chosen: readonly CaseLine[]) => {
    const bad = chosen.filter(({ faults }) => faults.length > 0).length;
    return chosen.length === 0
      ? "–"
      : bad === 0
        ? `${chosen.length}`
        : `${chosen.length}, ${bad} bad`;
  };
  const row = (title: string, chosen: readonly CaseLine[]) => [
    title,
    ...faultKinds.map((kind) => cell(chosen.filter((one) => one.kind === kind))),
    cell(chosen),
  ];
  const rows = [
    ["Operation", ...faultKinds, "All"],
    ["---", ...faultKinds.map(() => "--:"), "--:"],
    ...operations.map((name) =>
      row(
        name,
        cases.filter(({ operation }) => operation === name),
      ),
    ),
    row("All", cases),
  ];
  const first = cases.filter(({ runs }) => runs === 1).length;
  return [
    "# Faults",
    "",
    "One operation on a stack, with one fault at one of its requests, and the same operation again until it ends well, at most twice. A case is bad if it does not end well, if something is left in the tenant that no sentence has named, if a preview still has changes, if operations are pending in the state, or if at any request the application holds more rights than before and after, or no valid certificate where it is to have one all along. The simulated tenant answers; the engine is the real one, the plugins are the stand-ins.",
    "",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    `${cases.length} cases, ${cases.filter(({ faults }) => faults.length > 0).length} bad. In ${cases.filter(({ struck }) => struck).length} the fault struck. ${first} ended well in the first run already.`,
    ...(rotations === undefined
      ? []
      : [
          "",
          `\`apponly rotate\` with a fault at each request: ${rotations.cases} cases, ${rotations.bad} bad.`,
        ]),
    "",
    "Run them: `npm run faults`. It takes more than an hour.",
    "",
  ].join("\n");
}
