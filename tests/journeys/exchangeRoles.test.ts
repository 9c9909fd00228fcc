/**
 * A stack whose application has roles of Exchange's own: made, narrowed from a directory role and
 * removed, through the engine and the provider as they run for everybody.
 *
 * Does not prove how long a real tenant takes until a role is in effect.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { exchangeDeployerPermissions } from "../support/exchangeTenant";
import {
  exampleConfiguration,
  type Journey,
  type JourneyStack,
  startJourney,
} from "../support/journey";
import { updateStack } from "../../operations/stack";
import { consent, Graph, giveRole, microsoft } from "../simulator/support/clients";

const globalAdministrator = "62e90394-69f5-4237-9190-012177145e10";
const { directoryRoles: _roles, ...access } = exampleConfiguration;
const own = {
  ...access,
  workloads: ["exchange", "compliance"],
  directoryRoles: [] as string[],
  exchangeRoles: [
    {
      role: "Mail Recipients",
      cmdlets: [{ name: "Get-Mailbox" }, { name: "Set-Mailbox", parameters: ["CustomAttribute1"] }],
      recipientFilter: "Department -eq 'Sales'",
    },
  ],
  complianceRoleGroups: [
    { name: "Security Reader" },
    { name: "Retention readers", roles: ["View-Only Retention Management"] },
  ],
};

let journey: Journey;
let stack: JourneyStack;

beforeAll(async () => {
  journey = await startJourney({
    initialDomain: "contoso.onmicrosoft.com",
    deployer: { permissions: [...exchangeDeployerPermissions, "Domain.Read.All"] },
  });
  const graph = await Graph.connect(journey);
  const { servicePrincipalObjectId: id } = journey.tenant.deployer;
  await consent(graph, id, microsoft.exchange, microsoft.manageAsApp);
  await consent(graph, id, microsoft.protection, microsoft.manageAsAppOnProtection);
  await giveRole(graph, id, globalAdministrator);
  stack = await journey.stack("own-roles", own);
});
afterAll(() => journey.close());

it("makes roles and role groups instead of directory roles, and removes all of it", async () => {
  await stack.up();
  const { exchange, directoryRoleAssignments } = journey.tenant.state();
  const { servicePrincipalObjectId } = await stack.outputs();
  expect(exchange.roles.map(({ name, parent }) => [name, parent])).toEqual([
    ["ExO PowerShell CBA: Mail Recipients", "Mail Recipients"],
  ]);
  expect(
    exchange.roleAssignments.filter(({ assigneeId }) => assigneeId === servicePrincipalObjectId),
  ).toMatchObject([
    {
      role: "ExO PowerShell CBA: Mail Recipients",
      writeScope: { scope: "ExO PowerShell CBA: Mail Recipients" },
    },
  ]);
  expect(
    exchange.roleGroups
      .filter(({ members }) => members.includes(servicePrincipalObjectId as string))
      .map(({ name }) => name),
  ).toEqual(["Security Reader", "Retention readers"]);
  expect(directoryRoleAssignments).toHaveLength(1);
  await stack.expectNoChanges();
  await stack.destroy();
  expect(journey.tenant.state().exchange).toEqual({
    pointers: [],
    roles: [],
    scopes: [],
    roleGroups: [],
    roleAssignments: [],
  });
});

it("narrows an application from a directory role: what is new is there and proven before the role goes", async () => {
  const narrow = { ...own, workloads: ["exchange"], complianceRoleGroups: [] as never[] };
  await stack.configure({
    ...narrow,
    exchangeRoles: [],
    directoryRoles: ["Exchange Administrator"],
  });
  await stack.up();
  const { servicePrincipalObjectId } = await stack.outputs();
  const rolesOf = () => {
    const { exchange, directoryRoleAssignments } = journey.tenant.state();
    return [
      directoryRoleAssignments.filter(({ principalId }) => principalId === servicePrincipalObjectId)
        .length,
      exchange.roleAssignments.filter(({ assigneeId }) => assigneeId === servicePrincipalObjectId)
        .length,
    ];
  };
  expect(rolesOf()).toEqual([1, 0]);
  await stack.configure(narrow);
  await expect(
    updateStack(await stack.opened(), {
      prove: () => {
        expect(rolesOf()).toEqual([1, 1]);
        return Promise.reject(new Error("not arrived"));
      },
    }),
  ).rejects.toThrow("not arrived");
  expect(rolesOf()).toEqual([1, 1]);
  let proven = 0;
  await updateStack(await stack.opened(), { prove: () => Promise.resolve(void (proven += 1)) });
  expect([proven, rolesOf()]).toEqual([1, [0, 1]]);
  await stack.expectNoChanges();
});

it("tells scripts by the application's own token, and stops one that needs more, with its line", async () => {
  const advise = async (script: string, ...more: string[]) => {
    const file = join(stack.workDirectory, "script.ps1");
    await writeFile(file, script);
    return journey.apponly(["advise", file, "--stack", "own-roles", ...more], stack.workDirectory);
  };
  const fits = "Get-Mailbox ann\nSet-Mailbox ann -CustomAttribute1 x\n";
  expect(await advise(fits, "--check")).toMatchObject({ code: 0 });
  const more = await advise(`${fits}Get-TransportRule\n`, "--check");
  expect([more.code, more.stdout]).toEqual([
    3,
    expect.stringMatching(/Get-TransportRule.*script\.ps1:3/),
  ]);
  expect(await advise("Get-TransportRule\n")).toMatchObject({ code: 0 });
  const parameter = await advise(
    "Set-Mailbox ann -MaxSendSize 1MB\n",
    "--check",
    "--format",
    "json",
  );
  expect(parameter.code).toBe(3);
  expect(parameter.stdout).toContain("MaxSendSize");
});
