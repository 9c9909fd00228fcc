/** What keeps a rotation from leaving pipelines without a certificate. */
import { requireAnotherValid, requireRegistered } from "../../../operations/rotationChecks";

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
    requireRegistered("2027-05", [generation("2027-05", "BB", more)], registered, now);

  test("activating needs a generation that is registered, by the state and by the tenant", () => {
    expect(check({}, undefined)).not.toThrow();
    expect(check({}, new Set(["BB"]))).not.toThrow();
    expect(check({}, new Set(["AA"]))).toThrow('"2027-05" is not registered on the application');
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
