import type { Client } from "@microsoft/microsoft-graph-client";
import type { Connections } from "../../exchange/resource";
import { azureCliCommandFor } from "../../microsoft/graph/client";
import { readAuditedChanges } from "../../microsoft/graph/tenant/directoryAudit";
import {
  type ReadApplication,
  readApplications,
} from "../../microsoft/graph/tenant/readApplication";
import { titleOfObject } from "../../microsoft/graph/tenant/objects";
import { resourcesOf } from "../../microsoft/graph/tenant/resources";
import { findRestorable } from "../../microsoft/graph/tenant/restorable";
import type { PolicyConfiguration } from "../../policy/rules/configuration";
import type { StackView, ViewedResource } from "../../policy/rules/stackView";
import { types } from "../../policy/rules/types";
import { bareId, textOf } from "../../policy/rules/values";
import type { Preview } from "../../review/input/preview";
import type { PermissionChange, StackReview } from "../../review/documentShape";
import { review } from "../../review/review";
import { viewOfState } from "../../review/input/stackState";
import { dayMs } from "../../system/durations";
import type { ReadableStack } from "../readableStack";
import { heldByNoResource, lastUseOf, readExchange } from "./beyondProvider";
import { compareWithTenant, extrasOf, resourcesNotCompared } from "./compare";
import { originOf } from "./origin";
import { remediesForDeclared, remediesForDeleted, remediesForExtra, removalId } from "./remedies";

/** How a stack is compared. */
export interface DriftOptions {
  readonly stack: ReadableStack;
  /** Microsoft Graph, as whoever may read the tenant. */
  readonly graph: Client;
  /** Exchange's own access control, as whoever may read it. */
  readonly exchange: Connections;
  /** Levels and settings of the policies. */
  readonly policies?: PolicyConfiguration;
  readonly now?: Date;
}

/** A stack compared with its tenant. */
export interface Drift {
  /** What was changed besides the stack, as the review of an update says it. */
  readonly review: StackReview;
  /** What is in the tenant and not declared, by the id that `--remove` takes. */
  readonly extras: ReadonlyMap<string, ViewedResource>;
  readonly applications: readonly ReadApplication[];
  /** Object ids of what can be restored: a deleted app registration, then its service principal. */
  readonly restorable: readonly string[];
}

/** How long a deleted registration is kept. @see https://learn.microsoft.com/graph/api/resources/directory */
const keptDays = 30;

/**
 * Compares what a stack declares, by its state, with what the tenant has, read by Microsoft Graph.
 * It sees what `pulumi refresh` does not: what somebody has added besides the stack. Nothing is
 * changed.
 *
 * @throws {GraphError} If Graph fails otherwise than by refusing; what it refuses is a warning, and
 *   makes the result incomplete where there may be something that nobody saw.
 */
export async function findDrift({
  stack,
  graph,
  exchange,
  policies = {},
  now = new Date(),
}: DriftOptions): Promise<Drift> {
  const declared = viewOfState((await stack.exportStack()).deployment);
  const applications = await readApplications(graph, clientIdsIn(declared));
  const own = await readExchange(graph, exchange, declared);
  const actual = {
    resources: [...applications.flatMap((one) => resourcesOf(one)), ...own.resources],
    unread: [...applications.flatMap((one) => one.unread), ...own.unread],
  };
  const preview = compareWithTenant(declared, actual);
  const log = await readAuditedChanges(graph, hasDifferences(preview) ? objectIdsOf(declared) : []);
  const deleted = await restorableOf(graph, preview);
  const typed = (command: string) => azureCliCommandFor(graph, command);
  const owners = applications.flatMap((one) => [
    ...one.applicationOwners,
    ...one.servicePrincipalOwners,
  ]);
  const principals = new Map(
    owners.flatMap((owner) => {
      const name = titleOfObject(owner);
      return name === owner.id ? [] : [[owner.id.toLowerCase(), name] as const];
    }),
  );
  const context = { stack: stack.name, policies, now, principals };
  const reviewed = review(preview, context);
  // What the stack violates as it is declared is nothing that somebody has done besides it.
  const declaredSo = review({ ...preview, after: preview.before, steps: [] }, context).violations;
  const known = new Set(declaredSo.map(({ policy, message }) => `${policy} ${message}`));
  const gaps = actual.unread.flatMap(({ isGap, what }) => (isGap ? what : []));
  const licence = actual.unread.filter(({ isGap }) => !isGap).map(({ why }) => why);
  const used = await lastUseOf(graph, preview, applications);
  const logged = log.unread === undefined ? [] : [log.unread.why];
  const extras = new Map(extrasOf(preview).map((one) => [removalId(one), one]));
  return {
    review: {
      ...reviewed,
      changes: reviewed.changes.map((change) => {
        const resource =
          preview.after.find(change.resource) ?? preview.before.find(change.resource);
        const origin = originOf(change, resource, log.changes);
        return {
          ...change,
          ...(origin === undefined ? {} : { origin }),
          ...used.consequenceOf(resource),
          ...driftAdviceFor(change, preview, stack.name, typed, deleted, now),
        };
      }),
      violations: reviewed.violations.filter(
        ({ policy, message }) => !known.has(`${policy} ${message}`),
      ),
      warnings: [
        ...new Set([
          ...reviewed.warnings,
          ...licence,
          ...logged,
          ...used.unread,
          ...applications.flatMap(heldByNoResource),
          ...uncomparedIn(declared),
        ]),
      ],
      ...(gaps.length > 0 && { unread: [...new Set(gaps)] }),
    },
    extras,
    applications,
    restorable: [...deleted.keys()],
  };
}

/** What to do about a change, and by which id a command is told of it. */
function driftAdviceFor(
  change: PermissionChange,
  preview: Preview,
  stack: string,
  typed: (command: string) => string,
  deleted: ReadonlyMap<string, Date>,
  now: Date,
): Pick<PermissionChange, "id" | "remedies"> {
  const old = preview.before.find(change.resource);
  const extra = old === undefined ? preview.after.find(change.resource) : undefined;
  if (extra !== undefined) {
    return { id: removalId(extra), remedies: remediesForExtra(extra, stack) };
  }
  if (old?.type === types.application && !preview.after.find(old.urn)) {
    const since = deleted.get(bareId(old.id ?? ""));
    const until = since && new Date(since.getTime() + keptDays * dayMs);
    return { remedies: remediesForDeleted(stack, until && until > now ? until : undefined) };
  }
  return { remedies: remediesForDeclared(stack, typed, old, change.subject) };
}

function clientIdsIn(declared: StackView): string[] {
  const ids = declared
    .ofType(types.application, types.servicePrincipal)
    .flatMap(({ inputs, outputs }) => textOf(outputs.clientId) ?? textOf(inputs.clientId) ?? []);
  return [...new Set(ids.map((id) => id.toLowerCase()))];
}

function objectIdsOf(declared: StackView): string[] {
  return declared
    .ofType(types.application, types.servicePrincipal)
    .flatMap(({ id }) => (id === undefined ? [] : [bareId(id)]));
}

function hasDifferences({ steps }: Preview): boolean {
  return steps.some(({ op }) => op !== "same");
}

/**
 * When each registration was deleted that the stack has, the tenant has not, and could be restored;
 * with it its service principal, which Graph does not restore by itself.
 *
 * @see https://learn.microsoft.com/graph/api/directory-deleteditems-restore
 */
async function restorableOf(graph: Client, preview: Preview): Promise<Map<string, Date>> {
  const deleted = new Map<string, Date>();
  for (const wanted of [types.application, types.servicePrincipal]) {
    const gone = preview.steps.filter(({ op, type }) => op === "delete" && type === wanted);
    // A service principal that was deleted without its registration is made anew.
    for (const { urn } of wanted === types.application || deleted.size > 0 ? gone : []) {
      const id = bareId(preview.before.find(urn)?.id ?? "");
      const since = await findRestorable(graph, id);
      if (since !== undefined) {
        deleted.set(id, since);
      }
    }
  }
  return deleted;
}

/** A sentence on resources of types that are not compared. */
function uncomparedIn(declared: StackView): string[] {
  const names = resourcesNotCompared(declared).map(({ name }) => name);
  return names.length === 0
    ? []
    : [
        `Compared only by \`pulumi refresh\`, as their types are not read here: ${names.join(", ")}.`,
      ];
}
