import { proveSignIn } from "../../access/verify/verify";
import { clouds } from "../../components/catalog/clouds";
import { readOutputs } from "../../components/outputs";
import { openApplicationKeys } from "../../operations/applicationKeys";
import { judgeLifetime } from "../../operations/certificatePolicy";
import { outputValues } from "../../operations/stack";
import { rotate, type RotateOptions } from "../../operations/rotate";
import { dayMs, parseDuration } from "../../system/durations";
import { type Phase } from "../../operations/rotation";
import { UsageFailure } from "../../system/failure";
import { endpointsFor, openTarget } from "../stackTarget";
import type { Steps, Terminal } from "../steps";
import { verifyInputOf } from "../verification";

/** The command line of `apponly rotate`. */
export interface RotateArguments {
  readonly stack: string;
  readonly overlap: string;
  readonly now?: boolean;
  readonly plan?: boolean;
  readonly name?: string;
}

/** Longest time a registered certificate is waited for. */
const propagationMs = 15 * 60_000;

/** Rotates a stack's certificate, or with `--plan` writes the next change alone. */
export async function rotateCommand(
  args: RotateArguments,
  steps: Steps,
  terminal: Terminal,
): Promise<void> {
  const overlapMs = parseDuration(args.overlap);
  if (overlapMs === undefined) {
    throw new UsageFailure(
      `--overlap "${args.overlap}" is not a length of time. Write it as 14d, 36h or 30m.`,
    );
  }
  const { stack, workDirectory } = await openTarget(args.stack, steps, "existing");
  const note = (text: string) => {
    terminal.write(`  ${text}\n`);
  };
  const options: RotateOptions = {
    stack,
    stackName: args.stack,
    workDirectory,
    overlapDays: overlapMs / dayMs,
    immediately: args.now ?? false,
    planOnly: args.plan ?? false,
    ...(args.name === undefined ? {} : { name: args.name }),
    prove: async (generation) => {
      const outputs = readOutputs(outputValues(await stack.outputs()), args.stack);
      const endpoints = await endpointsFor(clouds[outputs.cloud]);
      const input = verifyInputOf(outputs, endpoints, generation, true);
      return input.generations.length === 0 ? undefined : proveSignIn(input, propagationMs);
    },
    openKeys: (applicationObjectId) => openApplicationKeys(stack, applicationObjectId),
    judge: async (generation, index) => {
      const { refused, unknown } = await judgeLifetime(stack, generation, index);
      if (unknown !== undefined) {
        note(unknown);
      }
      return refused;
    },
    onNote: note,
    onPhase: (phase) => {
      terminal.write(`  ${describePhase(phase, args.plan ?? false)}\n`);
    },
  };
  await rotate(options);
}

function describePhase(phase: Phase, planned: boolean): string {
  const written = planned ? " Written to the stack's settings, nothing updated." : "";
  switch (phase.kind) {
    case "add":
      return `Add the generation ${phase.name}, like ${phase.like}.${written}`;
    case "activate":
      return `Activate ${phase.name} instead of ${phase.instead}: hand it to the pipelines.${written}`;
    case "remove":
      return `Remove the generation ${phase.name}.${written}`;
    case "wait":
      return `The generation ${phase.name} stays until ${phase.until}. Run this again from that day, or with --now.`;
  }
}
