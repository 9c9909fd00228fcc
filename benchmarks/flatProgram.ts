import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { X509Certificate } from "node:crypto";

const exchangeOnline = "00000002-0000-0ff1-ce00-000000000000";
const manageAsApp = "dc50a0fb-09a3-484d-be87-e023b12c6440";

/**
 * What a competent engineer would write by hand: the same resources without components, rules,
 * `.pfx` and connect commands. The measure of what the components cost.
 */
export async function flatProgram(): Promise<Record<string, unknown>> {
  const client = await azuread.getClientConfig({});
  const resource = await azuread.getServicePrincipal({ clientId: exchangeOnline });
  const { domains } = await azuread.getDomains({ onlyInitial: true });
  const application = new azuread.Application("application", {
    displayName: "ExO PowerShell CBA",
    signInAudience: "AzureADMyOrg",
    owners: [client.objectId],
    requiredResourceAccesses: [
      {
        resourceAppId: exchangeOnline,
        resourceAccesses: [{ id: manageAsApp, type: "Role" }],
      },
    ],
  });
  const principal = new azuread.ServicePrincipal("service-principal", {
    clientId: application.clientId,
    owners: [client.objectId],
  });
  const key = new tls.PrivateKey("key", { algorithm: "RSA", rsaBits: 2048 });
  const certificate = new tls.SelfSignedCert("certificate", {
    privateKeyPem: key.privateKeyPem,
    subject: { commonName: "contoso.org" },
    dnsNames: ["contoso.org"],
    validityPeriodHours: 365 * 24,
    allowedUses: ["digital_signature", "key_encipherment"],
  });
  const date = (text: string) => `${new Date(text).toISOString().slice(0, 19)}Z`;
  new azuread.ApplicationCertificate("credential", {
    applicationId: application.id,
    type: "AsymmetricX509Cert",
    encoding: "pem",
    value: certificate.certPem,
    startDate: certificate.certPem.apply((pem) => date(new X509Certificate(pem).validFrom)),
    endDate: certificate.certPem.apply((pem) => date(new X509Certificate(pem).validTo)),
  });
  new azuread.AppRoleAssignment("consent", {
    appRoleId: manageAsApp,
    principalObjectId: principal.objectId,
    resourceObjectId: resource.objectId,
  });
  new azuread.DirectoryRoleAssignment("role", {
    roleId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
    principalObjectId: principal.objectId,
  });
  return {
    applicationId: application.clientId,
    organization: domains[0]?.domainName,
    privateKeyPem: pulumi.secret(key.privateKeyPem),
  };
}
