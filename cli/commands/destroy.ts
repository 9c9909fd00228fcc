import { Command } from "@commander-js/extra-typings";
import { hangingIndent } from "../hangingIndent";
import type { Io } from "../io";
import { openForChange } from "../openForChange";
import { type OptionsOf, stackOption, yesOption } from "../options";
import { askFor, requireConsent } from "../consent";
import { changeDocument, makeChange, showChange } from "../rollOut";

const parser = () => new Command().addOption(stackOption()).addOption(yesOption());

/** Makes `apponly destroy`. */
export const destroyCommand = (io: Io, run = destroyAccess) =>
  parser().action((options) => run(options, io));

/** What the command asks and changes: replaced in unit tests. */
const outside = { openForChange, showChange, makeChange };

/** Shows what a stack holds in the tenant, asks, and removes all of it. */
export async function destroyAccess(
  options: OptionsOf<typeof parser>,
  io: Io,
  asked = outside,
): Promise<void> {
  requireConsent(io, options.yes);
  const opened = await asked.openForChange(options.stack, io.progress, "existing");
  const { stack } = opened;
  const shown = await asked.showChange(opened, io, "destroy");
  if (!shown.hasChanges) {
    await io.out(`  The stack ${stack.name} holds nothing.\n`);
    await io.answer(changeDocument(stack.name, shown, undefined));
    return;
  }
  await askFor(io, `Remove the whole access of the stack ${stack.name}?`, options.yes);
  const done = await asked.makeChange(opened, shown, io);
  const next =
    process.env.APPONLY_EMBEDDED === "true"
      ? `The settings are as they were. Roll them out anew: apponly up --stack ${stack.name}`
      : `Next, where the stack is not needed any more: pulumi stack rm ${stack.name}`;
  await io.out(`\n${hangingIndent(`  ${next}`, 2, io.columns)}\n`);
  await io.answer(changeDocument(stack.name, shown, done));
}
