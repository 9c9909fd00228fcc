import { isVaultSource } from "../components/validation/vaultCertificate";
import { dayMs } from "../system/durations";
import { Failure } from "../system/failure";
import type { ConfiguredGeneration } from "./settings";

/** What a rotation has to do next. Each is one change of the settings, reviewable by itself. */
export type Phase =
  | { readonly kind: "add"; readonly name: string; readonly like: string }
  | { readonly kind: "activate"; readonly name: string; readonly instead: string }
  | { readonly kind: "remove"; readonly name: string }
  | { readonly kind: "wait"; readonly name: string; readonly until: string };

/** A rotation that must not be done, and why. */
export class RotationRefused extends Failure {}

/** What is known of a stack when its next phase is decided. */
export interface RotationState {
  readonly generations: readonly ConfiguredGeneration[];
  readonly active: string | undefined;
  /** Names that the stack has ever had: none is used twice. */
  readonly usedNames: ReadonlySet<string>;
  readonly now: Date;
  /** Whether an old generation is removed without waiting for its day. */
  readonly immediately: boolean;
  /** Name for a new generation. @default the month, with a letter where that is taken */
  readonly name?: string;
}

/**
 * The next phase of a rotation. It is decided by what the settings say and nothing else, so that a
 * rotation that was interrupted anywhere goes on where it was.
 *
 * @throws {RotationRefused} If there is nothing to rotate, or the name was used before.
 */
export function nextPhase(state: RotationState): Phase {
  const { generations, active, now, immediately } = state;
  const old = generations.find(({ name, retireAfter }) => name !== active && retireAfter);
  if (old?.retireAfter !== undefined) {
    const due = immediately || old.retireAfter <= now.toISOString().slice(0, 10);
    return due
      ? { kind: "remove", name: requireRemovable(old.name, state) }
      : { kind: "wait", name: old.name, until: old.retireAfter };
  }
  if (active === undefined) {
    throw new RotationRefused(
      "The stack has no certificate to rotate. It signs in with federated credentials, which do not expire.",
    );
  }
  const position = generations.findIndex(({ name }) => name === active);
  if (position === -1) {
    throw new RotationRefused(
      `apponly:activeCertificate is "${active}", and no generation has this name: ${generations.map(({ name }) => name).join(", ")}. Write one of them, in quotes.`,
    );
  }
  const pending = generations[position + 1];
  if (pending !== undefined) {
    return { kind: "activate", name: pending.name, instead: active };
  }
  const current = generations[position];
  const { source = "generated" } = current ?? {};
  if (source !== "generated" && !isVaultSource(source)) {
    throw new RotationRefused(
      `The generation "${active}" was supplied. Add its successor to apponly:certificates yourself, then rotate again to activate it.`,
    );
  }
  return { kind: "add", name: newName(state), like: active };
}

/**
 * Refuses to remove a generation that something still needs.
 *
 * @throws {RotationRefused} If it is the active one or the last.
 */
export function requireRemovable(name: string, state: RotationState): string {
  if (name === state.active) {
    throw new RotationRefused(`The generation "${name}" is active. Activate another one first.`);
  }
  if (state.generations.filter((one) => one.name !== name).length === 0) {
    throw new RotationRefused(`The generation "${name}" is the last one. Add another one first.`);
  }
  return name;
}

function newName({ name, generations, usedNames, now }: RotationState): string {
  const isTaken = (candidate: string) =>
    usedNames.has(candidate) || generations.some((one) => one.name === candidate);
  if (name !== undefined) {
    if (isTaken(name)) {
      throw new RotationRefused(`The name "${name}" was used before. Choose another one.`);
    }
    return name;
  }
  const month = now.toISOString().slice(0, 7);
  const candidates = ["", ..."bcdefghijklmnopqrstuvwxyz"].map((letter) => `${month}${letter}`);
  const free = candidates.find((candidate) => !isTaken(candidate));
  if (free === undefined) {
    throw new RotationRefused(`Every name for ${month} was used before. Name one with --name.`);
  }
  return free;
}

/** The day on which an overlap ends. */
export function retirementDay(now: Date, overlapDays: number): string {
  return new Date(now.getTime() + overlapDays * dayMs).toISOString().slice(0, 10);
}
