import type { Client } from "@microsoft/microsoft-graph-client";
import { assignmentResources, readExchangeAccess } from "../../exchange/readAccess";
import type { Connections } from "../../exchange/resource";
import { readExchangeRoles } from "../../microsoft/graph/tenant/exchangeRoles";
import { propertiesBeyondProvider } from "../../microsoft/graph/tenant/applicationForm";
import type { ReadApplication } from "../../microsoft/graph/tenant/readApplication";
import { resourcesOf } from "../../microsoft/graph/tenant/resources";
import type { Unread } from "../../microsoft/graph/tenant/unread";
import { readUsage } from "../../microsoft/graph/tenant/usage";
import type { StackView, ViewedResource } from "../../policy/rules/stackView";
import { types } from "../../policy/rules/types";
import { bareId, textOf } from "../../policy/rules/values";
import type { PermissionChange } from "../../review/documentShape";
import type { Preview } from "../../review/input/preview";
import { shortenText } from "../../system/visibleText";
import { extrasOf } from "./compare";

/** What service principals of a stack have in Exchange's own access control. */
export async function readExchange(
  graph: Client,
  exchange: Connections,
  declared: StackView,
): Promise<{ resources: ViewedResource[]; unread: Unread[] }> {
  const principals = declared
    .ofType(types.servicePrincipal)
    .flatMap(({ id }) => (id === undefined ? [] : [bareId(id)]));
  const byCmdlets = await readExchangeAccess(exchange, declared, principals);
  const resources = [...byCmdlets.resources];
  const unread = [...byCmdlets.unread];
  for (const principal of principals) {
    const { byPrincipal, unread: said } = await readExchangeRoles(graph, principal);
    resources.push(...assignmentResources(principal, byPrincipal.get(principal) ?? []));
    unread.push(...(said === undefined ? [] : [said]));
  }
  return { resources, unread };
}

/** Properties that no resource of a stack holds, said where they matter. */
export function heldByNoResource(found: ReadApplication): string[] {
  const { appId, application, servicePrincipal, policies } = found;
  const {
    displayName,
    signInAudience = "AzureADMyOrg",
    servicePrincipalLockConfiguration,
  } = application ?? {};
  const name = displayName ?? appId;
  const isOpen = application !== undefined && signInAudience !== "AzureADMyOrg";
  return [
    ...policies.map(
      (policy) =>
        `The app management policy "${policy}" is assigned to ${name}, which no resource of a stack holds: it decides which credentials may be added.`,
    ),
    ...(isOpen && servicePrincipalLockConfiguration?.isEnabled !== true
      ? [
          `The instance property lock of ${name} is off, which no resource of a stack holds: who administers it in another tenant can add credentials to it there.`,
        ]
      : []),
    ...namesBeyond(application, `the app registration ${name}`),
    // A service principal has the verified publisher of its application.
    ...namesBeyond(
      servicePrincipal && { ...servicePrincipal, verifiedPublisher: null },
      `the service principal ${name}`,
    ),
  ];
}

function namesBeyond(
  object: Parameters<typeof propertiesBeyondProvider>[0] | undefined,
  of: string,
) {
  return Object.entries(object === undefined ? {} : propertiesBeyondProvider(object)).map(
    ([key, value]) =>
      `${key} of ${of} is set in the tenant to ${shortenText(JSON.stringify(value), 200)}, and no resource of a stack holds it. If nobody meant it, take it back by hand.`,
  );
}

/** When credentials that are not declared were last signed in with: asked only where there are some. */
export async function lastUseOf(
  graph: Client,
  preview: Preview,
  applications: readonly ReadApplication[],
): Promise<{
  readonly unread: readonly string[];
  readonly consequenceOf: (
    resource: ViewedResource | undefined,
  ) => Pick<PermissionChange, "consequence">;
}> {
  const keys = new Set(extrasOf(preview).flatMap(({ outputs }) => textOf(outputs.keyId) ?? []));
  const lastUse = new Map<string, string>();
  const unread = new Set<string>();
  for (const application of keys.size === 0 ? [] : applications) {
    const usage = await readUsage(graph, application.appId);
    for (const { outputs } of resourcesOf(application, usage)) {
      const [keyId, last] = [textOf(outputs.keyId), textOf(outputs.lastSignIn)];
      if (keyId !== undefined && last !== undefined) {
        lastUse.set(keyId, last);
      }
    }
    if (usage.unread !== undefined) {
      unread.add(usage.unread.why);
    }
  }
  return {
    unread: [...unread],
    consequenceOf: (resource) => {
      const keyId = textOf(resource?.outputs.keyId) ?? "";
      const last = keys.has(keyId) ? lastUse.get(keyId) : undefined;
      return last === undefined
        ? {}
        : {
            consequence: `It was signed in with on ${last}: whoever did so stops once it is gone.`,
          };
    },
  };
}
