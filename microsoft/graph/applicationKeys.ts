import { createHash, X509Certificate } from "node:crypto";
import type { Client } from "@microsoft/microsoft-graph-client";
import { graphAddress, listIn } from "./client";
import type { ListedSecret } from "./tenant/objects";

/** One certificate that an application registration holds. */
export interface RegisteredKey {
  /** Id of the entry; two entries may hold the same certificate. */
  readonly keyId: string;
  /** SHA-1 of the certificate, upper-case hexadecimal; empty where the tenant does not tell it. */
  readonly thumbprint: string;
  /** First instant of validity as the tenant has it, ISO 8601. */
  readonly notBefore: string;
  /** Last instant of validity as the tenant has it, ISO 8601. */
  readonly notAfter: string;
}

/** A member of `keyCredentials` as Graph answers it. */
interface KeyCredential {
  readonly keyId: string;
  readonly customKeyIdentifier?: string | null;
  readonly startDateTime?: string | null;
  readonly endDateTime?: string | null;
  readonly key?: string | null;
}

/**
 * The certificates of an application registration, as the tenant has them now.
 *
 * @param applicationObjectId Object id of the app registration.
 * @throws {GraphError} If Graph refuses; reading needs `Application.Read.All` or ownership.
 * @see https://learn.microsoft.com/graph/api/resources/keycredential
 */
export async function listKeys(
  graph: Client,
  applicationObjectId: string,
): Promise<RegisteredKey[]> {
  return (await listKeyCredentials(graph, applicationObjectId)).map((one) => ({
    keyId: one.keyId.toLowerCase(),
    thumbprint: keyThumbprint(one),
    notBefore: one.startDateTime ?? "",
    notAfter: one.endDateTime ?? "",
  }));
}

/**
 * The same as Graph answers them, with the certificates themselves, base64.
 *
 * @throws {GraphError} If Graph refuses.
 */
export async function listKeyCredentials(
  graph: Client,
  applicationObjectId: string,
): Promise<readonly KeyCredential[]> {
  // Selected by name, the answer has the certificates themselves.
  const application: unknown = await graph
    .api(`/applications/${encodeURIComponent(applicationObjectId)}`)
    .select("keyCredentials")
    .get();
  return listIn(application, "keyCredentials", graphAddress(graph));
}

/** A client secret of an application, of which nobody is ever told the value again. */
export interface RegisteredSecret {
  readonly keyId: string;
  /** As who made it has called it; empty where it has no name. */
  readonly name: string;
  /** Last instant of validity, ISO 8601. */
  readonly notAfter: string;
}

/**
 * The client secrets of an app registration.
 *
 * @throws {GraphError} If Graph refuses.
 * @see https://learn.microsoft.com/graph/api/resources/passwordcredential
 */
export async function listSecrets(
  graph: Client,
  applicationObjectId: string,
): Promise<RegisteredSecret[]> {
  const application: unknown = await graph
    .api(`/applications/${encodeURIComponent(applicationObjectId)}`)
    .select("passwordCredentials")
    .get();
  const secrets = listIn<ListedSecret>(application, "passwordCredentials", graphAddress(graph));
  return secrets.map(({ keyId, displayName, endDateTime }) => ({
    keyId: keyId.toLowerCase(),
    name: displayName ?? "",
    notAfter: endDateTime ?? "",
  }));
}

/**
 * Takes one certificate off an application registration. The others are sent back as they were
 * read, without their material, which keeps them.
 *
 * @throws {GraphError} If Graph refuses.
 * @see https://learn.microsoft.com/graph/api/application-update
 */
export async function removeKey(
  graph: Client,
  applicationObjectId: string,
  keyId: string,
): Promise<void> {
  await removeKeyFrom(graph, `/applications/${encodeURIComponent(applicationObjectId)}`, keyId);
}

/**
 * The same of whatever holds it.
 *
 * @param path Of an app registration or a service principal, for example `/servicePrincipals/{id}`.
 * @throws {GraphError} If Graph refuses.
 */
export async function removeKeyFrom(graph: Client, path: string, keyId: string): Promise<void> {
  const holder: unknown = await graph.api(path).get();
  const keyCredentials = listIn<KeyCredential>(holder, "keyCredentials", graphAddress(graph));
  const kept = keyCredentials.filter((one) => one.keyId.toLowerCase() !== keyId.toLowerCase());
  if (kept.length < keyCredentials.length) {
    await graph.api(path).patch({ keyCredentials: kept });
  }
}

function keyThumbprint({ key, customKeyIdentifier }: KeyCredential): string {
  try {
    const { raw } = new X509Certificate(Buffer.from(key ?? "", "base64"));
    return createHash("sha1").update(raw).digest("hex").toUpperCase();
  } catch {
    return identifierAsThumbprint(customKeyIdentifier ?? "");
  }
}

/** Clients fill the identifier with the thumbprint, some in hexadecimal and some in base64. */
export function identifierAsThumbprint(identifier: string): string {
  if (/^[0-9a-f]{40}$/i.test(identifier)) {
    return identifier.toUpperCase();
  }
  const bytes = Buffer.from(identifier, "base64");
  return bytes.length === 20 ? bytes.toString("hex").toUpperCase() : "";
}
