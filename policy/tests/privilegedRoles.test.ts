import { directoryRoles, needsException } from "../../components/catalog/directoryRoles";
import { privilegedRoles as rule } from "../rules/privilegedRoles";
import { types } from "../rules/types";
import { type Declared, judge, unknown } from "./support/judge";
import { globalAdministrator, role } from "./support/stacks";

const securityAdministrator = "194ae4cb-b126-40b2-bd5b-6091b380977d";
const live = { role: "Global Administrator", reason: "mailbox migration", until: "2026-11-25" };
const ended = { ...live, until: "2026-11-24" };

/** The components around a role assignment, as the project's own program has them. */
const withExceptions = (assignment: Declared, ...exceptions: unknown[]): Declared[] => [
  { type: "apponly:index:ExchangeAppOnly", name: "access", inputs: { exceptions } },
  { type: "apponly:index:WorkloadGrants", name: "grants", parent: "access", inputs: {} },
  { ...assignment, parent: "grants" },
];

test("roles that are not privileged, and privileged readers, pass", async () => {
  const stack = [
    role(),
    { ...role({ roleId: "f2ef992c-3afb-46b9-b7cf-a126ee74c451" }), name: "reader" },
  ];
  expect(await judge(rule, stack)).toEqual({ before: [], end: [] });
});

test("a privileged role without an exception is stopped before it is assigned", async () => {
  expect(await judge(rule, withExceptions(role({ roleId: globalAdministrator })))).toEqual({
    before: [
      "role: The directory role Global Administrator is privileged, and no exception covers it.",
    ],
    end: [],
  });
});

test("a live exception of the components around it covers a role, another's does not", async () => {
  const assignment = role({ roleId: globalAdministrator });
  expect(await judge(rule, withExceptions(assignment, live))).toEqual({ before: [], end: [] });
  const elsewhere = [
    { type: "apponly:index:ExchangeAppOnly", name: "other", inputs: { exceptions: [live] } },
    ...withExceptions(assignment),
  ];
  expect((await judge(rule, elsewhere)).before).toHaveLength(1);
});

test.each([
  ["ended yesterday", ended, "its exception until 2026-11-24 has ended, or gives no reason"],
  [
    "no reason",
    { ...live, reason: " " },
    "its exception until 2026-11-25 has ended, or gives no reason",
  ],
  ["another role", { ...live, role: "Security Administrator" }, "no exception covers it"],
  ["unknown", unknown.object, "the stack's exceptions cannot be seen at preview"],
])("an exception with %s does not cover it", async (_, exception, why) => {
  const stack = withExceptions(role({ roleId: globalAdministrator }), exception);
  expect((await judge(rule, stack)).before).toEqual([
    `role: The directory role Global Administrator is privileged, and ${why}.`,
  ]);
});

test("the pack's own exceptions hold in every stack; the stack's can be refused", async () => {
  const stack = withExceptions(role({ roleId: globalAdministrator }), live);
  expect((await judge(rule, stack, { acceptExceptionsOfStack: false })).before).toHaveLength(1);
  const configured = { acceptExceptionsOfStack: false, exceptions: [live] };
  expect(await judge(rule, stack, configured)).toEqual({ before: [], end: [] });
  const flat = [role({ roleId: globalAdministrator })];
  expect(await judge(rule, flat, { exceptions: [live] })).toEqual({ before: [], end: [] });
  expect((await judge(rule, flat, { exceptions: [ended] })).before).toHaveLength(1);
});

test("privileged roles can be accepted as such", async () => {
  const stack = [role({ roleId: securityAdministrator })];
  expect((await judge(rule, stack)).before).toHaveLength(1);
  const settings = { acceptedRoles: ["security administrator"] };
  expect(await judge(rule, stack, settings)).toEqual({ before: [], end: [] });
});

test.each([
  [types.directoryRoleMember, "roleObjectId"],
  [types.directoryRoleEligibility, "roleDefinitionId"],
  [types.administrativeUnitRoleMember, "roleObjectId"],
])("%s assigns a role too", async (type, key) => {
  const stack = [{ type, name: "member", inputs: { [key]: globalAdministrator } }];
  expect((await judge(rule, stack)).before).toEqual([
    "member: The directory role Global Administrator is privileged, and no exception covers it.",
  ]);
});

const activated = (inputs: Record<string, unknown>): Declared[] => [
  {
    type: types.directoryRole,
    name: "activated",
    inputs,
    outputs: { objectId: unknown.text, templateId: unknown.text },
  },
  { ...role({ roleId: unknown.text }), on: { roleId: ["activated"] } },
];

test("a role whose id is unknown is found by the activated role that it comes from", async () => {
  expect(await judge(rule, activated({ displayName: "Exchange Administrator" }))).toEqual({
    before: [],
    end: [],
  });
  expect(await judge(rule, activated({ displayName: "Global Administrator" }))).toEqual({
    before: [],
    end: [
      "role: The directory role Global Administrator is privileged, and no exception covers it.",
    ],
  });
  expect(await judge(rule, activated({ displayName: unknown.text }))).toEqual({
    before: [],
    end: [
      "role: Which directory role is assigned cannot be seen at preview, so it counts as privileged. Write its template id out.",
    ],
  });
});

test("a role that is unknown and comes from nowhere is a violation, not a warning", async () => {
  const stack = [{ ...role({ roleId: unknown.text }), on: {} }];
  expect(await judge(rule, stack)).toEqual({
    before: [],
    end: [
      "role: Which directory role is assigned, only the update decides. It cannot be seen at preview, so it does not pass.",
    ],
  });
});

test("a role that is in no table, or the stack's own, counts as privileged", async () => {
  const id = "99999999-9999-4999-8999-999999999999";
  expect((await judge(rule, [role({ roleId: id })])).end).toEqual([
    `role: The directory role ${id} is not one that Microsoft is known to offer, so it counts as privileged, and no exception covers it.`,
  ]);
  const exceptions = [{ ...live, role: id }];
  expect(await judge(rule, [role({ roleId: id })], { exceptions })).toEqual({
    before: [],
    end: [],
  });
  const custom = [
    { type: types.customDirectoryRole, name: "custom", inputs: { displayName: "Mail Fixer" } },
    { ...role({ roleId: unknown.text }), on: { roleId: ["custom"] } },
  ];
  expect((await judge(rule, custom)).end).toEqual([
    "role: The directory role Mail Fixer is not one that Microsoft is known to offer, so it counts as privileged, and no exception covers it.",
  ]);
});

test("the program asks for an exception exactly where the policy does", async () => {
  expect(directoryRoles.map(({ name }) => name)).toEqual([
    "Compliance Administrator",
    "Exchange Administrator",
    "Exchange Recipient Administrator",
    "Global Administrator",
    "Global Reader",
    "Helpdesk Administrator",
    "Security Administrator",
    "Security Reader",
  ]);
  for (const one of directoryRoles) {
    const { before } = await judge(rule, [role({ roleId: one.templateId })]);
    expect([one.name, before.length > 0]).toEqual([one.name, needsException(one)]);
  }
});
