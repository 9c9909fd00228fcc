import { knownOwners as rule } from "../rules/knownOwners";
import { types } from "../rules/types";
import { judge, unknown } from "./support/judge";
import { application, firstPreview, owner, servicePrincipal } from "./support/stacks";

const stranger = "99999999-9999-4999-8999-999999999999";

test("owners that are written out pass, and those on the list in any case", async () => {
  expect(await judge(rule, firstPreview())).toEqual({ before: [], end: [] });
  const allowedOwners = [owner.toUpperCase()];
  expect(await judge(rule, firstPreview(), { allowedOwners })).toEqual({ before: [], end: [] });
});

test("an owner who is not on the list is a violation, wherever it is declared", async () => {
  const stack = [
    application({ owners: [owner, stranger] }),
    servicePrincipal({ owners: [stranger] }),
    { type: types.applicationOwner, name: "owner", inputs: { ownerObjectId: stranger } },
  ];
  expect((await judge(rule, stack, { allowedOwners: [owner] })).before).toEqual([
    `app: The owner ${stranger} is not among the allowed owners.`,
    `principal: The owner ${stranger} is not among the allowed owners.`,
    `owner: The owner ${stranger} is not among the allowed owners.`,
  ]);
  expect((await judge(rule, [application()], { allowedOwners: [] })).before).toHaveLength(1);
});

test.each([
  ["one of them", application({ owners: [owner, unknown.text] })],
  ["all of them", application({ owners: unknown.list })],
  [
    "that of a resource",
    { type: types.applicationOwner, name: "app", inputs: { ownerObjectId: unknown.text } },
  ],
  ["one left out", { type: types.applicationOwner, name: "app", inputs: {} }],
])("an owner that is unknown is a violation, not a warning: %s", async (_, one) => {
  expect((await judge(rule, [one])).before).toEqual([
    "app: An owner cannot be seen at preview. Write its object id out.",
  ]);
});

test("an owner given by a name is a violation", async () => {
  expect((await judge(rule, [application({ owners: ["admin@contoso.org"] })])).before).toEqual([
    "app: The owner admin@contoso.org is not an object id.",
  ]);
});
