import { compareRisk } from "../review/model";
import type { FleetReport } from "./report/documentShape";
import type { CertificateRow, FindingRow } from "./report/model";
import { findingKey } from "./record";

/** What a ticket is about. */
export interface Ticket {
  /** The same in every run, so that a ticket is found again. */
  readonly key: string;
  readonly status: "open" | "closed";
  readonly stack: string;
  readonly tenant: string;
  readonly risk: string;
  readonly subject: string;
  readonly text: string;
}

/** What somebody has to act on in a tenant. */
export type TicketRow = Omit<FindingRow, "kind">;

/**
 * What is worth a ticket, worst first: findings, and active certificates that end within 30 days. What is
 * said of one stays the same from day to day.
 */
export function ticketRows({ findings, certificates }: FleetReport): TicketRow[] {
  return [
    ...findings.filter(({ risk }) => risk !== "info"),
    ...certificates.flatMap((row) => (row.active ? expiryRow(row) : [])),
  ].sort((a, b) => compareRisk(a.risk, b.risk));
}

function expiryRow(certificate: CertificateRow): TicketRow[] {
  const { stack, tenant, application, generation, thumbprint, notAfter, band } = certificate;
  if (band !== "expired" && band !== "in 7 days" && band !== "in 30 days") {
    return [];
  }
  const subject = `certificate ${generation}`;
  return [
    {
      stack,
      tenant,
      risk: band === "in 30 days" ? "medium" : "high",
      subject,
      target: application,
      text: `The certificate ${thumbprint} ${band === "expired" ? "has expired" : "expires"}: ${notAfter}.`,
      remedy: `apponly rotate --stack ${stack}`,
      key: findingKey(stack, { kind: "other", subject, target: thumbprint }),
      foundBy: ["certificates"],
    },
  ];
}

/**
 * Tells whether a tenant was looked at in this run by all of some commands, so that what they have found
 * before and do not tell now is gone.
 */
export function lookedAgainIn({
  tenants,
}: FleetReport): (stack: string, foundBy: readonly string[]) => boolean {
  const commands = new Map(tenants.map(({ stack, lookedBy }) => [stack, new Set(lookedBy)]));
  return (stack, foundBy) =>
    foundBy.length > 0 && foundBy.every((command) => commands.get(stack)?.has(command));
}

/**
 * One ticket for each tenant and finding: those of this run are open, and those of the run before
 * that are gone are closed, unless their tenant could not be looked at.
 *
 * @param before Report of the run before.
 */
export function ticketsOf(report: FleetReport, before?: FleetReport): Ticket[] {
  const ticket = (row: TicketRow, status: Ticket["status"]): Ticket => {
    const { key, stack, tenant, risk, subject, text } = row;
    return { key, status, stack, tenant, risk, subject, text };
  };
  const rows = ticketRows(report);
  const now = new Set(rows.map(({ key }) => key));
  const lookedAgain = lookedAgainIn(report);
  return [
    ...rows.map((row) => ticket(row, "open")),
    ...(before === undefined ? [] : ticketRows(before))
      .filter(({ key, stack, foundBy }) => !now.has(key) && lookedAgain(stack, foundBy))
      .map((row) => ticket(row, "closed")),
  ];
}
