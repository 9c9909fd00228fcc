/** How a tenant's limit on the lifetime of certificates is understood and applied. */
import { limitOf } from "../../../microsoft/graph/managementPolicy";
import { lifetimeFault } from "../../../components/validation/certificateLifetime";
import { parseCertificate } from "../../../components/validation/resolvedCertificate";

describe("a generated certificate", () => {
  const policy = "the tenant's app management policy";
  const fault = (validityDays: number | undefined, maxLifetime: string) => {
    const generation = { name: "a", subject: "x.org", ...(validityDays && { validityDays }) };
    const { value } = parseCertificate(generation, "certificates[2]", new Date());
    return value && lifetimeFault(value, { maxLifetime, policy });
  };

  test("may live exactly as long as allowed, and no day longer", () => {
    expect(fault(180, "P180D")).toBeUndefined();
    expect(fault(181, "P180D")).toMatchObject({
      path: "certificates[2].validityDays",
      value: "181",
      remedy: "Set it to 180 or fewer.",
    });
  });

  test("lives for a year unless it is said otherwise", () => {
    expect(fault(undefined, "P365D")).toBeUndefined();
    expect(fault(undefined, "P364D")).toMatchObject({ value: "365" });
  });

  test("cannot live for less than a day", () => {
    expect(fault(1, "PT12H")?.remedy).toContain("Ask whoever administers the policy");
  });

  test("is not judged by a limit that cannot be understood", () => {
    expect(fault(700, "a while")).toBeUndefined();
  });
});

describe("the limit that holds", () => {
  const lifetime = { restrictionType: "asymmetricKeyLifetime", maxLifetime: "P90D" };
  const standard = (restriction: object, isEnabled = true) => ({
    isEnabled,
    applicationRestrictions: { keyCredentials: [restriction] },
  });
  const created = new Date("2026-11-24T00:00:00Z");
  const knownLimit = (maxLifetime: string) => ({ known: true, limit: { maxLifetime } });

  test("is the tenant's, where it is switched on", () => {
    expect(limitOf(standard(lifetime), [], created)).toMatchObject(knownLimit("P90D"));
    expect(limitOf(standard(lifetime, false), [], created)).toEqual({ known: true });
    expect(limitOf(standard({ ...lifetime, state: "disabled" }), [], created)).toEqual({
      known: true,
    });
    expect(limitOf({}, [], created)).toEqual({ known: true });
  });

  test("does not concern passwords or other restrictions", () => {
    const other = { restrictionType: "trustedCertificateAuthority", maxLifetime: "P90D" };
    expect(limitOf(standard(other), [], created)).toEqual({ known: true });
  });

  test("begins with applications made at its date", () => {
    const limitFrom = (restrictForAppsCreatedAfterDateTime: string) =>
      limitOf(standard({ ...lifetime, restrictForAppsCreatedAfterDateTime }), [], created);
    expect(limitFrom("2026-11-24T00:00:00Z")).toMatchObject(knownLimit("P90D"));
    expect(limitFrom("2026-11-24T00:00:01Z")).toEqual({ known: true });
  });

  test("is that of the application's own policy, also when that has none", () => {
    const own = (keyCredentials: object[], isEnabled = true) => [
      { displayName: "Own", isEnabled, restrictions: { keyCredentials } },
    ];
    const longer = { ...lifetime, maxLifetime: "P200D" };
    expect(limitOf(standard(lifetime), own([longer]), created)).toMatchObject(knownLimit("P200D"));
    expect(limitOf(standard(lifetime), own([]), created)).toEqual({ known: true });
    expect(limitOf(standard(lifetime), own([longer], false), created)).toMatchObject(
      knownLimit("P90D"),
    );
  });

  test("is not known where some callers are exempt", () => {
    const exempting = { ...lifetime, excludeActors: { customSecurityAttributes: [] } };
    expect(limitOf(standard(exempting), [], created)).toMatchObject({
      known: false,
      why: expect.stringContaining("P90D"),
    });
  });
});
