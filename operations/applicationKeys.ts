import {
  listKeys,
  listSecrets,
  type RegisteredKey,
  type RegisteredSecret,
  removeKey,
} from "../microsoft/graph/applicationKeys";
import { certificateIdParts } from "../components/catalog/providerIds";
import { types } from "../policy/rules/types";
import { viewOfState } from "../review/input/stackState";
import { connectStackDeployer } from "./deployer";
import type { ReadableStack } from "./readableStack";

/** The certificates of a stack's application, as the tenant has them. */
export interface ApplicationKeys {
  list(): Promise<RegisteredKey[]>;
  /** The client secrets, of which a stack makes none. */
  secrets(): Promise<RegisteredSecret[]>;
  /** Removes one. Refusing to remove what is needed is the caller's to do. */
  remove(keyId: string): Promise<void>;
}

/** A generation's entry in the state of a stack. */
export interface OwnedKey {
  readonly keyId: string;
  readonly applicationObjectId: string;
}

/** How what the tenant has compares to what the stack has. */
export interface KeyComparison {
  /** Entries that the stack made, and no other. */
  readonly owned: readonly RegisteredKey[];
  /** Ids of entries that the stack has made and the tenant does not have any more. */
  readonly lost: readonly string[];
  /** Further entries with the certificate of an owned one: left behind by a write whose answer was lost. */
  readonly duplicates: readonly RegisteredKey[];
  /** Entries whose certificate no generation of the stack has. */
  readonly foreign: readonly RegisteredKey[];
}

/**
 * Opens the certificates of a stack's application with the deployer's own credentials.
 *
 * @throws {DeployerSettingsError} If the settings do not say how the deployer signs in.
 * @throws {TokenRefused} If the tenant refuses the deployer.
 * @throws {NoAnswer} If the tenant cannot be reached.
 */
export async function openApplicationKeys(
  stack: ReadableStack,
  applicationObjectId: string,
): Promise<ApplicationKeys> {
  const graph = await (await connectStackDeployer(stack)).graph();
  return {
    list: () => listKeys(graph, applicationObjectId),
    secrets: () => listSecrets(graph, applicationObjectId),
    remove: (keyId) => removeKey(graph, applicationObjectId, keyId),
  };
}

/** The entries that the stack's state knows, also after an update that broke off halfway. */
export async function ownedKeys(stack: ReadableStack): Promise<OwnedKey[]> {
  const { resources, deleted } = viewOfState((await stack.exportStack()).deployment);
  return [...resources, ...deleted].flatMap(({ type, id }) => {
    const parts = type === types.applicationCertificate ? certificateIdParts(id ?? "") : undefined;
    return parts ?? [];
  });
}

/** Compares what the tenant has with what the stack has. Pure. */
export function compareKeys(
  stateKeyIds: readonly string[],
  registered: readonly RegisteredKey[],
): KeyComparison {
  const owned = registered.filter(({ keyId }) => stateKeyIds.includes(keyId));
  const others = registered.filter(({ keyId }) => !stateKeyIds.includes(keyId));
  const isDuplicate = ({ thumbprint }: RegisteredKey) =>
    thumbprint !== "" && owned.some((one) => one.thumbprint === thumbprint);
  return {
    owned,
    lost: stateKeyIds.filter((keyId) => !registered.some((one) => one.keyId === keyId)),
    duplicates: others.filter(isDuplicate),
    foreign: others.filter((one) => !isDuplicate(one)),
  };
}
