import { createColors } from "picocolors";
import type { ReaderAssessment } from "../../../microsoft/deployer/assessReader";

/** What `apponly doctor --reader --format json` prints about a reader. */
export function readerDocument({ reader, needs, excess, ok }: ReaderAssessment) {
  return {
    ok,
    kind: reader.kind,
    tenantId: reader.tenantId,
    applicationId: reader.applicationId,
    needs: needs.map(({ permission, state, reason, commands }) => ({
      permission,
      state,
      reason,
      commands,
    })),
    excess,
  };
}

/** The same for people. */
export function describeReader(assessment: ReaderAssessment, colour = false): string {
  const paint = createColors(colour);
  const { reader, needs, excess, ok } = assessment;
  const marks = {
    granted: paint.green("✓"),
    covered: paint.green("✓"),
    missing: paint.red("✗"),
    unknown: paint.yellow("?"),
  };
  const pad = (text: string) => text.padEnd(34);
  return [
    "",
    `Reader: ${reader.kind} ${reader.kind === "user" ? reader.objectId : reader.applicationId}, tenant ${reader.tenantId}`,
    "",
    ...needs.map(
      ({ permission, state, reason, commands }) =>
        `${marks[state]} ${pad(permission)} ${state === "missing" ? "missing: " : ""}${reason} (${commands.join(", ")})`,
    ),
    ...excess.map(
      (name) => `${paint.yellow("!")} ${pad(name)} in excess: reading does not take it`,
    ),
    `${paint.dim("·")} ${pad("Exchange.ManageAsApp, Global Reader")} role groups, which only cmdlets tell; of both workloads`,
    "",
    ok
      ? "Nothing that is read with Microsoft Graph is known to be missing."
      : "What is missing would be said and not read. Grant it in Microsoft Graph, and sign in again.",
    "",
  ].join("\n");
}
