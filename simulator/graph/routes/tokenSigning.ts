import { randomBytes, randomUUID, X509Certificate } from "node:crypto";
import { graphDate } from "../../clock";
import type { SimulatorApp } from "../../http/context";
import { asText, isJsonObject, type Json } from "../../json";
import { selfSignedCertificate } from "../../network/authority";
import { makeRsaKey } from "../../rsaKey";
import type {
  KeyCredentialRecord,
  PasswordCredentialRecord,
  ServicePrincipalRecord,
} from "../../state/entities";
import { hashSecret } from "../../state/tenants";
import { versions } from "../call";
import { graphErrors } from "../errors";
import { findServicePrincipal, writableInPath } from "../lookup";
import { readDate } from "../passwordCredentials";

/** What portals name a certificate that is not named. */
const usualName = "CN=Microsoft Azure Federated SSO Certificate";

/**
 * Certificates by which Entra signs tokens of one application, as for SAML. Entra makes and keeps the
 * private key: here nothing is signed with it, so it is forgotten.
 *
 * @see https://learn.microsoft.com/graph/api/serviceprincipal-addtokensigningcertificate
 */
export function installTokenSigningCertificates(app: SimulatorApp): void {
  app.post(`${versions}/servicePrincipals/:id/addTokenSigningCertificate`, async (c) => {
    const { call, found } = writableInPath(c, findServicePrincipal);
    const { body } = call;
    const displayName = asText(body["displayName"] ?? usualName);
    const start = call.state.now();
    const latest = new Date(start);
    latest.setUTCFullYear(latest.getUTCFullYear() + 3);
    const end = readDate(body["endDateTime"]) ?? latest;
    if (!/^CN=/i.test(displayName)) {
      throw graphErrors.invalidValue("displayName", "SelfSignedCertificate");
    }
    if (end <= start || end > latest) {
      throw graphErrors.invalidValue("endDateTime", "SelfSignedCertificate");
    }
    const { raw, fingerprint } = new X509Certificate(
      selfSignedCertificate(await makeRsaKey(), displayName.slice(3), { start, end }),
    );
    const thumbprint = fingerprint.replaceAll(":", "");
    const common = {
      customKeyIdentifier: Buffer.from(thumbprint, "hex").toString("base64"),
      displayName,
      startDateTime: graphDate(start),
      endDateTime: graphDate(end),
    };
    const keyId = randomUUID();
    const key = raw.toString("base64");
    const type = "AsymmetricX509Cert";
    found.keyCredentials.push(
      { ...common, keyId, type: "X509CertAndPassword", usage: "Sign", key: "" },
      { ...common, keyId: randomUUID(), type, usage: "Verify", key },
    );
    found.passwordCredentials.push({
      ...common,
      keyId,
      displayName: null,
      hint: null,
      secretHash: hashSecret(randomBytes(32).toString("base64")),
    });
    call.state.touch();
    return c.json({
      "@odata.context": call.context("microsoft.graph.selfSignedCertificate"),
      ...common,
      key,
      // The private key's, although it is called the public one's.
      // @see https://github.com/hashicorp/terraform-provider-azuread/pull/968
      keyId,
      thumbprint,
      type,
      usage: "Verify",
    });
  });
}

/**
 * The passwords of a service principal after a client sent `passwordCredentials`: those it leaves out
 * are gone. What is new can only open a private key that is there; secrets have `addPassword`.
 *
 * @see https://learn.microsoft.com/graph/application-saml-sso-configure-api#add-a-custom-signing-key
 */
export function replacePasswords(
  keys: readonly KeyCredentialRecord[],
  { passwordCredentials }: ServicePrincipalRecord,
  sent: Json = passwordCredentials.map(({ keyId }) => ({ keyId })),
): PasswordCredentialRecord[] {
  if (sent !== null && !(Array.isArray(sent) && sent.every(isJsonObject))) {
    throw graphErrors.invalidValue("passwordCredentials", "ServicePrincipal");
  }
  return (sent ?? []).map((one) => {
    const keyId = asText(one["keyId"]).toLowerCase();
    const known = passwordCredentials.find((password) => password.keyId === keyId);
    const opened = keys.find((key) => key.keyId === keyId && key.usage === "Sign");
    if (known === undefined && (opened === undefined || typeof one["secretText"] !== "string")) {
      throw graphErrors.badRequest(
        "Update of passwordCredentials is not supported. Use the addPassword and removePassword actions.",
      );
    }
    return (
      known ?? {
        keyId,
        displayName: null,
        customKeyIdentifier: opened!.customKeyIdentifier,
        startDateTime: graphDate(readDate(one["startDateTime"]) ?? new Date(opened!.startDateTime)),
        endDateTime: graphDate(readDate(one["endDateTime"]) ?? new Date(opened!.endDateTime)),
        hint: null,
        secretHash: hashSecret(asText(one["secretText"])),
      }
    );
  });
}
