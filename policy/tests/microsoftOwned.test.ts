import { applicationPermissions } from "../../components/catalog/permissions";
import { evaluate } from "../rules/evaluate";
import { StackView } from "../rules/stackView";
import {
  isMicrosoftApplication,
  microsoftApplicationName,
} from "../rules/data/microsoftApplications";
import { appOnlyPermissions } from "../rules/data/permissions";
import { microsoftOwned as rule } from "../rules/microsoftOwned";
import { types } from "../rules/types";
import { type Declared, judge, today, unknown, urnOf } from "./support/judge";
import { consent, exchangeOnline, firstPreview, servicePrincipal } from "./support/stacks";

const managed = (inputs: Record<string, unknown>): Declared => ({
  type: types.servicePrincipal,
  name: "exchange",
  inputs,
});

test("the stack's own service principal passes before its client id is known", async () => {
  expect(await judge(rule, firstPreview())).toEqual({ before: [], end: [] });
  const own = managed({ clientId: "44444444-4444-4444-8444-444444444444" });
  expect(await judge(rule, [own])).toEqual({ before: [], end: [] });
});

test.each([
  ["clientId", exchangeOnline, "Office 365 Exchange Online"],
  ["clientId", exchangeOnline.toUpperCase(), "Office 365 Exchange Online"],
  ["applicationId", "00000003-0000-0000-c000-000000000000", "Microsoft Graph"],
  [
    "clientId",
    "0000000a-0000-0000-c000-000000000000",
    "The application 0000000a-0000-0000-c000-000000000000",
  ],
])("one of Microsoft's is stopped before the stack takes it over: %s %s", async (key, id, name) => {
  expect(await judge(rule, [managed({ [key]: id, useExisting: true })])).toEqual({
    before: [
      `exchange: ${name} belongs to Microsoft; managed by a stack it is overwritten, and deleted with the stack.`,
    ],
    end: [],
  });
});

test("one that Microsoft's tenant owns is Microsoft's, whatever its id", async () => {
  const id = "44444444-4444-4444-8444-444444444444";
  const one = {
    ...managed({ clientId: id }),
    outputs: { applicationTenantId: "f8cdef31-a31e-4b4a-93e4-5f571e91255a" },
  };
  expect((await judge(rule, [one])).end).toEqual([
    `exchange: The application ${id} belongs to Microsoft; managed by a stack it is overwritten, and deleted with the stack.`,
  ]);
});

test("a client id that is unknown and comes from no application is a violation, not a warning", async () => {
  expect(await judge(rule, [managed({ clientId: unknown.text, useExisting: true })])).toEqual({
    before: [],
    end: [
      "exchange: Whose service principal it is, only the update decides. It cannot be seen at preview, so it does not pass.",
    ],
  });
});

const resourceObjectId = "22222222-2222-4222-8222-222222222222";
const credential = (type: string, inputs: Record<string, unknown>): Declared => ({
  type,
  name: "extra",
  inputs,
});

test.each([
  types.servicePrincipalCertificate,
  types.servicePrincipalPassword,
  types.tokenSigningCertificate,
  types.claimsMappingAssignment,
  types.synchronizationSecret,
  types.synchronizationJob,
])("%s changes the service principal that it is added to", async (type) => {
  const kind = type.split(":").at(-1);
  const toManaged = [
    { ...managed({ clientId: exchangeOnline }), outputs: { objectId: resourceObjectId } },
    credential(type, { servicePrincipalId: `/servicePrincipals/${resourceObjectId}` }),
  ];
  expect((await judge(rule, toManaged)).end).toEqual([
    `extra: A ${kind} is added to Office 365 Exchange Online, which belongs to Microsoft.`,
  ]);
  // The consents tell which object id Exchange Online has in this tenant.
  const toLookedUp = [consent(), credential(type, { servicePrincipalId: resourceObjectId })];
  expect((await judge(rule, toLookedUp)).before).toEqual([
    `extra: A ${kind} is added to the service principal ${resourceObjectId}, which belongs to Microsoft: the stack consents to its permissions.`,
  ]);
  const toOwn = [
    servicePrincipal(),
    {
      ...credential(type, { servicePrincipalId: unknown.text }),
      on: { servicePrincipalId: ["principal"] },
    },
  ];
  expect((await judge(rule, toOwn)).end.filter((one) => one.startsWith("extra"))).toEqual([]);
  expect((await judge(rule, [credential(type, { servicePrincipalId: unknown.text })])).end).toEqual(
    [
      `extra: Whose service principal a ${kind} is added to, only the update decides. It cannot be seen at preview, so it does not pass.`,
    ],
  );
});

test("more applications can be named as Microsoft's", async () => {
  const id = "44444444-4444-4444-8444-444444444444";
  const stack = [managed({ clientId: id })];
  expect((await judge(rule, stack, { microsoftApplications: [id] })).before).toHaveLength(1);
});

test("a deletion is seen where a preview shows it", () => {
  const { type, name, inputs = {} } = managed({ clientId: exchangeOnline });
  const one = { urn: urnOf({ type, name }), type, name, inputs, outputs: {} };
  const { violations } = evaluate(rule, {
    stack: new StackView([], false, [one]),
    settings: rule.settings.defaults,
    now: new Date(today),
  });
  expect(violations.map(({ message }) => message)).toEqual([
    "Office 365 Exchange Online belongs to Microsoft, and the update would delete it.",
  ]);
});

test("the data agrees with the catalog", () => {
  expect(appOnlyPermissions).toEqual(
    applicationPermissions.map(({ resourceAppId, appRoleId }) => ({
      resourceAppId,
      id: appRoleId,
      type: "Role",
    })),
  );
  for (const { resourceAppId, resourceName } of applicationPermissions) {
    expect(isMicrosoftApplication(resourceAppId)).toBe(true);
    expect(microsoftApplicationName(resourceAppId)).toBe(resourceName);
  }
});
