/**
 * How the time grows with the size of what is read: four times as much takes about four times as long.
 * Ratios of one run, so that they mean the same on every machine.
 */
import { parsePreviewText } from "../review/input/previewText";
import { review } from "../review/review";

const rounds = 5;
/** Twice what grows only with the size. */
const aim = 8;

/** Each takes a size, and reads or judges something of it. */
const workloads: Readonly<Record<string, { readonly size: number; run: (size: number) => void }>> =
  {
    "a preview's text of only braces, refused": {
      size: 25_000,
      run: (size) => {
        try {
          parsePreviewText("{\n".repeat(size));
        } catch {
          // It is refused; how long that takes is what counts.
        }
      },
    },
    "a preview of roles, reviewed": {
      size: 1_000,
      run: (size) => {
        review(parsePreviewText(previewOfRoles(size)));
      },
    },
  };

/** The measurement as lines of Markdown. */
export function growth(): Promise<string[]> {
  const rows = Object.entries(workloads).map(([name, { size, run }]) => {
    const [one, four] = [size, 4 * size].map((count) => fastest(() => run(count)));
    const ratio = (four ?? 0) / (one ?? 1);
    return `| ${name} | ${size.toLocaleString("en")} | ${one?.toFixed(0)} ms | ${ratio.toFixed(1)} |`;
  });
  return Promise.resolve([
    "## Growth with the size",
    "",
    `The fastest of ${rounds} rounds, and of four times the size against it (aim: at most ${aim}).`,
    "",
    "| what | size | duration | four times as much takes |",
    "|---|---|---|---|",
    ...rows,
    "",
  ]);
}

function fastest(run: () => void): number {
  const durations = Array.from({ length: rounds }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return Math.min(...durations);
}

function previewOfRoles(count: number): string {
  const type = "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment";
  const steps = Array.from({ length: count }, (_, at) => ({
    op: "create",
    urn: `urn:pulumi:dev::apponly::${type}::r${at}`,
    newState: {
      type,
      inputs: { principalObjectId: "p", roleId: "29232cdf-9323-42fd-ade2-1d097af3e4de" },
    },
  }));
  return JSON.stringify({ steps, changeSummary: { create: count } });
}
