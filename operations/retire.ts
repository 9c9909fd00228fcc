import { existsSync } from "node:fs";
import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { type PlaceReaders, readPlace } from "../access/export/places";
import { vaultCommand } from "../access/vaultCommand";
import { vaultAddress } from "../components/catalog/vaults";
import type { CertificateOutput } from "../components/outputs";
import { isVaultSource } from "../components/validation/vaultCertificate";
import { findExchangeRemains } from "../exchange/readAccess";
import type { Connections } from "../exchange/resource";
import { listTogether } from "../microsoft/graph/batch";
import { readExchangeRoles } from "../microsoft/graph/tenant/exchangeRoles";
import { identifierAsThumbprint } from "../microsoft/graph/applicationKeys";
import { readApplications } from "../microsoft/graph/tenant/readApplication";
import { deletedItemCommand, findRestorable } from "../microsoft/graph/tenant/restorable";
import { type Unread, unreadOf } from "../microsoft/graph/tenant/unread";
import { readUsage } from "../microsoft/graph/tenant/usage";
import { types } from "../policy/rules/types";
import { asProperty, bareId, textOf } from "../policy/rules/values";
import { viewOfState } from "../review/input/stackState";
import { dayMs } from "../system/durations";
import { UsageFailure } from "../system/failure";
import { exportPlacesIn } from "./exportPlaces";
import type { ReadableStack } from "./readableStack";
import { StackSettings } from "./settings";

/** The objects whose end a retirement proves. */
export interface RetiredAccess {
  readonly clientId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
}

/** One credential, and when it was last used. */
export interface CredentialUse {
  readonly name: string;
  readonly kind: "certificate" | "client secret" | "federated credential";
  readonly keyId: string;
  /** Identifier of its key, where that is in a vault. */
  readonly vaultKey?: string;
  /** Instant; absent where no sign-in is on record. */
  readonly lastSignIn?: string;
}

/** Who still uses an access. */
export interface AccessUse {
  readonly enabled: boolean;
  readonly credentials: readonly CredentialUse[];
  /** Instant of the last app-only sign-in on record. */
  readonly lastSignIn?: string;
  /** Why use is not known. */
  readonly unknown?: string;
}

/** The access that a stack has made, by its state; nothing where it holds none (any more). */
export async function retiredAccessOf(stack: ReadableStack): Promise<RetiredAccess | undefined> {
  const state = viewOfState((await stack.exportStack()).deployment);
  const [application] = state.ofType(types.application);
  const [principal] = state.ofType(types.servicePrincipal);
  const clientId = textOf(application?.outputs.clientId) ?? textOf(principal?.outputs.clientId);
  if (clientId === undefined) {
    return undefined;
  }
  return {
    clientId,
    applicationObjectId: bareId(application?.id ?? ""),
    servicePrincipalObjectId: bareId(principal?.id ?? ""),
  };
}

/**
 * Reads who still uses an access: the last use of it, and of each of its credentials.
 *
 * @param certificates Those of the stack's outputs, which tell whose key is in a vault.
 */
export async function readAccessUse(
  graph: Client,
  access: RetiredAccess,
  certificates: readonly Pick<CertificateOutput, "thumbprint" | "vault">[],
): Promise<AccessUse> {
  const [found] = await readApplications(graph, [access.clientId]);
  const usage = await readUsage(graph, access.clientId);
  const { application, servicePrincipal, federated = [] } = found ?? {};
  const lastOf = (keyId: string) => {
    const lastSignIn = usage.credentials.get(keyId.toLowerCase());
    return lastSignIn === undefined ? {} : { lastSignIn };
  };
  const vaultKeys = new Map(
    certificates.map(({ thumbprint, vault }) => [thumbprint, vault?.key] as const),
  );
  const keys = [
    ...(application?.keyCredentials ?? []),
    ...(servicePrincipal?.keyCredentials ?? []),
  ];
  const secrets = [
    ...(application?.passwordCredentials ?? []),
    ...(servicePrincipal?.passwordCredentials ?? []),
  ];
  const lastSignIn = usage.applications.get(access.clientId.toLowerCase());
  return {
    enabled: servicePrincipal !== undefined && servicePrincipal.accountEnabled !== false,
    credentials: [
      ...keys.map(({ keyId, displayName, customKeyIdentifier }): CredentialUse => ({
        name: displayName ?? keyId,
        kind: "certificate",
        keyId,
        ...asProperty("vaultKey", vaultKeys.get(identifierAsThumbprint(customKeyIdentifier ?? ""))),
        ...lastOf(keyId),
      })),
      ...secrets.map(({ keyId, displayName }): CredentialUse => ({
        name: displayName ?? keyId,
        kind: "client secret",
        keyId,
        ...lastOf(keyId),
      })),
      // The reports do not tell federated credentials apart.
      ...federated.map(({ id, name }): CredentialUse => ({
        name,
        kind: "federated credential",
        keyId: id,
      })),
    ],
    ...(lastSignIn === undefined ? {} : { lastSignIn }),
    ...(usage.unread === undefined ? {} : { unknown: usage.unread.why }),
  };
}

/**
 * Disables the service principal, so that nobody signs in and everything can be had back at once.
 *
 * @throws {GraphError} If Graph refuses.
 * @see https://learn.microsoft.com/entra/identity/enterprise-apps/disable-user-sign-in-portal
 */
export async function disablePrincipal(graph: Client, access: RetiredAccess): Promise<void> {
  await graph
    .api(`/servicePrincipals/${access.servicePrincipalObjectId}`)
    .patch({ accountEnabled: false });
}

/**
 * Refuses to destroy what may still be used.
 *
 * @param quietDays How many days there must have been no sign-in.
 * @throws {UsageFailure} If it is enabled, or was used within that time.
 */
export function requireUnused(
  { enabled, lastSignIn, unknown }: AccessUse,
  stack: string,
  quietDays: number,
  now: Date,
): void {
  if (enabled) {
    throw new UsageFailure(
      `The service principal is enabled. Disable it first, and wait until nobody has missed it: \`apponly retire --stack ${stack} --disable\`. To destroy it nevertheless: --now.`,
    );
  }
  if (unknown !== undefined) {
    throw new UsageFailure(
      `Whether it is still used is not known. ${unknown} To destroy it nevertheless: --now.`,
    );
  }
  const since = new Date(now.getTime() - quietDays * dayMs);
  if (lastSignIn !== undefined && new Date(lastSignIn) > since) {
    throw new UsageFailure(
      `It was signed in to on ${lastSignIn}, less than ${quietDays} days ago. Wait, or destroy it nevertheless: --now.`,
    );
  }
}

/** What is left of an access, and what could not be read, each as full sentences. */
export interface Remains {
  readonly left: readonly string[];
  readonly unproven: readonly string[];
  /** Keys that stay in vaults, which are not the stack's: nothing signs in with them any more. */
  readonly kept?: readonly string[];
}

/** Proves by reading that nothing of an access is left in the tenant, Exchange included. */
export async function findRemains(
  graph: Client,
  exchange: Connections,
  access: RetiredAccess,
): Promise<Remains> {
  const { applicationObjectId, servicePrincipalObjectId, clientId } = access;
  const [found] = await readApplications(graph, [clientId]);
  const assigned = await readExchangeRoles(graph, servicePrincipalObjectId);
  const inExchange = await findExchangeRemains(exchange, clientId, servicePrincipalObjectId);
  const grants = await grantsLeft(graph, servicePrincipalObjectId);
  const roles = assigned.byPrincipal.get(servicePrincipalObjectId) ?? [];
  const left = [
    ...(found?.application === undefined ? [] : [`The app registration ${clientId} is there.`]),
    ...(found?.servicePrincipal === undefined
      ? []
      : [`The service principal ${servicePrincipalObjectId} is there.`]),
    ...grants.left,
    ...roles.map(({ name }) => `The role "${name}" in Exchange is still assigned to it.`),
    ...inExchange.left,
    ...(await deletedItems(graph, [applicationObjectId, servicePrincipalObjectId])),
  ];
  const unread = [
    ...(found?.unread ?? []),
    ...grants.unread,
    ...(assigned.unread === undefined ? [] : [assigned.unread]),
    ...inExchange.unread,
  ];
  return { left, unproven: [...new Set(unread.map(({ why }) => why))] };
}

/** What was given to the principal; it goes with it, and a broken removal may leave some behind. */
const grantLists = [
  {
    path: "/roleManagement/directory/roleAssignments",
    property: "principalId",
    what: "directory role assignment",
    permission: "RoleManagement.Read.Directory",
  },
  {
    path: "/roleManagement/directory/roleEligibilityScheduleInstances",
    property: "principalId",
    what: "eligible directory role",
    permission: "RoleManagement.Read.Directory",
  },
  {
    path: "/oauth2PermissionGrants",
    property: "clientId",
    what: "delegated permission",
    permission: "Directory.Read.All",
  },
] as const;

async function grantsLeft(
  graph: Client,
  principalId: string,
): Promise<{ left: string[]; unread: Unread[] }> {
  const answers = await listTogether<{ id: string }>(
    graph,
    grantLists.map(
      ({ path, property }) =>
        `${path}?$filter=${encodeURIComponent(`${property} eq '${principalId}'`)}`,
    ),
  );
  const left: string[] = [];
  const unread: Unread[] = [];
  answers.forEach((read, index) => {
    const { what = "", permission = "" } = grantLists[index] ?? {};
    if ("value" in read) {
      left.push(...read.value.map(({ id }) => `The ${what} ${id} is there.`));
    } else {
      unread.push(unreadOf({ what: `${what}s`, permission }, read.error));
    }
  });
  return { left, unread };
}

/** What was exported to pipelines and is still there, each with the command that removes it. */
export async function findExportRemains(
  settingsFile: string,
  readers: PlaceReaders,
): Promise<Remains> {
  const left: string[] = [];
  const unproven: string[] = [];
  for (const place of exportPlacesIn(settingsFile)) {
    const { left: there, unread } = await readPlace(place, readers);
    left.push(...there.map(({ what, command }) => `Exported: ${what}. Remove it: ${command}`));
    unproven.push(...(unread === undefined ? [] : [`Not read: the ${unread}`]));
  }
  const kept = await keptInVaults(settingsFile);
  return { left, unproven, ...(kept.length > 0 && { kept }) };
}

/** Each certificate of a vault once, with the command that deletes it there. */
async function keptInVaults(settingsFile: string): Promise<string[]> {
  const generations = existsSync(settingsFile)
    ? (await StackSettings.read(settingsFile)).generations()
    : [];
  const sentences = generations.flatMap(({ source, vault = "", certificate = "" }) => {
    if (!isVaultSource(source)) {
      return [];
    }
    const place = { source, vault: vaultAddress(vault, source) ?? vault, name: certificate };
    return `The key of ${certificate} stays in ${place.vault}, and signs in nowhere any more. Delete it there: ${vaultCommand("delete", place)}`;
  });
  return [...new Set(sentences)];
}

async function deletedItems(graph: Client, ids: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const id of ids) {
    const since = await findRestorable(graph, id);
    if (since !== undefined) {
      const until = new Date(since.getTime() + 30 * dayMs).toISOString().slice(0, 10);
      left.push(
        `The deleted object ${id} can be restored until ${until}. Remove it for good: ${deletedItemCommand(graph, id)}`,
      );
    }
  }
  return left;
}

/**
 * Removes the deleted objects for good: nobody can restore them.
 *
 * @throws {GraphError} If Graph refuses otherwise than by not having them.
 */
export async function purgeDeleted(graph: Client, access: RetiredAccess): Promise<void> {
  for (const id of [access.applicationObjectId, access.servicePrincipalObjectId]) {
    try {
      await graph.api(`/directory/deletedItems/${id}`).delete();
    } catch (error) {
      if (!(error instanceof GraphError && error.statusCode === 404)) {
        throw error;
      }
    }
  }
}
