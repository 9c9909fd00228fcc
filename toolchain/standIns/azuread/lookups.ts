import { type Properties, text, texts } from "../../pluginProtocol/values";
import type { Credentials } from "./configuration";
import type { Graph, Json } from "./graph";
import { attempt } from "./resource";
import { servicePrincipalProperties } from "./servicePrincipal";

/** A look-up: reads, and changes nothing. */
export type LookUp = (
  graph: Graph,
  args: Properties,
  credentials: Credentials,
) => Promise<Properties>;

/** The look-ups by token. */
export const lookUps: Readonly<Record<string, LookUp>> = {
  "azuread:index/getClientConfig:getClientConfig": async (graph, _args, credentials) => {
    const objectId = await graph.callerObjectId();
    const { tenantId, clientId } = credentials;
    return { clientId, id: `${tenantId}-${clientId}-${objectId}`, objectId, tenantId };
  },

  "azuread:index/getServicePrincipal:getServicePrincipal": async (graph, args) => {
    const found = await findServicePrincipal(graph, args);
    const objectId = text(found, "id");
    const beta = await graph.get(`/beta/servicePrincipals/${objectId}`, {
      $select: "samlMetadataUrl",
    });
    return { ...servicePrincipalProperties(found, beta), id: `/servicePrincipals/${objectId}` };
  },

  "azuread:index/getDomains:getDomains": async (graph, args) => {
    const wanted = (domain: Json) =>
      (args.onlyInitial !== true || domain.isInitial === true) &&
      (args.onlyDefault !== true || domain.isDefault === true) &&
      (args.onlyRoot !== true || domain.isRoot === true) &&
      (args.includeUnverified === true || domain.isVerified === true) &&
      (args.adminManaged !== true || domain.isAdminManaged === true) &&
      texts(args, "supportsServices").every((service) =>
        texts(domain, "supportedServices").includes(service),
      );
    const domains = (await attempt("Could not list domains", () => graph.list("/v1.0/domains")))
      .filter(wanted)
      .map((domain) => ({
        adminManaged: domain.isAdminManaged === true,
        authenticationType: text(domain, "authenticationType"),
        default: domain.isDefault === true,
        domainName: text(domain, "id"),
        initial: domain.isInitial === true,
        root: domain.isRoot === true,
        supportedServices: texts(domain, "supportedServices"),
        verified: domain.isVerified === true,
      }));
    if (domains.length === 0) {
      throw new Error("No domains found for the provided filters");
    }
    return { ...args, domains, id: "domains" };
  },
};

async function findServicePrincipal(graph: Graph, args: Properties): Promise<Json> {
  const objectId = text(args, "objectId");
  if (objectId !== "") {
    return attempt(`Service Principal (Service Principal: "${objectId}") was not found`, () =>
      graph.get(`/v1.0/servicePrincipals/${objectId}`),
    );
  }
  const displayName = text(args, "displayName");
  const clientId = text(args, "clientId");
  const quoted = (value: string) => value.replace(/'/g, "''");
  const $filter =
    displayName === ""
      ? `appId eq '${quoted(clientId)}'`
      : `displayName eq '${quoted(displayName)}'`;
  const [found] = await attempt(`Listing service principals for filter "${$filter}"`, () =>
    graph.list("/v1.0/servicePrincipals", { $filter }),
  );
  if (found === undefined) {
    throw new Error("No service principal found: no service principal found");
  }
  return found;
}
