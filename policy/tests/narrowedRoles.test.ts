import { narrowedRoles as rule } from "../rules/narrowedRoles";
import { types } from "../rules/types";
import { type Declared, judge, unknown } from "./support/judge";
import { application, consent, graph, readMail, role, servicePrincipal } from "./support/stacks";

const globalReader = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
const assignment = (inputs: Record<string, unknown>): Declared => ({
  type: types.exchangeAssignment,
  name: "sales",
  inputs: { objectId: unknown.text, ...inputs },
  on: { objectId: ["principal"] },
});
const scoped = assignment({ role: "Mail Recipients", recipientScope: "Sales" });
const custom = assignment({ customRole: "Sales mailboxes" });
const violations = async (...grants: Declared[]) =>
  (await judge(rule, [application(), servicePrincipal(), ...grants])).end;
const byAdministrator =
  "sales: The directory role Exchange Administrator reaches further than sales, and roles add up.";

test.each([
  ["a scope", scoped],
  ["a custom role", custom],
  ["an administrative unit", assignment({ role: "Mail Recipients", administrativeUnit: "u" })],
])("%s is void beside a directory role that serves Exchange Online", async (_, narrowed) => {
  expect(await violations(narrowed, role())).toEqual([byAdministrator]);
});

test("a role that only reads makes a choice of cmdlets void, and no scope", async () => {
  const reader = role({ roleId: globalReader });
  expect(await violations(scoped, reader)).toEqual([]);
  expect(await violations(custom, reader)).toEqual([
    "sales: The directory role Global Reader reaches further than sales, and roles add up.",
  ]);
});

test("a role without narrowing, a directory role that does not serve it, and none at all pass", async () => {
  const userAdministrator = "fe930be7-5e62-47db-91af-98c3a49a38b1";
  expect(await violations(assignment({ role: "Mail Recipients" }), role())).toEqual([]);
  expect(await violations(scoped, role({ roleId: userAdministrator }))).toEqual([]);
  expect(await violations(scoped)).toEqual([]);
});

test("what another application has does not count", async () => {
  const other = { ...servicePrincipal(), name: "other" };
  const theirs = { ...role(), on: { principalObjectId: ["other"] } };
  expect(await violations(other, scoped, theirs)).toEqual([]);
});

test("ids that are known are compared", async () => {
  const id = "33333333-3333-4333-8333-333333333333";
  const held = (objectId: string): Declared => ({
    ...scoped,
    inputs: { ...scoped.inputs, objectId },
    on: {},
  });
  const given = { ...role({ principalObjectId: id }), on: {} };
  expect(await violations(held(id.toUpperCase()), given)).toEqual([byAdministrator]);
  expect(await violations(held("44444444-4444-4444-8444-444444444444"), given)).toEqual([]);
});

test("which role it is has to be known", async () => {
  expect(await violations(scoped, role({ roleId: unknown.text }))).toEqual([
    "sales: Which directory role role assigns, only the update decides. It cannot be seen at preview, so it does not pass.",
  ]);
});

test("a consent to the same data makes the scope of an application role void", async () => {
  const reads = consent({ appRoleId: readMail, resourceObjectId: graph });
  const application = assignment({ role: "Application Mail.Read", recipientScope: "Sales" });
  expect(await violations(application, reads)).toEqual([
    "sales: The consent to Mail.Read reaches every mailbox, whatever the scope of sales.",
  ]);
  expect(await violations(assignment({ role: "Application Mail.Read" }), reads)).toEqual([]);
  expect(await violations(application, consent())).toEqual([]);
});

test("an exemption lets it pass until its day", async () => {
  const exemptions = [
    { resource: "sales", reason: "both until the move has ended", until: "2026-11-25" },
  ];
  const stack = [application(), servicePrincipal(), scoped, role()];
  expect((await judge(rule, stack, { exemptions })).end).toEqual([]);
});
