import { Command, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { proveSignIn } from "../../access/verify/verify";
import { clouds } from "../../components/catalog/clouds";
import { generationNameFaults } from "../../components/validation/certificates";
import { readUsage } from "../../microsoft/graph/tenant/usage";
import { vaultCommand } from "../../access/vaultCommand";
import type { VaultSource } from "../../components/catalog/vaults";
import { isVaultSource } from "../../components/validation/vaultCertificate";
import type { ConfiguredGeneration } from "../../operations/settings";
import { openApplicationKeys } from "../../operations/applicationKeys";
import { connectStackDeployer } from "../../operations/deployer";
import { judgeLifetime } from "../../operations/certificatePolicy";
import { exportCommandTo, exportPlacesIn } from "../../operations/exportPlaces";
import { VaultFailure } from "../../microsoft/keyVault/failures";
import { updateStack } from "../../operations/stack";
import { rotate, type RotateOptions, type RotationUpdate } from "../../operations/rotate";
import type { Phase } from "../../operations/rotation";
import { foreignChanges } from "../../operations/rotationChecks";
import { dayMs } from "../../system/durations";
import { Failure, UsageFailure } from "../../system/failure";
import { shellWord } from "../../system/shellWord";
import { endpointsFor } from "../../microsoft/endpoints";
import type { RotateDocument } from "../documents/rotate";
import { hangingIndent } from "../hangingIndent";
import type { Io } from "../io";
import { openForChange } from "../openForChange";
import { lengthOfTime, type OptionsOf, yesOption } from "../options";
import { askFor, requireConsent } from "../consent";
import { runTidily } from "../interruption";
import { runChange, showChange, type ShownChange } from "../rollOut";
import { runStep } from "../steps";
import { meansSeveral } from "../../operations/chooseStacks";
import { onEachStack } from "../manyStacks";
import { withStackChoice } from "../stackChoice";
import { fillFromVaults } from "../vaultVersions";
import { verifyInputOf } from "../verification";

const parser = () =>
  withStackChoice(new Command())
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
    .option("--with-pending", "roll out what else the settings hold, too")
    .addOption(yesOption())
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
  parser().action((options) => {
    if (meansSeveral(options) && options.plan !== true) {
      throw new UsageFailure(
        "Several stacks are only planned together: --plan. Rotate each by itself, with its own identity and approval.",
      );
    }
    return onEachStack("rotate", options, io, (stack, own) => run({ ...options, stack }, own));
  });

type RotateCommandOptions = Omit<OptionsOf<typeof parser>, "stack"> & {
  readonly stack?: string | undefined;
};

/** Longest time a registered certificate is waited for. */
const propagationMs = 15 * 60_000;

/** What the command opens and has done: replaced in unit tests. */
const outside = { openForChange, exportPlacesIn, rotate, showChange };

/**
 * Rotates a stack's certificate, or with `--plan` only writes the next change.
 *
 * @throws {Failure} If the settings hold other changes too, or the answer is not yes.
 */
export async function rotateCertificate(
  args: RotateCommandOptions,
  io: Io,
  asked = outside,
): Promise<void> {
  const planOnly = args.plan ?? false;
  if (!planOnly) {
    requireConsent(io, args.yes);
  }
  const opened = await asked.openForChange(args.stack, io.progress, "existing");
  const { stack, settingsFile } = opened;
  const say = (text: string) => void io.out(`${hangingIndent(`  ${text}`, 2, io.columns)}\n`);
  const notes: string[] = [];
  const note = (text: string) => {
    notes.push(text);
    say(text);
  };
  const places = planOnly ? [] : asked.exportPlacesIn(settingsFile);
  const exportCommands = places.map((place) => exportCommandTo(place, stack.name));
  let shown: ShownChange | undefined;
  const options: RotateOptions = {
    stack,
    settingsFile,
    overlapDays: args.overlap.ms / dayMs,
    immediately: args.now ?? false,
    planOnly,
    ...(args.name === undefined ? {} : { name: args.name }),
    prove: (generation, outputs) =>
      runStep(io.progress, `Sign in with ${generation}`, async () => {
        const endpoints = endpointsFor(clouds[outputs.cloud], process.env);
        const input = verifyInputOf(outputs, endpoints, generation, true);
        return input.generations.length === 0
          ? undefined
          : proveSignIn(input, propagationMs).catch((error: unknown) =>
              provenElsewhere(error, note),
            );
      }),
    fill: (settings) => fillFromVaults(settings, io, args.yes),
    openKeys: (applicationObjectId) => openApplicationKeys(stack, applicationObjectId),
    judge: async (generation, index, outputs) => {
      const { refused, unknown } = await judgeLifetime(stack, generation, index, outputs);
      // The review that follows says it too.
      if (unknown !== undefined && planOnly) {
        note(unknown);
      }
      return refused;
    },
    lastUse: async (keyId, { applicationId }) => {
      const graph = await (await connectStackDeployer(stack)).graph();
      const usage = await readUsage(graph, applicationId);
      if (usage.unread !== undefined) {
        note(`Whether the old key is still used is not known. ${usage.unread.why}`);
      }
      return usage.credentials.get(keyId);
    },
    approve: (next, active, undo) => {
      let isApproved = false;
      const approve = async () => {
        const declined = shown === undefined ? "Nothing was changed." : "Nothing more was changed.";
        shown = await asked.showChange(opened, io);
        refuseForeign(foreignChanges(shown.events, active), stack.name, args.withPending);
        if (shown.hasChanges) {
          await askFor(io, questionOfUpdate(next, stack.name), args.yes, declined);
        }
        isApproved = true;
      };
      // Whoever interrupts the question has not answered it.
      return runTidily(approve, () => (isApproved ? undefined : undo()));
    },
    update: async (next, after) => {
      await opened.renewSettings();
      return runChange(stack, io, titleOfUpdate(next), shown?.count ?? 0, (one, told) =>
        updateStack(one, { ...told, ...(after && { after }) }),
      );
    },
    onNote: note,
    onDone: (phase, generation) =>
      say(
        planOnly
          ? planOfPhase(phase, settingsFile, stack.name)
          : reportOnPhase(phase, stack.name, exportCommands, generation),
      ),
  };
  const phases = await asked.rotate(options);
  const answer: RotateDocument = {
    version: 1,
    stack: stack.name,
    planned: planOnly,
    settingsFile,
    phases,
    notes,
  };
  await io.answer(answer);
}

/** Who rotates need not be who may sign: then it is as with a certificate that was supplied. */
function provenElsewhere(error: unknown, note: (text: string) => unknown): string | undefined {
  if (!(error instanceof VaultFailure)) {
    throw error;
  }
  if (error.problem !== "vault-forbidden") {
    return error.message;
  }
  note(
    `Whether it signs in was not tried here: ${error.message} Verify in the job: apponly verify`,
  );
  return undefined;
}

/** Rolls out with the certificate nothing that nobody has asked for. */
function refuseForeign(
  names: readonly string[],
  stack: string,
  withPending: boolean | undefined,
): void {
  if (names.length > 0 && withPending !== true) {
    throw new Failure(
      `The settings hold changes besides the rotation, shown above: ${names.join(", ")}. Nothing was changed. Roll them out first: \`apponly up --stack ${stack}\`. Or roll them out with the rotation: --with-pending.`,
    );
  }
}

function titleOfUpdate(next: RotationUpdate): string {
  switch (next.kind) {
    case "resume":
      return "Go on";
    case "add":
      return `Add ${next.name}`;
    case "activate":
      return `Activate ${next.name}`;
    case "remove":
      return `Remove ${next.name}`;
  }
}

function questionOfUpdate(next: RotationUpdate, stack: string): string {
  switch (next.kind) {
    case "resume":
      return `Roll out to the stack ${stack} what its settings say?`;
    case "add":
      return `Add the generation ${next.name}, like ${next.like}, to the stack ${stack}, and make it the active one as soon as it signs in?`;
    case "activate":
      return `Make ${next.name} the active generation of the stack ${stack}, instead of ${next.instead}?`;
    case "remove":
      return `Remove the generation ${next.name} from the stack ${stack}? Jobs that still sign in with it stop.`;
  }
}

/** What becomes of the jobs, where the key is in a vault. */
const followsVersions: Readonly<Record<VaultSource, (stack: string) => string>> = {
  "key-vault": () =>
    "a pipeline that apponly pipeline has written takes the newest version, and has nothing to be given.",
  "managed-hsm": (stack) =>
    `a pipeline names its version there. Write it anew, for each kind: apponly pipeline --stack ${stack} --credential key-vault --kind KIND --out . --force`,
};

/** What was done, and what somebody does next. */
function reportOnPhase(
  phase: Phase,
  stack: string,
  exportCommands: readonly string[],
  generation?: ConfiguredGeneration,
): string {
  const { source, vault = "", certificate = "", version = "" } = generation ?? {};
  switch (phase.kind) {
    case "add":
      return `Added the generation ${phase.name}, like ${phase.like}.`;
    case "activate":
      return `${phase.name} is active now, instead of ${phase.instead}. ${
        isVaultSource(source)
          ? `Its key stays in ${vault}: ${followsVersions[source](stack)}`
          : `A job that holds a copy of its own needs the new one: ${
              exportCommands.length > 0
                ? exportCommands.join("; ")
                : `apponly export --stack ${stack} --format pfx --out ${shellWord(`${phase.name}.pfx`)}, or in another of its formats`
            }`
      }`;
    case "remove":
      return isVaultSource(source)
        ? `Removed the generation ${phase.name}. Its version stays in ${vault}; disable it there: ${vaultCommand("set-attributes", { source, vault, name: certificate })} --version ${version} --enabled false`
        : `Removed the generation ${phase.name}.`;
    case "wait":
      return `The generation ${phase.name} stays until ${phase.until}. Run this again from that day: apponly rotate --stack ${stack}`;
  }
}

/** What was written down. */
function planOfPhase(phase: Phase, file: string, stack: string): string {
  const next = `Written to ${file}; nothing was updated. Review it, and roll it out: apponly up --stack ${stack}`;
  switch (phase.kind) {
    case "add":
      return `Planned: add the generation ${phase.name}, like ${phase.like}. ${next}`;
    case "activate":
      return `Planned: make ${phase.name} active instead of ${phase.instead}. ${next}`;
    case "remove":
      return `Planned: remove the generation ${phase.name}. ${next}`;
    case "wait":
      return `Nothing to plan: the generation ${phase.name} stays until ${phase.until}.`;
  }
}
