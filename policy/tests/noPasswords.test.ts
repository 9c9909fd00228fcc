import { noPasswords as rule } from "../rules/noPasswords";
import { types } from "../rules/types";
import { judge, unknown } from "./support/judge";
import { application, firstPreview } from "./support/stacks";

const password = {
  type: types.applicationPassword,
  name: "password",
  inputs: { applicationId: unknown.text, displayName: "job" },
};

test("certificates pass; so do empty lists", async () => {
  expect(await judge(rule, firstPreview())).toEqual({ before: [], end: [] });
  expect(await judge(rule, [application({ passwords: [] })])).toEqual({ before: [], end: [] });
});

test("a client secret is stopped before it is made, whatever of it is unknown", async () => {
  expect(await judge(rule, [password])).toEqual({
    before: ["password: An application gets a client secret."],
    end: [],
  });
  const principal = { ...password, type: types.servicePrincipalPassword };
  expect((await judge(rule, [principal])).before).toEqual([
    "password: A service principal gets a client secret.",
  ]);
});

test.each([
  ["password", { displayName: "job" }],
  ["passwords", [{ displayName: "job" }]],
  ["password", unknown.object],
  ["passwords", unknown.list],
])(
  "a client secret in the registration's %s, known or unknown, is a violation (%#)",
  async (key, value) => {
    expect((await judge(rule, [application({ [key]: value })])).before).toEqual([
      "app: The application has a client secret in its registration.",
    ]);
  },
);

test("one resource can be exempt for a time, by name or URN", async () => {
  const exempt = (resource: string) =>
    judge(rule, [password], {
      exemptions: [{ resource, reason: "until federation works", until: "2026-12-31" }],
    });
  expect(await exempt("password")).toEqual({ before: [], end: [] });
  expect(await exempt(`urn:pulumi:prod::apponly::${types.applicationPassword}::password`)).toEqual({
    before: [],
    end: [],
  });
  expect((await exempt("pass")).before).toHaveLength(1);
});
