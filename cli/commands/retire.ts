import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { connectStackDeployer } from "../../operations/deployer";
import {
  retiredAccessOf,
  type AccessUse,
  disablePrincipal,
  findRemains,
  purgeDeleted,
  readAccessUse,
  requireUnused,
} from "../../operations/retire";
import { Failure } from "../../system/failure";
import type { Io } from "../io";
import { openForChange } from "../openForChange";
import { openForReading } from "../openForReading";
import { type OptionsOf, stackOption, yesOption } from "../options";
import { askFor, makeChange, requireConsent, showChange } from "../rollOut";
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
const outside = { openForReading, connectStackDeployer };

/** Says who still uses a stack's access; disables it, or destroys it and proves that it is gone. */
export async function retireAccess(options: RetireOptions, io: Io, asked = outside): Promise<void> {
  if (options.destroy === true) {
    await destroyForGood(options, io);
    return;
  }
  const { stack } = await asked.openForReading(options.stack, io.progress);
  const graph = await (await asked.connectStackDeployer(stack)).graph();
  const access = await retiredAccessOf(stack);
  if (options.disable === true) {
    await disablePrincipal(graph, access);
  }
  const use = await readAccessUse(graph, access);
  const next = use.enabled
    ? `Disable it, and see who misses it: apponly retire --stack ${stack.name} --disable`
    : `After ${options.quietDays} days without a sign-in: apponly retire --stack ${stack.name} --destroy. To have it back: apponly up --refresh --stack ${stack.name}`;
  await io.out(`${describeUse(use)}\n  ${next}\n`);
}

async function destroyForGood(options: RetireOptions, io: Io): Promise<void> {
  requireConsent(io, options.yes);
  const opened = await openForChange(options.stack, io.progress, "existing");
  const { stack } = opened;
  const graph = await (await connectStackDeployer(stack)).graph();
  const access = await retiredAccessOf(stack);
  const use = await readAccessUse(graph, access);
  await io.out(`${describeUse(use)}\n`);
  if (options.now !== true) {
    requireUnused(use, stack.name, options.quietDays, new Date());
  }
  const shown = await showChange(opened, io, "destroy");
  await askFor(io, `Remove the whole access of the stack ${stack.name}?`, options.yes);
  await makeChange(opened, shown, io);
  if (options.purge === true) {
    await purgeDeleted(graph, access);
  }
  const { left, unproven } = await findRemains(graph, access);
  if (left.length > 0) {
    throw new Failure(`Not all of it is gone:\n${left.map((one) => `- ${one}`).join("\n")}`);
  }
  for (const one of unproven) {
    await io.out(`  Not proven. ${one}\n`);
  }
  await io.out(
    `\n  Nothing ${unproven.length === 0 ? "" : "that could be read "}is left in the tenant. What was exported to pipelines is no longer of use: remove it there. Then: pulumi stack rm ${stack.name}\n`,
  );
}

function describeUse({ enabled, credentials, lastSignIn, unknown }: AccessUse): string {
  const rows = credentials.map(({ name, kind, lastSignIn: last }) => [
    name,
    kind,
    unknown === undefined && kind !== "federated credential"
      ? (last ?? "no sign-in on record")
      : "not known",
  ]);
  return [
    `  ${enabled ? "Enabled" : "Disabled"}; last sign-in: ${lastSignIn ?? (unknown === undefined ? "none on record" : "not known")}\n`,
    table([["Credential", "Kind", "Last used"], ...rows]),
    ...(unknown === undefined ? [] : [`  ${unknown}\n`]),
  ].join("");
}
