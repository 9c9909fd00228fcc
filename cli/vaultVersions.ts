import { StackSettings } from "../operations/settings";
import { fillVersions } from "../operations/vaultVersions";
import { hangingIndent } from "./hangingIndent";
import type { Io } from "./io";
import { askFor, requireConsent } from "./consent";

/**
 * Gives the generations of settings that have no version of a vault's certificate yet one. The settings
 * are changed and not written. Whatever a vault makes is asked for before.
 *
 * @returns Whether there was such a generation.
 * @throws {Failure} If the answer is not yes, or a vault refuses.
 */
export async function fillFromVaults(
  settings: StackSettings,
  io: Io,
  yes: boolean | undefined,
  now = new Date(),
  take?: Parameters<typeof fillVersions>[1]["take"],
): Promise<boolean> {
  return fillVersions(settings, {
    now,
    ...(take && { take }),
    confirm: async (question) => {
      requireConsent(io, yes);
      await askFor(io, question, yes);
    },
    onTaken: ({ generation, vault, certificate, version, isMade }) => {
      const did = isMade ? "has made" : "has already";
      const text = `  ${vault} ${did} the version ${version} of ${certificate}: the generation ${generation}.`;
      return io.out(`${hangingIndent(text, 2, io.columns)}\n`);
    },
  });
}

/** The same for a file of settings, which is written. */
export async function fillSettingsFile(
  file: string,
  io: Io,
  yes: boolean | undefined,
): Promise<void> {
  const settings = await StackSettings.read(file);
  if (await fillFromVaults(settings, io, yes)) {
    await settings.write();
    await io.out(`  Written to ${file}.\n`);
  }
}
