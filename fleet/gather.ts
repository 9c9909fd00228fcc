import { compareRisk, type Risk } from "../review/model";
import { dayMs } from "../system/durations";
import {
  type FailureClass,
  type RecordedFinding,
  findingKey,
  recordShape,
  type RecordedAccess,
  type RecordedCertificate,
  type StackRecord,
} from "./record";
import { firstNames } from "../system/firstNames";

/** A file of records. */
export interface RecordFile {
  /** For what is said of it. */
  readonly name: string;
  /** Lines of JSON. */
  readonly text: string;
}

/** Why a stack counts as failed. */
export interface StackFailure {
  readonly class: FailureClass;
  readonly message: string;
  /** The command that failed; absent where there is no record at all. */
  readonly command?: string;
}

/** A finding, and every command that tells it. */
export type FoundFinding = RecordedFinding & { readonly foundBy: readonly string[] };

/** All that the newest records say of one stack. */
export interface GatheredStack {
  readonly stack: string;
  /** Initial domain or id of the tenant, or its alias; the stack's name where neither is known. */
  readonly tenant: string;
  readonly failures: readonly StackFailure[];
  /** End of the newest record; absent without one. */
  readonly ended?: string;
  readonly worst?: Risk;
  readonly findings: readonly FoundFinding[];
  /** What has looked at the whole of its part, so that what it does not tell is not there. */
  readonly lookedBy: readonly string[];
  /** Absent where no record says. */
  readonly certificates?: readonly RecordedCertificate[];
  readonly access?: readonly RecordedAccess[];
  /** Whether that is of every application of the tenant, or only of the stack's. */
  readonly isWholeTenant: boolean;
  readonly exceptions?: NonNullable<StackRecord["exceptions"]>;
}

/** The stacks that were to be looked at, and what became of each. */
export interface Gathered {
  /** Every expected stack, and others that have a record, by name. */
  readonly stacks: readonly GatheredStack[];
  /** What was odd about the records, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Gathers records. A stack that is expected and has none has failed; of several records of one
 * command the newest counts. Pure.
 *
 * @param expected Names of all stacks that there should be a record of.
 */
export function gatherRecords(files: readonly RecordFile[], expected: readonly string[]): Gathered {
  const notes: string[] = [];
  const byStack = new Map<string, Map<string, StackRecord>>(
    [...new Set(expected)].map((stack) => [stack, new Map<string, StackRecord>()]),
  );
  const unexpected = new Set<string>();
  const repeated = new Set<string>();
  for (const record of files.flatMap((file) => recordsIn(file, notes))) {
    const { stack, command, run } = record;
    const own = byStack.get(stack) ?? new Map<string, StackRecord>();
    if (!byStack.has(stack)) {
      byStack.set(stack, own);
      unexpected.add(stack);
    }
    const before = own.get(command);
    if (before?.run === run) {
      repeated.add(stack);
    }
    if (before === undefined || before.ended <= record.ended) {
      own.set(command, record);
    }
  }
  return {
    stacks: [...byStack]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([stack, records]) => gatherStack(stack, [...records.values()])),
    notes: [
      ...notes,
      ...noteOn(repeated, "more than one record of the same run; the newest counts"),
      ...noteOn(unexpected, "a record and not expected"),
      ...noteOn(
        partlyRead(byStack),
        "parts that could not be read, so that there may be more than is told",
      ),
      ...noteOn(
        leftBehind(byStack),
        "no record of the last day before the newest one, so what is told is older",
      ),
    ],
  };
}

/** Stacks whose newest record is more than a day older than that of another: the last run did not reach them. */
function leftBehind(byStack: ReadonlyMap<string, ReadonlyMap<string, StackRecord>>): Set<string> {
  const newest = [...byStack].flatMap(([stack, records]) => {
    const ends = [...records.values()].map(({ ended }) => Date.parse(ended));
    return ends.length === 0 ? [] : [{ stack, ended: Math.max(...ends) }];
  });
  const last = newest.reduce((latest, { ended }) => Math.max(latest, ended), 0);
  return new Set(newest.filter(({ ended }) => last - ended > dayMs).map(({ stack }) => stack));
}

/** Stacks of which a newest record says that not all could be read. */
function partlyRead(byStack: ReadonlyMap<string, ReadonlyMap<string, StackRecord>>): Set<string> {
  const isPartly = ({ unread = [] }: StackRecord) => unread.length > 0;
  return new Set(
    [...byStack].flatMap(([stack, records]) =>
      stillTrue([...records.values()]).some(isPartly) ? [stack] : [],
    ),
  );
}

function noteOn(stacks: ReadonlySet<string>, what: string): string[] {
  const names = [...stacks].sort();
  return names.length === 0 ? [] : [`With ${what}: ${firstNames(names, 5)}.`];
}

function recordsIn({ name, text }: RecordFile, notes: string[]): StackRecord[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") {
      return [];
    }
    const read = parsedRecord(line);
    if (typeof read === "string") {
      notes.push(`${name}, line ${index + 1}, ${read}, and counts as no record.`);
      return [];
    }
    return [read];
  });
}

/** The record, or what is wrong with it. */
function parsedRecord(line: string): StackRecord | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "is not valid JSON";
  }
  const read = recordShape.safeParse(value);
  if (read.success) {
    return read.data;
  }
  const { version } = (value ?? {}) as { version?: unknown };
  return typeof version === "number" && version > recordShape.shape.version.value
    ? `has version ${version}, which is newer than this command`
    : `is not a record (${read.error.issues[0]?.path.map(String).join(".") || "its form"})`;
}

function gatherStack(stack: string, records: readonly StackRecord[]): GatheredStack {
  const newest = stillTrue(records);
  const failures = newest.flatMap(({ result, failure, command }): StackFailure[] =>
    result === "succeeded"
      ? []
      : [{ ...(failure ?? { class: "other", message: "It failed." }), command }],
  );
  const findings = withoutRepetition(stack, newest);
  const [worst] = findings;
  const latest = <Key extends keyof StackRecord>(key: Key) =>
    newest.find((record) => record[key] !== undefined)?.[key];
  const [certificates, exceptions] = [latest("certificates"), latest("exceptions")];
  // An audit has seen more than whoever knows only the stack, however much later.
  const audited = newest.find((record) => record.command === "audit")?.access;
  const access = audited ?? latest("access");
  return {
    stack,
    tenant: latest("tags")?.alias ?? latest("tenant") ?? latest("tenantId") ?? stack,
    failures:
      records.length > 0
        ? failures
        : [{ class: "no-record", message: "There is no record of it: the run did not reach it." }],
    findings,
    lookedBy: lookedBy(newest),
    ...(newest[0] === undefined ? {} : { ended: newest[0].ended }),
    ...(worst === undefined ? {} : { worst: worst.risk }),
    ...(certificates === undefined ? {} : { certificates }),
    ...(access === undefined ? {} : { access }),
    isWholeTenant: audited !== undefined,
    ...(exceptions === undefined ? {} : { exceptions }),
  };
}

/** Failures that are a judgement on what was read, and do not keep anything from being read. */
const judgements: readonly (FailureClass | undefined)[] = ["policy", "expiring"];

/** Commands that have looked for findings, and `certificates` where the ends of those are known. */
function lookedBy(records: readonly StackRecord[]): string[] {
  const whole = records.filter(
    ({ result, failure, unread = [] }) =>
      unread.length === 0 && (result === "succeeded" || judgements.includes(failure?.class)),
  );
  const looked = [
    ...whole
      .filter(({ findings }) => findings !== undefined)
      // An update has judged its own changes as a review does.
      .flatMap(({ command }) => (command === "up" ? [command, "review"] : [command])),
    ...(whole.some(({ certificates }) => certificates !== undefined) ? ["certificates"] : []),
  ];
  return [...new Set(looked)];
}

/** Failures that an update which succeeds has put right, whichever command met them. */
const rightAfterUpdate: readonly (FailureClass | undefined)[] = ["stack-missing", "locked"];

/**
 * The newest first, without those that an update has left behind which ended well after them: it makes
 * the changes that a review has judged, and judges them anew; and its stack is there, and not locked.
 */
function stillTrue(records: readonly StackRecord[]): StackRecord[] {
  const updated = records.find(
    ({ command, result }) => command === "up" && result === "succeeded",
  )?.ended;
  return records
    .filter(
      ({ command, failure, ended }) =>
        updated === undefined ||
        ended >= updated ||
        (command !== "review" && !rightAfterUpdate.includes(failure?.class)),
    )
    .sort((a, b) => (a.ended > b.ended ? -1 : 1));
}

/** The findings, worst first; of what several commands have found, the worst. */
function withoutRepetition(stack: string, records: readonly StackRecord[]): FoundFinding[] {
  const byKey = new Map<string, FoundFinding>();
  const all = records.flatMap(({ command, findings = [] }) =>
    findings.map((finding) => ({ ...finding, foundBy: [command] })),
  );
  for (const finding of all.sort((a, b) => compareRisk(a.risk, b.risk))) {
    const key = findingKey(stack, finding);
    const { foundBy, ...told } = byKey.get(key) ?? { ...finding, foundBy: [] };
    byKey.set(key, { ...told, foundBy: [...new Set([...foundBy, ...finding.foundBy])].sort() });
  }
  return [...byKey.values()];
}
