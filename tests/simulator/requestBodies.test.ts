/**
 * Request bodies as clients send them, and as they should not: compressed, without a type, too
 * large, nested too deep.
 */
import { gzipSync } from "node:zlib";
import { expect, it } from "@jest/globals";
import { deployerToken, requestToken, send } from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({
  deployer: { permissions: ["Application.ReadWrite.All"] },
});

async function post(body: string | Buffer<ArrayBuffer>, headers: Record<string, string>) {
  return send(`${context.simulator.endpoints.graph}/v1.0/applications`, {
    method: "POST",
    headers: { authorization: `Bearer ${await deployerToken(context)}`, ...headers },
    body,
  });
}

const json = { "content-type": "application/json" };

it("reads what Kiota's Go client compressed, and journals it readable", async () => {
  const answer = await post(Buffer.from(gzipSync('{"displayName":"compressed"}')), {
    ...json,
    "content-encoding": "gzip",
  });
  expect([answer.status, answer.body.displayName]).toEqual([201, "compressed"]);
  const [entry] = context.simulator.journal.entries({ path: /applications$/ });
  expect(entry?.requestBody).toEqual({ displayName: "compressed" });
});

it.each([["text/plain"], ["application/x-www-form-urlencoded"], ["application/octet-stream"]])(
  "refuses JSON that is called %s",
  async (type) => {
    const { status, body } = await post('{"displayName":"x"}', { "content-type": type });
    expect([status, body.error.code, body.error.message]).toEqual([
      400,
      "BadRequest",
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
    ]);
  },
);

it.each(["application/json;odata.metadata=minimal", "Application/JSON; charset=utf-8"])(
  "takes JSON that is called %s",
  async (type) => {
    expect((await post('{"displayName":"x"}', { "content-type": type })).status).toBe(201);
  },
);

it.each([
  ["that is not JSON", "{"],
  ["that is not an object", "[]"],
  ["nested 5,000 deep", `{"displayName":"d","web":${'{"a":'.repeat(5000)}1${"}".repeat(5000)}}`],
])("refuses a body %s without a stack trace", async (_, body) => {
  const answer = await post(body, json);
  expect([answer.status, answer.body.error.code]).toEqual([400, "BadRequest"]);
});

it("refuses what is too large, also when it was small on the way", async () => {
  const large = JSON.stringify({ displayName: "x", notes: "n".repeat(5_000_000) });
  expect((await post(large, json)).status).toBe(413);
  const compressed = Buffer.from(gzipSync(large));
  expect((await post(compressed, { ...json, "content-encoding": "gzip" })).status).toBe(413);
});

it("leaves nothing behind of what it refused", async () => {
  await post(JSON.stringify({ displayName: "x", notes: "n".repeat(5_000_000) }), json);
  expect(context.tenant.state().applications).toHaveLength(1);
});

it("lets the token endpoint refuse a large body too", async () => {
  const answer = await requestToken(context, { client_secret: "s".repeat(5_000_000) });
  expect(answer.status).toBe(400);
});
