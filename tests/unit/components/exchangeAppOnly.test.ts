/**
 * What the component registers: exact resources, exact inputs, parents, secrets.
 * Not proven here: defaults, replacement and order, which are the engine's and the provider's; the
 * journeys show them.
 */
import * as pulumi from "@pulumi/pulumi";
import { ExchangeAppOnly } from "../../../components/exchangeAppOnly";
import { WorkloadGrants } from "../../../components/workloadGrants";
import { readCertificate } from "../../../components/certificateFacts";
import { accessArgs } from "../../../components/resolve";
import { makeCertificate } from "../../support/certificates";
import { mockEngine, mockIds, type Registered, registeredUrns } from "../../support/mocks";

const certificate = makeCertificate({ commonName: "contoso.org" });
const facts = readCertificate(certificate.certificatePem);

let registered: Registered[];

beforeEach(async () => {
  registered = await mockEngine({
    "tls:index/privateKey:PrivateKey": () => ({ privateKeyPem: certificate.privateKeyPem }),
    "tls:index/selfSignedCert:SelfSignedCert": () => ({ certPem: certificate.certificatePem }),
    "azuread:index/application:Application": () => ({
      clientId: "client-id",
      objectId: "object-id",
    }),
    "azuread:index/servicePrincipal:ServicePrincipal": () => ({ objectId: "principal-id" }),
    "azuread:index/applicationCertificate:ApplicationCertificate": () => ({ keyId: "key-id" }),
    "azuread:index/applicationFederatedIdentityCredential:ApplicationFederatedIdentityCredential":
      () => ({}),
    "azuread:index/appRoleAssignment:AppRoleAssignment": () => ({}),
    "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment": () => ({}),
  });
});

// A component that refuses its arguments has already begun to register itself.
afterEach(() => pulumi.runtime.disconnect());

const example = {
  displayName: "ExO PowerShell CBA",
  workloads: ["exchange"],
  directoryRoles: ["Exchange Administrator"],
  certificates: [{ name: "2026-11", subject: "contoso.org" }],
};

/** Waits until everything a component started has been registered. */
async function settle(...components: pulumi.ComponentResource[]): Promise<void> {
  await Promise.all(components.map((one) => valueOf(one.urn)));
  await pulumi.runtime.disconnect();
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply((value) => {
      resolve(value);
    });
  });
}

function inputsOf(name: string): Record<string, unknown> {
  const found = registered.filter((one) => one.name === name);
  expect(found).toHaveLength(1);
  const inputs = { ...found[0]?.inputs };
  const { value } = inputs;
  // The SDK itself marks the public certificate secret; on the wire that is an envelope.
  return typeof value === "object" && value !== null && "value" in value
    ? { ...inputs, value: value.value }
    : inputs;
}

const manifestOf = (resourceAppId: string, id: string) => ({
  resourceAppId,
  resourceAccesses: [{ id, type: "Role" }],
});
const exchangeOnline = manifestOf(
  "00000002-0000-0ff1-ce00-000000000000",
  "dc50a0fb-09a3-484d-be87-e023b12c6440",
);
const exchangeOnlineProtection = manifestOf(
  "00000007-0000-0ff1-ce00-000000000000",
  "455e5cd2-84e8-4751-8344-5672145dfa17",
);

test("the document's example is exactly these resources", async () => {
  await settle(new ExchangeAppOnly("access", example));
  expect(registered.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
    "apponly:index:CertificateCredential access-certificate-2026-11",
    "apponly:index:ExchangeAppOnly access",
    "apponly:index:WorkloadGrants access-grants",
    "azuread:index/appRoleAssignment:AppRoleAssignment access-grants-consent-exchange-online",
    "azuread:index/application:Application access-application",
    "azuread:index/applicationCertificate:ApplicationCertificate access-certificate-2026-11-credential",
    "azuread:index/directoryRoleAssignment:DirectoryRoleAssignment access-grants-role-exchange-administrator",
    "azuread:index/servicePrincipal:ServicePrincipal access-service-principal",
    "tls:index/privateKey:PrivateKey access-certificate-2026-11-key",
    "tls:index/selfSignedCert:SelfSignedCert access-certificate-2026-11-self-signed",
  ]);
});

test("step 1: single tenant, owned by the deployer, no redirect URI, no User.Read", async () => {
  await settle(new ExchangeAppOnly("access", example));
  expect(inputsOf("access-application")).toEqual({
    displayName: "ExO PowerShell CBA",
    signInAudience: "AzureADMyOrg",
    owners: [mockIds.deployer],
    requiredResourceAccesses: [exchangeOnline],
  });
  expect(inputsOf("access-service-principal")).toEqual({
    clientId: "client-id",
    owners: [mockIds.deployer],
    accountEnabled: true,
  });
});

test("step 1: redirect URI, notes and further owners are passed on", async () => {
  const owner = "99999999-9999-9999-9999-999999999999";
  await settle(
    new ExchangeAppOnly("access", {
      ...example,
      redirectUri: "https://contoso.org/signin",
      notes: "Owned by messaging",
      owners: [owner, mockIds.deployer],
    }),
  );
  expect(inputsOf("access-application")).toMatchObject({
    web: { redirectUris: ["https://contoso.org/signin"] },
    notes: "Owned by messaging",
    owners: [mockIds.deployer, owner],
  });
});

test("step 2: consent to Exchange.ManageAsApp", async () => {
  await settle(new ExchangeAppOnly("access", example));
  expect(inputsOf("access-grants-consent-exchange-online")).toEqual({
    appRoleId: "dc50a0fb-09a3-484d-be87-e023b12c6440",
    principalObjectId: "principal-id",
    resourceObjectId: mockIds.exchangeOnline,
  });
});

test("step 2: the compliance workload adds Microsoft Exchange Online Protection", async () => {
  await settle(
    new ExchangeAppOnly("access", {
      ...example,
      workloads: ["compliance", "exchange"],
      directoryRoles: ["Global Reader"],
    }),
  );
  expect(inputsOf("access-application").requiredResourceAccesses).toEqual([
    exchangeOnline,
    exchangeOnlineProtection,
  ]);
  expect(inputsOf("access-grants-consent-exchange-online-protection")).toEqual({
    appRoleId: "455e5cd2-84e8-4751-8344-5672145dfa17",
    principalObjectId: "principal-id",
    resourceObjectId: mockIds.exchangeOnlineProtection,
  });
});

test("step 3: RSA 2048, contoso.org, one year, digital signature and key encipherment", async () => {
  await settle(new ExchangeAppOnly("access", example));
  expect(inputsOf("access-certificate-2026-11-key")).toEqual({ algorithm: "RSA", rsaBits: 2048 });
  expect(inputsOf("access-certificate-2026-11-self-signed")).toMatchObject({
    subject: { commonName: "contoso.org" },
    dnsNames: ["contoso.org"],
    validityPeriodHours: 365 * 24,
    allowedUses: ["digital_signature", "key_encipherment"],
  });
});

test("step 4: the certificate is registered with its own dates in whole seconds", async () => {
  await settle(new ExchangeAppOnly("access", example));
  expect(inputsOf("access-certificate-2026-11-credential")).toEqual({
    applicationId: "access-application-id",
    type: "AsymmetricX509Cert",
    encoding: "pem",
    value: facts.pem,
    startDate: facts.notBefore,
    endDate: facts.notAfter,
  });
});

test("step 5: the directory role by template id", async () => {
  await settle(new ExchangeAppOnly("access", example));
  expect(inputsOf("access-grants-role-exchange-administrator")).toEqual({
    roleId: "29232cdf-9323-42fd-ade2-1d097af3e4de",
    principalObjectId: "principal-id",
  });
});

test("the .pfx and its password are secret, the thumbprint is not", async () => {
  const access = new ExchangeAppOnly("access", example);
  await settle(access);
  const credential = access.generations["2026-11"];
  expect(await pulumi.isSecret(pulumi.output(credential?.pfx))).toBe(true);
  expect(await pulumi.isSecret(pulumi.output(credential?.pfxPassword))).toBe(true);
  expect(await pulumi.isSecret(pulumi.output(credential?.thumbprint))).toBe(false);
  expect(credential && (await valueOf(credential.thumbprint))).toBe(facts.thumbprint);
});

test("a supplied certificate makes no key and no .pfx", async () => {
  const access = new ExchangeAppOnly("access", {
    ...example,
    certificates: [{ name: "own", source: facts.cer }],
  });
  await settle(access);
  expect(registered.filter(({ type }) => type.startsWith("tls:"))).toEqual([]);
  expect(inputsOf("access-certificate-own-credential")).toMatchObject({ value: facts.pem });
  expect(access.generations.own?.generated).toBe(false);
});

test("every child has its component as its parent", async () => {
  await settle(new ExchangeAppOnly("access", example));
  const own = "apponly:index:ExchangeAppOnly";
  const credential = `${own}$apponly:index:CertificateCredential`;
  const grants = `${own}$apponly:index:WorkloadGrants`;
  expect(
    registeredUrns()
      .map((urn) => urn.split("::")[2])
      .sort(),
  ).toEqual(
    [
      own,
      `${own}$azuread:index/application:Application`,
      `${own}$azuread:index/servicePrincipal:ServicePrincipal`,
      credential,
      // Mocks keep one level of the chain.
      "apponly:index:CertificateCredential$azuread:index/applicationCertificate:ApplicationCertificate",
      "apponly:index:CertificateCredential$tls:index/privateKey:PrivateKey",
      "apponly:index:CertificateCredential$tls:index/selfSignedCert:SelfSignedCert",
      grants,
      "apponly:index:WorkloadGrants$azuread:index/appRoleAssignment:AppRoleAssignment",
      "apponly:index:WorkloadGrants$azuread:index/directoryRoleAssignment:DirectoryRoleAssignment",
    ].sort(),
  );
});

test("bad arguments are refused before anything but the component itself is registered", () => {
  expect(() => new ExchangeAppOnly("access", { ...example, workloads: ["compliance"] })).toThrow(
    /"Exchange Administrator" does not serve Security & Compliance PowerShell/,
  );
  expect(registered.filter(({ type }) => !type.startsWith("apponly:"))).toEqual([]);
});

test("WorkloadGrants by itself serves a managed identity", async () => {
  await settle(
    new WorkloadGrants("runbook", {
      servicePrincipalObjectId: "identity",
      workloads: ["exchange"],
      directoryRoles: ["Exchange Recipient Administrator"],
    }),
  );
  expect(registered.map(({ name }) => name).sort()).toEqual([
    "runbook",
    "runbook-consent-exchange-online",
    "runbook-role-exchange-recipient-administrator",
  ]);
});

test("WorkloadGrants records the exceptions where the roles are assigned", async () => {
  const exceptions = [
    { role: "Global Administrator", reason: "mailbox migration", until: "2999-12-31" },
  ];
  await settle(
    new WorkloadGrants("runbook", {
      servicePrincipalObjectId: "identity",
      workloads: ["exchange"],
      directoryRoles: ["Global Administrator"],
      exceptions,
    }),
  );
  expect(inputsOf("runbook")).toEqual({
    workloads: ["exchange"],
    directoryRoles: ["Global Administrator"],
    exceptions,
  });
});

test("arguments are resolved once, so that one time decides for every component", async () => {
  const args = {
    ...example,
    directoryRoles: ["Global Administrator"],
    exceptions: [
      { role: "Global Administrator", reason: "mailbox migration", until: "2020-06-30" },
    ],
  };
  expect(() => new ExchangeAppOnly("late", args)).toThrow("has passed");
  const resolved = accessArgs.resolve(args, new Date("2020-06-01T00:00:00Z"));
  await settle(new ExchangeAppOnly("access", args));
  expect(accessArgs.resolve(args)).toBe(resolved);
  expect(inputsOf("access-grants")).toMatchObject({ exceptions: args.exceptions });
});
