import type { Stack } from "@pulumi/pulumi/automation";
import { nextPhase, type Phase, RotationRefused, retirementDay } from "./rotation";
import { StackSettings } from "./settings";
import { outputValue, updateStack } from "./stack";

/** How a rotation is done. */
export interface RotateOptions {
  readonly stack: Stack;
  readonly stackName: string;
  /** Folder of the stack's settings. */
  readonly workDirectory: string;
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
  /** Told of each phase before it is done. */
  readonly onPhase?: (phase: Phase) => void;
}

interface DeployedGeneration {
  name: string;
  active: boolean;
  notBefore: string;
  notAfter: string;
}

/**
 * Rotates a stack's certificate without an outage: adds a generation, waits until it signs in,
 * activates it, and removes the old one once the overlap has ended. Interrupted anywhere and run
 * again, it goes on.
 *
 * @returns The phases that were done; the last is `wait` while the overlap lasts.
 * @throws {RotationRefused} If a phase would leave the pipeline without a valid certificate.
 */
export async function rotate(options: RotateOptions): Promise<Phase[]> {
  const now = options.now ?? (() => new Date());
  const done: Phase[] = [];
  // What an interrupted run has written is rolled out before anything is decided.
  if (!options.planOnly) {
    await updateStack(options.stack);
  }
  const usedNames = await usedGenerationNames(options.stack);
  for (;;) {
    const settings = await StackSettings.read(options.workDirectory, options.stackName);
    const phase = nextPhase({
      generations: settings.generations(),
      active: settings.active(),
      usedNames,
      now: now(),
      immediately: options.immediately,
      ...(options.name === undefined ? {} : { name: options.name }),
    });
    if (phase.kind === "add" && done.length > 0) {
      return done;
    }
    options.onPhase?.(phase);
    done.push(phase);
    if (phase.kind === "wait") {
      return done;
    }
    if (phase.kind === "activate" && !options.planOnly) {
      await requireReady(options, phase.name, now());
    }
    if (phase.kind === "remove" && !options.planOnly) {
      await requireAnotherValid(options, phase.name, now());
    }
    apply(settings, phase, retirementDay(now(), options.overlapDays));
    await settings.write();
    if (options.planOnly) {
      return done;
    }
    await updateStack(options.stack);
    if (phase.kind === "remove") {
      return done;
    }
  }
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

async function deployed(stack: Stack): Promise<DeployedGeneration[]> {
  return outputValue<DeployedGeneration[]>(await stack.outputs(), "certificates") ?? [];
}

/** Refuses to activate what the tenant does not know or does not accept yet. */
async function requireReady(options: RotateOptions, name: string, now: Date): Promise<void> {
  const generation = (await deployed(options.stack)).find((one) => one.name === name);
  if (generation === undefined) {
    throw new RotationRefused(`The generation "${name}" is not registered. Update first.`);
  }
  if (new Date(generation.notBefore) > now || new Date(generation.notAfter) <= now) {
    throw new RotationRefused(
      `The generation "${name}" is valid from ${generation.notBefore} to ${generation.notAfter}, not now.`,
    );
  }
  const refused = await options.prove(name);
  if (refused !== undefined) {
    throw new RotationRefused(`The generation "${name}" does not sign in: ${refused}`);
  }
}

/** Refuses to remove the last generation that is valid. */
async function requireAnotherValid(options: RotateOptions, name: string, now: Date): Promise<void> {
  const others = (await deployed(options.stack)).filter(
    (one) => one.name !== name && new Date(one.notBefore) <= now && new Date(one.notAfter) > now,
  );
  if (!others.some(({ active }) => active)) {
    throw new RotationRefused(
      `Without the generation "${name}" no valid generation is active. Activate a valid one first.`,
    );
  }
}

/** Names of all generations that the stack's history knows. */
async function usedGenerationNames(stack: Stack): Promise<Set<string>> {
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
