import type { EngineEvent } from "@pulumi/pulumi/automation";
import { types } from "../policy/rules/types";
import { readOutputs } from "../components/outputs";
import { type ApplicationKeys, compareKeys, ownedKeys } from "./applicationKeys";
import { nextPhase, type Phase, RotationRefused, retirementDay } from "./rotation";
import {
  type DeployedGeneration,
  type RegisteredThumbprints,
  requireAnotherValid,
  requireRegistered,
} from "./rotationChecks";
import { type ConfiguredGeneration, StackSettings } from "./settings";
import { type ChangeableStack, type OperationResult, outputValues, updateStack } from "./stack";

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
  readonly prove: (generation: string) => Promise<string | undefined>;
  /** Opens the certificates that the tenant has. Absent: only the stack's state decides. */
  readonly openKeys?: (applicationObjectId: string) => Promise<ApplicationKeys>;
  /**
   * Judges a generation before it is added.
   *
   * @returns Why the tenant would refuse it, or `undefined`.
   */
  readonly judge?: (generation: ConfiguredGeneration, index: number) => Promise<string | undefined>;
  /** Told of each phase before it is done. */
  readonly onPhase?: (phase: Phase) => void;
  /** Told of what is worth knowing and hinders nothing, in a full sentence. */
  readonly onNote?: (note: string) => void;
}

/**
 * Rotates a stack's certificate without an outage: adds a generation, waits until it signs in,
 * activates it, and removes the old one once the overlap has ended. Interrupted anywhere and run
 * again, it goes on.
 *
 * @returns The phases that were done; the last is `wait` while the overlap lasts.
 * @throws {RotationRefused} If a phase would leave the pipeline without a valid certificate.
 * @throws {SettingsError} If the stack's settings cannot be read or edited.
 */
export async function rotate(options: RotateOptions): Promise<Phase[]> {
  const now = options.now ?? (() => new Date());
  const done: Phase[] = [];
  // Settings that cannot be edited end a rotation before it has begun.
  await StackSettings.read(options.settingsFile);
  // What an interrupted run has written is rolled out before anything is decided.
  const resumed = options.planOnly ? [] : (await update(options)).events;
  const keys = options.planOnly ? undefined : await openKeys(options);
  const usedNames = await usedGenerationNames(options.stack);
  for (;;) {
    const settings = await StackSettings.read(options.settingsFile);
    const phase = nextPhase({
      generations: settings.generations(),
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
    options.onPhase?.(phase);
    done.push(phase);
    if (phase.kind === "wait") {
      return done;
    }
    if (phase.kind === "add") {
      await requireAcceptable(options, settings, phase.like);
    }
    if (phase.kind === "activate" && !options.planOnly) {
      await requireReady(options, phase.name, await thumbprints(keys), now());
    }
    if (phase.kind === "remove" && !options.planOnly) {
      const deployed = await deployedGenerations(options);
      requireAnotherValid(phase.name, deployed, await thumbprints(keys), now());
    }
    apply(settings, phase, retirementDay(now(), options.overlapDays));
    await settings.write(now());
    if (options.planOnly) {
      return done;
    }
    await update(options);
    if (phase.kind === "remove") {
      return done;
    }
  }
}

function update({ stack, onNote }: RotateOptions): Promise<OperationResult> {
  return updateStack(stack, onNote === undefined ? {} : { onNote });
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
    for (const { keyId, thumbprint } of duplicates) {
      options.onNote?.(
        `Remove a second entry of the certificate ${thumbprint} (key id ${keyId}), left behind by an interrupted update.`,
      );
      await keys.remove(keyId);
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

async function thumbprints(keys: ApplicationKeys | undefined): Promise<RegisteredThumbprints> {
  if (keys === undefined) {
    return undefined;
  }
  const registered = await keys.list();
  // A tenant that does not tell every thumbprint cannot be asked for one.
  return registered.every(({ thumbprint }) => thumbprint !== "")
    ? new Set(registered.map(({ thumbprint }) => thumbprint))
    : undefined;
}

/** Refuses to add a generation that the tenant would refuse, before anything is written. */
async function requireAcceptable(
  { judge }: RotateOptions,
  settings: StackSettings,
  like: string,
): Promise<void> {
  const generations = settings.generations();
  const index = generations.findIndex(({ name }) => name === like);
  const model = generations[index];
  const refused = model === undefined ? undefined : await judge?.(model, index);
  if (refused !== undefined) {
    throw new RotationRefused(refused);
  }
}

/** Refuses to activate what the tenant does not know or does not accept yet. */
async function requireReady(
  options: RotateOptions,
  name: string,
  registered: RegisteredThumbprints,
  now: Date,
): Promise<void> {
  requireRegistered(name, await deployedGenerations(options), registered, now);
  const refused = await options.prove(name);
  if (refused !== undefined) {
    throw new RotationRefused(`The generation "${name}" does not sign in: ${refused}`);
  }
}

/** The generations as the stack's last update left them. */
async function deployedGenerations(options: RotateOptions): Promise<DeployedGeneration[]> {
  const values = outputValues(await options.stack.outputs());
  return readOutputs(values, options.stack.name).certificates;
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
