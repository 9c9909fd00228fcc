import { gatherRecords } from "../../../fleet/gather";
import { type RecordedFinding, recordLine, type StackRecord } from "../../../fleet/record";
import { fleetReport } from "../../../fleet/report/model";

/** The instant at which the tests of reports take place. */
export const reportDay = new Date("2026-11-25T08:00:00Z");

/** An instant some days after {@link reportDay}. */
export function dateInDays(days: number): string {
  return new Date(reportDay.getTime() + days * 86_400_000).toISOString();
}

/** A record with the parts that a test does not care about filled in. */
export function recordWith(changes: Partial<StackRecord> = {}): StackRecord {
  const stack = changes.stack ?? "contoso";
  return {
    version: 1,
    run: "run-1",
    command: "report",
    stack,
    tenant: `${stack}.onmicrosoft.com`,
    started: "2026-11-25T04:00:00Z",
    ended: "2026-11-25T04:00:02Z",
    result: "succeeded",
    exitCode: 0,
    certificates: [
      {
        application: "ExO PowerShell CBA",
        generation: "2026-11",
        thumbprint: "A".repeat(40),
        notAfter: dateInDays(200),
        active: true,
      },
    ],
    access: [
      { application: "ExO PowerShell CBA", kind: "permission", name: "Exchange.ManageAsApp" },
      { application: "ExO PowerShell CBA", kind: "directory-role", name: "Exchange Administrator" },
    ],
    exceptions: [],
    findings: [],
    ...changes,
  };
}

/** The report on what some records say, on {@link reportDay}. */
export function reportOf(...records: readonly StackRecord[]) {
  const text = records.map(recordLine).join("");
  const expected = records.map(({ stack }) => stack);
  return fleetReport(gatherRecords([{ name: "a", text }], expected), reportDay);
}

/** A finding with the parts that a test does not care about filled in. */
export function findingWith(changes: Partial<RecordedFinding> = {}): RecordedFinding {
  return {
    kind: "drift",
    risk: "high",
    subject: "certificate 1234",
    target: "ExO PowerShell CBA",
    text: "Somebody added a certificate.",
    ...changes,
  };
}

/** Records of many tenants in which everything that a report shows occurs. */
export function manyRecords(count: number): StackRecord[] {
  return Array.from({ length: count }, (_, at) => {
    const stack = `tenant${String(at + 1).padStart(4, "0")}`;
    const base = recordWith({ stack });
    const [certificate] = base.certificates ?? [];
    return {
      ...base,
      certificates:
        certificate === undefined
          ? []
          : [{ ...certificate, notAfter: dateInDays(((at * 7) % 400) - 5) }],
      access: [
        ...(base.access ?? []),
        ...(at % 50 === 7
          ? [
              {
                application: "Old job",
                kind: "directory-role",
                name: "Global Administrator",
              } as const,
            ]
          : []),
      ],
      findings: [
        ...(at % 9 === 0
          ? [findingWith({ who: "admin@example.com", when: "2026-11-24T10:00:00Z" })]
          : []),
        ...(at % 13 === 0
          ? [
              findingWith({
                kind: "unused",
                risk: "medium",
                subject: "ExO PowerShell CBA",
                text: "No sign-in for 90 days.",
              }),
            ]
          : []),
        ...(at % 50 === 7
          ? [
              findingWith({
                kind: "access",
                risk: "critical",
                subject: "Global Administrator",
                text: "Controls the whole tenant.",
              }),
            ]
          : []),
      ],
      exceptions:
        at % 40 === 3
          ? [
              {
                subject: "Global Administrator",
                until: dateInDays(at % 60).slice(0, 10),
                reason: "mailbox migration",
              },
            ]
          : [],
      ...(at % 100 === 42
        ? {
            result: "failed" as const,
            exitCode: 4,
            failure: { class: "consent" as const, message: "The consent is missing." },
          }
        : {}),
    };
  });
}
