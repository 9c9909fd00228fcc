/**
 * Which registrations may be what a create whose answer was lost has left behind. That an update
 * names them is shown by the journey `convergence`.
 */
import { graphClient } from "../../../microsoft/graph/client";
import { bareRegistrations } from "../../../operations/tenantObjects";
import { makeCertificate } from "../../support/certificates";
import { keyCredential } from "../../simulator/support/assertions";
import { deployerToken, Graph, makeApp } from "../../simulator/support/clients";
import { simulated } from "../../simulator/support/simulated";

const context = simulated({
  users: [{ userPrincipalName: "ada@contoso.onmicrosoft.com", displayName: "Ada" }],
  deployer: { permissions: ["Application.ReadWrite.All", "Directory.Read.All"] },
});
const displayName = "It's 50% & more";

async function bareIds(): Promise<string[]> {
  const { graph, login } = context.simulator.endpoints;
  const client = graphClient({ graph, login }, await deployerToken(context));
  const owners = [context.tenant.deployer.servicePrincipalObjectId];
  return (await bareRegistrations(client, displayName, owners)).map(({ id }) => id);
}

test("those of the name without a credential, whatever signs the name has", async () => {
  const graph = await Graph.connect(context);
  const [first, second] = [
    await makeApp(graph, { displayName }),
    await makeApp(graph, { displayName }),
  ];
  await makeApp(graph, { displayName: "Another" });
  expect((await bareIds()).sort()).toEqual([first.id, second.id].sort());
});

test.each<[string, (graph: Graph, id: string) => Promise<unknown>]>([
  [
    "a certificate",
    (graph, id) =>
      graph.must("PATCH", `/applications/${id}`, {
        keyCredentials: [keyCredential(makeCertificate({ commonName: "in.use" }))],
      }),
  ],
  ["a client secret", (graph, id) => graph.must("POST", `/applications/${id}/addPassword`, {})],
  [
    "a federated credential",
    (graph, id) =>
      graph.must("POST", `/applications/${id}/federatedIdentityCredentials`, {
        name: "main",
        issuer: "https://issuer.contoso.org",
        subject: "job",
        audiences: ["api://AzureADTokenExchange"],
      }),
  ],
  [
    "an owner of its own",
    async (graph, id) => {
      const { id: ada } = await graph.must("GET", "/users/ada@contoso.onmicrosoft.com");
      await graph.must("POST", `/applications/${id}/owners/$ref`, {
        "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${ada as string}`,
      });
    },
  ],
])("never one that has %s: somebody uses it", async (_, use) => {
  const graph = await Graph.connect(context);
  const { id } = await makeApp(graph, { displayName });
  expect(await bareIds()).toContain(id);
  await use(graph, id);
  expect(await bareIds()).not.toContain(id);
});
