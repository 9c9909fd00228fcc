import { visibleText } from "../../system/visibleText";
import type { FleetReport } from "./documentShape";
import type { CertificateRow, FindingRow } from "./model";

/** A cell: text, or a number to be sorted as one. */
export type Cell = string | number;

/** How a column is shown, and chosen from. */
export interface Column {
  readonly title: string;
  /** A `choice` has few values, of which one can be chosen; a `level` is one that is coloured. */
  readonly kind: "text" | "number" | "choice" | "level";
}

/** One table of the report, the same in every form. */
export interface ReportTable {
  readonly id: string;
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly about: string;
  /** What stands in its place where it has no rows. */
  readonly none: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
}

const textColumn = (title: string): Column => ({ title, kind: "text" });
const numberCell = (title: string): Column => ({ title, kind: "number" });
const choiceColumn = (title: string): Column => ({ title, kind: "choice" });
const levelColumn = (title: string): Column => ({ title, kind: "level" });
const placeColumns = [textColumn("Tenant"), textColumn("Stack")];

/** All tables, what is urgent first. Whatever in a text cannot be seen is written out. */
export function reportTables(report: FleetReport): ReportTable[] {
  return tablesOf(report).map((table) => ({
    ...table,
    rows: table.rows.map((row) =>
      row.map((cell) => (typeof cell === "string" ? visibleText(cell) : cell)),
    ),
  }));
}

/** Why a tenant failed, each reason once with the commands that met it. */
function reasonsOfTenant(failures: FleetReport["tenants"][number]["failures"]) {
  const reasons = new Map<string, { class: string; message: string; commands: string[] }>();
  for (const { class: name, message, command } of failures) {
    const key = JSON.stringify([name, message]);
    const reason = reasons.get(key) ?? { class: name, message, commands: [] };
    reason.commands.push(...(command === undefined ? [] : [command]));
    reasons.set(key, reason);
  }
  return [...reasons.values()];
}

function tablesOf(report: FleetReport): ReportTable[] {
  const { tenants, certificates, access, outliers, findings, exceptions } = report;
  const findingsOfKind = (...kinds: readonly string[]) =>
    findings.filter(({ kind }) => kinds.includes(kind)).map(findingCells);
  return [
    {
      id: "failed",
      title: "Not looked at, or failed",
      about: "A tenant of which there is no record has failed.",
      none: "Every tenant was looked at.",
      columns: [
        ...placeColumns,
        choiceColumn("Why"),
        textColumn("Commands"),
        textColumn("Message"),
      ],
      rows: tenants.flatMap(({ tenant, stack, failures }) =>
        reasonsOfTenant(failures).map(({ commands, ...one }) => [
          tenant,
          stack,
          one.class,
          commands.join(", "),
          one.message,
        ]),
      ),
    },
    {
      id: "expiry",
      title: "Certificates by their end",
      about: "Every certificate of every tenant, the one that expires first on top.",
      none: "No record names a certificate.",
      columns: [
        ...placeColumns,
        textColumn("Application"),
        textColumn("Generation"),
        textColumn("Expires"),
        numberCell("Days left"),
        levelColumn("When"),
        choiceColumn("Active"),
        textColumn("Thumbprint"),
      ],
      rows: certificates.map(certificateCells),
    },
    {
      id: "drift",
      title: "Drift",
      about: "What was changed in a tenant besides its stack.",
      none: "No record names a drift.",
      columns: findingColumns,
      rows: findingsOfKind("drift"),
    },
    {
      id: "unused",
      title: "Unused access",
      about: "What nobody has signed in with for long.",
      none: "No record names unused access.",
      columns: findingColumns,
      rows: findingsOfKind("unused"),
    },
    {
      id: "findings",
      title: "Changes, policies and other findings",
      about: "What reviews and audits have found.",
      none: "No record names another finding.",
      columns: findingColumns,
      rows: findingsOfKind("change", "policy", "access", "other"),
    },
    {
      id: "outliers",
      title: "Tenants unlike the others",
      about: "Access beyond, or short of, what at least half of the tenants have.",
      none: "All tenants have the same access.",
      columns: [...placeColumns, textColumn("Has besides"), textColumn("Lacks")],
      rows: outliers.map(({ tenant, stack, extra, missing }) => [
        tenant,
        stack,
        extra.join("; "),
        missing.join("; "),
      ]),
    },
    {
      id: "access",
      title: "Who has what",
      about: "Each permission, role and federated credential, and how many tenants have it.",
      none: "No record names access.",
      columns: [
        choiceColumn("Kind"),
        textColumn("Name"),
        textColumn("Scope"),
        numberCell("Tenants"),
        choiceColumn("Of the common template"),
      ],
      rows: access.map(({ kind, name, scope, tenants: count, common }) => [
        kind,
        name,
        scope ?? "",
        count,
        common ? "yes" : "no",
      ]),
    },
    {
      id: "exceptions",
      title: "Exceptions by their end",
      about: "What a stack accepts for a time; afterwards its review and policies refuse it.",
      none: "No record names an exception.",
      columns: [
        ...placeColumns,
        textColumn("Subject"),
        textColumn("Until"),
        numberCell("Days left"),
        levelColumn("When"),
        textColumn("Reason"),
      ],
      rows: exceptions.map(({ tenant, stack, subject, until, daysLeft, band, reason }) => [
        tenant,
        stack,
        subject,
        until,
        daysLeft,
        band,
        reason ?? "",
      ]),
    },
    {
      id: "tenants",
      title: "All tenants",
      about: "One line for each.",
      none: "There is no tenant.",
      columns: [
        ...placeColumns,
        choiceColumn("State"),
        levelColumn("Worst finding"),
        numberCell("Findings"),
        numberCell("Days to first expiry"),
        textColumn("Looked at"),
      ],
      rows: tenants.map(({ tenant, stack, state, worst, findings: count, daysLeft, ended }) => [
        tenant,
        stack,
        state,
        worst ?? "",
        count,
        daysLeft ?? "",
        ended ?? "",
      ]),
    },
  ];
}

function certificateCells(row: CertificateRow): Cell[] {
  const { tenant, stack, application, generation, notAfter, daysLeft, band, active } = row;
  const day = notAfter.slice(0, 10);
  return [
    tenant,
    stack,
    application,
    generation,
    day,
    daysLeft,
    band,
    active ? "yes" : "no",
    row.thumbprint,
  ];
}

const findingColumns: readonly Column[] = [
  levelColumn("Risk"),
  ...placeColumns,
  choiceColumn("Kind"),
  textColumn("Subject"),
  textColumn("For"),
  textColumn("Finding"),
  textColumn("By"),
  textColumn("At"),
  textColumn("What to do"),
];

function findingCells(row: FindingRow): Cell[] {
  const { risk, tenant, stack, kind, subject, target, text: finding, who, when, remedy } = row;
  return [
    risk,
    tenant,
    stack,
    kind,
    subject,
    target ?? "",
    finding,
    who ?? "",
    when ?? "",
    remedy ?? "",
  ];
}
