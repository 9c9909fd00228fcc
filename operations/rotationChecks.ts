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
): void {
  const generation = deployed.find((one) => one.name === name);
  if (generation === undefined || registered?.has(generation.thumbprint) === false) {
    throw new RotationRefused(
      `The generation "${name}" is not registered on the application, so it cannot become active. Run \`pulumi up\`, with --refresh where somebody has removed it in the portal.`,
    );
  }
  if (!isValid(generation, now)) {
    throw new RotationRefused(
      `The generation "${name}" is valid from ${generation.notBefore} to ${generation.notAfter}, not now.`,
    );
  }
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
