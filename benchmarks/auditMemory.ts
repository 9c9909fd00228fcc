/**
 * Audits a tenant and prints how long that took, with how many requests, and how much memory this
 * process took at most. A process of its own: the simulated tenant does not count.
 *
 * Run by `auditedTenant.ts`, with the address of Microsoft Graph and of sign-in; the token comes by
 * standard input.
 */
import { text } from "node:stream/consumers";
import { auditTenant } from "../audit/audit";
import { graphClient } from "../microsoft/graph/client";

/** What an audit takes. */
export interface AuditMeasure {
  readonly reaching: number;
  readonly requests: number;
  readonly seconds: number;
  /** Peak resident set, the runtime included, mebibytes. */
  readonly peakMiB: number;
}

async function main([graph = "", login = ""]: string[]): Promise<void> {
  const token = (await text(process.stdin)).trim();
  let requests = 0;
  const client = graphClient({ graph, login }, token, () => (requests += 1));
  const started = performance.now();
  const report = await auditTenant({ graph: client, requests: () => requests });
  const measure: AuditMeasure = {
    reaching: report.applications.length,
    requests: report.requests,
    seconds: (performance.now() - started) / 1000,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(measure)}\n`);
}

if (require.main === module) {
  main(process.argv.slice(2)).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exit(1);
    },
  );
}
