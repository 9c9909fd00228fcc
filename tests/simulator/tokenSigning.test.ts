/**
 * Certificates by which Entra signs tokens of one application: made by Entra, or supplied with their
 * private key.
 *
 * Does not prove that anything is signed with them: nothing is.
 */
import { X509Certificate } from "node:crypto";
import { beforeEach, expect, it } from "@jest/globals";
import { createPfx } from "../../components/pkcs12/createPfx";
import { PfxEncryption } from "../../components/pkcs12/options";
import { makeCertificate } from "../support/certificates";
import { keyCredential } from "./support/assertions";
import { Graph, makeApp } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({ deployer: { permissions: ["Application.ReadWrite.All"] } });
let graph: Graph;
let path: string;
beforeEach(async () => {
  graph = await Graph.connect(context);
  path = `/servicePrincipals/${(await makeApp(graph)).servicePrincipalId}`;
});

it("a certificate is made with a private key and its password, all three under one name", async () => {
  const made = await graph.must("POST", `${path}/addTokenSigningCertificate`, {
    displayName: "CN=customDisplayName",
    endDateTime: new Date(Date.now() + 90 * 86_400_000).toISOString(),
  });
  const certificate = new X509Certificate(Buffer.from(made.key, "base64"));
  expect(certificate.subject).toBe("CN=customDisplayName");
  expect(made.thumbprint).toBe(certificate.fingerprint.replaceAll(":", ""));
  expect(Buffer.from(made.customKeyIdentifier, "base64").toString("hex").toUpperCase()).toBe(
    made.thumbprint,
  );
  expect(made["@odata.context"]).toMatch(/#microsoft\.graph\.selfSignedCertificate$/);
  expect(made).toMatchObject({ type: "AsymmetricX509Cert", usage: "Verify" });

  const { keyCredentials, passwordCredentials } = await graph.must(
    "GET",
    `${path}?$select=keyCredentials,passwordCredentials`,
  );
  const { customKeyIdentifier } = made;
  expect(keyCredentials).toMatchObject([
    {
      usage: "Sign",
      type: "X509CertAndPassword",
      customKeyIdentifier,
      keyId: made.keyId,
      key: null,
    },
    { usage: "Verify", type: "AsymmetricX509Cert", customKeyIdentifier, key: made.key },
  ]);
  expect(passwordCredentials).toMatchObject([
    { customKeyIdentifier, keyId: made.keyId, secretText: null, hint: null },
  ]);
});

it("a certificate is named as portals name it and lasts three years unless told otherwise", async () => {
  const made = await graph.must("POST", `${path}/addTokenSigningCertificate`, {});
  const years = Date.parse(made.endDateTime) - Date.parse(made.startDateTime);
  expect(made.displayName).toBe("CN=Microsoft Azure Federated SSO Certificate");
  expect(Math.round(years / 86_400_000 / 365)).toBe(3);
  for (const wrong of [
    { displayName: "without" },
    { endDateTime: new Date(Date.now() + 4 * 365 * 86_400_000).toISOString() },
    { endDateTime: "2020-01-01T00:00:00Z" },
    { endDateTime: "never" },
  ]) {
    const { status } = await graph.call("POST", `${path}/addTokenSigningCertificate`, wrong);
    expect([wrong, status]).toEqual([wrong, 400]);
  }
  const { keyCredentials } = await graph.must("GET", path);
  expect(keyCredentials).toHaveLength(2);
});

it("a certificate is preferred by its thumbprint and taken away with its password", async () => {
  const first = await graph.must("POST", `${path}/addTokenSigningCertificate`, {});
  await graph.must("POST", `${path}/addTokenSigningCertificate`, { displayName: "CN=second" });
  await graph.must("PATCH", path, { preferredTokenSigningKeyThumbprint: first.thumbprint });
  const before = await graph.must("GET", path);
  expect(before.preferredTokenSigningKeyThumbprint).toBe(first.thumbprint);

  const withoutFirst = (list: { customKeyIdentifier: string }[]) =>
    list.filter((one) => one.customKeyIdentifier !== first.customKeyIdentifier);
  await graph.must("PATCH", path, {
    keyCredentials: withoutFirst(before.keyCredentials),
    passwordCredentials: withoutFirst(before.passwordCredentials),
  });
  const after = await graph.must("GET", path);
  expect(after.keyCredentials).toHaveLength(2);
  expect(after.passwordCredentials).toHaveLength(1);
  expect(JSON.stringify(after.keyCredentials)).not.toContain(first.keyId);
});

it("a certificate of one's own is supplied with its private key and password, which stay hidden", async () => {
  const certificate = makeCertificate({ commonName: "awsAPI" });
  const pfx = createPfx({
    ...certificate,
    password: "61891f4ee44d",
    encryption: PfxEncryption.Modern,
  });
  const keyId = "4c266507-3e74-4b91-aeba-18a25b450f6e";
  const sign = {
    type: "X509CertAndPassword",
    usage: "Sign",
    keyId,
    key: pfx.toString("base64"),
    customKeyIdentifier: "lY85bR8r6yWTW6jnciNEONwlVhDyiQjdVLgPDnkI5mA=",
    displayName: "CN=awsAPI",
    startDateTime: new Date().toISOString(),
    endDateTime: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const keyCredentials = [sign, keyCredential(certificate)];
  const password = { keyId, secretText: "61891f4ee44d" };
  const unopened = await graph.call("PATCH", path, { passwordCredentials: [password] });
  expect([unopened.status, unopened.body.error.message]).toEqual([
    400,
    expect.stringContaining("addPassword"),
  ]);
  await graph.must("PATCH", path, { keyCredentials, passwordCredentials: [password] });
  const shown = await graph.must("GET", `${path}?$select=keyCredentials,passwordCredentials`);
  expect(shown.keyCredentials[0]).toMatchObject({ keyId, usage: "Sign", key: null });
  expect(shown.keyCredentials[1].key).toEqual(expect.any(String));
  expect(shown.passwordCredentials).toMatchObject([{ keyId, secretText: null }]);

  await graph.must("PATCH", path, { keyCredentials: [{ keyId, key: sign.key }] });
  expect((await graph.must("GET", path)).keyCredentials).toHaveLength(1);
});
