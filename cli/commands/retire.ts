import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { PlaceReaders } from "../../access/export/places";
import { type CertificateOutput, readPublicOutputs } from "../../components/outputs";
import { vaultCredential } from "../../microsoft/keyVault/clients";
import { connectStackDeployer } from "../../operations/deployer";
import { connectStackExchange } from "../../operations/stackExchange";
import {
  retiredAccessOf,
  type AccessUse,
  disablePrincipal,
  findExportRemains,
  findRemains,
  purgeDeleted,
  readAccessUse,
  type Remains,
  requireUnused,
} from "../../operations/retire";
import { Failure, UsageFailure } from "../../system/failure";
import type { RetireDocument } from "../documents/retire";
import { hangingIndent } from "../hangingIndent";
import type { Io } from "../io";
import { openForChange } from "../openForChange";
import { openForReading } from "../openForReading";
import { type OptionsOf, stackOption, yesOption } from "../options";
import { askFor, requireConsent } from "../consent";
import { makeChange, showChange } from "../rollOut";
import { table } from "../table";

const parser = () =>
  new Command()
    .addOption(stackOption())
    .addOption(
      new Option(
        "--disable",
        "disable the service principal: nobody signs in, all can be had back",
      ).conflicts(["destroy"]),
    )
    .option("--destroy", "remove everything, and prove that nothing is left")
    .addOption(
      new Option("--quiet-days <days>", "days without a sign-in before it may be destroyed")
        .argParser((text) => {
          if (!/^\d{1,3}$/.test(text)) {
            throw new InvalidArgumentError("It is not a number of days. Write it as 7.");
          }
          return Number(text);
        })
        .default(7),
    )
    .option("--now", "destroy it although it is enabled or was used")
    .option("--purge", "remove the deleted objects for good, so that nobody can restore them")
    .addOption(yesOption());

type RetireOptions = OptionsOf<typeof parser>;

/** Makes `apponly retire`. */
export const retireCommand = (io: Io, run = retireAccess) =>
  parser().action((options) => run(options, io));

/** What the command asks: replaced in unit tests. */
const outside = {
  openForReading,
  connectStackDeployer,
  readers: { environment: process.env, credential: vaultCredential } as PlaceReaders,
};

/** Says who still uses a stack's access; disables it, or destroys it and proves that it is gone. */
export async function retireAccess(options: RetireOptions, io: Io, asked = outside): Promise<void> {
  const { stack, settingsFile, outputs } = await asked.openForReading(options.stack, io.progress);
  const access = await retiredAccessOf(stack);
  if (access === undefined) {
    // Destroyed before: what was exported may have been left then.
    const remains = await findExportRemains(settingsFile, asked.readers);
    await answerUse(io, { stack: stack.name, state: "destroyed", remains });
    await concludeRemains(remains, stack.name, "The stack holds no application.", io);
    return;
  }
  const { certificates = [] } = readPublicOutputs(outputs, stack.name) ?? {};
  if (options.destroy === true) {
    await destroyForGood(options, certificates, asked.readers, io);
    return;
  }
  const graph = await (await asked.connectStackDeployer(stack)).graph();
  let use = await readAccessUse(graph, access, certificates);
  if (options.disable === true && use.enabled) {
    await io.out(`${describeUse(use, io.columns)}\n`);
    requireConsent(io, options.yes);
    const question = `Disable the service principal of the stack ${stack.name}, so that nobody signs in with it?`;
    await askFor(io, question, options.yes);
    await disablePrincipal(graph, access);
    use = await readAccessUse(graph, access, certificates);
  }
  const next = use.enabled
    ? `Disable it, and see who misses it: apponly retire --stack ${stack.name} --disable`
    : `After ${options.quietDays} days without a sign-in: \`apponly retire --stack ${stack.name} --destroy\`. To have it back: apponly up --refresh --stack ${stack.name}`;
  await io.out(`${describeUse(use, io.columns)}\n${hangingIndent(`  ${next}`, 2, io.columns)}\n`);
  await answerUse(io, { stack: stack.name, state: use.enabled ? "enabled" : "disabled", use });
}

function answerUse(io: Io, told: Omit<RetireDocument, "version">): Promise<void> {
  return io.answer({ version: 1, ...told });
}

async function destroyForGood(
  options: RetireOptions,
  certificates: readonly CertificateOutput[],
  readers: PlaceReaders,
  io: Io,
): Promise<void> {
  requireConsent(io, options.yes);
  const opened = await openForChange(options.stack, io.progress, "existing");
  const { stack, settingsFile } = opened;
  const graph = await (await connectStackDeployer(stack)).graph();
  const exchange = await connectStackExchange(stack);
  const access = await retiredAccessOf(stack);
  if (access === undefined) {
    throw new UsageFailure(`The stack "${stack.name}" holds no application any more.`);
  }
  const use = await readAccessUse(graph, access, certificates);
  await io.out(`${describeUse(use, io.columns)}\n`);
  if (options.now !== true) {
    requireUnused(use, stack.name, options.quietDays, new Date());
  }
  const shown = await showChange(opened, io, "destroy");
  await askFor(io, `Remove the whole access of the stack ${stack.name}?`, options.yes);
  await makeChange(opened, shown, io);
  if (options.purge === true) {
    await purgeDeleted(graph, access);
  }
  const inTenant = await findRemains(graph, exchange, access);
  const exported = await findExportRemains(settingsFile, readers);
  const remains = {
    ...exported,
    left: [...inTenant.left, ...exported.left],
    unproven: [...inTenant.unproven, ...exported.unproven],
  };
  await answerUse(io, { stack: stack.name, state: "destroyed", use, remains });
  await concludeRemains(remains, stack.name, "The access is destroyed.", io);
}

/**
 * Says what could not be read, and that nothing else is left.
 *
 * @throws {Failure} If something is left.
 */
async function concludeRemains(
  { left, unproven, kept = [] }: Remains,
  stack: string,
  fact: string,
  io: Io,
): Promise<void> {
  for (const one of unproven) {
    await io.out(`${hangingIndent(`  Not proven. ${one}`, 4, io.columns)}\n`);
  }
  for (const one of kept) {
    await io.out(`${hangingIndent(`  ${one}`, 2, io.columns)}\n`);
  }
  if (left.length > 0) {
    throw new Failure(
      `Not all of it is gone:\n${left.map((one) => `- ${one}`).join("\n")}\nThen look again: apponly retire --stack ${stack}`,
    );
  }
  const nothing = `  ${fact} Nothing ${unproven.length === 0 ? "" : "that could be read "}is left, in the tenant and where exports are noted (apponly:exports). Files and variables that were exported otherwise are no longer of use. Then: pulumi stack rm ${stack}`;
  await io.out(`\n${hangingIndent(nothing, 2, io.columns)}\n`);
}

function describeUse(
  { enabled, credentials, lastSignIn, unknown }: AccessUse,
  columns?: number,
): string {
  const rows = credentials.map(({ name, kind, vaultKey, lastSignIn: last }) => [
    name,
    vaultKey === undefined ? kind : `${kind}, key in ${new URL(vaultKey).host}`,
    unknown === undefined && kind !== "federated credential"
      ? (last ?? "no sign-in on record")
      : "not known",
  ]);
  return [
    `  ${enabled ? "Enabled" : "Disabled"}; last sign-in: ${lastSignIn ?? (unknown === undefined ? "none on record" : "not known")}\n`,
    table([["Credential", "Kind", "Last used"], ...rows], columns),
    ...(unknown === undefined ? [] : [`${hangingIndent(`  ${unknown}`, 2, columns)}\n`]),
  ].join("");
}
