import type { TokenCredential } from "@azure/core-auth";
import { pipelineSecrets, pipelineVariables } from "../variables";
import { vaultCommand } from "../vaultCommand";
import { type GitHubEntries, listGitHubEntries } from "./github/environment";
import { readGitHubTarget } from "./github/target";
import { type VaultEntry, findInKeyVault } from "./keyVault/importCertificate";
import { readKeyVaultTarget } from "./keyVault/vault";
import type { Environment } from "../../system/environment";
import { quotedWord } from "../../system/shellWord";

/** Where an export has written, as the stack's settings keep it: never what. */
export type ExportPlace =
  | {
      /** `OWNER/NAME`. */
      readonly github: string;
      readonly environment: string;
    }
  | {
      /** `https://NAME.vault.azure.net`. */
      readonly vault: string;
      readonly certificate: string;
    };

/** What a place still has of an export. */
export interface PlaceRemains {
  readonly left: readonly { readonly what: string; readonly command: string }[];
  /** Why it could not be read, which is never taken for nothing. */
  readonly unread?: string;
}

/** With what places are read. */
export interface PlaceReaders {
  /** For the token and the address of GitHub. */
  readonly environment: Environment;
  /** Signs in to a vault. */
  readonly credential: (vaultUrl: string) => Promise<TokenCredential>;
}

/**
 * Reads what is left of an export where it was written. Nothing is removed: each thing is told with
 * the command that removes it.
 */
export async function readPlace(place: ExportPlace, readers: PlaceReaders): Promise<PlaceRemains> {
  try {
    return "vault" in place
      ? { left: await leftInVault(place, readers) }
      : { left: await leftOnGitHub(place, readers) };
  } catch (error) {
    return { left: [], unread: `${describePlace(place)}: ${(error as Error).message}` };
  }
}

/** The place in words. */
export function describePlace(place: ExportPlace): string {
  return "vault" in place
    ? `certificate ${place.certificate} in ${place.vault}`
    : `environment ${place.environment} of ${place.github}`;
}

async function leftOnGitHub(
  { github, environment }: Extract<ExportPlace, { github: string }>,
  readers: PlaceReaders,
): Promise<PlaceRemains["left"]> {
  const target = readGitHubTarget({
    repository: github,
    environment,
    variables: readers.environment,
  });
  const { secrets, variables }: GitHubEntries = await listGitHubEntries(target);
  const entries = (kind: string, names: readonly string[], own: readonly string[]) =>
    names
      .filter((name) => own.includes(name))
      .map((name) => ({
        what: `the ${kind} ${name} in the environment ${environment} of ${github}`,
        command: `gh ${kind} delete ${name} --env ${quotedWord(environment)} --repo ${github}`,
      }));
  return [
    ...entries("secret", secrets, Object.values(pipelineSecrets)),
    ...entries("variable", variables, Object.values(pipelineVariables)),
  ];
}

async function leftInVault(
  { vault, certificate }: Extract<ExportPlace, { vault: string }>,
  { credential }: PlaceReaders,
): Promise<PlaceRemains["left"]> {
  const target = readKeyVaultTarget(vault, certificate);
  const found: VaultEntry = await findInKeyVault(target, await credential(target.vaultUrl));
  const command = (verb: "delete" | "purge") =>
    vaultCommand(verb, { source: "key-vault", vault: target.vaultUrl, name: certificate });
  switch (found) {
    case "present":
      return [{ what: `the certificate ${certificate} in ${vault}`, command: command("delete") }];
    case "recoverable":
      return [
        {
          what: `the deleted certificate ${certificate} in ${vault}, which can be recovered with its key`,
          command: command("purge"),
        },
      ];
    case "absent":
      return [];
  }
}
