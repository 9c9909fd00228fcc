/**
 * What public tools ask Graph is answered: none of their requests is refused, or asks for what is not
 * simulated.
 *
 * Does not prove that the answers hold what the tools look for.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "@jest/globals";
import { entitySets } from "../../simulator/graph/service";
import { tenantPolicies } from "../../simulator/graph/model/tenantPolicies";
import { graphAppRoles } from "../../simulator/seed/graphPermissions";
import { deployerToken, Graph, makeApp, microsoft, resourceId, send } from "./support/clients";
import { simulated } from "./support/simulated";

const needed = new Set([
  ...entitySets.flatMap(({ read, write = [] }) => [...read, ...write]),
  ...tenantPolicies.flatMap(({ read, write }) => [...read, write]),
  "CrossTenantInformation.ReadBasic.All",
  "MailboxSettings.Read",
]);
const context = simulated({
  users: ["ada", "bob"].map((name) => ({
    userPrincipalName: `${name}@contoso.onmicrosoft.com`,
    displayName: name,
  })),
  deployer: {
    permissions: graphAppRoles.map(({ value }) => value).filter((value) => needed.has(value)),
  },
});

/** A tenant with one of each, by the names that requests have in braces. */
async function idsOfATenant(graph: Graph): Promise<Record<string, string>> {
  const [ada, bob] = (await graph.must("GET", "/users")).value;
  const { id: app, appId, servicePrincipalId: sp } = await makeApp(graph);
  const group = await graph.must("POST", "/groups", {
    displayName: "g",
    mailEnabled: false,
    mailNickname: "g",
    securityEnabled: true,
    "members@odata.bind": [`https://graph.microsoft.com/v1.0/users/${ada.id}`],
  });
  const unit = await graph.must("POST", "/directory/administrativeUnits", { displayName: "au" });
  await graph.must("PUT", `/users/${ada.id}/manager/$ref`, {
    "@odata.id": `https://graph.microsoft.com/v1.0/users/${bob.id}`,
  });
  const gone = await makeApp(graph);
  await graph.must("DELETE", `/applications/${gone.id}`);
  const exo = await resourceId(graph, microsoft.exchange);
  const others = { ada: ada.id, bob: bob.id, group: group.id, au: unit.id, gone: gone.id };
  return { ...others, app, appId, sp, exo, t: context.tenant.tenantId };
}

it("every request of the collection is answered", async () => {
  const token = await deployerToken(context);
  const ids = await idsOfATenant(Graph.with(context, token));
  const fillIn = (text: string) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => ids[name] ?? whole);
  const page = readFileSync(join(__dirname, "../fixtures/clients/graphRequests.txt"), "utf8");
  const requests = page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const refused: string[] = [];
  for (const request of requests) {
    const [, eventual, method, path, body] =
      /^(E )?([A-Z]+) (\S.*?)(?: ::(.*))?$/.exec(request) ?? [];
    const url = encodeURI(`${context.simulator.endpoints.graph}/${fillIn(path!)}`);
    const { status, text } = await send(url.replaceAll("%25", "%"), {
      method: method!,
      headers: {
        authorization: `Bearer ${token}`,
        ...(eventual === undefined ? {} : { consistencylevel: "eventual" }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: fillIn(body) }),
    });
    if (status >= 300) {
      refused.push(`${request}: ${status} ${text}`);
    }
  }
  expect(refused).toEqual([]);
  expect(requests.length).toBeGreaterThan(400);
});
