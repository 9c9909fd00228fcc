/** What the simulator does not have is answered 501 and recorded, never guessed. */
import { expect, it } from "@jest/globals";
import {
  consent,
  Graph,
  giveRole,
  makeApp,
  microsoft,
  requestToken,
  send,
} from "./support/clients";
import { simulated } from "./support/simulated";

const context = simulated({}, { unknownRoutesExpected: true });

it.each([
  ["GET", "/v1.0/chats"],
  ["GET", "/v1.0/teamwork"],
  ["DELETE", "/v1.0/organization/x"],
  ["PUT", "/v1.0/applications/x"],
  ["GET", "/nonsense"],
  ["POST", "/exchange/adminapi/v2.0/x/Mailbox"],
])("%s %s", async (method, path) => {
  const answer = await send(context.simulator.endpoints.graph + path, { method });
  expect([answer.status, answer.body.error.code]).toEqual([501, "NotImplemented"]);
  expect(answer.body.error.message).toContain(`${method} ${path}`);
  expect(context.simulator.journal.unknownRoutes()).toMatchObject([{ method, path, status: 501 }]);
});

it("counts a cmdlet that changes something among them", async () => {
  const graph = await Graph.connect(context);
  const app = await makeApp(graph);
  const { secretText } = await graph.must("POST", `/applications/${app.id}/addPassword`);
  await consent(graph, app.servicePrincipalId, microsoft.exchange, microsoft.manageAsApp);
  await giveRole(graph, app.servicePrincipalId, "29232cdf-9323-42fd-ade2-1d097af3e4de");
  const { body } = await requestToken(context, {
    client_id: app.appId,
    client_secret: secretText,
    scope: "https://outlook.office365.com/.default",
  });
  const answer = await send(
    `${context.simulator.endpoints.exchange}/adminapi/beta/${context.tenant.tenantId}/InvokeCommand`,
    {
      method: "POST",
      headers: { authorization: `Bearer ${body.access_token}` },
      body: JSON.stringify({ CmdletInput: { CmdletName: "Remove-Mailbox" } }),
    },
  );
  expect(answer.status).toBe(501);
  expect(context.simulator.journal.unknownRoutes()).toHaveLength(1);
});
