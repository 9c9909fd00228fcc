import type { Client } from "@microsoft/microsoft-graph-client";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { CloudName } from "../../components/catalog/clouds";
import type { CarriedObject } from "../../components/validation/identity";
import { applicationPermissions } from "../../components/catalog/permissions";
import { listKeyCredentials } from "../../microsoft/graph/applicationKeys";
import { readTogether } from "../../microsoft/graph/batch";
import { readApplications } from "../../microsoft/graph/tenant/readApplication";
import type { StackView } from "../../policy/rules/stackView";
import { isExchangeType, types } from "../../policy/rules/types";
import { bareId } from "../../policy/rules/values";
import type { StackReview } from "../../review/documentShape";
import { readEvents } from "../../review/input/engineEvents";
import type { Preview } from "../../review/input/preview";
import { viewOfState } from "../../review/input/stackState";
import { review } from "../../review/review";
import type { Connections } from "../../exchange/resource";
import { UsageFailure } from "../../system/failure";
import { type Drift, findDrift } from "../drift/drift";
import type { ChangeableStack } from "../openStack";
import { previewStack } from "../stack";
import { carriedIn, writeAdopted, writeCarried } from "./adoptedSettings";
import type { FoundRegistration } from "./findRegistration";
import { importResources } from "./importResources";
import { readOwnRoles } from "./ownRoles";
import { type AdoptionPlan, planAdoption } from "./plan";

/** A stack whose settings are edited while it is open. */
interface OpenedForAdoption {
  readonly stack: ChangeableStack;
  /** Has the engine read the settings as they are now. */
  readonly renewSettings: () => Promise<void>;
}

/** How a registration comes under a stack. */
export interface AdoptOptions {
  readonly graph: Client;
  /** Exchange's own access control, as whoever may read it. */
  readonly exchange: Connections;
  readonly registration: FoundRegistration;
  /** The tenant's cloud. @default "global" */
  readonly cloud?: CloudName;
  /** `Pulumi.STACK.yaml`, which need not exist. */
  readonly settingsFile: string;
  /** Name of the project. */
  readonly project: string;
  /** Properties that are not carried, by their names in `apponly:carried`. */
  readonly drop: readonly string[];
  /** Opens the stack, and creates it where the backend has none: its settings are there by then. */
  readonly open: () => Promise<OpenedForAdoption>;
  readonly now?: Date;
}

/** What came of an adoption. */
export interface Adoption {
  readonly plan: AdoptionPlan;
  /** Properties that stay as the tenant has them. */
  readonly carried: readonly string[];
  /** What the next update would change; nothing, save what was dropped. */
  readonly review: StackReview;
  /** What the registration has beyond what the stack declares. */
  readonly drift: Drift;
}

/**
 * Brings a registration under a stack without a write to the tenant: reads it, writes the stack's
 * settings, imports every resource with its id, and carries what the program would otherwise set
 * anew. Interrupted and run again, it goes on.
 *
 * @throws {UsageFailure} If a stack cannot declare the registration, or the stack is another's.
 * @throws {GraphError} If Graph refuses.
 */
export async function adopt(options: AdoptOptions): Promise<Adoption> {
  const { graph, registration, settingsFile, project, drop, now = new Date() } = options;
  const [found] = await readApplications(graph, [registration.appId]);
  // What an adoption does not declare may stay unread; the drift at the end says so.
  const refused = found?.unread.find(({ what, isGap }) => isGap && needed.has(what));
  if (found === undefined || refused !== undefined) {
    throw new UsageFailure(`${refused?.why ?? "Nothing was read."} Nothing was changed.`);
  }
  const { appId, servicePrincipal } = found;
  const plan = planAdoption(found, {
    certificates: await listKeyCredentials(graph, registration.id),
    resourceIds: await resourceIdsOf(graph),
    ownRoles:
      servicePrincipal === undefined
        ? []
        : await readOwnRoles(graph, options.exchange, { appId, objectId: servicePrincipal.id }),
    now,
    ...(options.cloud === undefined ? {} : { cloud: options.cloud }),
  });
  await writeAdopted(settingsFile, plan.settings);
  const opened = await options.open();
  const { stack } = opened;
  const state = viewOfState((await stack.exportStack()).deployment);
  requireOwn(stack.name, state, registration);
  const known = new Set([...state.resources].map(({ id }) => id));
  if (plan.resources.some(({ id }) => !known.has(id))) {
    await writeCarried(settingsFile, []);
    await opened.renewSettings();
    await stack.create();
    await importResources(stack, project, plan.resources);
  }
  const { preview, carried } = await carryDiffering(opened, settingsFile, drop);
  return {
    plan,
    carried,
    review: review(preview, { stack: stack.name, now }),
    drift: await findDrift({ stack, graph, exchange: options.exchange, now }),
  };
}

/** What has to be read to declare all of it. */
const needed: ReadonlySet<string> = new Set([
  "the app registration",
  "the service principal",
  "owners",
  "federated credentials",
  "admin consents",
  "directory roles",
]);

/** Object ids of Microsoft's service principals that offer what the catalog grants. */
async function resourceIdsOf(graph: Client): Promise<Map<string, string>> {
  const appIds = [...new Set(applicationPermissions.map(({ resourceAppId }) => resourceAppId))];
  const filter = appIds.map((id) => `appId eq '${id}'`).join(" or ");
  const [answer] = (await readTogether(graph, [
    `/servicePrincipals?$select=id,appId&$filter=${encodeURIComponent(filter)}`,
  ])) as [{ value: { id: string; appId: string }[] }];
  return new Map(answer.value.map(({ id, appId }) => [appId, id]));
}

/** Refuses a stack that manages another registration. */
function requireOwn(stack: string, state: StackView, { id }: FoundRegistration): void {
  const other = state
    .ofType(types.application)
    .find((one) => bareId(one.id ?? "") !== id.toLowerCase());
  if (other !== undefined) {
    throw new UsageFailure(
      `The stack "${stack}" manages another app registration, ${bareId(other.id ?? "")}. Adopt into a stack of its own: --stack NAME.`,
    );
  }
}

/** Carries what the program would set anew, save what is dropped, and previews the stack so. */
async function carryDiffering(
  { stack, renewSettings }: OpenedForAdoption,
  settingsFile: string,
  drop: readonly string[],
): Promise<{ preview: Preview; carried: readonly string[] }> {
  const before = carriedIn(settingsFile);
  const kept = before.filter((name) => !drop.includes(name));
  if (kept.length < before.length) {
    await writeCarried(settingsFile, kept);
    await renewSettings();
  }
  const preview = await adoptionPreview(stack);
  const further = differingIn(preview).filter((name) => !drop.includes(name));
  if (further.length === 0) {
    return { preview, carried: kept };
  }
  const carried = [...new Set([...kept, ...further])].sort();
  await writeCarried(settingsFile, carried);
  await renewSettings();
  return { preview: await adoptionPreview(stack), carried };
}

async function adoptionPreview(stack: ChangeableStack): Promise<Preview> {
  const events: EngineEvent[] = [];
  await previewStack(stack, { onEvent: (event) => void events.push(event) });
  return readEvents(events);
}

const prefixes: Readonly<Record<string, CarriedObject>> = {
  [types.application]: "application",
  [types.servicePrincipal]: "servicePrincipal",
  [types.exchangePointer]: "exchangeServicePrincipal",
  [types.exchangeRole]: "managementRole",
  [types.exchangeScope]: "managementScope",
};

/** What the program would set anew, by its names in `apponly:carried`. */
function differingIn({ steps }: Preview): string[] {
  return (
    steps
      // Names in Exchange cannot be changed: the program's own would replace what is there.
      .filter(({ op, type }) => op === "update" || (op === "replace" && isExchangeType(type)))
      .flatMap(({ type, diffKeys }) => {
        const prefix = prefixes[type];
        return prefix === undefined ? [] : diffKeys.map((key) => `${prefix}.${key}`);
      })
      .sort()
  );
}
