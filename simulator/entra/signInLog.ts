import { randomUUID } from "node:crypto";
import type { ServicePrincipalRecord, SignInRecord } from "../state/entities";
import type { Tenant } from "../state/tenants";

/** The credential with which a client proved who it is; one that is known only here has no key. */
export interface UsedCredential {
  readonly type: SignInRecord["clientCredentialType"];
  readonly keyId?: string;
  /** SHA-1 of a certificate. */
  readonly thumbprint?: string | null;
  /** Id of a federated credential. */
  readonly federatedCredentialId?: string;
}

/**
 * Writes a sign-in down, for the log and for the reports on applications and their credentials.
 *
 * @see https://learn.microsoft.com/graph/api/resources/signin
 * @see https://learn.microsoft.com/graph/api/resources/appcredentialsigninactivity
 */
export function logSignIn(
  { state }: Tenant,
  client: ServicePrincipalRecord,
  resource: ServicePrincipalRecord,
  used: UsedCredential,
): void {
  const id = randomUUID();
  const now = state.now().toISOString();
  const { appId } = client;
  const { keyId = null, type } = used;
  const ofPrincipal = [...client.keyCredentials, ...client.passwordCredentials].some(
    (one) => one.keyId === keyId,
  );
  const credentialOrigin = ofPrincipal ? "servicePrincipal" : "application";
  state.log(state.signIns, {
    id,
    createdDateTime: now,
    appId,
    servicePrincipalId: client.id,
    servicePrincipalName: state.nameOf(client),
    resourceId: resource.appId,
    resourceDisplayName: state.nameOf(resource),
    resourceServicePrincipalId: resource.id,
    clientCredentialType: type,
    servicePrincipalCredentialKeyId: keyId ?? "",
    servicePrincipalCredentialThumbprint: used.thumbprint ?? "",
    federatedCredentialId: used.federatedCredentialId ?? null,
  });
  state.credentialUses.put({
    id: Buffer.from(`${keyId ?? appId}|${credentialOrigin}`).toString("base64"),
    appId,
    servicePrincipalId: client.id,
    keyId,
    keyType: type === "federatedIdentityCredential" || keyId === null ? null : type,
    credentialOrigin,
    resourceId: resource.appId,
    lastSignInDateTime: now,
    lastSignInRequestId: id,
  });
}
