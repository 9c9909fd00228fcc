/** Roles of Exchange's own in a review: each is a change with its risk, and none passes unseen. */
import { expect, test } from "@jest/globals";
import { review } from "../../../review/review";
import { previewOf, type ResourceOf } from "./previews";

const created = (type: string, inputs: Record<string, unknown>, op = "create"): ResourceOf => {
  const side = { inputs, outputs: inputs };
  return {
    op,
    type: `exchangeonline:index:${type}`,
    name: "one",
    ...(op === "delete" ? { old: side } : { new: side }),
  };
};
const summaryOf = (resource: ResourceOf) =>
  review(previewOf(resource)).changes.map(({ subject, risk, action }) => [action, risk, subject]);

test.each<[string, ResourceOf, string[]]>([
  [
    "a role within a scope",
    created("RoleAssignment", { customRole: "Mine", recipientScope: "Sales" }),
    ["add", "medium", "role Mine in Exchange Online within Sales"],
  ],
  [
    "a role that only reads",
    created("RoleAssignment", { role: "View-Only Recipients" }),
    ["add", "low", "role View-Only Recipients in Exchange Online on all recipients"],
  ],
  [
    "a role with which every other can be had",
    created("RoleAssignment", { role: "Role Management" }),
    ["add", "critical", "role Role Management in Exchange Online on all recipients"],
  ],
  [
    "a role that goes",
    created("RoleAssignment", { role: "Role Management" }, "delete"),
    ["remove", "low", "role Role Management in Exchange Online on all recipients"],
  ],
  [
    "a custom role",
    created("ManagementRole", {
      name: "Mine",
      parent: "Mail Recipients",
      cmdlets: [{ name: "Set-Mailbox", parameters: ["MaxSendSize"] }],
    }),
    ["add", "medium", "custom role Mine of Mail Recipients: Set-Mailbox -MaxSendSize"],
  ],
  [
    "a scope",
    created("ManagementScope", { name: "Sales", recipientFilter: "Department -eq 'Sales'" }),
    ["add", "medium", "scope Sales: Department -eq 'Sales'"],
  ],
  [
    "a role group",
    created("RoleGroup", {
      workload: "compliance",
      name: "G",
      roles: ["View-Only Retention Management"],
    }),
    ["add", "low", "role group G: View-Only Retention Management"],
  ],
  [
    "a member",
    created("RoleGroupMember", { workload: "compliance", roleGroup: "G" }),
    ["add", "medium", "member of the role group G in compliance"],
  ],
])("tells %s", (_what, resource, expected) => {
  expect(summaryOf(resource)).toEqual([expected]);
});

test("a type of the provider that is not known yet does not pass unseen", () => {
  expect(summaryOf(created("SomethingNew", { name: "x" }))).toHaveLength(1);
});

test("the pointer to a service principal gives no right", () => {
  expect(summaryOf(created("ServicePrincipal", { workload: "exchange" }))).toEqual([]);
});
