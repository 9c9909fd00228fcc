import { type Client, GraphError } from "@microsoft/microsoft-graph-client";
import { readExchangeRoles } from "../microsoft/graph/tenant/exchangeRoles";
import { readApplications } from "../microsoft/graph/tenant/readApplication";
import { findRestorable } from "../microsoft/graph/tenant/restorable";
import { readUsage } from "../microsoft/graph/tenant/usage";
import { types } from "../policy/rules/types";
import { bareId, textOf } from "../policy/rules/values";
import { viewOfState } from "../review/input/stackState";
import { dayMs } from "../system/durations";
import { UsageFailure } from "../system/failure";
import type { ReadableStack } from "./readableStack";

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

/**
 * The access that a stack has made, by its state.
 *
 * @throws {UsageFailure} If the stack holds none.
 */
export async function retiredAccessOf(stack: ReadableStack): Promise<RetiredAccess> {
  const state = viewOfState((await stack.exportStack()).deployment);
  const [application] = state.ofType(types.application);
  const [principal] = state.ofType(types.servicePrincipal);
  const clientId = textOf(application?.outputs.clientId) ?? textOf(principal?.outputs.clientId);
  if (clientId === undefined) {
    throw new UsageFailure(
      `The stack "${stack.name}" holds no application. To remove the stack itself: pulumi stack rm ${stack.name}.`,
    );
  }
  return {
    clientId,
    applicationObjectId: bareId(application?.id ?? ""),
    servicePrincipalObjectId: bareId(principal?.id ?? ""),
  };
}

/** Reads who still uses an access: the last use of it, and of each of its credentials. */
export async function readAccessUse(graph: Client, access: RetiredAccess): Promise<AccessUse> {
  const [found] = await readApplications(graph, [access.clientId]);
  const usage = await readUsage(graph, access.clientId);
  const { application, servicePrincipal, federated = [] } = found ?? {};
  const lastOf = (keyId: string) => {
    const lastSignIn = usage.credentials.get(keyId.toLowerCase());
    return lastSignIn === undefined ? {} : { lastSignIn };
  };
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
      ...keys.map(({ keyId, displayName }): CredentialUse => ({
        name: displayName ?? keyId,
        kind: "certificate",
        keyId,
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
      `The service principal is enabled. Disable it first, and wait until nobody has missed it: apponly retire --stack ${stack} --disable. To destroy it nevertheless: --now.`,
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

/**
 * Proves by reading that nothing of an access is left in the tenant.
 *
 * @returns What is left, and what could not be read, each as full sentences.
 */
export async function findRemains(
  graph: Client,
  access: RetiredAccess,
): Promise<{ readonly left: readonly string[]; readonly unproven: readonly string[] }> {
  const { applicationObjectId, servicePrincipalObjectId, clientId } = access;
  const [found] = await readApplications(graph, [clientId]);
  const exchange = await readExchangeRoles(graph);
  const inExchange = exchange.byPrincipal.get(servicePrincipalObjectId) ?? [];
  const left = [
    ...(found?.application === undefined ? [] : [`The app registration ${clientId} is there.`]),
    ...(found?.servicePrincipal === undefined
      ? []
      : [`The service principal ${servicePrincipalObjectId} is there.`]),
    ...(await grantsLeft(graph, servicePrincipalObjectId)),
    ...inExchange.map(({ name }) => `The role "${name}" in Exchange is still assigned to it.`),
    ...(await deletedItems(graph, [applicationObjectId, servicePrincipalObjectId])),
  ];
  const unread = [
    ...(found?.unread ?? []),
    ...(exchange.unread === undefined ? [] : [exchange.unread]),
  ];
  return { left, unproven: unread.map(({ why }) => why) };
}

/** Consents go with the principal; role assignments may stay behind. */
async function grantsLeft(graph: Client, principalId: string): Promise<string[]> {
  const filter = encodeURIComponent(`principalId eq '${principalId}'`);
  const { value } = (await graph
    .api(`/roleManagement/directory/roleAssignments?$filter=${filter}`)
    .get()) as { value: readonly { id: string }[] };
  return value.map(({ id }) => `The directory role assignment ${id} is there.`);
}

async function deletedItems(graph: Client, ids: readonly string[]): Promise<string[]> {
  const left: string[] = [];
  for (const id of ids) {
    const since = await findRestorable(graph, id);
    if (since !== undefined) {
      const until = new Date(since.getTime() + 30 * dayMs).toISOString().slice(0, 10);
      left.push(
        `The deleted object ${id} can be restored until ${until}. --purge removes it for good.`,
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
