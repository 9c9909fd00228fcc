/**
 * What was granted besides the stack, as a token tells it without anybody's look into the directory.
 *
 * Not proven here: when Microsoft Entra ID puts a new role into the tokens of an application.
 */
import { verify } from "../../../../access/verify/verify";
import { verifyDocument } from "../../../../access/verify/report";
import { describeChain } from "../../../../cli/commands/verify/verifyText";
import { consent, microsoft } from "../../../simulator/support/clients";
import { simulated } from "../../../simulator/support/simulated";
import { documentOf } from "../../../support/documents";
import { makeAccess, roles } from "./tenantWithAccess";

const context = simulated();
const declared = { permissions: ["Exchange.ManageAsApp"], directoryRoles: [roles.globalReader] };
const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
/** Every mailbox, by Exchange Web Services. */
const fullAccess = "dc890d15-9560-4a4c-9b7f-a736ec74ec40";

test("a role and a permission that somebody has added are named, and have no tick", async () => {
  const { input, graph, app, grantRole } = await makeAccess(context);
  await grantRole(globalAdministrator);
  await grantRole(roles.userAdministrator);
  await consent(graph, app.servicePrincipalId, microsoft.exchange, fullAccess);
  const report = await verify({ ...input, declared });
  expect(report.ok).toBe(true);
  const [chain] = report.chains;
  const undeclared = (link: string) => chain?.links.find((one) => one.link === link)?.undeclared;
  expect(undeclared("permission")).toEqual(["full_access_as_app"]);
  expect([...(undeclared("role") ?? [])].sort()).toEqual([
    "Global Administrator",
    "User Administrator",
  ]);
  const text = describeChain(chain!, { colour: false });
  expect(text).toMatch(
    /\n {4}! permission +Exchange\.ManageAsApp; not declared by the stack: full_/,
  );
  expect(text).toMatch(
    /\n {4}! role .*not declared by the stack: .*Global Administrator.*apponly drift/,
  );
  expect(text).toContain("✓ workload");
  const document = verifyDocument(input, report, { notVerified: [], now: new Date() });
  expect(documentOf("verify", document)).toMatchObject({ ok: true });
});

test("what the stack declares, and what every token has, is a tick", async () => {
  const { input } = await makeAccess(context);
  const { chains } = await verify({ ...input, declared });
  expect(chains[0]?.links.filter(({ undeclared }) => undeclared !== undefined)).toEqual([]);
});
