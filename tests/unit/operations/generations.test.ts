/** How what the tenant holds, what the stack has made and what is configured are told apart. */
import { compareKeys } from "../../../operations/applicationKeys";
import { furtherEntries, listGenerations } from "../../../operations/generations";

const now = new Date("2027-05-03T08:00:00Z");

const deployed = (name: string, thumbprint: string, active: boolean) => ({
  name,
  thumbprint,
  active,
  thumbprintSha256: "CD",
  subject: "CN=contoso.org",
  notBefore: "2026-11-24T00:00:00Z",
  notAfter: "2027-05-13T08:00:00Z",
  generated: true,
  cer: "",
});

const entry = (keyId: string, thumbprint: string) => ({
  keyId,
  thumbprint,
  notBefore: "2026-11-24T00:00:00Z",
  notAfter: "2027-05-13T08:00:00Z",
});

describe("the entries of an application", () => {
  test("entries are owned, lost, left behind once more, or somebody else's", () => {
    const registered = [entry("1", "AA"), entry("2", "AA"), entry("3", "BB"), entry("4", "")];
    expect(compareKeys(["1", "9"], registered)).toEqual({
      owned: [entry("1", "AA")],
      lost: ["9"],
      duplicates: [entry("2", "AA")],
      foreign: [entry("3", "BB"), entry("4", "")],
    });
  });

  test("entries are not duplicates of what the stack has lost", () => {
    expect(compareKeys(["1"], [entry("2", "AA")])).toMatchObject({
      duplicates: [],
      foreign: [entry("2", "AA")],
    });
  });
});

describe("the list", () => {
  const generations = [deployed("2026-11", "AA", true)];

  test("the list has what is configured and what is deployed", () => {
    expect(listGenerations(["2026-11", "2027-05"], generations, undefined, now)).toEqual([
      {
        name: "2026-11",
        thumbprint: "AA",
        notAfter: "2027-05-13T08:00:00Z",
        daysLeft: 10,
        active: true,
        registered: true,
      },
      {
        name: "2027-05",
        thumbprint: "",
        notAfter: undefined,
        daysLeft: undefined,
        active: false,
        registered: false,
      },
    ]);
  });

  test("the list believes the tenant more than the state", () => {
    const gone = compareKeys(["1"], [entry("7", "FF")]);
    expect(listGenerations([], generations, gone, now)).toMatchObject([{ registered: false }]);
    const there = compareKeys(["1"], [entry("1", "AA")]);
    expect(listGenerations([], generations, there, now)).toMatchObject([{ registered: true }]);
  });

  test("the list names the generation whose certificate is there once more", () => {
    const tenant = compareKeys(["1"], [entry("1", "AA"), entry("2", "AA"), entry("3", "BB")]);
    expect(furtherEntries(generations, tenant, now)).toEqual([
      { keyId: "2", thumbprint: "AA", daysLeft: 10, duplicateOf: "2026-11" },
      { keyId: "3", thumbprint: "BB", daysLeft: 10 },
    ]);
  });
});
