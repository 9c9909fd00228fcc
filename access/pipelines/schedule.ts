import { jsonText } from "../../system/visibleText";
import { PipelineError, type PipelineKind, type PipelineWishes } from "./types";

/** When scheduled pipelines run: daily, at a minute that is not everybody's. */
export const dailySchedule = "17 5 * * *";

/** A schedule of five fields: all kinds of pipeline read these forms alike. */
export interface Schedule {
  /** With numbers for names, and 0 for Sunday. */
  readonly text: string;
  /** Whether it has Jenkins' `H`, a number that Jenkins chooses by the job. */
  readonly hashed: boolean;
  /** The values of each field, for `H` all that it may stand for. */
  readonly values: readonly (readonly number[])[];
}

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names that stand for numbers, the first for `from`. */
  readonly names?: readonly string[];
}

const fields: readonly Field[] = [
  { name: "minute", from: 0, to: 59 },
  { name: "hour", from: 0, to: 23 },
  { name: "day", from: 1, to: 31 },
  {
    name: "month",
    from: 1,
    to: 12,
    names: "jan feb mar apr may jun jul aug sep oct nov dec".split(" "),
  },
  { name: "weekday", from: 0, to: 7, names: "sun mon tue wed thu fri sat".split(" ") },
];

/**
 * Reads a schedule as GitHub Actions, Azure DevOps, Jenkins and cron all take it.
 *
 * @returns What is wrong with it, where it is none.
 * @example readSchedule("0 6 * * mon-fri") // { text: "0 6 * * 1-5", … }
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/crontab.html
 */
export function readSchedule(text: string): Schedule | string {
  const words = text.trim().split(/\s+/);
  if (words.length !== fields.length) {
    return 'It has to have five fields, minute, hour, day, month and weekday, as in "17 5 * * 1-5".';
  }
  const read = fields.map((field, at) => readField(words[at] ?? "", field));
  const fault = read.find((one) => typeof one === "string");
  if (fault !== undefined) {
    return fault;
  }
  const good = read.filter((one) => typeof one !== "string");
  const values = good.map((one) => one.values);
  const [, , days = [], months = []] = values;
  // Where a weekday is named too, either of the two is enough.
  if (words[4] === "*" && months.every((month) => days.every((day) => day > longest(month)))) {
    return "There is no such day in any year, so that nothing would ever run.";
  }
  const hashed = good.some((one) => one.hashed);
  return { text: good.map((one) => one.text).join(" "), hashed, values };
}

const longest = (month: number) => (month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31);

function readField(
  word: string,
  field: Field,
): (Omit<Schedule, "values"> & { values: number[] }) | string {
  const parts = word.split(",").map((part) => readPart(part, field));
  const fault = parts.find((part) => typeof part === "string");
  if (fault !== undefined) {
    return fault;
  }
  const good = parts.filter((part) => typeof part !== "string");
  return {
    text: good.map((part) => part.text).join(","),
    hashed: good.some((part) => part.hashed),
    values: [...new Set(good.flatMap((part) => part.values))].sort((a, b) => a - b),
  };
}

function readPart(part: string, field: Field) {
  const { name, from, to } = field;
  const [, base = "", , first = "", last, step] =
    /^(\*|H(?:\((\d+-\d+)\))?|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part) ?? [];
  const rule = `The ${name} "${part}" has to be *, a number from ${from} to ${to}, a range as ${from}-${to}, or one of these with a step as */2.`;
  const hashed = base.startsWith("H");
  const [low, high] =
    base === "*" || base === "H"
      ? [from, name === "weekday" ? 6 : to]
      : rangeOf(base, first, last, field);
  const every = step === undefined ? 1 : Number(step);
  const isRange = base === "*" || hashed || last !== undefined;
  if (
    base === "" ||
    !(low >= from && low <= high && high <= to && every >= 1 && every <= to) ||
    (step !== undefined && !isRange)
  ) {
    return rule;
  }
  const values = [];
  for (let value = low; value <= high; value += every) {
    values.push(value);
  }
  // GitHub and Azure DevOps know Sunday as 0 only.
  const sunday = name === "weekday" && values.includes(7);
  const plain = values.map((value) => (sunday ? value % 7 : value));
  const ends = low === high ? `${low}` : `${low}-${high}`;
  const tail = step === undefined ? "" : `/${step}`;
  const text = sunday
    ? [...new Set(plain)].sort((a, b) => a - b).join(",")
    : `${base === "*" || hashed ? base : ends}${tail}`;
  return { text, hashed, values: plain };
}

/** First and last number of a range; not a number where one cannot be read. */
function rangeOf(
  base: string,
  first: string,
  last: string | undefined,
  { from, names = [] }: Field,
): [number, number] {
  const numberOf = (text: string) => {
    const at = names.indexOf(text.toLowerCase());
    return at >= 0 ? from + at : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  };
  const [low = "", high = low] = base.startsWith("H")
    ? base.slice(2, -1).split("-")
    : [first, last ?? first];
  // A range ends with Sunday, and begins with it.
  const end = high === last && numberOf(high) === 0 && names[0] === "sun" ? 7 : numberOf(high);
  return [numberOf(low), end];
}

/**
 * The schedule that is asked for, as the kind of pipeline takes it.
 *
 * @throws {PipelineError} If it does not.
 */
export function plannedSchedule({ kind, schedule }: PipelineWishes): string | undefined {
  if (schedule === undefined) {
    return undefined;
  }
  const read = readSchedule(schedule);
  const fault = typeof read === "string" ? read : scheduleFault(kind, read);
  if (typeof read === "string" || fault !== undefined) {
    throw new PipelineError(`--schedule ${jsonText(schedule, 0)}: ${fault}`);
  }
  return read.text;
}

/**
 * Why a kind of pipeline does not take a schedule that others take.
 *
 * @see https://docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
 */
function scheduleFault(kind: PipelineKind, { hashed, values }: Schedule): string | undefined {
  if (kind === "azure-automation") {
    return "a runbook has none. Leave it out, and link a schedule to the runbook in the account.";
  }
  if (kind === "gitlab") {
    return "GitLab keeps schedules beside its files. Leave it out, and add one under Build, Pipeline schedules.";
  }
  if (hashed && kind !== "jenkins") {
    return "H is Jenkins' own. Write a number.";
  }
  const [minutes = [], hours = []] = values;
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const next = [...times.slice(1), (times[0] ?? 0) + 24 * 60];
  return kind === "github-actions" && times.some((time, at) => (next[at] ?? 0) - time < 5)
    ? "GitHub starts a workflow every 5 minutes at most. Write */5, or less often."
    : undefined;
}
