import { randomUUID } from "node:crypto";
import { appendFile, stat } from "node:fs/promises";
import type { ReviewOutputs } from "../model";

/** Most bytes GitHub shows of one step's summary. */
const stepSummaryLimit = 1024 * 1024;

/** Fewest characters that a report is rendered with. */
const smallestReport = 2_000;

/**
 * Adds a report to the job summary, shortened until it fits.
 *
 * @param render Renders with at most so many characters.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary
 */
export async function appendSummary(
  file: string,
  render: (limit: number) => string,
): Promise<void> {
  const used = await stat(file).then(
    ({ size }) => size,
    () => 0,
  );
  const room = stepSummaryLimit - used - 1;
  let limit = room;
  let text = render(Math.max(limit, smallestReport));
  // Characters beyond ASCII take up to three bytes for each of JavaScript's characters.
  while (Buffer.byteLength(text) > room && limit > smallestReport) {
    limit = Math.floor((limit * room) / Buffer.byteLength(text) / 1.05);
    text = render(Math.max(limit, smallestReport));
  }
  if (Buffer.byteLength(text) <= room) {
    await appendFile(file, `${text}\n`);
  }
}

/**
 * Hands outputs to later steps, each between delimiters that its value cannot contain.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
export async function appendOutputs(file: string, outputs: ReviewOutputs): Promise<void> {
  const values: Readonly<Record<string, string>> = {
    risk: outputs.risk,
    changes: String(outputs.changes),
    stacks: JSON.stringify(outputs.stacks),
    "not-previewed": JSON.stringify(outputs.notPreviewed),
    "comment-url": outputs.commentUrl,
    gate: outputs.gate,
    "accepted-by": outputs.acceptedBy,
  };
  const lines = Object.entries(values).map(([name, value]) => assignment(name, value));
  await appendFile(file, lines.join(""));
}

function assignment(name: string, value: string): string {
  let delimiter: string;
  do {
    delimiter = `apponly_${randomUUID()}`;
  } while (value.includes(delimiter));
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
