/** What is recorded of requests, and what never is. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { makeCertificate } from "../support/certificates";
import type { Json } from "../../simulator/json";
import { Journal } from "../../simulator/journal/journal";
import { redactBody } from "../../simulator/journal/redaction";
import { clientAssertion, jwtBearer, keyCredential } from "./support/assertions";
import { Graph, makeApp, requestToken } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();

/** A body as it is once it was read. */
function bodyOf(text: string) {
  const form = new URLSearchParams();
  try {
    return { text, form, json: JSON.parse(text) as Json };
  } catch {
    return { text, form };
  }
}

describe("an entry", () => {
  it("says who asked what and what came of it", async () => {
    const graph = await Graph.connect(context);
    await graph.call("PATCH", "/applications/11111111-1111-4111-8111-111111111111?%24x=a+b", {
      notes: "x",
    });
    const [entry] = context.simulator.journal.entries({ method: "PATCH" });
    expect(entry).toEqual({
      seq: expect.any(Number),
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      tenantId: context.tenant.tenantId,
      clientAppId: context.tenant.deployer.clientId,
      method: "PATCH",
      path: "/v1.0/applications/11111111-1111-4111-8111-111111111111",
      query: { $x: "a b" },
      status: 404,
      requestBody: { notes: "x" },
      responseErrorCode: "Request_ResourceNotFound",
      fault: undefined,
      durationMs: expect.any(Number),
    });
    expect(Object.isFrozen(entry)).toBe(true);
  });

  it("names tenant and application of token requests, without their credentials", async () => {
    const certificate = makeCertificate({ commonName: "x" });
    const client_secret = context.tenant.deployer.issueSecret();
    const { body } = await requestToken(context, { client_secret });
    const client_assertion = await clientAssertion(certificate, {
      clientId: context.tenant.deployer.clientId,
      audience: "x",
    });
    await requestToken(context, { client_assertion, client_assertion_type: jwtBearer });

    const entries = context.simulator.journal.entries({ path: /oauth2/ });
    expect(entries).toMatchObject([
      {
        tenantId: context.tenant.tenantId,
        clientAppId: context.tenant.deployer.clientId,
        requestBody: { grant_type: "client_credentials", client_secret: "(redacted)" },
      },
      { responseErrorCode: "AADSTS700027", requestBody: { client_assertion: "(redacted)" } },
    ]);
    const text = JSON.stringify(entries);
    for (const hidden of [client_secret, client_assertion, body.access_token]) {
      expect(text).not.toContain(hidden);
    }
  });

  it("is made for malformed addresses too", async () => {
    const graph = await Graph.connect(context);
    for (const [path, status] of [
      ["/applications/%E0%A4%A", 404],
      ["/applications(appId='%')", 400],
    ] as const) {
      expect([path, (await graph.call("GET", path)).status]).toEqual([path, status]);
    }
    expect(context.simulator.journal.entries({ method: "GET" })).toMatchObject([
      { path: "/v1.0/applications/%E0%A4%A" },
      { path: "/v1.0/applications(appId='%')" },
    ]);
  });

  it("keeps public certificates, which say what was registered", async () => {
    const graph = await Graph.connect(context);
    const { id } = await makeApp(graph);
    const credential = keyCredential(makeCertificate({ commonName: "x" }));
    await graph.must("PATCH", `/applications/${id}`, { keyCredentials: [credential] });
    const [entry] = context.simulator.journal.entries({ method: "PATCH" });
    expect(entry?.requestBody).toEqual({ keyCredentials: [credential] });
  });
});

describe("reading", () => {
  it("filters, and goes on from a position", async () => {
    const { journal } = context.simulator;
    const graph = await Graph.connect(context);
    const { position } = journal;
    await graph.call("GET", "/domains");
    await graph.call("GET", "/applications/11111111-1111-4111-8111-111111111111");
    expect(journal.entries({ after: position }).map(({ path }) => path)).toHaveLength(2);
    expect(journal.entries({ status: 404 })).toHaveLength(1);
    expect(journal.entries({ path: /domains$/, method: "get" })).toHaveLength(1);
    expect(journal.entries({ tenantId: "another" })).toEqual([]);
    expect(journal.entries({ clientAppId: "another" })).toEqual([]);
    journal.clear();
    expect(journal.entries()).toEqual([]);
    expect(journal.position).toBeGreaterThan(position);
  });
});

describe("a full journal", () => {
  it("keeps the newest entries, numbered on (property)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(300), (capacity, count) => {
        const journal = new Journal(capacity);
        for (let index = 0; index < count; index += 1) {
          journal.record({
            time: "",
            method: "GET",
            path: `/${index}`,
            query: {},
            status: 200,
            durationMs: 0,
          });
        }
        const kept = Math.min(capacity, count);
        expect(journal.entries().map(({ seq }) => seq)).toEqual(
          Array.from({ length: kept }, (_, index) => count - kept + index + 1),
        );
      }),
    );
  });
});

describe("redaction", () => {
  const names = [
    "client_secret",
    "client_assertion",
    "password",
    "secretText",
    "access_token",
    "refresh_token",
    "Client_Secret",
    "token",
  ];

  it("hides secrets at any depth, and nothing else (property)", () => {
    const secret = "s3cr3t-0123456789";
    const tree = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.string(),
        fc.integer(),
        fc.array(tie("node"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "displayName"), tie("node")),
        fc
          .record({ name: fc.constantFrom(...names) })
          .map(({ name }) => ({ [name]: secret, kept: 1 })),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (body) => {
        const text = JSON.stringify(body);
        const shown = JSON.stringify(redactBody(bodyOf(text)));
        expect(shown).not.toContain(secret);
        expect(shown.replaceAll("(redacted)", secret)).toBe(text);
      }),
    );
  });

  it("hides private keys under any name, also in base64", () => {
    const { privateKeyPem } = makeCertificate({ commonName: "x" });
    for (const value of [
      privateKeyPem,
      Buffer.from(privateKeyPem).toString("base64"),
      Buffer.from(privateKeyPem).toString("base64url"),
    ]) {
      expect(redactBody(bodyOf(JSON.stringify({ notes: [value] })))).toEqual({
        notes: ["(redacted)"],
      });
    }
  });

  it("hides what it cannot read as a whole", () => {
    expect(redactBody(bodyOf("{ client_secret: 'x'"))).toBe("(redacted)");
    expect(redactBody(bodyOf(""))).toBeUndefined();
  });
});
