/** What keeps a rotation from leaving pipelines without a certificate. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import {
  foreignChanges,
  requireActiveRegistered,
  requireAnotherValid,
  requireRegistered,
} from "../../../operations/rotationChecks";

const now = new Date("2027-05-03T08:00:00Z");

const generation = (name: string, thumbprint: string, more: object = {}) => ({
  name,
  thumbprint,
  active: false,
  notBefore: "2026-11-24T00:00:00Z",
  notAfter: "2027-11-24T00:00:00Z",
  ...more,
});

describe("activating", () => {
  const check = (more: object, registered?: ReadonlySet<string>) => () =>
    requireRegistered("2027-05", [generation("2027-05", "BB", more)], registered, now, "contoso");

  test("activating needs a generation that is registered, by the state and by the tenant", () => {
    expect(check({}, undefined)).not.toThrow();
    expect(check({}, new Set(["BB"]))).not.toThrow();
    expect(check({}, new Set(["AA"]))).toThrow(
      '"2027-05" is not registered on the application, so it cannot become active. Register it again: apponly up --refresh --stack contoso',
    );
    expect(check({ name: "other" })).toThrow('"2027-05" is not registered on the application');
  });

  test("activating needs a generation that is valid now", () => {
    expect(check({ notBefore: "2027-05-03T08:00:01Z" })).toThrow(
      "is valid from 2027-05-03T08:00:01Z",
    );
    expect(check({ notAfter: "2027-05-03T08:00:00Z" })).toThrow("not now.");
  });
});

describe("removing", () => {
  const check = (more: object, registered?: ReadonlySet<string>) => () =>
    requireAnotherValid(
      "2026-11",
      [generation("2026-11", "AA"), generation("2027-05", "BB", more)],
      registered,
      now,
    );

  test.each<[string, object, ReadonlySet<string> | undefined]>([
    ["not active", {}, undefined],
    ["not valid yet", { active: true, notBefore: "2027-06-01T00:00:00Z" }, undefined],
    ["expired", { active: true, notAfter: "2027-05-01T00:00:00Z" }, undefined],
    ["not in the tenant", { active: true }, new Set(["AA"])],
  ])("removing is refused when the other is %s", (_what, more, registered) => {
    expect(check(more, registered)).toThrow(
      'Without the generation "2026-11" no valid generation is active.',
    );
  });

  test("removing is done when the other is active, valid and registered", () => {
    expect(check({ active: true })).not.toThrow();
    expect(check({ active: true }, new Set(["AA", "BB"]))).not.toThrow();
  });
});

test("an overlap is waited for only while the generation that pipelines use is registered", () => {
  const deployed = [generation("2026-11", "AA"), generation("2027-05", "BB", { active: true })];
  const check = (registered?: ReadonlySet<string>) => () =>
    requireActiveRegistered(deployed, registered, "contoso");
  expect(check(undefined)).not.toThrow();
  expect(check(new Set(["BB"]))).not.toThrow();
  expect(check(new Set(["AA"]))).toThrow(
    'The generation "2027-05", which pipelines use, is not registered on the application any more. Register it again: apponly up --refresh --stack contoso',
  );
});

describe("what an update changes besides a rotation", () => {
  const access = "urn:pulumi:dev::apponly::apponly:index:ExchangeAppOnly$";
  const generations = `${access}apponly:index:CertificateCredential$`;
  const key = "azuread:index/applicationCertificate:ApplicationCertificate";
  const change = (op: string, urn: string, type: string, custom = true): EngineEvent =>
    ({ resourcePreEvent: { metadata: { op, urn, type, new: { custom } } } }) as never;
  const changeOfGeneration = (op: string, name: string) =>
    change(op, `${generations}${key}::access-certificate-${name}-credential`, key);

  test("a generation that is added, or removed while another is active, is the rotation's own", () => {
    const events = [
      changeOfGeneration("create", "2027-05"),
      changeOfGeneration("delete", "2026-05"),
      changeOfGeneration("same", "2026-11"),
      change("create", `${access}apponly:index:CertificateCredential::x`, "x", false),
      change(
        "update",
        "urn:pulumi:dev::apponly::pulumi:pulumi:Stack::s",
        "pulumi:pulumi:Stack",
        false,
      ),
      change(
        "update",
        "urn:pulumi:dev::apponly::pulumi:providers:azuread::p",
        "pulumi:providers:azuread",
      ),
      { summaryEvent: {} } as never,
    ];
    expect(foreignChanges(events, "2026-11")).toEqual([]);
  });

  test.each(["delete", "replace", "create-replacement", "update"])(
    "%s of the active generation is not",
    (op) => {
      expect(foreignChanges([changeOfGeneration(op, "2026-11")], "2026-11")).toEqual([
        "access-certificate-2026-11-credential",
      ]);
      // Of another generation whose name begins like the active one's, only what replaces is not.
      expect(foreignChanges([changeOfGeneration(op, "2026-11b")], "2026-11")).toHaveLength(
        op === "delete" ? 0 : 1,
      );
    },
  );

  test.each([
    ["create", "access-grants-role-compliance-administrator"],
    ["delete", "access-grants-consent-exchange"],
    ["update", "access-application"],
  ])("%s of %s is not", (op, name) => {
    const type = "azuread:index/application:Application";
    expect(foreignChanges([change(op, `${access}${type}::${name}`, type)], "2026-11")).toEqual([
      name,
    ]);
  });
});
