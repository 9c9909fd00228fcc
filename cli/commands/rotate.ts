import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { proveSignIn } from "../../access/verify/verify";
import { clouds } from "../../components/catalog/clouds";
import { generationNameFaults } from "../../components/validation/certificates";
import { readOutputs } from "../../components/outputs";
import { openApplicationKeys } from "../../operations/applicationKeys";
import { judgeLifetime } from "../../operations/certificatePolicy";
import { outputValues } from "../../operations/stack";
import { rotate, type RotateOptions } from "../../operations/rotate";
import { dayMs } from "../../system/durations";
import { type Phase } from "../../operations/rotation";
import { endpointsFor } from "../endpoints";
import type { Io } from "../io";
import { openForChange } from "../openForChange";
import { lengthOfTime, type OptionsOf, stackOption } from "../options";
import { verifyInputOf } from "../verification";

const parser = () =>
  new Command()
    .addOption(stackOption())
    .addOption(
      new Option(
        "--overlap <time>",
        "how long the old generation stays after the new one is active",
      )
        .argParser(lengthOfTime("14d, 36h or 30m"))
        .default({ text: "14d", ms: 14 * dayMs }, "14d"),
    )
    .option("--now", "remove the old generation without waiting")
    .option("--plan", "write the next change of the settings, and update nothing")
    .addOption(
      new Option("--name <name>", "name of the new generation").argParser((name) => {
        const [fault] = generationNameFaults(name, "");
        if (fault !== undefined) {
          throw new InvalidArgumentError(`It ${fault.rule} ${fault.remedy}`);
        }
        return name;
      }),
    );

/** Makes `apponly rotate`. */
export const rotateCommand = (io: Io, run = rotateCertificate) =>
  parser().action((options) => run(options, io));

/** Longest time a registered certificate is waited for. */
const propagationMs = 15 * 60_000;

/** Rotates a stack's certificate, or with `--plan` only writes the next change. */
async function rotateCertificate(args: OptionsOf<typeof parser>, io: Io): Promise<void> {
  const { stack, settingsFile } = await openForChange(args.stack, io.progress, "existing");
  const note = (text: string) => void io.out(`  ${text}\n`);
  const options: RotateOptions = {
    stack,
    settingsFile,
    overlapDays: args.overlap.ms / dayMs,
    immediately: args.now ?? false,
    planOnly: args.plan ?? false,
    ...(args.name === undefined ? {} : { name: args.name }),
    prove: async (generation) => {
      const outputs = readOutputs(outputValues(await stack.outputs()), stack.name);
      const endpoints = endpointsFor(clouds[outputs.cloud]);
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
    onPhase: (phase) => note(describePhase(phase, args.plan ?? false)),
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
