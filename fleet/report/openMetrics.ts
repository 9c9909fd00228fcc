import { risks } from "../../review/model";
import { visibleText } from "../../system/visibleText";
import { failureClasses, type RecordedFinding } from "../record";
import { countRisks } from "../../review/render/wording";
import type { FleetReport } from "./documentShape";
import type { Place } from "./model";

/** A measured value with what tells it from the others. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/**
 * The report for a monitoring system that reads OpenMetrics, Prometheus for example, which alerts
 * by it and keeps the history.
 *
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function renderOpenMetrics(report: FleetReport): string {
  const byStack = new Map<string, RecordedFinding[]>();
  for (const finding of report.findings) {
    byStack.set(finding.stack, [...(byStack.get(finding.stack) ?? []), finding]);
  }
  return [
    ...metricLines(
      "apponly_certificate_not_after_timestamp_seconds",
      "Last instant of validity of a certificate.",
      report.certificates.map((one) => [
        {
          ...placeLabels(one),
          application: one.application,
          generation: one.generation,
          thumbprint: one.thumbprint,
          active: String(one.active),
        },
        Date.parse(one.notAfter) / 1000,
      ]),
      "seconds",
    ),
    ...metricLines(
      "apponly_exception_until_timestamp_seconds",
      "End of the last day on which an exception holds.",
      report.exceptions.map((one) => [
        { ...placeLabels(one), subject: one.subject },
        Date.parse(`${one.until}T23:59:59Z`) / 1000,
      ]),
      "seconds",
    ),
    ...metricLines(
      "apponly_stack_failed",
      "1 for a stack that failed or has no record, else 0.",
      report.tenants.map((one) => [placeLabels(one), one.failures.length > 0 ? 1 : 0]),
    ),
    ...metricLines(
      "apponly_stacks_failed",
      "Number of stacks that failed, by class.",
      failureClasses.map((name) => [
        { class: name },
        report.tenants.filter(({ failures }) => failures[0]?.class === name).length,
      ]),
    ),
    ...metricLines(
      "apponly_findings",
      "Number of findings of a stack, by risk.",
      report.tenants.flatMap((one) => {
        const counts = countRisks(byStack.get(one.stack) ?? []);
        return risks.map((risk): Sample => [{ ...placeLabels(one), risk }, counts[risk]]);
      }),
    ),
    ...metricLines("apponly_report_timestamp_seconds", "When the report was made.", [
      [{}, Date.parse(report.generated) / 1000],
    ]),
    "# EOF\n",
  ].join("\n");
}

function placeLabels({ stack, tenant }: Place): Record<string, string> {
  return { stack, tenant };
}

function metricLines(
  name: string,
  help: string,
  samples: readonly Sample[],
  unit?: string,
): string[] {
  const lines = samples.map(
    ([labels, value]) =>
      `${name}${labelSet(labels)} ${Number.isInteger(value) ? value : value.toFixed(3)}`,
  );
  return [
    `# TYPE ${name} gauge`,
    ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]),
    `# HELP ${name} ${help}`,
    // The same labels twice are refused by whoever reads it.
    ...new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), line])).values(),
  ];
}

function labelSet(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${visibleText(value).replace(/[\\"]/g, (character) => `\\${character}`)}"`,
  );
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}
