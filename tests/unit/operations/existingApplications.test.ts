/** That a preview which would create an application tells of one that has its name or certificate. */
import { graphClient } from "../../../microsoft/graph/client";
import { warningsOfExisting } from "../../../operations/adopt/existingApplications";
import { StackView, type ViewedResource } from "../../../policy/rules/stackView";
import { types } from "../../../policy/rules/types";
import { readCertificate } from "../../../components/certificateFacts";
import { makeCertificate } from "../../support/certificates";
import { keyCredential } from "../../simulator/support/assertions";
import { deployerToken, Graph, makeApp } from "../../simulator/support/clients";
import { simulated } from "../../simulator/support/simulated";

const context = simulated({ deployer: { permissions: ["Application.ReadWrite.All"] } });
const certificate = makeCertificate({ commonName: "contoso.org" });

const resource = (type: string, parts: Partial<ViewedResource>): ViewedResource => ({
  urn: `urn:pulumi:dev::apponly::${type}::one`,
  type,
  name: "one",
  inputs: {},
  outputs: {},
  ...parts,
});

async function warnings(displayName: string, op = "create", supplied = certificate) {
  const { graph, login } = context.simulator.endpoints;
  const application = resource(types.application, { inputs: { displayName } });
  const { thumbprint } = readCertificate(supplied.certificatePem);
  const after = new StackView(
    [application, resource(types.generation, { outputs: { thumbprint } })],
    true,
  );
  const { urn, type } = application;
  return warningsOfExisting(
    {
      before: new StackView([], true),
      after,
      steps: [{ op, urn, type, diffKeys: [], replaceKeys: [] }],
      changeSummary: {},
      config: {},
      diagnostics: [],
      showsSames: true,
      gaps: [],
    },
    "dev",
    async () => graphClient({ graph, login }, await deployerToken(context)),
  );
}

it("names the application that has the name or the certificate, and how to adopt it", async () => {
  const graph = await Graph.connect(context);
  const app = await makeApp(graph, { displayName: "Reports" });
  await graph.must("PATCH", `/applications/${app.id}`, {
    keyCredentials: [keyCredential(certificate)],
  });
  const adopt = `To manage that one instead: apponly adopt --stack dev --application ${app.appId}`;
  expect(await warnings("Reports", "create", makeCertificate({ commonName: "other" }))).toEqual([
    `The app registration "Reports" (${app.appId}) has the name of one that would be created. ${adopt}`,
  ]);
  expect(await warnings("Other")).toEqual([
    `The app registration "Reports" (${app.appId}) holds a certificate of the one that would be created. ${adopt}`,
  ]);
});

it("asks nothing where no application is created", async () => {
  expect(await warnings("Reports", "update")).toEqual([]);
  expect(context.simulator.journal.entries()).toEqual([]);
});
