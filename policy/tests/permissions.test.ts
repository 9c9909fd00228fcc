import {
  type PermissionSettings,
  permissionsAllowList as rule,
} from "../rules/permissionsAllowList";
import { types } from "../rules/types";
import { judge, unknown } from "./support/judge";
import {
  access,
  application,
  consent,
  exchangeOnline,
  graph,
  manageAsApp,
  readMail,
  servicePrincipal,
} from "./support/stacks";

const before = async (...args: Parameters<typeof judge<PermissionSettings>>) =>
  (await judge(...args)).before;

const asking = (...accesses: unknown[]) => application({ requiredResourceAccesses: accesses });

test("the two permissions of app-only PowerShell pass, in any case", async () => {
  const protection = access(
    "00000007-0000-0FF1-CE00-000000000000",
    "455E5CD2-84E8-4751-8344-5672145DFA17",
  );
  const stack = [asking(access(exchangeOnline, manageAsApp), protection), consent()];
  expect(await judge(rule, stack)).toEqual({ before: [], end: [] });
});

test("an application that asks for another permission is stopped before it is created", async () => {
  expect(await before(rule, [asking(access(graph, readMail))])).toEqual([
    "app: The application permission 810c84a8-4a9e-49e6-bf7d-12d183f40d01 of Microsoft Graph is not on the allow list.",
  ]);
});

test("a listed id of another resource, or as a delegated permission, is another permission", async () => {
  expect(
    await before(rule, [
      asking(access(graph, manageAsApp), access(exchangeOnline, manageAsApp, "Scope")),
    ]),
  ).toEqual([
    `app: The application permission ${manageAsApp} of Microsoft Graph is not on the allow list.`,
    `app: The delegated permission ${manageAsApp} of Office 365 Exchange Online is not on the allow list.`,
  ]);
});

test("ApplicationApiAccess is judged as the manifest is", async () => {
  const part = {
    type: types.applicationApiAccess,
    name: "access",
    inputs: { apiClientId: graph, roleIds: [readMail], scopeIds: ["e1fe6dd8-ba31-4d61-89e7"] },
  };
  expect(await before(rule, [part])).toEqual([
    `access: The application permission ${readMail} of Microsoft Graph is not on the allow list.`,
    "access: The delegated permission e1fe6dd8-ba31-4d61-89e7 of Microsoft Graph is not on the allow list.",
  ]);
});

test("a consent is judged by its app role; default access is not a permission", async () => {
  expect(await before(rule, [consent({ appRoleId: readMail })])).toEqual([
    `consent: The application permission ${readMail} is not on the allow list.`,
  ]);
  const none = consent({ appRoleId: "00000000-0000-0000-0000-000000000000" });
  expect(await before(rule, [none])).toEqual([]);
});

test("an app role of the stack's own that has a listed id is not listed", async () => {
  const own = {
    ...consent({ resourceObjectId: unknown.text }),
    on: { resourceObjectId: ["principal"] },
  };
  expect(await judge(rule, [servicePrincipal(), own])).toEqual({
    before: [],
    end: [
      `consent: The application permission ${manageAsApp} of principal is not on the allow list.`,
    ],
  });
});

test("a delegated grant holds no scope but those allowed", async () => {
  const grant = {
    type: types.delegatedGrant,
    name: "grant",
    inputs: { claimValues: ["User.Read", "Mail.Send"] },
  };
  expect(await before(rule, [grant], { allowedScopes: ["User.Read"] })).toEqual([
    "grant: The delegated permission Mail.Send is not on the allow list.",
  ]);
});

test.each([
  ["the manifest", application({ requiredResourceAccesses: unknown.list })],
  ["an entry", asking(unknown.object)],
  ["the resource", asking(access(unknown.text, manageAsApp))],
  ["an id", asking(access(exchangeOnline, unknown.text))],
  ["the list of one resource", asking({ resourceAppId: graph, resourceAccesses: unknown.list })],
])("%s that is unknown is a violation, not a warning", async (_, stack) => {
  expect(await before(rule, [stack])).toEqual([
    "app: A permission that the application asks for cannot be seen at preview, so it is not on the allow list. Write its id out.",
  ]);
});

test("an app role or scope that is granted and unknown is a violation", async () => {
  const grant = {
    type: types.delegatedGrant,
    name: "grant",
    inputs: { claimValues: unknown.list },
  };
  expect(await before(rule, [consent({ appRoleId: unknown.text }), grant])).toEqual([
    "consent: The app role that is granted cannot be seen at preview, so it is not on the allow list. Write its id out.",
    "grant: A delegated permission that is granted cannot be seen at preview, so it is not on the allow list. Write its id out.",
  ]);
});

test("the allow list can be configured, and replaces the default", async () => {
  const allowedPermissions = [{ resourceAppId: graph, id: readMail, type: "Role" as const }];
  const stack = [asking(access(graph, readMail), access(exchangeOnline, manageAsApp))];
  expect(await before(rule, stack, { allowedPermissions })).toEqual([
    `app: The application permission ${manageAsApp} of Office 365 Exchange Online is not on the allow list.`,
  ]);
});

test("a resource can be exempt until a day, and no longer", async () => {
  const stack = [asking(access(graph, readMail))];
  const exempt = (until: string, reason = "until the migration ends") =>
    before(rule, stack, { exemptions: [{ resource: "app", reason, until }] });
  expect(await exempt("2026-11-25")).toEqual([]);
  expect(await exempt("2026-11-24")).toHaveLength(1);
  expect(await exempt("2026-12-31", "because")).toHaveLength(1);
  expect(await exempt("tomorrow")).toHaveLength(1);
});
