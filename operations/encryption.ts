import { join } from "node:path";
import { propertiesOf, textOf } from "../policy/rules/values";
import { readIfPresent } from "../system/files";
import { stateFolderOf } from "./engineLocks";
import { ownNameOf, type Project } from "./project";
import { readPulumiFile } from "./pulumiYaml";

/** What of a stack's settings says how its secrets are encrypted. */
export const encryptionKeys = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;

/**
 * Services that hold a key, by the scheme of `secretsprovider`.
 *
 * @see https://www.pulumi.com/docs/iac/concepts/secrets/#available-encryption-providers
 */
const services: Readonly<Record<string, string>> = {
  awskms: "AWS KMS",
  azurekeyvault: "Azure Key Vault",
  gcpkms: "Google Cloud KMS",
  hashivault: "HashiCorp Vault",
};

const byPassphrase = "a passphrase";
const byBackend = "the backend's own";

/**
 * What the passphrase of a stack's secrets is salted with, as its state has it that is kept in a file. With
 * another one the engine would derive a second key for the settings, which takes as long as it takes to start.
 *
 * @returns Nothing where the state is kept elsewhere, or encrypted by something else.
 */
export async function saltInState(project: Project, stack: string): Promise<string | undefined> {
  const state = stateFolderOf(project);
  const file = join(state ?? "", "stacks", project.name, `${ownNameOf(stack)}.json`);
  const text = state === undefined ? undefined : await readIfPresent(file).catch(() => undefined);
  const salted = /"type":\s*"passphrase",\s*"state":\s*\{\s*"salt":\s*"([\w+/=:]+)"/;
  return salted.exec(text ?? "")?.[1];
}

/**
 * What encrypts a stack's secrets now and did not before, in words that hold nothing out of the
 * settings. Who can read it can read the stack's keys, and no preview shows it.
 *
 * @param before Text of the settings; absent where there were none.
 * @returns Nothing where it is as before, or where a new stack has none but what it gets by itself.
 * @throws {UsageFailure} If one of the texts cannot be read in one way.
 * @example encryptionChange("Pulumi.dev.yaml", "encryptionsalt: v1:…", "secretsprovider: awskms://…")
 * // "from a passphrase to AWS KMS (secretsprovider, encryptionsalt)"
 */
export function encryptionChange(
  file: string,
  before: string | undefined,
  after: string,
): string | undefined {
  const [old, now] = [before ?? "", after].map((text) => encryptionIn(file, text)) as [
    Encryption,
    Encryption,
  ];
  const changed = encryptionKeys.filter((key) => old.values[key] !== now.values[key]);
  const isByItself = now.kind === byPassphrase || now.kind === byBackend;
  if (changed.length === 0 || (before === undefined && isByItself)) {
    return undefined;
  }
  const from = before === undefined ? "none" : old.kind;
  const to = from === now.kind ? "another key of it" : now.kind;
  return `from ${from} to ${to} (${changed.join(", ")})`;
}

interface Encryption {
  readonly kind: string;
  readonly values: Readonly<Partial<Record<(typeof encryptionKeys)[number], string>>>;
}

function encryptionIn(file: string, text: string): Encryption {
  const settings = propertiesOf(readPulumiFile(file, text).toJS());
  const values = Object.fromEntries(
    encryptionKeys.flatMap((key) =>
      settings[key] === undefined || settings[key] === null || settings[key] === ""
        ? []
        : [[key, JSON.stringify(settings[key])]],
    ),
  );
  return { kind: kindOf(settings.secretsprovider ?? "", "encryptionsalt" in values), values };
}

/**
 * What encrypts the secrets of a stack that is to be created.
 *
 * @param provider `secretsprovider` of its settings.
 * @param isInCloud Whether Pulumi Cloud keeps its state.
 */
export function encryptionInWords(provider: string | undefined, isInCloud: boolean): string {
  const kind = kindOf(provider ?? "", !isInCloud);
  return kind === byBackend ? "the backend" : kind;
}

function kindOf(provider: unknown, isSalted: boolean): string {
  if (provider === "" || provider === "default") {
    return isSalted ? byPassphrase : byBackend;
  }
  const scheme = /^([^:]*):\/\//.exec(textOf(provider) ?? "")?.[1] ?? "";
  const service = Object.hasOwn(services, scheme) ? services[scheme] : undefined;
  return provider === "passphrase" ? byPassphrase : (service ?? "an unknown provider");
}
