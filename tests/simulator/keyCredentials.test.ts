/**
 * Certificates of an application: the list is replaced as a whole, and what is in it cannot be
 * changed.
 *
 * Does not prove how Graph fills in dates that were left out; that is not documented.
 */
import { createHash, X509Certificate } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { makeCertificate, type MadeCertificate } from "../support/certificates";
import { keyCredential } from "./support/assertions";
import { Graph, makeApp, send } from "./support/clients";
import { simulated } from "./support/simulated";

const day = 86_400_000;
const context = simulated();
let graph: Graph;
let app: { id: string };
let first: MadeCertificate;
let second: MadeCertificate;

beforeAll(() => {
  first = makeCertificate({ commonName: "first" });
  second = makeCertificate({ commonName: "second" });
});
beforeEach(async () => {
  graph = await Graph.connect(context);
  app = await makeApp(graph);
});

const put = (keyCredentials: unknown) =>
  graph.call("PATCH", `/applications/${app.id}`, { id: app.id, keyCredentials });
const read = async () => (await graph.must("GET", `/applications/${app.id}`)).keyCredentials;
const whole = (date: Date) => `${date.toISOString().slice(0, 19)}Z`;

it("completes what was sent from the certificate, and keeps the key to itself", async () => {
  const { raw, validFrom, validTo } = new X509Certificate(first.certificatePem);
  expect((await put([keyCredential(first)])).status).toBe(204);
  expect(await read()).toEqual([
    {
      customKeyIdentifier: createHash("sha1").update(raw).digest("hex").toUpperCase(),
      displayName: "CN=first",
      startDateTime: whole(new Date(validFrom)),
      endDateTime: whole(new Date(validTo)),
      key: null,
      keyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: "AsymmetricX509Cert",
      usage: "Verify",
    },
  ]);
  const selected = await graph.must("GET", `/applications/${app.id}?$select=keyCredentials`);
  expect(selected.keyCredentials[0].key).toBe(keyCredential(first).key);
});

it("echoes dates and ids as they were sent, in whole seconds with Z", async () => {
  const keyId = "12345678-1234-4123-8123-123456789abc";
  const start = new Date(Date.now() + day);
  const end = new Date(Date.now() + 90 * day);
  await put([
    keyCredential(first, {
      keyId,
      startDateTime: start.toISOString(),
      endDateTime: end.toISOString().replace("Z", "+00:00"),
    }),
  ]);
  expect(await read()).toMatchObject([
    { keyId, startDateTime: whole(start), endDateTime: whole(end) },
  ]);
});

it("keeps known keys whose material is not sent again, as clients read and write them", async () => {
  await put([keyCredential(first)]);
  const [known] = await read();
  expect((await put([known, keyCredential(second)])).status).toBe(204);
  const both = await read();
  expect(both).toHaveLength(2);
  expect(both[0]).toEqual(known);

  expect((await put([both[1]])).status).toBe(204);
  expect(await read()).toEqual([both[1]]);
  expect((await put([])).status).toBe(204);
  expect(await read()).toEqual([]);
});

it("replaces the list as a whole, whatever it was (property)", async () => {
  const certificates = [first, second, makeCertificate({ commonName: "third" })];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uniqueArray(fc.nat(2), { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      async (lists) => {
        await put([]);
        const known = new Map<number, { keyId: string }>();
        for (const list of lists) {
          const sent = list.map((index) => known.get(index) ?? keyCredential(certificates[index]!));
          expect((await put(sent)).status).toBe(204);
          const after = await read();
          expect(after.map((key: { displayName: string }) => key.displayName)).toEqual(
            list.map((index) => `CN=${["first", "second", "third"][index]}`),
          );
          known.clear();
          list.forEach((index, position) => known.set(index, after[position]));
        }
      },
    ),
    { numRuns: 25 },
  );
});

describe("refuses", () => {
  async function expectRefused(keyCredentials: unknown, code: string, message: string | RegExp) {
    const before = await read();
    const answer = await put(keyCredentials);
    expect([answer.status, answer.body.error.code]).toEqual([400, code]);
    expect(answer.body.error.message).toMatch(message);
    expect(await read()).toEqual(before);
  }

  it("an unknown key without material", async () => {
    await expectRefused(
      [{ ...keyCredential(first), key: null, keyId: "12345678-1234-4123-8123-123456789abc" }],
      "KeyCredentialsInvalidValue",
      "KeyValue cannot be null or empty",
    );
  });

  it("an end after the certificate's, or in the past", async () => {
    const { validTo } = new X509Certificate(first.certificatePem);
    for (const endDateTime of [
      new Date(new Date(validTo).getTime() + day),
      new Date(Date.now() - day),
    ]) {
      await expectRefused(
        [
          keyCredential(first, {
            startDateTime: "2020-01-01T00:00:00Z",
            endDateTime: whole(endDateTime),
          }),
        ],
        "KeyCredentialsInvalidEndDate",
        "Key credential end date is invalid.",
      );
    }
  });

  it("a start after the end, and texts that are not dates", async () => {
    await expectRefused(
      [keyCredential(first, { startDateTime: whole(new Date(Date.now() + 1000 * day)) })],
      "KeyCredentialsInvalidStartDate",
      /start date is invalid/,
    );
    await expectRefused(
      [keyCredential(first, { endDateTime: "soon" })],
      "KeyCredentialsInvalidEndDate",
      /end date is invalid/,
    );
  });

  it("a change of a key that is there", async () => {
    await put([keyCredential(first)]);
    const [known] = await read();
    const message = `Update to existing credential with KeyId '${known.keyId}' is not allowed.`;
    for (const change of [
      { key: keyCredential(second).key },
      { endDateTime: whole(new Date(Date.now() + 30 * day)) },
      { startDateTime: "2020-01-01T00:00:00Z" },
      { usage: "Sign" },
    ]) {
      await expectRefused([{ ...known, ...change }], "Request_BadRequest", message);
    }
  });

  it("the same id twice", async () => {
    const keyId = "12345678-1234-4123-8123-123456789abc";
    await expectRefused(
      [keyCredential(first, { keyId }), keyCredential(second, { keyId })],
      "Request_BadRequest",
      /keyCredentials/,
    );
  });

  it("what is not a certificate, and a private key without repeating or recording it", async () => {
    await expectRefused(
      [keyCredential(first, { key: Buffer.from("no certificate").toString("base64") })],
      "Request_BadRequest",
      /keyCredentials/,
    );
    const key = Buffer.from(first.privateKeyPem).toString("base64");
    await expectRefused(
      [keyCredential(first, { key })],
      "Request_BadRequest",
      "Key credential value must be a public certificate.",
    );
    const recorded = JSON.stringify(context.simulator.journal.entries());
    expect(recorded).not.toContain(key);
    expect(recorded).toContain("(redacted)");
    expect(recorded).not.toContain("PRIVATE KEY");
  });
});

describe("the tenant's app management policy", () => {
  const limit = (maxLifetime: string, rest: object = {}) =>
    context.tenant.setAppManagementPolicy({
      isEnabled: true,
      applicationRestrictions: {
        passwordCredentials: [],
        keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime, ...rest }],
      },
    });

  it("refuses longer lifetimes and lets shorter ones pass", async () => {
    limit("P90D");
    const answer = await put([keyCredential(first)]);
    expect([answer.status, answer.body.error.code, answer.body.error.message]).toEqual([
      400,
      "CredentialInvalidLifetimeAsPerAppPolicy",
      "Credential lifetime exceeds the max value allowed as per assigned policy.",
    ]);
    const { validFrom } = new X509Certificate(first.certificatePem);
    const endDateTime = whole(new Date(new Date(validFrom).getTime() + 90 * day));
    expect((await put([keyCredential(first, { endDateTime })])).status).toBe(204);
  });

  it("spares certificates that are there, disabled restrictions and older applications", async () => {
    await put([keyCredential(first)]);
    limit("P1D");
    const [known] = await read();
    expect((await put([known])).status).toBe(204);
    limit("P1D", { state: "disabled" });
    expect((await put([known, keyCredential(second)])).status).toBe(204);
    await put([]);
    limit("P1D", { restrictForAppsCreatedAfterDateTime: "2100-01-01T00:00:00Z" });
    expect((await put([keyCredential(first)])).status).toBe(204);
  });

  it("can be read and set over Graph with the permission for it", async () => {
    expect((await graph.call("GET", "/policies/defaultAppManagementPolicy")).status).toBe(403);
    context.tenant.deployer.grant("Policy.ReadWrite.ApplicationConfiguration");
    const administrator = await Graph.connect(context);
    await administrator.must("PATCH", "/policies/defaultAppManagementPolicy", {
      isEnabled: true,
      applicationRestrictions: {
        passwordCredentials: [{ restrictionType: "passwordAddition", maxLifetime: null }],
        keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P30D" }],
      },
    });
    expect(await administrator.must("GET", "/policies/defaultAppManagementPolicy")).toMatchObject({
      isEnabled: true,
      applicationRestrictions: {
        passwordCredentials: [
          {
            restrictionType: "passwordAddition",
            state: "enabled",
            maxLifetime: null,
            restrictForAppsCreatedAfterDateTime: null,
          },
        ],
        keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: "P30D" }],
      },
    });
    expect((await put([keyCredential(first)])).status).toBe(400);
    const secret = await graph.call("POST", `/applications/${app.id}/addPassword`, {});
    expect([secret.status, secret.body.error.code]).toEqual([
      400,
      "CredentialTypeNotAllowedAsPerAppPolicy",
    ]);
    context.tenant.setAppManagementPolicy({
      isEnabled: true,
      applicationRestrictions: {
        passwordCredentials: [{ restrictionType: "passwordLifetime", maxLifetime: "P30D" }],
        keyCredentials: [],
      },
    });
    const long = await graph.call("POST", `/applications/${app.id}/addPassword`, {});
    expect([long.status, long.body.error.code]).toEqual([
      400,
      "CredentialInvalidLifetimeAsPerAppPolicy",
    ]);
    const endDateTime = new Date(Date.now() + 29 * day).toISOString();
    await graph.must("POST", `/applications/${app.id}/addPassword`, {
      passwordCredential: { endDateTime },
    });
    const nonsense = await administrator.call("PATCH", "/policies/defaultAppManagementPolicy", {
      applicationRestrictions: {
        keyCredentials: [{ restrictionType: "asymmetricKeyLifetime", maxLifetime: "a while" }],
      },
    });
    expect(nonsense.status).toBe(400);
  });
});

describe("client secrets", () => {
  it("are answered once, listed with a hint, and removed", async () => {
    const added = await graph.must("POST", `/applications/${app.id}/addPassword`, {
      passwordCredential: { displayName: "pipeline" },
    });
    expect(added).toMatchObject({
      "@odata.context": `${context.simulator.endpoints.graph}/v1.0/$metadata#microsoft.graph.passwordCredential`,
      displayName: "pipeline",
      secretText: expect.stringMatching(/^[A-Za-z0-9]{3}8Q~[A-Za-z0-9]{34}$/),
      hint: added.secretText.slice(0, 3),
    });
    const { passwordCredentials } = await graph.must("GET", `/applications/${app.id}`);
    expect(passwordCredentials).toMatchObject([
      { keyId: added.keyId, secretText: null, hint: added.hint },
    ]);
    const kept = JSON.stringify([context.tenant.state(), context.simulator.journal.entries()]);
    expect(kept).not.toContain(added.secretText);

    const remove = () =>
      graph.call("POST", `/applications/${app.id}/removePassword`, { keyId: added.keyId });
    expect((await remove()).status).toBe(204);
    const again = await remove();
    expect([again.status, again.body.error.message]).toEqual([
      400,
      `No password credential found with keyId ${added.keyId}.`,
    ]);
  });

  it("last two years, or as wished", async () => {
    const { startDateTime, endDateTime } = await graph.must(
      "POST",
      `/applications/${app.id}/addPassword`,
    );
    expect(Number(endDateTime.slice(0, 4)) - Number(startDateTime.slice(0, 4))).toBe(2);
    const wrong = await graph.call("POST", `/applications/${app.id}/addPassword`, {
      passwordCredential: { endDateTime: "2001-01-01T00:00:00Z" },
    });
    expect(wrong.status).toBe(400);
  });

  it("can be made with the application", async () => {
    const made = await graph.must("POST", "/applications", {
      displayName: "With secret",
      passwordCredentials: [{ displayName: "first" }],
    });
    expect(made.passwordCredentials).toMatchObject([
      { displayName: "first", secretText: expect.any(String) },
    ]);
    const answer = await send(
      `${context.simulator.endpoints.login}/${context.tenant.tenantId}/oauth2/v2.0/token`,
      {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: made.appId,
          client_secret: made.passwordCredentials[0].secretText,
          scope: "https://graph.microsoft.com/.default",
        }),
      },
    );
    // The secret is right: what is missing is the service principal.
    expect(answer.body.error_codes).toEqual([7000229]);
  });
});
