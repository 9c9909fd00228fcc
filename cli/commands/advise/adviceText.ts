import type {
  Advice,
  EstimateAdvice,
  SignedInAdvice,
  SnapshotAdvice,
} from "../../../exchange/advice/advise";
import type { CmdletNeed } from "../../../exchange/advice/needs";
import type { ScriptReading } from "../../../exchange/scripts/readScript";

const grades: Readonly<Record<Advice["grade"], string>> = {
  "signed-in": "Exact: compared with what the application's own token may run now.",
  snapshot: "Exact for the tenant of the snapshot, at the time it was taken.",
  estimate:
    "An estimate without a tenant: nobody publishes which role holds which cmdlet. Take a snapshot for an exact answer: apponly advise --take-snapshot FILE --stack NAME",
};

/** Advice for people. It names its grade, and what it could not see. */
export function adviceText(advice: Advice, reading: ScriptReading): string {
  const blocks = [
    [grades[advice.grade]],
    titledLines(
      "Fails app-only, whatever the roles are",
      advice.broken.map(({ need, why }) => `${withLines(need)} ${why}`),
    ),
    ...adviceBlocks(advice),
    titledLines("Could not be seen through: there may be more", [
      ...reading.blindSpots.map(({ file, line, what }) => `${file}:${line} ${what}`),
      ...reading.uses
        .filter(({ grade }) => grade === "possible")
        .map(({ file, line, cmdlet, why }) => `${file}:${line} ${cmdlet}: ${why ?? "possible"}`),
    ]),
    [
      advice.sawEverything
        ? `${advice.needs.length} cmdlets; every line could be read.`
        : `${advice.needs.length} cmdlets were seen. Record a run for the rest: apponly record -- pwsh SCRIPT`,
    ],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function adviceBlocks(advice: Advice): string[][] {
  switch (advice.grade) {
    case "signed-in":
      return signedInText(advice);
    case "snapshot":
      return fromSnapshot(advice);
    case "estimate":
      return estimatedBlocks(advice);
  }
}

function signedInText({ failing, surplus }: SignedInAdvice): string[][] {
  return [
    failing.length === 0
      ? ["The application may run every cmdlet that was seen."]
      : titledLines(
          "Will fail",
          failing.map(({ need, why }) => `${withLines(need)} ${why}`),
        ),
    ...Object.entries(surplus).map(([workload, names]) =>
      titledLines(
        `May be run in ${workload} and no script runs it (${names.length})`,
        names.length > 12 ? [`${names.slice(0, 12).join(", ")}, …`] : names,
      ),
    ),
  ];
}

function fromSnapshot(advice: SnapshotAdvice): string[][] {
  return [
    titledLines(
      "The least roles",
      advice.roles.map(
        ({ role, cmdlets }) => `${role}: ${cmdlets.map(({ cmdlet }) => cmdlet).join(", ")}`,
      ),
    ),
    titledLines("No role of the snapshot holds", advice.uncovered.map(withLines)),
    advice.roleGroup === undefined
      ? []
      : [
          `A built-in role group that holds all of it: ${advice.roleGroup}${advice.directoryRoles.length === 0 ? "" : `, as does the directory role ${advice.directoryRoles.join(" or ")}`}. It holds more than is needed.`,
        ],
    advice.roles.length === 0
      ? []
      : [
          "Configuration to paste into the stack's settings. Choose the recipients, or remove recipientFilter:",
          advice.configuration.trimEnd(),
        ],
  ];
}

function estimatedBlocks({ known, unknown }: EstimateAdvice): string[][] {
  return [
    titledLines(
      "Probably enough",
      known.map(
        ({ need, directoryRole, by }) =>
          `${need.cmdlet}: ${directoryRole} (${by === "rule" ? "it only reads" : "others use it so"})`,
      ),
    ),
    titledLines("Unknown", unknown.map(withLines)),
  ];
}

function titledLines(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function withLines({ cmdlet, uses }: CmdletNeed): string {
  const places = uses.map(({ file, line }) => `${file}:${line}`);
  const shown = places.length > 4 ? [...places.slice(0, 4), "…"] : places;
  return `${cmdlet} (${shown.join(", ")})`;
}
