import { ConfigurationError } from "../components/faults";
import { isSubject, parseSubject, subjectParts } from "../components/subject";
import { defaultValidityDays } from "../components/validation/certificateParts";
import {
  defaultValidityMonths,
  isVaultSource,
  parsePlaceInVault,
} from "../components/validation/vaultCertificate";
import { readCertificate } from "../components/certificateFacts";
import type { VaultVersion, VersionWish } from "../microsoft/keyVault/versionWish";
import { takeVersion } from "../microsoft/keyVault/versions";
import type { ConfiguredGeneration, StackSettings } from "./settings";

/** A version that a generation became, for what is told of it. */
export interface TakenVersion extends VaultVersion {
  readonly generation: string;
  readonly vault: string;
  readonly certificate: string;
}

/** How versions are found and made. */
export interface FillOptions {
  readonly now: Date;
  /** Asked just before a vault makes something; what it throws ends all of it. */
  readonly confirm: (question: string) => Promise<void>;
  /** Told of each version. */
  readonly onTaken?: (taken: TakenVersion) => void | Promise<void>;
  /** Replaced in tests. */
  readonly take?: (wish: VersionWish) => Promise<VaultVersion>;
}

/**
 * Gives each generation whose key is in a vault, and that has no version of it yet, one: the newest that the
 * stack does not have, or one that the vault makes now. The settings are changed and not written.
 *
 * @returns Whether there was such a generation.
 * @throws {ConfigurationError} If a generation does not say where and how; nothing was asked by then.
 * @throws {VaultFailure} If a vault refuses.
 */
export async function fillVersions(
  settings: StackSettings,
  { now, confirm, onTaken, take = takeVersion }: FillOptions,
): Promise<boolean> {
  const all = settings.generations();
  const wishes = all.flatMap((generation, index) =>
    isVaultSource(generation.source) && !(generation.version && generation.cer)
      ? [{ name: generation.name, wish: wishFor(generation, index) }]
      : [],
  );
  const known = new Set(all.flatMap(({ version }) => version ?? []));
  const active = all.find(({ name }) => name === settings.active());
  for (const { name, wish } of wishes) {
    const taken = await take({
      ...wish,
      known,
      outlives: active?.name === name ? now : (lastInstantOf(active) ?? now),
      confirm,
    });
    known.add(taken.version);
    settings.setVersion(name, taken);
    const { vault, certificate } = wish;
    await onTaken?.({ ...taken, generation: name, vault, certificate });
  }
  return wishes.length > 0;
}

function lastInstantOf(generation: ConfiguredGeneration | undefined): Date | undefined {
  return generation?.cer === undefined
    ? undefined
    : new Date(readCertificate(generation.cer).notAfter);
}

/** @throws {ConfigurationError} */
function wishFor(
  generation: ConfiguredGeneration,
  index: number,
): Omit<VersionWish, "known" | "outlives" | "confirm"> {
  const { source = "", subject: text, keyBits = 2048 } = generation;
  const { validityMonths = defaultValidityMonths, validityDays = defaultValidityDays } = generation;
  const { vault: place, faults } = parsePlaceInVault(
    generation,
    isVaultSource(source) ? source : "key-vault",
    `certificates[${index}]`,
  );
  const subject = text === undefined ? undefined : parseSubject(text);
  if (faults.length > 0 || place === undefined || (subject && !isSubject(subject))) {
    throw new ConfigurationError(faults, "apponly:");
  }
  return {
    ...place,
    subject: subject && subjectParts(subject),
    keyBits,
    validityMonths,
    validityDays,
  };
}
