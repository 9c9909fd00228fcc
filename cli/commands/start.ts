import { Command } from "@commander-js/extra-typings";
import { readOutputs } from "../../components/outputs";
import { hasChanges, outputValues, previewStack } from "../../operations/stack";
import { findStack } from "../../operations/project";
import { embeddedFolder } from "../embeddedFolder";
import { embeddedOptions } from "../typedCommands";
import { enterEmbeddedTenant } from "../embeddedSession";
import { Failure } from "../../system/failure";
import { formatDuration } from "../../system/durations";
import type { Io } from "../io";
import { openForChange } from "../openForChange";
import { embeddedFolderOption, type OptionsOf, yesOption } from "../options";
import { changesInWords } from "../rollOut";
import { runStep } from "../steps";
import { rollOut } from "./up";

const parser = () =>
  new Command()
    .option("-s, --stack <name>", "stack of the project", "dev")
    .addOption(yesOption())
    .addOption(embeddedFolderOption());

/** Makes `apponly start`. */
export const startCommand = (io: Io, run = tellWholeStory) =>
  parser().action((options) => run(options, io));

/** What the command starts and changes: replaced in unit tests. */
const outside = { enterEmbeddedTenant, openForChange, rollOut, previewStack };

/**
 * The whole story on an embedded tenant: tools, tenant, review, update, verification, connect
 * commands, and a second preview that has to be empty.
 *
 * @throws {Failure} If the verification fails, or the second preview still has changes.
 */
export async function tellWholeStory(
  options: OptionsOf<typeof parser>,
  io: Io,
  asked = outside,
): Promise<void> {
  const begun = Date.now();
  findStack(options.stack);
  await asked.enterEmbeddedTenant(embeddedFolder(options.directory), io);
  const opened = await asked.openForChange(options.stack, io.progress, "either");
  const { stack } = opened;
  const { updatedAt, outputs } = await asked.rollOut(
    opened,
    // Where nobody can be asked, nothing real is changed either.
    { yes: options.yes ?? (io.ask === undefined ? true : undefined), verify: true },
    io,
  );
  await io.out(
    `  From update to a verified connection: ${formatDuration(Date.now() - updatedAt)}\n`,
  );
  const again = await runStep(
    io.progress,
    "Preview again",
    () => asked.previewStack(stack),
    (result) => changesInWords(result, "to"),
  );
  if (hasChanges(again)) {
    throw new Failure(
      "The second preview still has changes, although nothing was changed in between.",
    );
  }
  const { connect } = readOutputs(outputs?.() ?? outputValues(await stack.outputs()), stack.name);
  await io.out(connectCommands(connect, io.columns ?? 100));
  await io.out(
    `\nDone in ${formatDuration(Date.now() - begun)}. Run it again: nothing will change.\n${tryNext(stack.name)}`,
  );
}

/** What somebody does after the first success. */
function tryNext(stack: string): string {
  const { APPONLY_EMBEDDED_DIRECTORY: folder = "" } = process.env;
  const at = `${embeddedOptions()}${stack === "dev" ? "" : ` --stack ${stack}`}`;
  return [
    "",
    `Try next: change directoryRoles in Pulumi.${stack}.yaml, and`,
    "",
    `  npx apponly review ${at}    # what the change means, and how risky it is`,
    `  npx apponly up ${at}        # roll it out, after a question`,
    `  npx apponly rotate ${at}    # a new certificate, without an outage`,
    `  npx apponly export ${at} --format powershell    # the whole script`,
    "",
    `The tenant is kept in ${folder === "" ? ".apponly" : folder}. Delete that folder to begin anew.`,
    "",
  ].join("\n");
}

/** How a job connects to a real tenant, in lines that PowerShell takes as they are. */
function connectCommands(connect: Record<string, Record<string, string>>, columns: number): string {
  const rows = Object.entries(connect).flatMap(([workload, methods]) =>
    Object.entries(methods).flatMap(([method, script]) =>
      // Each script as a whole is in the stack output.
      (script.match(/^ *Connect-.*$/gm) ?? []).map((line) => ({
        label: `${workload}, ${method}`,
        line: line.trim(),
      })),
    ),
  );
  const lines = [...new Set(rows.map(({ line }) => line))].flatMap((line) => [
    `  ${rows.flatMap((row) => (row.line === line ? row.label : [])).join("; ")}:`,
    ...continuedLines(line, columns - 4).map((part) => `    ${part}`),
    "",
  ]);
  return `\nOn a real tenant a job connects with:\n\n${lines.join("\n")}`;
}

/** Breaks a command between words, as PowerShell continues a line. */
function continuedLines(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ")) {
    if (current !== "" && current.length + word.length + 3 > width) {
      lines.push(`${current} \``);
      current = `  ${word}`;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  return [...lines, current];
}
