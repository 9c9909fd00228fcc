import type { EngineEvent } from "@pulumi/pulumi/automation";
import { types } from "../policy/rules/types";
import { readOutputs, type StackOutputs } from "../components/outputs";
import { type ApplicationKeys, compareKeys, ownedKeys } from "./applicationKeys";
import { nextPhase, type Phase, RotationRefused, retirementDay } from "./rotation";
import {
  type DeployedGeneration,
  type RegisteredThumbprints,
  requireActiveRegistered,
  requireAnotherValid,
  requireRegistered,
} from "./rotationChecks";
import { type ConfiguredGeneration, StackSettings } from "./settings";
import type { ChangeableStack } from "./openStack";
import { type OperationResult, outputValues, updateStack } from "./stack";

/** An update of a rotation: a phase, or what an earlier run has written and not rolled out. */
export type RotationUpdate = Exclude<Phase, { kind: "wait" }> | { readonly kind: "resume" };

/** How a rotation is done. */
export interface RotateOptions {
  readonly stack: ChangeableStack;
  /** `Pulumi.STACK.yaml`. */
  readonly settingsFile: string;
  readonly overlapDays: number;
  /** Removes the old generation without waiting for the overlap to end. */
  readonly immediately: boolean;
  /** Writes the next change of the settings and does not update. */
  readonly planOnly: boolean;
  readonly name?: string;
  readonly now?: () => Date;
  /**
   * Proves that a token is issued with a generation; waits for it where it has just been added.
   *
   * @returns Why not, or `undefined`.
   */
  readonly prove: (generation: string, outputs: StackOutputs) => Promise<string | undefined>;
  /** Opens the certificates that the tenant has. Absent: only the stack's state decides. */
  readonly openKeys?: (applicationObjectId: string) => Promise<ApplicationKeys>;
  /**
   * Judges a generation before it is added.
   *
   * @returns Why the tenant would refuse it, or `undefined`.
   */
  readonly judge?: (
    generation: ConfiguredGeneration,
    index: number,
    outputs: StackOutputs,
  ) => Promise<string | undefined>;
  /**
   * When a key of the application was last signed in with.
   *
   * @returns An instant; `undefined` where no sign-in is on record or it is not known.
   */
  readonly lastUse?: (keyId: string, outputs: StackOutputs) => Promise<string | undefined>;
  /**
   * Shows what an update is about to change, and asks. Where it throws, the settings are put back and
   * nothing is changed.
   *
   * @param active Name of the generation that pipelines have now.
   * @param undo Puts the settings back, for who is ended in the middle; a refusal does so anyway.
   */
  readonly approve?: (
    next: RotationUpdate,
    active: string | undefined,
    undo: () => Promise<void>,
  ) => Promise<void>;
  /**
   * Updates the stack.
   *
   * @param after The update before it, of this run.
   * @default without telling how far it is
   */
  readonly update?: (next: RotationUpdate, after?: OperationResult) => Promise<OperationResult>;
  /**
   * Gives generations whose key is in a vault a version of it, in settings that are written afterwards.
   *
   * @returns Whether there was such a generation.
   */
  readonly fill?: (settings: StackSettings) => Promise<boolean>;
  /** Told of each phase before it is done. */
  readonly onPhase?: (phase: Phase) => void;
  /** Told of each phase that was done, or written where nothing is updated, and of its generation. */
  readonly onDone?: (phase: Phase, generation: ConfiguredGeneration | undefined) => void;
  /** Told of what is worth knowing and hinders nothing, in a full sentence. */
  readonly onNote?: (note: string) => void;
}

/**
 * Rotates a stack's certificate without an outage: adds a generation, waits until it signs in,
 * activates it, and removes the old one once the overlap has ended. Interrupted anywhere and run
 * again, it goes on.
 *
 * @returns The phases that were done; the last is `wait` while the overlap lasts.
 * @throws {VaultFailure} If the key is in a vault and that refuses.
 * @throws {RotationRefused} If a phase would leave the pipeline without a valid certificate.
 * @throws {SettingsError} If the stack's settings cannot be read or edited.
 * @throws {OutputsError} If the stack was never updated.
 */
export async function rotate(options: RotateOptions): Promise<Phase[]> {
  const now = options.now ?? (() => new Date());
  const done: Phase[] = [];
  const readSettings = async (deployed: readonly unknown[] = []) => {
    const settings = await StackSettings.read(options.settingsFile);
    if (deployed.length > 0 && settings.generations().length === 0) {
      // An environment of Pulumi ESC may have them, which the engine opens.
      const config = await options.stack.getAllConfig();
      settings.inherit(
        Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value])),
      );
    }
    return settings;
  };
  let before = await readSettings();
  // A generation that was written by hand, before anything else: without it nothing can be updated.
  if ((await options.fill?.(before)) === true) {
    await before.write(now());
    options.onNote?.(`Written to ${before.path}.`);
    if (options.planOnly) {
      return done;
    }
  }
  let outputs = await outputsAfter(options);
  const deployed = outputs.certificates;
  before = await readSettings(deployed);
  const isPending = settingsDiffer(before, deployed);
  if (isPending && options.planOnly) {
    throw new RotationRefused(
      `${before.path} holds other generations than were rolled out. Roll them out first: apponly up --stack ${options.stack.name}`,
    );
  }
  // What an interrupted run has written is rolled out before anything is decided.
  let last = isPending ? await updateApproved(options, { kind: "resume" }, deployed) : undefined;
  const resumed = last?.events ?? [];
  outputs = last === undefined ? outputs : await outputsAfter(options, last);
  const keys = await openKeys(options);
  const usedNames = await usedGenerationNames(options.stack);
  let isApproved = isPending;
  for (;;) {
    const settings = await readSettings(outputs.certificates);
    const configured = settings.generations();
    const phase = nextPhase({
      generations: configured,
      active: settings.active(),
      usedNames,
      now: now(),
      immediately: options.immediately,
      ...(options.name === undefined ? {} : { name: options.name }),
    });
    // A run that was interrupted in its last phase is complete now; the next rotation is another.
    if (phase.kind === "add" && (done.length > 0 || resumed.some(removesCertificate))) {
      return done;
    }
    const generations = outputs.certificates;
    options.onPhase?.(phase);
    done.push(phase);
    if (phase.kind === "wait") {
      requireActiveRegistered(generations, await thumbprintsOf(keys), options.stack.name);
      options.onDone?.(phase, generationNamed(phase.name, configured));
      return done;
    }
    if (phase.kind === "add") {
      await requireAcceptable(options, settings, phase.like, outputs);
    }
    if (phase.kind === "activate") {
      await requireReady(options, phase.name, outputs, await thumbprintsOf(keys), now());
    }
    if (phase.kind === "remove") {
      requireAnotherValid(phase.name, generations, await thumbprintsOf(keys), now());
      await requireOutOfUse(options, phase.name, outputs, keys);
    }
    apply(settings, phase, retirementDay(now(), options.overlapDays));
    await options.fill?.(settings);
    await settings.write(now());
    if (!options.planOnly) {
      // To make another generation active changes nothing in the tenant, and what else is pending was
      // seen with the change before.
      last = await (phase.kind === "activate" && isApproved
        ? updateForRotation(options, phase, last)
        : updateApproved(options, phase, generations, settings, last));
      outputs = await outputsAfter(options, last);
      isApproved = true;
    }
    options.onDone?.(phase, generationNamed(phase.name, settings.generations(), configured));
    if (options.planOnly || phase.kind === "remove") {
      return done;
    }
  }
}

/** By its name, also where it has just gone. */
function generationNamed(
  wanted: string,
  ...settings: readonly (readonly ConfiguredGeneration[])[]
): ConfiguredGeneration | undefined {
  return settings.flat().find(({ name }) => name === wanted);
}

/** Whether the settings name other generations, or another active one, than the last update left. */
function settingsDiffer(settings: StackSettings, deployed: readonly DeployedGeneration[]): boolean {
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name).sort();
  return (
    names(settings.generations()).join() !== names(deployed).join() ||
    settings.active() !== deployed.find(({ active }) => active)?.name
  );
}

/** Updates once it was approved; otherwise the settings are as they were. */
async function updateApproved(
  options: RotateOptions,
  next: RotationUpdate,
  deployed: readonly DeployedGeneration[],
  settings?: StackSettings,
  after?: OperationResult,
): Promise<OperationResult> {
  const undo = async () => settings?.undo();
  try {
    await options.approve?.(next, deployed.find(({ active }) => active)?.name, undo);
  } catch (error) {
    await undo();
    throw error;
  }
  return updateForRotation(options, next, after);
}

function updateForRotation(
  { stack, onNote, update: run }: RotateOptions,
  next: RotationUpdate,
  after?: OperationResult,
): Promise<OperationResult> {
  const told = { ...(onNote === undefined ? {} : { onNote }), ...(after && { after }) };
  return run?.(next, after) ?? updateStack(stack, told);
}

function apply(settings: StackSettings, phase: Phase, retireAfter: string): void {
  switch (phase.kind) {
    case "add":
      settings.add(phase.name);
      break;
    case "activate":
      settings.activate(phase.name, retireAfter);
      break;
    case "remove":
      settings.remove(phase.name);
      break;
    case "wait":
      break;
  }
}

function removesCertificate({ resourcePreEvent }: EngineEvent): boolean {
  const { op, type } = resourcePreEvent?.metadata ?? {};
  return op === "delete" && type === types.applicationCertificate;
}

/**
 * Opens what the tenant has, and removes what an interrupted update has left behind: a write
 * whose answer was lost has registered a certificate that the next update registers once more.
 */
async function openKeys(options: RotateOptions): Promise<ApplicationKeys | undefined> {
  const owned = await ownedKeys(options.stack);
  const applicationObjectId = owned[0]?.applicationObjectId;
  if (options.openKeys === undefined || applicationObjectId === undefined) {
    return undefined;
  }
  try {
    const keys = await options.openKeys(applicationObjectId);
    const { duplicates, foreign } = compareKeys(
      owned.map(({ keyId }) => keyId),
      await keys.list(),
    );
    for (const { keyId, thumbprint } of options.planOnly ? [] : duplicates) {
      await keys.remove(keyId);
      options.onNote?.(
        `Removed a second entry of the certificate ${thumbprint} (key id ${keyId}), left behind by an interrupted update.`,
      );
    }
    for (const { keyId, thumbprint, notAfter } of foreign) {
      options.onNote?.(
        `The application also holds the certificate ${thumbprint || "of an unknown thumbprint"} (key id ${keyId}, until ${notAfter}), which no generation of this stack has. See: apponly certificates --stack ${options.stack.name}`,
      );
    }
    return keys;
  } catch (error) {
    options.onNote?.(
      `The certificates that the tenant has could not be read or tidied, so only the stack's state decides: ${(error as Error).message}`,
    );
    return undefined;
  }
}

async function thumbprintsOf(keys: ApplicationKeys | undefined): Promise<RegisteredThumbprints> {
  if (keys === undefined) {
    return undefined;
  }
  const registered = await keys.list();
  // A tenant that does not tell every thumbprint cannot be asked for one.
  return registered.every(({ thumbprint }) => thumbprint !== "")
    ? new Set(registered.map(({ thumbprint }) => thumbprint))
    : undefined;
}

/** Refuses to remove a generation that something has signed in with since its successor is there. */
async function requireOutOfUse(
  { immediately, lastUse }: RotateOptions,
  name: string,
  outputs: StackOutputs,
  keys: ApplicationKeys | undefined,
): Promise<void> {
  const { certificates: generations } = outputs;
  const old = generations.find((one) => one.name === name);
  const successor = generations.find(({ active }) => active);
  if (immediately || lastUse === undefined || old === undefined || successor === undefined) {
    return;
  }
  const entries = (await keys?.list())?.filter(({ thumbprint }) => thumbprint === old.thumbprint);
  for (const { keyId } of entries ?? []) {
    const used = await lastUse(keyId, outputs);
    if (used !== undefined && new Date(used) > new Date(successor.notBefore)) {
      throw new RotationRefused(
        `The generation "${name}" was signed in with on ${used}, after "${successor.name}" took its place: something still has the old certificate. Hand it the new one, or remove the old one nevertheless: --now.`,
      );
    }
  }
}

/** Refuses to add a generation that the tenant would refuse, before anything is written. */
async function requireAcceptable(
  { judge }: RotateOptions,
  settings: StackSettings,
  like: string,
  outputs: StackOutputs,
): Promise<void> {
  const generations = settings.generations();
  const index = generations.findIndex(({ name }) => name === like);
  const model = generations[index];
  const refused = model === undefined ? undefined : await judge?.(model, index, outputs);
  if (refused !== undefined) {
    throw new RotationRefused(refused);
  }
}

/** Refuses to activate what the tenant does not know or does not accept yet. */
async function requireReady(
  options: RotateOptions,
  name: string,
  outputs: StackOutputs,
  registered: RegisteredThumbprints,
  now: Date,
): Promise<void> {
  requireRegistered(name, outputs.certificates, registered, now, options.stack.name);
  const refused = await options.prove(name, outputs);
  if (refused !== undefined) {
    throw new RotationRefused(`The generation "${name}" does not sign in: ${refused}`);
  }
}

/** The outputs as the stack's last update left them: one of this run has told them. */
async function outputsAfter(
  { stack }: RotateOptions,
  update?: OperationResult,
): Promise<StackOutputs> {
  return readOutputs(update?.outputs?.() ?? outputValues(await stack.outputs()), stack.name);
}

/** Names of all generations that the stack's history knows. */
async function usedGenerationNames(stack: ChangeableStack): Promise<Set<string>> {
  const names = new Set<string>();
  for (const { config } of await stack.history()) {
    const value = config["apponly:certificates"]?.value;
    if (value === undefined) {
      continue;
    }
    for (const generation of JSON.parse(value) as { name?: unknown }[]) {
      if (typeof generation.name === "string") {
        names.add(generation.name);
      }
    }
  }
  return names;
}
