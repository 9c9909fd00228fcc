import type { Stack } from "@pulumi/pulumi/automation";
import { readOutputsIfUpdated } from "../../components/outputs";
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
import { dayMs, parseDuration } from "../../system/durations";
import { StackSettings } from "../../operations/settings";
import { outputValues } from "../../operations/stack";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { readTarget } from "../stackTarget";
import type { Steps, Terminal } from "../steps";

/** The command line of `apponly certificates`. */
export interface CertificatesArguments {
  readonly stack: string;
  readonly failWithin?: string;
  /** Key id of an entry to take off the application. */
  readonly remove?: string;
}

/** What the tenant holds, and how to change it. */
interface TenantView {
  readonly keys: ApplicationKeys;
  readonly comparison: KeyComparison;
}

/**
 * Lists the generations, and what else the application holds; with `--fail-within` one that expires
 * soon is exit code 5; with `--remove` an entry that no generation of the stack has is taken off.
 */
export async function certificatesCommand(
  args: CertificatesArguments,
  steps: Steps,
  terminal: Terminal,
): Promise<void> {
  const limit = args.failWithin === undefined ? undefined : parseDuration(args.failWithin);
  if (args.failWithin !== undefined && limit === undefined) {
    throw new UsageFailure(
      `--fail-within "${args.failWithin}" is not a length of time. Write it as 30d, 36h or 30m.`,
    );
  }
  const { stack, outputs, workDirectory } = await readTarget(args.stack, steps);
  const settings = await StackSettings.read(workDirectory, args.stack);
  const deployed = readOutputsIfUpdated(outputValues(outputs), args.stack)?.certificates ?? [];
  const tenant = await askTenant(stack, terminal);
  if (args.remove !== undefined) {
    await removeEntry(args.remove, tenant, terminal);
    return;
  }
  const now = new Date();
  const configured = settings.generations().map(({ name }) => name);
  const listed = listGenerations(configured, deployed, tenant?.comparison, now);
  terminal.write(table(listed));
  if (tenant !== undefined) {
    terminal.write(describeFurther(furtherEntries(deployed, tenant.comparison, now), args.stack));
  }
  failIfExpiring(listed, limit, args);
}

/** Asks the tenant as the stack's deployer; where that cannot be done, says so and goes on. */
async function askTenant(stack: Stack, terminal: Terminal): Promise<TenantView | undefined> {
  const owned = await ownedKeys(stack);
  const applicationObjectId = owned[0]?.applicationObjectId;
  if (applicationObjectId === undefined) {
    return undefined;
  }
  try {
    const keys = await openApplicationKeys(stack, applicationObjectId);
    const stateKeyIds = owned.map(({ keyId }) => keyId);
    return { keys, comparison: compareKeys(stateKeyIds, await keys.list()) };
  } catch (error) {
    terminal.write(
      `  The tenant could not be asked, so what is registered is told by the stack's state: ${(error as Error).message}\n`,
    );
    return undefined;
  }
}

async function removeEntry(
  keyId: string,
  tenant: TenantView | undefined,
  terminal: Terminal,
): Promise<void> {
  if (tenant === undefined) {
    throw new Failure("Without asking the tenant nothing can be taken off.");
  }
  const { owned, duplicates, foreign } = tenant.comparison;
  const is = (one: { keyId: string }) => one.keyId === keyId.toLowerCase();
  if (owned.some(is)) {
    throw new UsageFailure(
      `--remove "${keyId}" is the entry of a generation of this stack. Remove the generation from apponly:certificates, or rotate: apponly rotate.`,
    );
  }
  const entry = [...duplicates, ...foreign].find(is);
  if (entry === undefined) {
    throw new UsageFailure(
      `--remove "${keyId}" is not a key id of an entry that the application holds. List them: apponly certificates.`,
    );
  }
  await tenant.keys.remove(entry.keyId);
  terminal.write(`  Taken off: ${entry.thumbprint} (key id ${entry.keyId}).\n`);
}

function failIfExpiring(
  listed: readonly ListedGeneration[],
  limit: number | undefined,
  { failWithin = "", stack }: CertificatesArguments,
): void {
  if (limit === undefined) {
    return;
  }
  const gone = listed.filter(({ active, registered }) => active && !registered);
  if (gone.length > 0) {
    throw new Failure(
      `Not registered any more: ${gone.map(({ name }) => name).join(", ")}, which pipelines use. Register it again: pulumi up --refresh --stack ${stack}`,
      exitCodes.expiring,
    );
  }
  const soon = listed.filter(
    ({ daysLeft, registered }) => registered && daysLeft !== undefined && daysLeft * dayMs < limit,
  );
  if (soon.length > 0) {
    throw new Failure(
      `Within ${failWithin}: ${soon.map(({ name }) => name).join(", ")}. Rotate: apponly rotate --stack ${stack}`,
      exitCodes.expiring,
    );
  }
}

function table(listed: readonly ListedGeneration[]): string {
  return columns([
    ["Generation", "Thumbprint", "Days left", "Active", "Registered"],
    ...listed.map(({ name, thumbprint, daysLeft, active, registered }) => [
      name,
      thumbprint,
      daysLeft === undefined ? "" : String(daysLeft),
      active ? "yes" : "",
      registered ? "yes" : "no",
    ]),
  ]);
}

function describeFurther(entries: readonly FurtherEntry[], stack: string): string {
  if (entries.length === 0) {
    return "";
  }
  const remarks = entries.map(({ keyId, thumbprint, daysLeft, duplicateOf }) => [
    thumbprint || "unknown thumbprint",
    `${daysLeft} days left`,
    keyId,
    duplicateOf === undefined
      ? `of no generation; if nobody needs it: apponly certificates --stack ${stack} --remove ${keyId}`
      : `${duplicateOf} once more, left behind by an interrupted update: apponly rotate takes it off`,
  ]);
  return `\n  The application also holds, apart from this stack:\n${columns(remarks)}`;
}

function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd())
    .map((line) => `${line}\n`)
    .join("");
}
