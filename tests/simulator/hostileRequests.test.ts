/**
 * No request ends in a stack trace: whatever stands in paths, options and bodies, the answer is one
 * that the service could give, or 501 for what is not simulated.
 *
 * Does not prove that the answer is the one that Microsoft's service gives.
 */
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { beforeEach, it } from "@jest/globals";
import * as fc from "fast-check";
import { entitySets } from "../../simulator/graph/service";
import { graphAppRoles } from "../../simulator/seed/graphPermissions";
import { deployerToken, Graph, makeApp, requestToken, send } from "./support/clients";
import { simulated } from "./support/simulated";

// A token with every permission would be most of each request.
const needed = new Set(entitySets.flatMap(({ read, write = [] }) => [...read, ...write]));
const context = simulated(
  {
    users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
    deployer: {
      permissions: graphAppRoles.map(({ value }) => value).filter((value) => needed.has(value)),
    },
  },
  { unknownRoutesExpected: true },
);
let token: string;
let ids: string[];
beforeEach(async () => {
  token = await deployerToken(context);
  const graph = Graph.with(context, token);
  const app = await makeApp(graph);
  const [ada] = (await graph.must("GET", "/users")).value;
  ids = [app.id, app.servicePrincipalId, ada.id, "x", "null", "delta", "$count", "$ref", "%00"];
});

const sets = [...new Set(entitySets.flatMap(({ paths }) => paths))];
const below = [
  "",
  "/owners",
  "/members/$ref",
  "/memberOf",
  "/manager/$ref",
  "/addPassword",
  "/nonsense",
];
const options = [
  "",
  ...[
    "",
    "id eq",
    "(((",
    "displayName eq null",
    "tags/any()",
    "a/any(a:a/b/c eq 1)",
    "x gt 2026-99-99",
  ].map((filter) => `$filter=${filter}`),
  ...["owners($select=", "memberOf,principal", "*"].map((expand) => `$expand=${expand}`),
  "$select=,",
  "$top=-1",
  "$skiptoken=x",
  '$search="',
  "$orderby=displayName down",
  "$deltatoken=x",
];
const properties = [...new Set(entitySets.flatMap(({ type }) => Object.keys(type.properties)))];
const others = ["@odata.id", "owners@odata.bind", "members@odata.bind", "roleMemberInfo", "action"];

const body = fc.dictionary(
  fc.constantFrom(...properties, ...others),
  fc.oneof(
    fc.constantFrom(null, "", "\u0000", "2026-13-45T00:00:00Z", 0, true),
    fc.constantFrom([], {}, [null], [1], [{}], { a: null }, [[]]),
    fc.jsonValue({ maxDepth: 2 }),
  ),
  { maxKeys: 5 },
);

async function expectAnAnswer(url: string, init: RequestInit): Promise<void> {
  const { text } = await send(url, {
    ...init,
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      consistencylevel: "eventual",
      ...init.headers,
    },
  });
  if (text.includes("SimulatorDefect")) {
    throw new Error(text);
  }
}

// The same requests in every run: another seed is for whoever looks for more.
const parameters = { seed: Number(process.env.APPONLY_SEED ?? 16), numRuns: 400 };

it("Graph answers whatever it is asked", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "POST", "PATCH", "PUT"),
      fc.constantFrom(...sets),
      fc.nat(8),
      fc.nat(8),
      fc.option(fc.constantFrom(...below)),
      fc.constantFrom(...options),
      body,
      async (method, set, parent, id, relation, option, sent) => {
        const path =
          set.replace(/:\w+/g, ids[parent]!) + (relation === null ? "" : `/${ids[id]}${relation}`);
        await expectAnAnswer(`${context.simulator.endpoints.graph}/v1.0${path}?${option}`, {
          method,
          ...(method === "GET" ? {} : { body: JSON.stringify(sent) }),
        });
      },
    ),
    parameters,
  );
});

const requestsOfTools = readFileSync(
  join(__dirname, "../fixtures/clients/graphRequests.txt"),
  "utf8",
)
  .split("\n")
  .flatMap((line) => /^(?:E )?GET (.*)$/.exec(line)?.[1] ?? []);
const debris = [
  ...["%", "%e", "%00", "%zz", "$", "'", "(", ")", ";", ",", "/", "\\"],
  ...["any(", "isof('", "$levels=", "$count", " not ", " in (", "x:x/", "null"],
];

it("Graph answers what tools ask when it arrives damaged", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...requestsOfTools),
      fc.nat(),
      fc.array(fc.constantFrom(...debris), { minLength: 1, maxLength: 3 }),
      async (request, place, damage) => {
        const filled = request.replace(/\{\w+\}/g, ids[2]!);
        const at = place % (filled.length + 1);
        const path = (filled.slice(0, at) + damage.join("") + filled.slice(at)).replaceAll(
          " ",
          "+",
        );
        await expectAnAnswer(`${context.simulator.endpoints.graph}/${path}`, { method: "GET" });
      },
    ),
    parameters,
  );
  // Each of these was answered by a stack trace once.
  for (const path of ["/auditLogs/signIns?$filter=%e", "/auditLogs/signIns?%=signInEventTypes"]) {
    await expectAnAnswer(`${context.simulator.endpoints.graph}/v1.0${path}`, { method: "GET" });
  }
});

it("Exchange's admin API and the token endpoint answer whatever they are sent", async () => {
  const { endpoints } = context.simulator;
  const base = `${endpoints.exchange}/adminapi/beta/${context.tenant.tenantId}`;
  const { body: answer } = await requestToken(context, {
    client_secret: context.tenant.deployer.issueSecret(),
    scope: "https://outlook.office365.com/.default",
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("InvokeCommand", "$batch", "Mailbox", "Mailbox('')", "EXOModuleFile"),
      fc.jsonValue({ maxDepth: 3 }),
      fc.string({ maxLength: 30 }),
      async (path, sent, text) => {
        await expectAnAnswer(`${base}/${path}`, {
          method: path.startsWith("M") || path.startsWith("E") ? "GET" : "POST",
          headers: {
            authorization: `Bearer ${answer.access_token}`,
            "x-anchormailbox": encodeURIComponent(text),
          },
          ...(path.startsWith("M") || path.startsWith("E")
            ? {}
            : { body: JSON.stringify({ CmdletInput: sent, requests: sent }) }),
        });
        await expectAnAnswer(`${endpoints.login}/${context.tenant.tenantId}/oauth2/v2.0/token`, {
          method: "POST",
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: `grant_type=client_credentials&client_id=${text}&client_assertion=${text}&scope=${text}`,
        });
      },
    ),
    { ...parameters, numRuns: 150 },
  );
});

it.each([
  "evil.example",
  "127.0.0.1.evil.example",
  "localhost.evil.example:8080",
  "169.254.169.254",
])(
  "nothing is answered for the host %s, whose name somebody has led to this machine",
  async (host) => {
    const { login } = context.simulator.endpoints;
    const path = `/${context.tenant.tenantId}/v2.0/.well-known/openid-configuration`;
    const answer = await askAs(host, `${login}${path}`);
    expect(answer).toMatchObject({ status: 421 });
    expect(answer.body).not.toContain(host);
    expect(await askAs("login.microsoftonline.com", `${login}${path}`)).toMatchObject({
      status: 200,
    });
  },
);

/** fetch sets the header Host itself. */
function askAs(host: string, url: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { host } }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    }).on("error", reject);
  });
}
