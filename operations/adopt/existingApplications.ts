import type { Client } from "@microsoft/microsoft-graph-client";
import { identifierAsThumbprint } from "../../microsoft/graph/applicationKeys";
import { readAll } from "../../microsoft/graph/client";
import type { ListedKey } from "../../microsoft/graph/tenant/objects";
import { types } from "../../policy/rules/types";
import { textOf } from "../../policy/rules/values";
import type { Preview } from "../../review/input/preview";

/** An application of the tenant, as far as it is compared. */
interface Existing {
  readonly appId: string;
  readonly displayName: string;
  readonly keyCredentials?: readonly ListedKey[];
}

/**
 * Warnings of a preview that would create an application which seems to be there: one has its name,
 * or its certificate. Nothing is asked where no application is created.
 *
 * @param connect Opens Microsoft Graph, as the stack's deployer.
 */
export async function warningsOfExisting(
  { steps, after }: Preview,
  stack: string,
  connect: () => Promise<Client>,
): Promise<string[]> {
  const created = steps
    .filter(({ op, type }) => op === "create" && type === types.application)
    .flatMap(({ urn }) => textOf(after.find(urn)?.inputs.displayName) ?? []);
  if (created.length === 0) {
    return [];
  }
  // Known before the update only of certificates that are supplied.
  const thumbprints = new Set(
    after.ofType(types.generation).flatMap(({ outputs }) => textOf(outputs.thumbprint) ?? []),
  );
  try {
    const graph = await connect();
    const named = (await Promise.all(created.map((name) => withName(graph, name)))).flat();
    const holding = thumbprints.size === 0 ? [] : await withCertificate(graph, thumbprints);
    return [
      ...named.map((one) => warning(one, "has the name of one that would be created", stack)),
      ...holding.map((one) =>
        warning(one, "holds a certificate of the one that would be created", stack),
      ),
    ];
  } catch (error) {
    return [
      `Whether the tenant has an application of the same name or certificate could not be read: ${(error as Error).message}`,
    ];
  }
}

function warning({ displayName, appId }: Existing, what: string, stack: string): string {
  return `The app registration "${displayName}" (${appId}) ${what}. To manage that one instead: apponly adopt --stack ${stack} --application ${appId}`;
}

function withName(graph: Client, name: string): Promise<Existing[]> {
  const filter = encodeURIComponent(`displayName eq '${name.replaceAll("'", "''")}'`);
  return readAll<Existing>(graph, `/applications?$select=appId,displayName&$filter=${filter}`);
}

/** Graph cannot be asked for a thumbprint, so the credentials are listed, without their keys. */
async function withCertificate(
  graph: Client,
  thumbprints: ReadonlySet<string>,
): Promise<Existing[]> {
  const all = await readAll<Existing>(
    graph,
    "/applications?$select=appId,displayName,keyCredentials&$top=999",
  );
  return all.filter(({ keyCredentials = [] }) =>
    keyCredentials.some(({ customKeyIdentifier }) =>
      thumbprints.has(identifierAsThumbprint(customKeyIdentifier ?? "")),
    ),
  );
}
