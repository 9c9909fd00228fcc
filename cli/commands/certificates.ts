import { Command, Option } from "@commander-js/extra-typings";
import { federatedCredentialsOf, readOutputsIfUpdated } from "../../components/outputs";
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
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import type { Io } from "../io";
import { openForReading } from "../openForReading";
import { lengthOfTime, type OptionsOf, stackOption } from "../options";
import { table } from "../table";

const parser = () =>
  new Command()
    .addOption(stackOption())
    .addOption(
      new Option(
        "--fail-within <time>",
        "exit with 5 when one expires within this time, for example 30d",
      ).argParser(lengthOfTime("30d, 36h or 30m")),
    )
    .option("--remove <key id>", "remove an entry that no generation has from the application");

type CertificatesOptions = OptionsOf<typeof parser>;

/** Makes `apponly certificates`. */
export const certificatesCommand = (io: Io, run = listCertificates) =>
  parser().action((options) => run(options, io));

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
  const { stack, outputs, settingsFile } = await asked.openForReading(options.stack, io.progress);
  const settings = await asked.readSettings(settingsFile);
  const known = readOutputsIfUpdated(outputs, stack.name);
  const deployed = known?.certificates ?? [];
  const tenant = await askTenant(stack, known?.applicationObjectId, io, asked);
  if (options.remove !== undefined) {
    await removeEntry(options.remove, tenant, io);
    return;
  }
  const now = new Date();
  const configured = settings.generations().map(({ name }) => name);
  const listed = listGenerations(configured, deployed, tenant?.comparison, now);
  const further = tenant === undefined ? [] : furtherEntries(deployed, tenant.comparison, now);
  const own =
    listed.length > 0
      ? describeGenerations(listed)
      : describeFederated(known === undefined ? [] : federatedCredentialsOf(known, stack.name));
  await io.out(own + describeFurther(further, stack.name));
  failIfExpiring(listed, options, stack.name);
}

/** Asks the tenant as the stack's deployer; where that cannot be done, says so and goes on. */
async function askTenant(
  stack: ReadableStack,
  outputOfApplication: string | undefined,
  io: Io,
  asked: typeof outside,
): Promise<TenantView | undefined> {
  const owned = await ownedKeys(stack);
  const applicationObjectId = owned[0]?.applicationObjectId ?? outputOfApplication;
  if (applicationObjectId === undefined) {
    return undefined;
  }
  try {
    const keys = await asked.openApplicationKeys(stack, applicationObjectId);
    const stateKeyIds = owned.map(({ keyId }) => keyId);
    return { keys, comparison: compareKeys(stateKeyIds, await keys.list()) };
  } catch (error) {
    io.err(
      `  The tenant could not be asked, so what is registered is told by the stack's state: ${(error as Error).message}\n`,
    );
    return undefined;
  }
}

async function removeEntry(keyId: string, tenant: TenantView | undefined, io: Io): Promise<void> {
  if (tenant === undefined) {
    throw new Failure("Without asking the tenant nothing can be removed.");
  }
  const { owned, duplicates, foreign } = tenant.comparison;
  const named = (one: { keyId: string }) => one.keyId === keyId.toLowerCase();
  if (owned.some(named)) {
    throw new UsageFailure(
      `--remove "${keyId}" is the entry of a generation of this stack. Remove the generation from apponly:certificates, or rotate: apponly rotate.`,
    );
  }
  const entry = [...duplicates, ...foreign].find(named);
  if (entry === undefined) {
    throw new UsageFailure(
      `--remove "${keyId}" is not a key id of an entry that the application holds. List them: apponly certificates.`,
    );
  }
  await tenant.keys.remove(entry.keyId);
  await io.out(`  Removed: ${entry.thumbprint} (key id ${entry.keyId}).\n`);
}

function failIfExpiring(
  listed: readonly ListedGeneration[],
  { failWithin }: CertificatesOptions,
  stack: string,
): void {
  if (failWithin === undefined) {
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
    ({ daysLeft, registered }) =>
      registered && daysLeft !== undefined && daysLeft * dayMs < failWithin.ms,
  );
  if (soon.length > 0) {
    throw new Failure(
      `Within ${failWithin.text}: ${soon.map(({ name }) => name).join(", ")}. Rotate: apponly rotate --stack ${stack}`,
      exitCodes.expiring,
    );
  }
}

function describeGenerations(listed: readonly ListedGeneration[]): string {
  return table([
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

/** What a stack without certificates signs in with instead. */
function describeFederated(
  credentials: readonly { name: string; issuer: string; subject: string }[],
): string {
  const rows = credentials.map(({ name, issuer, subject }) => [name, issuer, subject]);
  return `  No certificates.\n${
    rows.length === 0 ? "" : `\n${table([["Federated credential", "Issuer", "Subject"], ...rows])}`
  }`;
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
      : `${duplicateOf} once more, left behind by an interrupted update: apponly rotate removes it`,
  ]);
  return `\n  The application also holds, apart from this stack:\n${table(remarks)}`;
}
