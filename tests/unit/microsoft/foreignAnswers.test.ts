/**
 * Something between here and Microsoft Graph that answers in its place, with a good status: the page of a
 * proxy, half an answer, an answer of somebody else's. Nothing of it is taken for a list without rows, of
 * which a drift would be told, a certificate be removed, or an orphan not be seen.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Client } from "@microsoft/microsoft-graph-client";
import {
  listKeyCredentials,
  listSecrets,
  removeKey,
} from "../../../microsoft/graph/applicationKeys";
import { listTogether, readTogether } from "../../../microsoft/graph/batch";
import { graphClient, readAll } from "../../../microsoft/graph/client";
import { send } from "../../../microsoft/http";
import { runProgram } from "../../support/command";
import { throughCompiler } from "../../support/compiler";
import { simulated } from "../../simulator/support/simulated";

const root = join(__dirname, "../../..");

let server: Server;
let graph: Client;
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  graph = graphClient({ graph: address, login: address }, "token");
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const readers: Record<string, () => Promise<unknown>> = {
  "a list": () => readAll(graph, "/applications"),
  "one object": () => graph.api("/applications/a").get(),
  "a batch": () => readTogether(graph, ["/applications/a", "/applications/b"]),
  "lists together": () => listTogether(graph, ["/applications/a/owners", "/applications/b/owners"]),
  certificates: () => listKeyCredentials(graph, "a"),
  secrets: () => listSecrets(graph, "a"),
  "a certificate to remove": () => removeKey(graph, "a", "b"),
};

const notGraph =
  /^What 127\.0\.0\.1:\d+ answered is not Microsoft Graph's: .+ run the same command again\.$/;

const pages: readonly [string, number, string, string][] = [
  ["a page of a proxy", 200, "text/html", "<html><body>Sign in to the network</body></html>"],
  ["a page that says it is JSON", 200, "application/json", "<html></html>"],
  ["nothing", 200, "application/json", ""],
  ["no content", 204, "application/json", ""],
  ["half an answer", 200, "application/json", '{"value":[{"id":"'],
  ["a list of nobody's", 200, "application/json", "[]"],
  ["a null", 200, "application/json", "null"],
  ["a text", 200, "text/plain", "OK"],
  ["a way elsewhere", 302, "text/html", "<a href='https://sign-in.example'>here</a>"],
];

const objects: readonly string[] = [
  "{}",
  '{"value":null,"responses":null,"keyCredentials":null,"passwordCredentials":null}',
  '{"value":"x","responses":"x","keyCredentials":"x","passwordCredentials":"x"}',
  '{"value":[null],"responses":[null],"keyCredentials":[null],"passwordCredentials":[null]}',
];

test.each(pages)("%s is told, whatever is read", async (_name, status, type, body) => {
  answer = (_request, response) => {
    response.writeHead(status, { "content-type": type, location: "/elsewhere" });
    response.end(status === 204 ? undefined : body);
  };
  for (const [name, read] of Object.entries(readers)) {
    const told = await read().then(
      () => "read",
      (error: Error) => error.message,
    );
    expect([name, told]).toEqual([name, expect.stringMatching(notGraph)]);
  }
  expect(asked.some((one) => one.startsWith("PATCH"))).toBe(false);
});

test.each(objects)("an object without the list that was asked for is told: %s", async (body) => {
  answer = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(body);
  };
  const { "one object": _object, ...lists } = readers;
  for (const [name, read] of Object.entries(lists)) {
    const told = await read().then(
      () => "read",
      (error: Error) => error.message,
    );
    expect([name, told]).toEqual([name, expect.stringMatching(notGraph)]);
  }
  expect(asked.some((one) => one.startsWith("PATCH"))).toBe(false);
});

test("a page of a list that leads back to itself is not read for ever", async () => {
  answer = (request, response) => {
    const link = `http://${request.headers.host}/v1.0/applications?$skiptoken=a`;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ value: [{ id: "a" }], "@odata.nextLink": link }));
  };
  await expect(readers["a list"]!()).rejects.toThrow("a page that leads back to itself");
  expect(asked.length).toBeLessThan(4);
});

test("an answer that comes in drops, and one without an end, are given up", async () => {
  answer = (_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(" "), 10);
    response.on("close", () => clearInterval(timer));
  };
  const { port } = server.address() as AddressInfo;
  const drops = send(`http://127.0.0.1:${port}/`, { method: "GET", timeoutMs: 60 });
  await expect(drops).rejects.toMatchObject({ code: "ETIMEDOUT" });
  const chunk = Buffer.alloc(2 ** 20, " ");
  answer = (_request, response) => {
    response.writeHead(200);
    const more = () => void (response.destroyed || (response.write(chunk), setImmediate(more)));
    more();
  };
  const long = send(`http://127.0.0.1:${port}/`, { method: "GET" });
  await expect(long).rejects.toThrow("UND_ERR_RES_EXCEEDED_MAX_SIZE");
});

describe("where Node is told to connect to whoever answers", () => {
  const context = simulated();

  test.each([
    ["any request", "microsoft/http", `send(url, { method: "GET" })`],
    [
      "the client of Azure DevOps",
      "forge/azureDevOps/calls",
      `connectAzureDevOps({ collectionUrl: url, token: "x" }).connect()`,
    ],
  ])("%s hands nothing to a host whose certificate nobody trusts", async (_name, file, call) => {
    const script = `const { send, connectAzureDevOps } = require(${JSON.stringify(join(root, file))});
      const url = ${JSON.stringify(context.simulator.endpoints.loginTls)};
      ${call}.then(() => console.log("sent"), (error) => console.log(error.message));`;
    const { stdout } = await runProgram(
      process.execPath,
      [...throughCompiler, "-e", script],
      __dirname,
      { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
    );
    expect(stdout).toMatch(/unable to verify|self.signed/i);
  });
});
