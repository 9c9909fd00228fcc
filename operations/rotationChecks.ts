import type { EngineEvent } from "@pulumi/pulumi/automation";
import { childNames } from "../components/names";
import { types } from "../policy/rules/types";
import { isProviderType } from "../review/input/engineStep";
import { nameInUrn } from "../review/input/urn";
import type { CertificateOutput } from "../components/outputs";
import { RotationRefused } from "./rotation";

/** A generation as the stack's last update left it. */
export type DeployedGeneration = Pick<
  CertificateOutput,
  "name" | "active" | "thumbprint" | "notBefore" | "notAfter"
>;

/** Thumbprints that the tenant has now; `undefined` where it could not be asked. */
export type RegisteredThumbprints = ReadonlySet<string> | undefined;

/**
 * Refuses to activate what the tenant does not have, or does not accept yet.
 *
 * @throws {RotationRefused} If the generation is not registered or not valid now.
 */
export function requireRegistered(
  name: string,
  deployed: readonly DeployedGeneration[],
  registered: RegisteredThumbprints,
  now: Date,
  stack: string,
): void {
  const generation = deployed.find((one) => one.name === name);
  if (generation === undefined || registered?.has(generation.thumbprint) === false) {
    throw new RotationRefused(
      `The generation "${name}" is not registered on the application, so it cannot become active. Register it again: apponly up --refresh --stack ${stack}`,
    );
  }
  if (!isValid(generation, now)) {
    throw new RotationRefused(
      `The generation "${name}" is valid from ${generation.notBefore} to ${generation.notAfter}, not now.`,
    );
  }
}

/**
 * Refuses to wait for the end of an overlap that has no successor.
 *
 * @throws {RotationRefused} If the active generation is not on the application any more.
 */
export function requireActiveRegistered(
  deployed: readonly DeployedGeneration[],
  registered: RegisteredThumbprints,
  stack: string,
): void {
  const active = deployed.find((one) => one.active);
  if (active !== undefined && registered?.has(active.thumbprint) === false) {
    throw new RotationRefused(
      `The generation "${active.name}", which pipelines use, is not registered on the application any more. Register it again: apponly up --refresh --stack ${stack}`,
    );
  }
}

/**
 * Which resources an update would change that do not belong to a rotation: everything but generations
 * that are added, and generations that are removed and not active.
 *
 * @param active Name of the generation that pipelines have.
 * @returns Names of the resources.
 */
export function foreignChanges(
  events: readonly EngineEvent[],
  active: string | undefined,
): string[] {
  const names = active === undefined ? [] : namesOfGeneration(active);
  return events.flatMap(({ resourcePreEvent }) => {
    const { metadata } = resourcePreEvent ?? {};
    const { op = "same", urn = "", type = "" } = metadata ?? {};
    const isManaged = (metadata?.new ?? metadata?.old)?.custom === true && !isProviderType(type);
    const name = nameInUrn(urn);
    const isOwn =
      urn.includes(`${types.generation}$`) &&
      (op === "create" || op === "delete") &&
      !names.includes(name);
    return !isManaged || isOwn || op === "same" || op === "read" ? [] : [name];
  });
}

/** Names of the resources of a generation in the program of every stack. */
function namesOfGeneration(generation: string): string[] {
  const { certificate, key, selfSigned, credential } = childNames;
  const name = certificate("access", generation);
  return [key(name), selfSigned(name), credential(name)];
}

/**
 * Refuses to remove the last generation that pipelines can sign in with.
 *
 * @throws {RotationRefused} If no other generation is active, valid and registered.
 */
export function requireAnotherValid(
  name: string,
  deployed: readonly DeployedGeneration[],
  registered: RegisteredThumbprints,
  now: Date,
): void {
  const remaining = deployed.some(
    (one) =>
      one.name !== name &&
      one.active &&
      isValid(one, now) &&
      registered?.has(one.thumbprint) !== false,
  );
  if (!remaining) {
    throw new RotationRefused(
      `Without the generation "${name}" no valid generation is active. Activate a valid one first.`,
    );
  }
}

function isValid({ notBefore, notAfter }: DeployedGeneration, now: Date): boolean {
  return new Date(notBefore) <= now && new Date(notAfter) > now;
}
