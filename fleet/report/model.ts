import { compareRisk, type Risk } from "../../review/model";
import { countRisks } from "../../review/render/wording";
import { daysUntil } from "../../system/durations";
import { type Band, bands, type FleetReport } from "./documentShape";
import type { Gathered, GatheredStack } from "../gather";
import { findingKey } from "../record";
import { compareText } from "../../system/compareText";

/** Where something stands. */
export type Place = Pick<TenantRow, "stack" | "tenant">;

/** One tenant in a line. */
type TenantRow = FleetReport["tenants"][number];

/** A generation of some tenant. */
export type CertificateRow = FleetReport["certificates"][number];

/** What some applications may do, and how many tenants have it. */
type AccessRow = FleetReport["access"][number];

/** A finding in some tenant. */
export type FindingRow = FleetReport["findings"][number];

/** An exception of some tenant. */
type ExceptionRow = FleetReport["exceptions"][number];

/** Makes the report of what was gathered. Pure. */
export function fleetReport({ stacks, notes }: Gathered, now: Date): FleetReport {
  const certificates = stacks.flatMap((one) => certificateRows(one, now));
  return {
    version: 1,
    generated: now.toISOString(),
    tenants: stacks.map(tenantRow(certificates)),
    certificates: certificates.sort((a, b) => compareText(a.notAfter, b.notAfter)),
    ...accessRows(stacks),
    findings: stacks
      .flatMap((one) =>
        one.findings.map((finding) => ({
          ...placeOf(one),
          ...finding,
          key: findingKey(one.stack, finding),
        })),
      )
      .sort((a, b) => compareRisk(a.risk, b.risk)),
    exceptions: stacks
      .flatMap((one) => exceptionRows(one, now))
      .sort((a, b) => compareText(a.until, b.until)),
    notes,
  };
}

/** Tenants that failed, of which one without a record is one. */
export function failedTenants({ tenants }: FleetReport): readonly TenantRow[] {
  return tenants.filter(({ state }) => state === "failed");
}

/** What the first line of every form says. */
export function summaryOfReport(report: FleetReport): {
  readonly tenants: number;
  readonly failed: number;
  readonly risks: Readonly<Record<Risk, number>>;
  readonly certificates: Readonly<Record<Band, number>>;
  readonly outliers: number;
} {
  return {
    tenants: report.tenants.length,
    failed: failedTenants(report).length,
    risks: countRisks(report.findings),
    certificates: countBands(report.certificates.filter(({ active }) => active)),
    outliers: report.outliers.length,
  };
}

function countBands(rows: readonly { readonly band: Band }[]): Record<Band, number> {
  const counts = Object.fromEntries(bands.map((band) => [band, 0])) as Record<Band, number>;
  for (const { band } of rows) {
    counts[band] += 1;
  }
  return counts;
}

function placeOf({ stack, tenant }: GatheredStack): Place {
  return { stack, tenant };
}

function tenantRow(certificates: readonly CertificateRow[]): (one: GatheredStack) => TenantRow {
  const soonest = new Map<string, number>();
  for (const { stack, active, daysLeft } of certificates) {
    if (active) {
      soonest.set(stack, Math.min(soonest.get(stack) ?? Infinity, daysLeft));
    }
  }
  return (one) => {
    const daysLeft = soonest.get(one.stack);
    return {
      ...placeOf(one),
      state: one.failures.length > 0 ? "failed" : "looked at",
      failures: one.failures,
      findings: one.findings.length,
      lookedBy: one.lookedBy,
      ...(one.worst === undefined ? {} : { worst: one.worst }),
      ...(daysLeft === undefined ? {} : { daysLeft }),
      ...(one.ended === undefined ? {} : { ended: one.ended }),
    };
  };
}

function certificateRows(one: GatheredStack, now: Date): CertificateRow[] {
  return (one.certificates ?? []).map((certificate) => {
    const daysLeft = daysUntil(certificate.notAfter, now);
    return { ...placeOf(one), ...certificate, daysLeft, band: bandOf(daysLeft) };
  });
}

function exceptionRows(one: GatheredStack, now: Date): ExceptionRow[] {
  return (one.exceptions ?? []).map((exception) => {
    // It holds until the end of its last day.
    const daysLeft = daysUntil(`${exception.until}T23:59:59Z`, now);
    return { ...placeOf(one), ...exception, daysLeft, band: bandOf(daysLeft) };
  });
}

function bandOf(daysLeft: number): Band {
  const limits = [0, 7, 30, 60];
  const index = limits.findIndex((limit) => daysLeft < limit);
  return bands[index === -1 ? limits.length : index] ?? "later";
}

function accessRows(stacks: readonly GatheredStack[]): Pick<FleetReport, "access" | "outliers"> {
  const known = stacks.filter(({ access }) => access !== undefined);
  const rows = new Map<string, { row: Omit<AccessRow, "tenants" | "common">; tenants: number }>();
  const looked = known.map((one) => {
    const entries = new Map((one.access ?? []).map((entry) => [accessText(entry), entry]));
    for (const [text, { kind, name, scope }] of entries) {
      const found = rows.get(text) ?? {
        row: { kind, name, ...(scope === undefined ? {} : { scope }) },
        tenants: 0,
      };
      rows.set(text, { ...found, tenants: found.tenants + 1 });
    }
    return { one, texts: new Set(entries.keys()) };
  });
  // Of a whole tenant more is known than of a stack: each is compared with its like.
  const groups = [true, false]
    .map((isWhole) => looked.filter(({ one }) => one.isWholeTenant === isWhole))
    .sort((a, b) => b.length - a.length)
    .map((own) => ({ own, template: templateOf(own.map(({ texts }) => texts)) }));
  const common = new Set(groups[0]?.template);
  return {
    access: [...rows]
      .map(([text, { row, tenants }]) => ({ ...row, tenants, common: common.has(text) }))
      .sort((a, b) => b.tenants - a.tenants || compareText(a.name, b.name)),
    outliers: groups
      .flatMap(({ own, template }) =>
        own.flatMap(({ one, texts }) => {
          const extra = [...texts].filter((text) => !template.has(text));
          const missing = [...template].filter((text) => !texts.has(text));
          return extra.length + missing.length === 0
            ? []
            : [{ ...placeOf(one), extra: extra.sort(), missing: missing.sort() }];
        }),
      )
      .sort((a, b) => compareText(a.stack, b.stack)),
  };
}

/** What at least half of some tenants have. */
function templateOf(tenants: readonly ReadonlySet<string>[]): Set<string> {
  const counts = new Map<string, number>();
  for (const text of tenants.flatMap((texts) => [...texts])) {
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const common = [...counts].filter(([, count]) => count * 2 >= tenants.length);
  return new Set(common.map(([text]) => text));
}

/** Access without the application, whose name may differ in each tenant. */
function accessText({
  kind,
  name,
  scope,
}: {
  readonly kind: string;
  readonly name: string;
  readonly scope?: string | undefined;
}): string {
  return `${kind.replaceAll("-", " ")} ${name}${scope === undefined ? "" : ` in ${scope}`}`;
}
