/**
 * Federated identity credentials, with an OpenID Connect issuer of our own on loopback.
 *
 * Does not prove that any real issuer's tokens look like these.
 */
import { createPublicKey, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { exportJWK, SignJWT } from "jose";
import { rsaKey } from "../support/keys";
import { jwtBearer } from "./support/assertions";
import { claimsOf, Graph, makeApp, requestToken } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated();
const audience = "api://AzureADTokenExchange";
const subject = "repo:contoso/exchange:ref:refs/heads/main";
const privateKey = rsaKey();
const kid = "issuer-key";

let server: Server;
let issuer: string;
let graph: Graph;
let app: { id: string; appId: string };

beforeAll(async () => {
  const jwk = { ...(await exportJWK(createPublicKey(privateKey))), kid, use: "sig", alg: "RS256" };
  server = createServer((request, response) => {
    response.setHeader("content-type", "application/json");
    response.end(
      request.url === "/keys"
        ? JSON.stringify({ keys: [jwk] })
        : JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
beforeEach(async () => {
  graph = await Graph.connect(context);
  app = await makeApp(graph);
});

const path = () => `/applications/${app.id}/federatedIdentityCredentials`;
const credential = (rest: object = {}) => ({
  name: "github",
  issuer,
  subject,
  audiences: [audience],
  description: "main branch",
  ...rest,
});

async function exchange(
  claims: {
    iss?: string;
    sub?: string;
    aud?: string;
    expires?: number;
    [claim: string]: unknown;
  } = {},
  key: KeyObject = privateKey,
) {
  const { iss = issuer, sub = subject, aud = audience, expires = 300, ...rest } = claims;
  const now = Math.floor(Date.now() / 1000);
  const assertion = await new SignJWT(rest)
    .setProtectedHeader({ alg: "RS256", kid })
    .setIssuer(iss)
    .setSubject(sub)
    .setAudience(aud)
    .setIssuedAt(now - 10)
    .setExpirationTime(now + expires)
    .sign(key);
  return requestToken(context, {
    client_id: app.appId,
    client_assertion_type: jwtBearer,
    client_assertion: assertion,
  });
}

function expectRefused(answer: Awaited<ReturnType<typeof exchange>>, number: number, text: RegExp) {
  expect(answer.body).toMatchObject({
    error_codes: [number],
    error_description: expect.stringMatching(text),
  });
}

describe("a token of a trusted issuer", () => {
  it("is exchanged for an access token", async () => {
    await graph.must("POST", path(), credential());
    const answer = await exchange();
    expect(answer.status).toBe(200);
    expect(claimsOf(answer.body.access_token)).toMatchObject({ appid: app.appId, appidacr: "2" });
  });

  it("is refused without any credential, by AADSTS70021", async () => {
    expectRefused(
      await exchange(),
      70021,
      /Assertion Issuer: 'http.*'\. Assertion Subject: 'repo:contoso/,
    );
  });

  it.each([
    [
      "another issuer",
      { iss: "https://example.com" },
      700211,
      /assertion issuer 'https:\/\/example\.com'/,
    ],
    [
      "another subject",
      { sub: "repo:contoso/other:ref:refs/heads/main" },
      700213,
      /assertion subject 'repo:contoso\/other:ref:refs\/heads\/main'/,
    ],
    [
      "a subject in another case",
      { sub: "repo:Contoso/exchange:ref:refs/heads/main" },
      7002138,
      /matches with case-insensitive comparison, but not with case-sensitive comparison/,
    ],
    ["another audience", { aud: "api://other" }, 700212, /assertion audience 'api:\/\/other'/],
    ["an end that is past", { expires: -3600 }, 700024, /not within its valid time range/],
  ])("is refused for %s", async (_, claims, number, text) => {
    await graph.must("POST", path(), credential());
    expectRefused(await exchange(claims), number, text);
  });

  it("is refused when another key signed it", async () => {
    await graph.must("POST", path(), credential());
    expectRefused(await exchange({}, rsaKey()), 5001256, /token signature/);
  });

  it("is refused when its issuer does not answer, or is beyond this machine", async () => {
    const silent = "http://127.0.0.1:1";
    const outside = "https://token.actions.githubusercontent.com";
    await graph.must("POST", path(), credential({ issuer: silent }));
    await graph.must("POST", path(), credential({ name: "outside.example", issuer: outside }));
    expectRefused(await exchange({ iss: silent }), 50166, /127\.0\.0\.1:1/);
    expectRefused(
      await exchange({ iss: outside }),
      50166,
      /token\.actions\.githubusercontent\.com/,
    );
  });

  it("can stand for an issuer on the internet whose keys are given", async () => {
    const outside = "https://token.actions.githubusercontent.com";
    context.simulator.issuers.trust(outside, {
      keys: [{ ...(await exportJWK(createPublicKey(privateKey))), kid }],
    });
    await graph.must("POST", path(), credential({ issuer: outside }));
    expect((await exchange({ iss: outside })).status).toBe(200);
  });

  it("can match by expression in beta", async () => {
    await graph.must("POST", `/beta${path()}`, {
      name: "flexible",
      issuer,
      audiences: [audience],
      claimsMatchingExpression: {
        value:
          "claims['sub'] matches 'repo:contoso/*:ref:refs/heads/main' and claims['job_workflow_ref'] eq 'contoso/w@v1'",
        languageVersion: 1,
      },
    });
    expect((await exchange({ job_workflow_ref: "contoso/w@v1" })).status).toBe(200);
    expectRefused(await exchange({ job_workflow_ref: "contoso/w@v2" }), 700213, /subject/);
    expectRefused(
      await exchange({
        sub: "repo:fabrikam/x:ref:refs/heads/main",
        job_workflow_ref: "contoso/w@v1",
      }),
      700213,
      /subject/,
    );
  });
});

describe("federated identity credentials over Graph", () => {
  it("are made, listed, read by id or name, changed and deleted", async () => {
    const made = await graph.must("POST", path(), credential());
    expect(made).toEqual({
      "@odata.context": `${context.simulator.endpoints.graph}/v1.0/$metadata#applications('${app.id}')/federatedIdentityCredentials/$entity`,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      ...credential(),
    });
    expect((await graph.must("GET", path())).value).toMatchObject([{ id: made.id }]);
    for (const key of [made.id, "github"]) {
      expect(await graph.must("GET", `${path()}/${key}`)).toMatchObject(credential());
    }
    const changed = { subject: "repo:contoso/exchange:environment:production", description: null };
    expect((await graph.call("PATCH", `${path()}/${made.id}`, changed)).status).toBe(204);
    expect(await graph.must("GET", `${path()}/${made.id}`)).toMatchObject({
      ...credential(),
      ...changed,
    });
    expect((await graph.call("DELETE", `${path()}/${made.id}`)).status).toBe(204);
    expect((await graph.call("GET", `${path()}/${made.id}`)).status).toBe(404);
  });

  it.each([
    ["without a name", { name: undefined }, /'name'/],
    ["with a malformed name", { name: "a b" }, /'name'/],
    ["with an issuer that is not an address", { issuer: "github" }, /'issuer'/],
    ["without a subject", { subject: undefined }, /'subject'/],
    ["without an audience", { audiences: [] }, /'audiences'/],
    ["with two audiences", { audiences: ["a", "b"] }, /'audiences'/],
    [
      "with an expression in v1.0",
      { claimsMatchingExpression: { value: "x" } },
      /claimsMatchingExpression/,
    ],
  ])("are refused %s", async (_, rest, message) => {
    const answer = await graph.call("POST", path(), credential(rest));
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      expect.stringMatching(message),
    ]);
  });

  it("are unique by name and by issuer with subject, and at most twenty", async () => {
    await graph.must("POST", path(), credential());
    expect(
      (await graph.call("POST", path(), credential({ subject: "other" }))).body.error.message,
    ).toBe("Another object with the same value for property name already exists.");
    expect(
      (await graph.call("POST", path(), credential({ name: "other" }))).body.error.message,
    ).toBe("FederatedIdentityCredential with given issuer and subject already exists.");
    for (let count = 1; count < 20; count += 1) {
      await graph.must(
        "POST",
        path(),
        credential({ name: `name${count}`, subject: `subject${count}` }),
      );
    }
    const answer = await graph.call("POST", path(), credential({ name: "last", subject: "last" }));
    expect([answer.status, answer.body.error.message]).toEqual([
      400,
      expect.stringContaining("limit of 20"),
    ]);
  });
});
