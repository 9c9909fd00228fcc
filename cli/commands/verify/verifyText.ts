import { createColors } from "picocolors";
import { brokenLink, type ChainResult } from "../../../access/verify/report";
import type { LinkResult, ModuleOutcome, NotVerified } from "../../../access/verify/documentShape";
import { hangingIndent } from "../../hangingIndent";
import { formatDuration } from "../../../system/durations";
import { isLoopback } from "../../../system/loopback";
import { visibleText } from "../../../system/visibleText";
import type { Look } from "../../io";

const detailColumn = 19;

/** Says that somebody else than Microsoft was asked. Empty where it was Microsoft. */
export function describeEndpoints(foreign: readonly string[], look: Look): string {
  const who = foreign.every((url) => isLoopback(new URL(url).hostname))
    ? "Answered by this machine and not by Microsoft, so this says nothing about a real tenant."
    : `Not Microsoft's endpoints, so this says nothing about a real tenant: ${foreign.join(", ")}`;
  const text = `  ${who}`;
  return foreign.length === 0 ? "" : `${hangingIndent(visibleText(text), 4, look.columns)}\n`;
}

/** One chain as lines of text: each link with its result, then the diagnosis and the remedy. */
export function describeChain(chain: ChainResult, look: Look): string {
  const { identity, workload, links, diagnosis } = chain;
  const paint = createColors(look.colour);
  const marks = { ok: paint.green("✓"), failed: paint.red("✗"), skipped: paint.dim("·") };
  const wrap = (text: string, indent: number) => hangingIndent(text, indent, look.columns);
  const rows = links.map((link) => {
    const detail = visibleText(linkDetail(link));
    const text = `    * ${link.link.padEnd(detailColumn - 6)}${detail}`.trimEnd();
    const mark = link.undeclared === undefined ? marks[link.state] : paint.yellow("!");
    return wrap(text, detailColumn).replace("*", mark);
  });
  const verdict =
    diagnosis === undefined
      ? []
      : [
          wrap(`    ${visibleText(diagnosis.cause)}`, 4),
          wrap(`    → ${visibleText(diagnosis.remedy)}`, 6),
          paint.dim(`      ${visibleText(diagnosis.source)}`),
        ];
  return [`  ${visibleText(identity.name)} → ${workload}`, ...rows, ...verdict, ""].join("\n");
}

function linkDetail({ undeclared, ...link }: LinkResult): string {
  const detail = detailInTime(link);
  return undeclared === undefined
    ? detail
    : `${detail}; not declared by the stack: ${undeclared.join(", ")} (who granted it: \`apponly drift\`)`;
}

function detailInTime({ state, detail, lateSeconds }: LinkResult): string {
  if (lateSeconds === undefined) {
    return detail;
  }
  const time = formatDuration(lateSeconds * 1000);
  return state === "ok" ? `${detail} (arrived after ${time})` : `${detail} (late for ${time})`;
}

/** Which links are late, in one line, for the time of waiting. */
export function describeLate(late: readonly ChainResult[], pauseMs: number): string {
  const links = late.map(
    (chain) => `${brokenLink(chain)} of ${chain.identity.name} → ${chain.workload}`,
  );
  const [first = "", ...others] = links;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return `late: ${first}${more}; again in ${formatDuration(pauseMs)}`;
}

/** What nothing is said about, and how to verify it. Empty where there is nothing of the kind. */
export function describeNotVerified(all: readonly NotVerified[], look: Look): string {
  if (all.length === 0) {
    return "";
  }
  const kinds = { certificate: "certificate", federated: "federated credential" };
  const rows = all.map(({ kind, name, reason }) =>
    hangingIndent(
      `    ${visibleText(name)} (${kinds[kind]}): ${visibleText(reason)}`,
      6,
      look.columns,
    ),
  );
  return ["  Not verified:", ...rows, ""].join("\n");
}

/** What the real module said. */
export function describeModule(outcome: ModuleOutcome, look: Look): string {
  if (outcome.state === "skipped") {
    return `${hangingIndent(visibleText(`  PowerShell was not run: ${outcome.reason}`), 4, look.columns)}\n`;
  }
  const paint = createColors(look.colour);
  const wrap = (text: string) => hangingIndent(text, 6, look.columns);
  const marks = { connected: paint.green("✓"), failed: paint.red("✗"), skipped: paint.dim("·") };
  const rows = outcome.runs.flatMap(
    ({ name, workload, state, detail, moduleVersion, diagnosis }) => {
      const said = state === "connected" ? `${detail} answered, module ${moduleVersion}` : detail;
      const row = wrap(`    * ${name} → ${workload}: ${said}`).replace("*", marks[state]);
      return diagnosis === undefined
        ? [row]
        : [row, wrap(`      ${diagnosis.cause} ${diagnosis.remedy}`)];
    },
  );
  const version = outcome.powershellVersion ?? "of an unknown version";
  return [`  ExchangeOnlineManagement in PowerShell ${version}`, ...rows, ""].join("\n");
}
