import { X509Certificate } from "node:crypto";
import type { Client } from "@microsoft/microsoft-graph-client";
import { applicationObjectIdIn, certificateIdParts } from "../components/catalog/providerIds";
import { readCertificate } from "../components/certificateFacts";
import { listKeyCredentials, listKeys } from "../microsoft/graph/applicationKeys";
import { readAll } from "../microsoft/graph/client";
import { types } from "../policy/rules/types";
import { textOf, textsOf } from "../policy/rules/values";
import { type AdoptedResource, secretText, type StateResource } from "./stateEdit";

/**
 * Whether a resource's object is in the tenant.
 *
 * @returns `undefined` for what is not an object of the tenant, or of a type that is not asked for.
 * @throws {GraphError} If Graph refuses: what could not be read is never taken for gone.
 */
export async function isInTenant(
  graph: Client,
  { type, id = "" }: StateResource,
): Promise<boolean | undefined> {
  const certificate = certificateIdParts(id);
  if (type === types.applicationCertificate && certificate !== undefined) {
    const keys = await readUnlessMissing(() => listKeys(graph, certificate.applicationObjectId));
    return keys?.some(({ keyId }) => keyId === certificate.keyId) ?? false;
  }
  const path = objectPath(type, id);
  return path === undefined || !/^(\/[\w-]+)+$/.test(path)
    ? undefined
    : (await readUnlessMissing(() => graph.api(path).get() as Promise<unknown>)) !== undefined;
}

function objectPath(type: string, id: string): string | undefined {
  switch (type) {
    case types.application:
    case types.servicePrincipal:
    case types.appRoleAssignment:
    case types.directoryRoleAssignment:
      return id.startsWith("/") ? id : undefined;
    case types.applicationFederated:
      return `/applications/${id.replace("/federatedIdentityCredential/", "/federatedIdentityCredentials/")}`;
    default:
      return undefined;
  }
}

/**
 * The object that a resource would be, with the provider's resource id: what a create whose answer
 * was lost has left in the tenant.
 *
 * @param known Ids of what is in the state already, which is never taken twice.
 */
export async function findObject(
  graph: Client,
  resource: StateResource,
  known: ReadonlySet<string>,
): Promise<AdoptedResource | undefined> {
  if (resource.type === types.applicationCertificate) {
    return findCertificate(graph, resource, known);
  }
  const ids = (await readUnlessMissing(() => objectIdsByType(graph, resource))) ?? [];
  const id = ids.find((one) => !known.has(one));
  return id === undefined ? undefined : { ...resource, id };
}

/**
 * The engine does not tell the certificate that it was to register, only its validity. Were it another
 * one with the same, the next update would see that and replace it.
 */
async function findCertificate(
  graph: Client,
  resource: StateResource,
  known: ReadonlySet<string>,
): Promise<AdoptedResource | undefined> {
  const { applicationId, startDate, endDate } = resource.inputs;
  const application = applicationObjectIdIn(applicationId) ?? "";
  for (const { keyId, key, startDateTime, endDateTime } of await listKeyCredentials(
    graph,
    application,
  )) {
    const id = `${application}/certificate/${keyId}`;
    if (!known.has(id) && key && startDateTime === startDate && endDateTime === endDate) {
      // Clients send the bytes, or a PEM text of them.
      const { pem } = readCertificate(new X509Certificate(Buffer.from(key, "base64")).toString());
      const inputs = { ...resource.inputs, value: secretText(pem) };
      return { ...resource, id, inputs, outputs: { keyId } };
    }
  }
  return undefined;
}

/** The ids of all objects that a resource could be. */
async function objectIdsByType(graph: Client, { type, inputs }: StateResource): Promise<string[]> {
  const text = (key: string) => textOf(inputs[key]) ?? "";
  const application = applicationObjectIdIn(inputs.applicationId) ?? "";
  switch (type) {
    case types.application:
      return (await bareRegistrations(graph, text("displayName"), textsOf(inputs.owners))).map(
        ({ id }) => `/applications/${id}`,
      );
    case types.servicePrincipal:
      return (
        await readRows(
          graph,
          `/servicePrincipals?$filter=appId eq '${filterText(text("clientId"))}'`,
        )
      ).map(({ id }) => `/servicePrincipals/${id}`);
    case types.appRoleAssignment:
      return (
        await readRows(graph, `/servicePrincipals/${text("principalObjectId")}/appRoleAssignments`)
      )
        .filter(
          (one) =>
            one.resourceId === text("resourceObjectId") && one.appRoleId === text("appRoleId"),
        )
        .map(({ id }) => `/servicePrincipals/${text("resourceObjectId")}/appRoleAssignedTo/${id}`);
    case types.directoryRoleAssignment:
      return (
        await readRows(
          graph,
          `/roleManagement/directory/roleAssignments?$filter=principalId eq '${filterText(text("principalObjectId"))}'`,
        )
      )
        .filter(
          (one) =>
            one.roleDefinitionId === text("roleId") &&
            one.directoryScopeId === (text("directoryScopeId") || "/"),
        )
        .map(({ id }) => `/roleManagement/directory/roleAssignments/${id}`);
    case types.applicationFederated:
      return (await readRows(graph, `/applications/${application}/federatedIdentityCredentials`))
        .filter(({ name }) => name === text("displayName"))
        .map(({ id }) => `${application}/federatedIdentityCredential/${id}`);
    default:
      return [];
  }
}

/** An app registration that nothing can sign in with: what a lost answer leaves behind. */
export interface BareRegistration {
  readonly id: string;
  readonly createdDateTime: string;
}

/**
 * App registrations of a name that have no credential of any kind and no owner but those wanted, the
 * newest first. One with a credential is never taken: whoever has it would get its rights.
 */
export async function bareRegistrations(
  graph: Client,
  displayName: string,
  owners: readonly string[],
): Promise<BareRegistration[]> {
  const bare: BareRegistration[] = [];
  for (const one of await readRows(
    graph,
    `/applications?$filter=displayName eq '${encodeURIComponent(filterText(displayName))}'`,
  )) {
    const secrets = [one.keyCredentials, one.passwordCredentials].flatMap((all) =>
      Array.isArray(all) ? (all as unknown[]) : [],
    );
    const path = `/applications/${one.id}`;
    if (
      secrets.length === 0 &&
      (await readRows(graph, `${path}/federatedIdentityCredentials`)).length === 0 &&
      (await readRows(graph, `${path}/owners`)).every(({ id }) => owners.includes(id))
    ) {
      bare.push({ id: one.id, createdDateTime: textOf(one.createdDateTime) ?? "" });
    }
  }
  return bare.sort((a, b) => b.createdDateTime.localeCompare(a.createdDateTime));
}

type GraphRow = Readonly<Record<string, unknown>> & { readonly id: string };

function readRows(graph: Client, path: string): Promise<GraphRow[]> {
  return readAll<GraphRow>(graph, path);
}

/** A text within quotes of a filter. */
function filterText(text: string): string {
  return text.replaceAll("'", "''");
}

async function readUnlessMissing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if ((error as { statusCode?: unknown }).statusCode === 404) {
      return undefined;
    }
    throw error;
  }
}
