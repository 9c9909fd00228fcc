/**
 * How requests of the verification reach a host: through the proxy of the environment, and what is
 * read from answers and failures. Only loopback is contacted.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate } from "node:timers/promises";
import { NoAnswer, send } from "../../../microsoft/http";
import { diagnoseNoAnswer } from "../../../access/verify/signIn";

let proxy: Server;
let asked: string[];
const kept = { ...process.env };

beforeEach(async () => {
  asked = [];
  proxy = createServer((_request, response) => response.end("direct"));
  proxy.on("connect", ({ url = "" }, socket) => {
    asked.push(url);
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  for (const name of ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"]) {
    delete process.env[name];
  }
  process.env.HTTPS_PROXY = `http://job:hunter2@127.0.0.1:${port()}`;
});

afterEach(async () => {
  process.env = { ...kept };
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

const port = () => (proxy.address() as AddressInfo).port;
const failureOf = (url: string) =>
  send(url, { method: "GET" }).then(
    () => {
      throw new Error("there was an answer");
    },
    (error: NoAnswer) => error,
  );

test("a proxy is used, and one that lets nobody through is told, without its password", async () => {
  const failure = await failureOf("https://login.example.test/common");
  expect(asked).toEqual(["login.example.test:443"]);
  expect(failure).toBeInstanceOf(NoAnswer);
  expect(diagnoseNoAnswer(failure)).toMatchObject({
    code: "proxy-answered",
    cause: expect.stringContaining("login.example.test"),
  });
  expect(JSON.stringify([failure.message, diagnoseNoAnswer(failure)])).not.toContain("hunter2");
});

test("requests to a host that follow one another take one connection, which keeps no command from its end", async () => {
  const connections = new Set<unknown>();
  proxy.on("connection", (socket) => connections.add(socket));
  for (let request = 0; request < 5; request += 1) {
    await send(`http://127.0.0.1:${port()}/`, { method: "GET" });
  }
  // A first one may not be free yet when the second request comes.
  expect(connections.size).toBeLessThan(3);
  // What keeps this process from its end are only the server's sides.
  const holding = () => process.getActiveResourcesInfo().filter((one) => one === "TCPSocketWrap");
  for (let turn = 0; turn < 100 && holding().length > connections.size; turn += 1) {
    await setImmediate();
  }
  expect(holding()).toHaveLength(connections.size);
});

test("a host that NO_PROXY names, and this machine, are reached directly", async () => {
  process.env.NO_PROXY = "login.example.test";
  expect((await failureOf("https://login.example.test/common")).code).toMatch(
    /ENOTFOUND|EAI_AGAIN/,
  );
  expect(await send(`http://127.0.0.1:${port()}/`, { method: "GET" })).toMatchObject({
    status: 200,
    body: "direct",
  });
  expect(asked).toEqual([]);
});

test.each([
  ["CERT_HAS_EXPIRED", "tls-intercepted"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "tls-intercepted"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "tls-intercepted"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "tls-intercepted"],
  ["EPROTO", "proxy-answered"],
  ["HPE_INVALID_CONSTANT", "proxy-answered"],
  ["ENOTFOUND", "network-refused"],
  ["ECONNREFUSED", "network-refused"],
  ["EHOSTUNREACH", "network-refused"],
  ["ETIMEDOUT", "connection-lost"],
  ["ECONNRESET", "connection-lost"],
  ["EAI_AGAIN", "connection-lost"],
])("%s is %s", (code, expected) => {
  expect(diagnoseNoAnswer(new NoAnswer(code, "outlook.office365.com", "")).code).toBe(expected);
});
