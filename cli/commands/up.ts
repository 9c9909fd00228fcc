import { Command, Option } from "@commander-js/extra-typings";
import { vaultCredentialOf } from "../../access/connect/vaultTokens";
import { placeOfKey } from "../../components/catalog/vaults";
import { readPublicOutputs } from "../../components/outputs";
import { type OperationResult, outputValues, refreshStack } from "../../operations/stack";
import { gate } from "../../review/gate";
import type { PermissionChange } from "../../review/documentShape";
import { exitCodes, Failure, UsageFailure } from "../../system/failure";
import { isLoopback } from "../../system/loopback";
import { askFor, requireConsent } from "../consent";
import type { Io } from "../io";
import { type OpenedForChange, openForChange } from "../openForChange";
import {
  failOnOption,
  lengthOfTime,
  type OptionsOf,
  policyPackConfigOption,
  yesOption,
} from "../options";
import { readPolicies } from "../policyConfiguration";
import { changeDocument, makeChange, runChange, showChange, type ShownChange } from "../rollOut";
import { meansSeveral } from "../../operations/chooseStacks";
import { onEachStack } from "../manyStacks";
import { partOfReview } from "../recordParts";
import { withStackChoice } from "../stackChoice";
import { fillSettingsFile } from "../vaultVersions";
import { verifyStack } from "./verify/verify";

const parser = () =>
  withStackChoice(new Command())
    .addOption(yesOption())
    .option(
      "--refresh",
      "look first what the tenant still holds, so that what was taken away comes back",
    )
    .addOption(failOnOption())
    .addOption(policyPackConfigOption())
    .addOption(
      new Option("-w, --wait <time>", "how long to wait for what was granted to arrive")
        .argParser(lengthOfTime("30m or 2h"))
        .default({ text: "15m", ms: 15 * 60_000 }, "15m"),
    )
    .option("--no-verify", "end after the update");

type UpOptions = Omit<OptionsOf<typeof parser>, "stack"> & { readonly stack?: string | undefined };

/** Makes `apponly up`. */
export const upCommand = (io: Io, run = rollOutStack) =>
  parser().action((options) => {
    if (meansSeveral(options) && options.yes !== true) {
      throw new UsageFailure(
        "Nobody can answer for several stacks at once. Look at the changes with `apponly review` and the same stacks, and run this with --yes.",
      );
    }
    return onEachStack("up", options, io, (stack, own) => run({ ...options, stack }, own));
  });

/** What the command asks and changes: replaced in unit tests. */
const outside = { openForChange, fillSettingsFile, runChange, showChange, makeChange, verifyStack };

/** Reviews what the settings of a stack change, asks, updates, and proves that it connects. */
export async function rollOutStack(options: UpOptions, io: Io, asked = outside): Promise<void> {
  requireConsent(io, options.yes, "Look at the change with `apponly review`");
  await readPolicies(options.policyPackConfig);
  const isEmbedded = process.env.APPONLY_EMBEDDED === "true";
  const opened = await asked.openForChange(options.stack, io.progress, "either", {
    // A plugin that is told of one tenant after the other is not yet trusted to write into a real one.
    plugins: isLoopback(process.env.ARM_METADATA_HOSTNAME ?? "") ? io.plugins : undefined,
  });
  await asked.fillSettingsFile(opened.settingsFile, io, options.yes);
  const { shown, outputs } = await rollOut(opened, options, io, asked);
  const { certificates = [] } = readPublicOutputs(outputs?.() ?? {}, opened.stack.name) ?? {};
  const keyIn = vaultCredentialOf(certificates.find(({ active }) => active))?.vault.key;
  await io.out(nextSteps(shown, opened.stack.name, isEmbedded, keyIn));
}

/** What was rolled out. */
interface RolledOut extends Pick<OperationResult, "outputs"> {
  readonly shown: ShownChange;
  readonly updatedAt: number;
}

/**
 * The one path on which the tenant is changed: review, question, update, verification.
 *
 * @returns What was shown, and when the update began.
 * @throws {Failure} If the gate trips, the answer is not yes, or the access does not work.
 */
export async function rollOut(
  opened: OpenedForChange,
  options: Partial<Omit<UpOptions, "stack">>,
  io: Io,
  asked: Omit<typeof outside, "openForChange" | "fillSettingsFile"> = outside,
): Promise<RolledOut> {
  const { stack } = opened;
  if (options.refresh === true) {
    await asked.runChange(stack, io, `Refresh ${stack.name}`, 0, refreshStack);
  }
  const shown = await asked.showChange(
    opened,
    io,
    "update",
    await readPolicies(options.policyPackConfig),
  );
  io.record(partOfReview(shown.review));
  requireGate(shown, options.failOn);
  requireBackend(shown, options.yes);
  if (shown.hasChanges) {
    await askFor(io, `Roll this out to the stack ${stack.name}?`, options.yes);
  }
  const updatedAt = Date.now();
  let verification: object | undefined;
  const answer = (document: object) => {
    verification = document;
    return Promise.resolve();
  };
  const proof = async (given?: OperationResult["outputs"]) => {
    const outputs = given?.() ?? outputValues(await stack.outputs());
    await asked.verifyStack(
      { stack: stack.name, format: "terminal", wait: options.wait, allowUnverified: true },
      { ...io, answer },
      () => Promise.resolve({ ...opened, outputs }),
    );
  };
  const proves = options.verify !== false;
  const done = await asked.makeChange(opened, shown, io, proves ? () => proof() : undefined);
  const { outputs } = done;
  try {
    if (proves) {
      await proof(outputs);
    }
  } finally {
    // What was changed is told, also where it does not work.
    await io.answer({
      ...changeDocument(stack.name, shown, done),
      ...(verification && { verification }),
    });
  }
  return { shown, updatedAt, ...(outputs && { outputs }) };
}

function requireGate({ review }: ShownChange, failOn: UpOptions["failOn"]): void {
  if (failOn !== undefined && gate([review], failOn).kind !== "passed") {
    throw new Failure(
      `The change is at least ${failOn}, violates a mandatory policy of that severity, or could not be seen as a whole. Nothing was changed.`,
      exitCodes.gate,
    );
  }
}

/** Nobody reads a warning of what is answered beforehand, and a second application would be made. */
function requireBackend({ existing }: ShownChange, yes: boolean | undefined): void {
  if (yes === true && existing.length > 0) {
    throw new Failure(
      `The backend has no such stack, and the tenant has what it would make. Nothing was changed: log in to the backend that has the stack (pulumi login), adopt what is there, or run this without --yes. ${existing.join(" ")}`,
    );
  }
}

/** What may change without a change of what jobs sign in with. */
const leavesSignIn: readonly PermissionChange["kind"][] = [
  "application-permission",
  "admin-consent",
  "directory-role",
  "owner",
  "exception",
];

/** What somebody does after an update, where that depends on what it changed. */
function nextSteps(
  { review: { changes } }: ShownChange,
  stack: string,
  isEmbedded: boolean,
  keyIn?: string,
): string {
  const at = `--stack ${stack}${isEmbedded ? " --embedded" : ""}`;
  if (changes.length > 0 && changes.every(({ kind }) => leavesSignIn.includes(kind))) {
    return "\n  Jobs sign in as before: nothing has to be handed over anew.\n";
  }
  const adds = (kind: string) => changes.some((one) => one.kind === kind && one.action === "add");
  return adds("certificate") || adds("application")
    ? [
        "",
        ...(keyIn === undefined
          ? [
              "  Next, hand the access over to the job, and keep its certificate alive:",
              `    apponly export ${at} --format json`,
            ]
          : [
              `  The key stays in ${placeOfKey(keyIn).vault}. Next, let a job sign by it, and keep its certificate alive:`,
            ]),
        `    apponly pipeline ${at} --kind github-actions`,
        `    apponly certificates ${at} --fail-within 30d`,
        "",
      ].join("\n")
    : "";
}
