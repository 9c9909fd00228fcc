import type { RegisteredSecret } from "../../microsoft/graph/applicationKeys";
import { Command, Option } from "@commander-js/extra-typings";
import {
  type FederatedCredentialOutput,
  federatedCredentialsOf,
  readPublicOutputs,
} from "../../components/outputs";
import {
  type ApplicationKeys,
  compareKeys,
  type KeyComparison,
  openApplicationKeys,
  ownedKeys,
} from "../../operations/applicationKeys";
import {
  type FurtherEntry,
  furtherEntries,
  type ListedGeneration,
  listGenerations,
} from "../../operations/generations";
import { dayMs } from "../../system/durations";
import { StackSettings } from "../../operations/settings";
import type { ReadableStack } from "../../operations/readableStack";
import { meansSeveral } from "../../operations/chooseStacks";
import { ownNameOf } from "../../operations/project";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import type { CertificatesDocument } from "../documents/certificates";
import { failureOf } from "../errors";
import type { Io } from "../io";
import { openForReading } from "../openForReading";
import { concludeStacks, failedStacks, onEachStack, overStacks } from "../manyStacks";
import { formatOption, lengthOfTime, type OptionsOf, yesOption } from "../options";
import { askFor, requireConsent } from "../consent";
import { partOfOutputs, partOfSettings } from "../recordParts";
import { withStackChoice } from "../stackChoice";
import { table } from "../table";

const parser = () =>
  withStackChoice(new Command())
    .addOption(
      new Option(
        "--fail-within <time>",
        "exit with 5 when one expires within this time, for example 30d",
      ).argParser(lengthOfTime("30d, 36h or 30m")),
    )
    .option("--remove <key id>", "remove an entry that no generation has from the application")
    .addOption(yesOption())
    .addOption(formatOption());

type ParsedOptions = OptionsOf<typeof parser>;
type CertificatesOptions = Omit<ParsedOptions, "stack"> & { readonly stack?: string | undefined };

/** Makes `apponly certificates`. */
export const certificatesCommand = (io: Io, run = listCertificates) =>
  parser().action((options) =>
    meansSeveral(options)
      ? listOfSeveral(options, io)
      : onEachStack("certificates", options, io, (stack, own) => run({ ...options, stack }, own)),
  );

/** What the command asks: replaced in unit tests. */
const outside = {
  openForReading,
  openApplicationKeys,
  readSettings: (file: string) => StackSettings.read(file),
};

/** What the tenant holds, and how to change it. */
interface TenantView {
  readonly keys: ApplicationKeys;
  readonly comparison: KeyComparison;
  readonly secrets: readonly RegisteredSecret[];
}

/** The certificates of one stack. */
interface StackCertificates {
  readonly stack: string;
  /** Initial domain of the tenant; absent before the first update. */
  readonly tenant: string | undefined;
  readonly generations: readonly ListedGeneration[];
  /** Why the tenant could not be asked; absent where it was. */
  readonly unread?: string;
  /** What a job signs in with where there is no certificate. */
  readonly federated: readonly FederatedCredentialOutput[];
  /** What the application holds apart from the stack. */
  readonly further: readonly FurtherEntry[];
  /** Client secrets that it holds: the stack makes none. */
  readonly secrets: readonly RegisteredSecret[];
}

/**
 * Lists the generations, and what else the application holds; with `--fail-within` one that expires
 * soon is exit code 5; with `--remove` an entry that no generation of the stack has is removed.
 */
export async function listCertificates(
  options: CertificatesOptions,
  io: Io,
  asked = outside,
): Promise<void> {
  const found = await certificatesOf(options, io, asked);
  if (found === undefined) {
    return;
  }
  if (options.format === "json") {
    await printCertificates(io, { stacks: [found] });
  } else {
    await io.out(
      (found.generations.length > 0
        ? describeGenerations([found], false, io.columns)
        : describeFederated(found.federated, io.columns)) + describeFurther(found, io.columns),
    );
  }
  failIfExpiring(found, options);
}

/** The same of several stacks in one list, by what expires first. */
async function listOfSeveral(options: ParsedOptions, io: Io): Promise<void> {
  if (options.remove !== undefined) {
    throw new UsageFailure("--remove is for one stack. Name that one with --stack.");
  }
  const outcomes = await overStacks("certificates", options, io, async (stack, own) => {
    const found = await certificatesOf({ ...options, stack }, own, outside);
    return found as StackCertificates;
  });
  const found = outcomes.flatMap(({ value }) => (value === undefined ? [] : [value]));
  if (options.format === "json") {
    const failed = failedStacks(outcomes);
    await printCertificates(io, { stacks: found, ...(failed.length > 0 ? { failed } : {}) });
  } else {
    await io.out(
      describeGenerations(found, true, io.columns) +
        found.map((one) => describeFurther(one, io.columns)).join(""),
    );
  }
  concludeStacks(
    outcomes.map((outcome) => {
      const failure = outcome.value && expiryFailure(outcome.value, options);
      return failure === undefined ? outcome : { ...outcome, failure };
    }),
    io,
  );
}

/** @returns Nothing where an entry was removed instead. */
async function certificatesOf(
  options: CertificatesOptions,
  io: Io,
  asked: typeof outside,
): Promise<StackCertificates | undefined> {
  const { stack, outputs, settingsFile } = await asked.openForReading(options.stack, io.progress, {
    secrets: false,
  });
  const settings = await asked.readSettings(settingsFile);
  const deployed = readPublicOutputs(outputs, stack.name);
  const certificates = deployed?.certificates ?? [];
  const told = await askTenant(stack, deployed?.applicationObjectId, io, asked);
  const tenant = typeof told === "string" ? undefined : told;
  const unread = typeof told === "string" ? { unread: told } : {};
  if (options.remove !== undefined) {
    const now = new Date();
    const shown = tenant === undefined ? [] : furtherEntries(certificates, tenant.comparison, now);
    await removeEntry(options.remove, tenant, shown, { ...options, stack: stack.name, now }, io);
    return undefined;
  }
  if (options.record !== undefined) {
    io.record({
      ...(deployed === undefined ? {} : partOfOutputs(deployed)),
      ...partOfSettings(settingsFile),
      ...(typeof told === "string" ? { unread: [told] } : {}),
    });
  }
  const now = new Date();
  const configured = settings.generations().map(({ name }) => name);
  const generations = listGenerations(configured, certificates, tenant?.comparison, now);
  return {
    stack: stack.name,
    tenant: deployed?.organization,
    ...unread,
    generations,
    federated:
      deployed === undefined || generations.length > 0
        ? []
        : federatedCredentialsOf(deployed, stack.name),
    further: tenant === undefined ? [] : furtherEntries(certificates, tenant.comparison, now),
    secrets: tenant?.secrets ?? [],
  };
}

function printCertificates(io: Io, told: Omit<CertificatesDocument, "version">): Promise<void> {
  return io.document({ version: 1, ...told });
}

/**
 * Asks the tenant as the stack's deployer; where that cannot be done, says so and goes on.
 *
 * @returns Why it could not be asked, where it could not; nothing where there is no application yet.
 */
async function askTenant(
  stack: ReadableStack,
  outputOfApplication: string | undefined,
  io: Io,
  asked: typeof outside,
): Promise<TenantView | string | undefined> {
  const owned = await ownedKeys(stack);
  const applicationObjectId = owned[0]?.applicationObjectId ?? outputOfApplication;
  if (applicationObjectId === undefined) {
    return undefined;
  }
  const stateKeyIds = owned.map(({ keyId }) => keyId);
  try {
    const keys = await asked.openApplicationKeys(stack, applicationObjectId);
    const [registered, secrets] = await Promise.all([keys.list(), keys.secrets()]);
    return { keys, comparison: compareKeys(stateKeyIds, registered), secrets };
  } catch (error) {
    const name = ownNameOf(stack.name);
    if ((error as { statusCode?: unknown }).statusCode === 404) {
      const why = `The application registration is not in the tenant any more. See who deleted it, and how to restore it: apponly drift --stack ${name}`;
      io.err(`  ${why}\n`);
      const refuse = () => Promise.reject(new Failure(why));
      return {
        keys: { list: refuse, secrets: refuse, remove: refuse },
        comparison: compareKeys(stateKeyIds, []),
        secrets: [],
      };
    }
    const why = failureOf(error, exitCodes.failed, name).message;
    io.err(
      `  The tenant could not be asked, so what is registered is told by the stack's state: ${why}\n`,
    );
    return why;
  }
}

async function removeEntry(
  keyId: string,
  tenant: TenantView | undefined,
  further: StackCertificates["further"],
  {
    yes,
    format,
    stack,
    now,
  }: Pick<CertificatesOptions, "yes" | "format"> & { readonly stack: string; readonly now: Date },
  io: Io,
): Promise<void> {
  if (tenant === undefined) {
    throw new Failure("Without asking the tenant nothing can be removed.");
  }
  const { owned, duplicates, foreign } = tenant.comparison;
  const isNamed = (one: { keyId: string }) => one.keyId === keyId.toLowerCase();
  if (owned.some(isNamed)) {
    throw new UsageFailure(
      `--remove "${keyId}" is the entry of a generation of this stack. Remove the generation from apponly:certificates, or rotate: apponly rotate`,
    );
  }
  const entry = [...duplicates, ...foreign].find(isNamed);
  if (entry === undefined) {
    throw new UsageFailure(
      `--remove "${keyId}" is not a key id of an entry that the application holds. List them: apponly certificates`,
    );
  }
  const [last, ...others] = [...owned, ...duplicates, ...foreign].filter(
    ({ notAfter }) => new Date(notAfter) > now,
  );
  if (last === entry && others.length === 0) {
    throw new UsageFailure(
      `--remove "${keyId}" is the last valid certificate of the application: whoever signs in with it would stop. Put the stack's own back first: apponly up --refresh --stack ${stack}`,
    );
  }
  requireConsent(io, yes);
  const { daysLeft = 0, duplicateOf } = further.find(isNamed) ?? {};
  const whose = duplicateOf === undefined ? "of no generation" : `${duplicateOf} once more`;
  await askFor(
    io,
    `Remove ${entry.thumbprint} (key id ${entry.keyId}, ${whose}, ${daysLeft} days left) from the application?`,
    yes,
  );
  await tenant.keys.remove(entry.keyId);
  if (format === "json") {
    const { thumbprint } = entry;
    await printCertificates(io, { stacks: [], removed: { keyId: entry.keyId, thumbprint } });
  } else {
    await io.out(`  Removed: ${entry.thumbprint} (key id ${entry.keyId}).\n`);
  }
}

function failIfExpiring(
  found: StackCertificates,
  options: Pick<ParsedOptions, "failWithin">,
): void {
  const failure = expiryFailure(found, options);
  if (failure !== undefined) {
    throw failure;
  }
}

function expiryFailure(
  { generations, stack }: StackCertificates,
  { failWithin }: Pick<ParsedOptions, "failWithin">,
): Failure | undefined {
  if (failWithin === undefined) {
    return undefined;
  }
  const gone = generations.filter(({ active, registered }) => active && !registered);
  if (gone.length > 0) {
    return new Failure(
      `Not registered any more: ${gone.map(({ name }) => name).join(", ")}, which pipelines use. Register it again: apponly up --refresh --stack ${stack}`,
      exitCodes.expiring,
    );
  }
  const soon = generations.filter(
    ({ daysLeft, registered }) =>
      registered && daysLeft !== undefined && daysLeft * dayMs < failWithin.ms,
  );
  return soon.length === 0
    ? undefined
    : new Failure(
        `Within ${failWithin.text}: ${soon.map(({ name }) => name).join(", ")}. Rotate: apponly rotate --stack ${stack}`,
        exitCodes.expiring,
      );
}

/** @param several Whether the stack is named in each row, and what expires first comes first. */
export function describeGenerations(
  stacks: readonly StackCertificates[],
  several: boolean,
  columns?: number,
): string {
  const rows = stacks.flatMap(({ stack, tenant, generations, unread }) =>
    generations.map((generation) => ({ stack, tenant, unread, ...generation })),
  );
  if (several) {
    rows.sort((a, b) => (a.daysLeft ?? Infinity) - (b.daysLeft ?? Infinity));
  }
  return table(
    [
      [
        ...(several ? ["Stack", "Tenant"] : []),
        "Generation",
        "Thumbprint",
        "Expires",
        "Days left",
        "Active",
        "Registered",
      ],
      ...rows.map((row) => [
        ...(several ? [row.stack, row.tenant ?? ""] : []),
        row.name,
        row.thumbprint,
        row.notAfter?.slice(0, 10) ?? "",
        row.daysLeft === undefined ? "" : String(row.daysLeft),
        row.active ? "yes" : "",
        !row.registered ? "no" : row.unread === undefined ? "yes" : "not read",
      ]),
    ],
    columns,
  );
}

/** What a stack without certificates signs in with instead. */
function describeFederated(
  credentials: readonly { name: string; issuer: string; subject: string }[],
  columns?: number,
): string {
  const rows = credentials.map(({ name, issuer, subject }) => [name, issuer, subject]);
  return `  No certificates.\n${
    rows.length === 0
      ? ""
      : `\n${table([["Federated credential", "Issuer", "Subject"], ...rows], columns)}`
  }`;
}

function describeFurther(
  { further, secrets, stack }: Pick<StackCertificates, "further" | "secrets" | "stack">,
  columns?: number,
): string {
  if (further.length + secrets.length === 0) {
    return "";
  }
  const ofSecrets = secrets.map(({ keyId, name, notAfter }) => [
    name || "without a name",
    `until ${notAfter.slice(0, 10)}`,
    keyId,
    `a client secret; who made it, and what removes it: apponly drift --stack ${stack}`,
  ]);
  const remarks = further.map(({ keyId, thumbprint, daysLeft, duplicateOf }) => [
    thumbprint || "unknown thumbprint",
    `${daysLeft} days left`,
    keyId,
    duplicateOf === undefined
      ? `of no generation; if nobody needs it: apponly certificates --stack ${stack} --remove ${keyId}`
      : `${duplicateOf} once more, left behind by an interrupted update; what removes it: apponly rotate --stack ${stack}`,
  ]);
  return `\n  The application also holds, apart from this stack:\n${table([...remarks, ...ofSecrets], columns)}`;
}
