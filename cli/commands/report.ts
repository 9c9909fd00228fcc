import { resolve } from "node:path";
import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { readPublicOutputs } from "../../components/outputs";
import { type Gathered, gatherRecords } from "../../fleet/gather";
import { recordLine } from "../../fleet/record";
import { expectedStacks, readRecordFolder } from "../../fleet/recordFolder";
import { type FleetReport, reportShape } from "../../fleet/report/documentShape";
import { failedTenants, fleetReport } from "../../fleet/report/model";
import { notification, notifyKindOf } from "../../fleet/notify";
import { renderReportMarkdown } from "../../fleet/report/markdown";
import { renderReport, reportFormats } from "../../fleet/report/render";
import { firstNames } from "../../system/firstNames";
import { networkFetch } from "../../microsoft/network";
import { isSafeForCredentials } from "../../system/loopback";
import { meansSeveral } from "../../operations/chooseStacks";
import { unreplacedVariable } from "../../system/environment";
import { Failure, UsageFailure } from "../../system/failure";
import { writeWhole } from "../../system/files";
import { readText } from "../../system/readText";
import type { Io } from "../io";
import { type OptionsOf, filePathOption, folderPathOption } from "../options";
import { overStacks } from "../manyStacks";
import { openForReading } from "../openForReading";
import { projectIn } from "../projectFolder";
import { partOfOutputs, partOfSettings } from "../recordParts";
import { keepReportTickets } from "../reportTickets";
import { withStackChoice } from "../stackChoice";

const parser = () =>
  withStackChoice(new Command())
    .addOption(
      new Option(
        "--from <folder>",
        "folder with the records of the run, in files that end in .jsonl",
      )
        .argParser(folderPathOption)
        .conflicts(["stack", "all", "tag", "shard"]),
    )
    .addOption(
      new Option(
        "--expect <file>",
        "stacks that there must be a record of, one a line or a JSON array; left out, those of the project",
      ).argParser(filePathOption),
    )
    .addOption(
      new Option("-f, --format <format>", "form of the report")
        .choices(reportFormats)
        .default("markdown" as const),
    )
    .addOption(
      new Option("-o, --out <file>", "file to write; left out, standard output").argParser(
        filePathOption,
      ),
    )
    .option("--only-expected", "leave out stacks that have a record and are not expected")
    .addOption(
      new Option(
        "--stop-at <n>",
        "a failure only where so many tenants failed for the same reason",
      ).argParser(numberIn),
    )
    .addOption(new Option("--rows <n>", "markdown: most rows of each table").argParser(numberIn))
    .option("--notify", "one message to the webhook in APPONLY_NOTIFY_URL")
    .option(
      "--tickets",
      "in a pipeline of GitHub or Azure DevOps: an issue or work item for each tenant and finding, closed when it is gone",
    )
    .addOption(
      new Option(
        "--previous <file>",
        "the JSON report of the run before, to tell which findings are gone",
      ).argParser(filePathOption),
    )
    .option("--allow-failed", "no failure when a tenant failed or has no record");

type ReportOptions = OptionsOf<typeof parser>;

/** Makes `apponly report`. */
export const reportCommand = (io: Io, run = reportOnStacks) =>
  parser().action((options) => run(options, io));

/**
 * Gathers the records of many stacks into one report. A stack that is expected and has no record has
 * failed, and a report with one that failed ends with 1.
 */
export async function reportOnStacks(
  options: ReportOptions,
  io: Io,
  now = new Date(),
): Promise<void> {
  const before = options.previous === undefined ? undefined : await readReport(options.previous);
  const gathered =
    options.from === undefined
      ? await readStacks(options, io)
      : await gatherFolder(options.from, options);
  const report = fleetReport(gathered, now);
  const text =
    options.format === "markdown"
      ? renderReportMarkdown(report, options.rows === undefined ? {} : { rows: options.rows })
      : renderReport(report, options.format);
  if (options.out === undefined) {
    await io.out(text);
  } else {
    await writeWhole(resolve(options.out), text);
  }
  if (options.notify === true) {
    await notify(report, before, io);
  }
  if (options.tickets === true) {
    await keepReportTickets(report, io);
  }
  if (options.allowFailed !== true) {
    failWithTenants(report, options.stopAt);
  }
}

async function gatherFolder(folder: string, options: ReportOptions): Promise<Gathered> {
  const expected = await expectedOf(options);
  const gathered = gatherRecords(await readRecordFolder(folder), expected);
  return options.onlyExpected === true
    ? { notes: [], stacks: gathered.stacks.filter(({ stack }) => expected.includes(stack)) }
    : gathered;
}

/** @throws {UsageFailure} If a file is not a report as JSON, or one of a newer version. */
async function readReport(file: string): Promise<FleetReport> {
  try {
    return reportShape.parse(JSON.parse(await readText(file)));
  } catch {
    throw new UsageFailure(
      `--previous "${file}" is not a report of this version. Name the one that --format json wrote in the run before, or leave it out.`,
    );
  }
}

/** Sends the one message of a run. The address is a secret, so no error repeats it. */
async function notify(report: FleetReport, before: FleetReport | undefined, io: Io): Promise<void> {
  const { APPONLY_NOTIFY_URL: address, APPONLY_REPORT_URL: link } = process.env;
  if (!address || unreplacedVariable("APPONLY_NOTIFY_URL", process.env) !== undefined) {
    io.err("Nobody is told: APPONLY_NOTIFY_URL is not set.\n");
    return;
  }
  if (!URL.canParse(address) || !isSafeForCredentials(new URL(address))) {
    throw new UsageFailure("APPONLY_NOTIFY_URL is not an https address. Set it to the webhook's.");
  }
  const url = new URL(address);
  const response = await networkFetch(url.href, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(notification(report, notifyKindOf(url), { link, before })),
  }).catch(() => undefined);
  if (response?.ok !== true) {
    throw new Failure(
      `The webhook of APPONLY_NOTIFY_URL at ${url.host} ${response === undefined ? "cannot be reached" : `answered ${response.status}`}. The report was made all the same.`,
    );
  }
}

function numberIn(text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) {
    throw new InvalidArgumentError("It is not a number from 1 to 99999.");
  }
  return Number(text);
}

/** Reads each stack's outputs and settings now, instead of records that commands have left. */
async function readStacks(options: ReportOptions, io: Io): Promise<Gathered> {
  if (!meansSeveral(options) && options.stack === undefined) {
    throw new UsageFailure(
      "Name the folder that holds the records: --from FOLDER. Or read the stacks now: --all.",
    );
  }
  const outcomes = await overStacks("report", options, io, async (stack, own) => {
    const {
      outputs,
      stack: opened,
      settingsFile,
    } = await openForReading(stack, own.progress, { secrets: false });
    const known = readPublicOutputs(outputs, opened.name);
    own.record({
      ...(known === undefined ? {} : partOfOutputs(known)),
      ...partOfSettings(settingsFile),
    });
  });
  const records = outcomes.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const text = records.map(recordLine).join("");
  return gatherRecords(
    [{ name: "this run", text }],
    outcomes.map(({ stack }) => stack),
  );
}

async function expectedOf({ expect }: ReportOptions): Promise<readonly string[]> {
  if (expect === undefined) {
    const { stacks } = await projectIn(process.cwd());
    return stacks;
  }
  try {
    return expectedStacks(await readText(expect), expect);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      throw new UsageFailure(`--expect "${expect}" is not a file. Name the list of stacks.`);
    }
    throw error;
  }
}

/**
 * @param stopAt Failures of one class that are too many; left out, every one is.
 * @throws {Failure} If so many tenants failed.
 */
function failWithTenants(report: FleetReport, stopAt = 1): void {
  const failed = failedTenants(report);
  if (failed.length === 0) {
    return;
  }
  const classes = new Map<string, string[]>();
  for (const { stack, failures } of failed) {
    const name = failures[0]?.class ?? "other";
    classes.set(name, [...(classes.get(name) ?? []), stack]);
  }
  if (![...classes.values()].some(({ length }) => length >= stopAt)) {
    return;
  }
  const parts = [...classes].map(([name, stacks]) => `  ${name}: ${firstNames(stacks, 5)}`);
  throw new Failure(
    `${failed.length} of ${report.tenants.length} tenants failed:\n${parts.join("\n")}`,
  );
}
