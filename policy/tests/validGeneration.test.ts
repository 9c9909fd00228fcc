import { types } from "../rules/types";
import { validGeneration as rule } from "../rules/validGeneration";
import { type Declared, judge, unknown } from "./support/judge";
import { application, certificate, firstPreview, selfSigned } from "./support/stacks";

const end = async (stack: readonly Declared[], settings?: Partial<typeof rule.settings.defaults>) =>
  (await judge(rule, stack, settings)).end;

const dated = (startDate: string, endDate: string, name = "credential"): Declared => ({
  ...certificate({ startDate, endDate, value: "c2VlbiBieSB0aGUgcGFjaw==" }),
  name,
});

const federated = (type: string): Declared => ({
  type,
  name: "federated",
  inputs: { applicationId: unknown.text, issuer: "https://token.actions.githubusercontent.com" },
  on: { applicationId: ["app"] },
});

test("a certificate that the update issues is valid from then on", async () => {
  expect(await end(firstPreview())).toEqual([]);
});

test("a certificate that is valid today passes, to its last second", async () => {
  expect(await end([application(), dated("2026-11-25T12:00:00Z", "2026-11-25T12:00:01Z")])).toEqual(
    [],
  );
});

test.each([types.applicationFederated, types.applicationFlexibleFederated])(
  "%s is enough by itself",
  async (type) => {
    expect(await end([application(), federated(type)])).toEqual([]);
  },
);

test("an application without any credential is a violation", async () => {
  expect(await end([application()])).toEqual([
    "app: Nothing can sign in as ExO. It has no certificate and no federated credential.",
  ]);
});

test("expired certificates and those that are not valid yet do not count", async () => {
  const stack = [
    application(),
    dated("2025-11-25T00:00:00Z", "2026-11-25T12:00:00Z", "expired"),
    dated("2025-11-25T00:00:00Z", "2026-11-24T00:00:00Z", "long-expired"),
    dated("2026-11-25T12:06:00Z", "2027-11-25T00:00:00Z", "early"),
  ];
  expect(await end(stack)).toEqual([
    "app: Nothing can sign in as ExO. Its certificates: 2 expired, 1 not valid yet.",
  ]);
});

test("one that was issued before is judged by what it says, not by the hours declared", async () => {
  const issued = {
    ...selfSigned(),
    outputs: {
      validityStartTime: "2025-11-24T00:00:00Z",
      validityEndTime: "2026-11-24T00:00:00+00:00",
    },
  };
  expect(await end([application(), issued, certificate()])).toEqual([
    "app: Nothing can sign in as ExO. Its certificates: 1 expired.",
  ]);
});

test("a validity that cannot be seen does not count, and is not reported by itself", async () => {
  const unseen = { ...certificate(), on: { applicationId: ["app"] } };
  expect(await end([application(), unseen])).toEqual([
    "app: Nothing can sign in as ExO. Its certificates: 1 whose validity cannot be seen at preview.",
  ]);
});

test("neither a password nor another application's certificate is a generation of this one", async () => {
  const password = {
    type: types.applicationPassword,
    name: "password",
    inputs: { applicationId: unknown.text },
    on: { applicationId: ["app"] },
  };
  const second = { ...application({ displayName: "Second" }), name: "second" };
  expect(await end([...firstPreview(), second, password])).toEqual([
    "second: Nothing can sign in as Second. It has no certificate and no federated credential.",
  ]);
});

test("a stack without an application needs none", async () => {
  expect(await end([])).toEqual([]);
});

test("days that must be left can be configured", async () => {
  const stack = [application(), dated("2026-01-01T00:00:00Z", "2026-12-05T00:00:00Z")];
  expect(await end(stack, { minimumDaysLeft: 9 })).toEqual([]);
  expect(await end(stack, { minimumDaysLeft: 14 })).toEqual([
    "app: Nothing can sign in as ExO. Its certificates: 1 ending too soon.",
  ]);
});
