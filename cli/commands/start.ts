import { Command } from "@commander-js/extra-typings";
import { verify } from "../../access/verify/verify";
import { readOutputs } from "../../components/outputs";
import { program } from "../../index";
import {
  hasChanges,
  openStack,
  type OperationResult,
  outputValues,
  previewStack,
  updateStack,
} from "../../operations/stack";
import { findStack, ownNameOf } from "../../operations/project";
import { requireOwnProgram } from "../../operations/projectProgram";
import { prepareEngine } from "../../toolchain/toolchain";
import { pulumiCommandOf } from "../../toolchain/pulumiCommand";
import { endpointsOfTenant, stageStack, startEmbeddedTenant } from "../embeddedTenant";
import { embeddedFolder } from "../embeddedFolder";
import { exitCodes, Failure } from "../../system/failure";
import { formatDuration } from "../../system/durations";
import { tidied } from "../interruption";
import type { Io } from "../io";
import { embeddedFolderOption, type OptionsOf } from "../options";
import { runStep } from "../steps";
import { verifyInputOf } from "../verification";
import { describeChain } from "./verify/verifyText";

const parser = () =>
  new Command()
    .option("-s, --stack <name>", "stack of the project", "dev")
    .addOption(embeddedFolderOption());

/** Makes `apponly start`. */
export const startCommand = (io: Io, run = tellWholeStory) =>
  parser().action((options) => run(options, io));

/**
 * The whole story on an embedded tenant: tools, tenant, preview, update, verification, connect
 * commands, and a second preview that has to be empty.
 *
 * @throws {Failure} If the verification fails, or the second preview still has changes.
 */
async function tellWholeStory(options: OptionsOf<typeof parser>, io: Io): Promise<void> {
  const { progress } = io;
  const begun = Date.now();
  const directory = embeddedFolder(options.directory);
  const chosen = findStack(options.stack);
  requireOwnProgram(chosen.project);
  const toolchain = await prepareEngine({ steps: progress, embeddedTenant: true });
  for (const { name, kind, reason } of toolchain.plugins) {
    await io.out(`  ${name}: ${kind} plugin, ${reason}\n`);
  }
  const embedded = await runStep(
    progress,
    "Tenant",
    () => startEmbeddedTenant(directory),
    ({ tenant, simulator }) => `${tenant.initialDomain} at ${simulator.endpoints.graph}`,
  );
  embedded.notes.forEach((sentence) => io.err(`  ${sentence}\n`));
  await tidied(async () => {
    const stack = await openStack({
      stack: ownNameOf(chosen.name),
      workDirectory: await stageStack(chosen, directory),
      program: () => program({ ...process.env, ...embedded.environment }),
      pulumi: pulumiCommandOf(toolchain.pulumi),
      environment: { ...toolchain.environment, ...embedded.environment },
    });
    await runStep(progress, `Preview ${options.stack}`, () => previewStack(stack), summary);
    const updateBegun = Date.now();
    const notes: string[] = [];
    const onNote = (sentence: string) => void notes.push(sentence);
    await runStep(
      progress,
      `Update ${options.stack}`,
      () => updateStack(stack, { onNote }),
      summary,
    ).finally(() => io.out(notes.map((sentence) => `  ${sentence}\n`).join("")));
    const outputs = readOutputs(outputValues(await stack.outputs()), options.stack);
    const report = await runStep(
      progress,
      "Verify",
      () => verify(verifyInputOf(outputs, endpointsOfTenant(embedded))),
      ({ ok, chains }) =>
        ok ? `${chains.length} of ${chains.length} connect` : "does not connect",
    );
    await io.out(report.chains.map((chain) => describeChain(chain, io)).join(""));
    if (!report.ok) {
      throw new Failure("The access does not work yet.", exitCodes.verification);
    }
    await io.out(
      `  From update to a verified connection: ${formatDuration(Date.now() - updateBegun)}\n`,
    );
    const again = await runStep(progress, "Preview again", () => previewStack(stack), summary);
    if (hasChanges(again)) {
      throw new Failure(
        "The second preview still has changes, although nothing was changed in between.",
      );
    }
    await io.out(connectCommands(outputs.connect));
    await io.out(
      `\nDone in ${formatDuration(Date.now() - begun)}. Run it again: nothing will change.\n`,
    );
  }, embedded.close);
}

/** The changes of an operation in a few words. */
function summary({ changes }: OperationResult): string {
  const words = Object.entries(changes)
    .filter(([operation, count]) => operation !== "same" && count > 0)
    .map(([operation, count]) => `${count} to ${operation}`);
  const same = changes.same ?? 0;
  return words.length === 0 ? `no changes (${same} resources)` : words.join(", ");
}

function connectCommands(connect: Record<string, Record<string, string>>): string {
  const commands = Object.values(connect).flatMap((methods) => Object.values(methods));
  // Each script as a whole is in the stack output.
  const lines = commands.flatMap((script) => script.match(/^ *Connect-.*$/gm) ?? []);
  return `\nConnect with:\n\n${lines.map((line) => `  ${line.trim()}\n`).join("\n")}`;
}
