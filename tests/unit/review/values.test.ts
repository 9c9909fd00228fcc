/** Secrets, unknown and absent values are told apart, in each form in which the engine writes them. */
import * as fc from "fast-check";
import { compareRequested, requestedPermissions } from "../../../review/classify/requiredAccess";
import { unknownValue } from "../../../policy/rules/values";
import { plainValue, visibleValue } from "../../../review/input/engineValues";
import { sameValue, setDifference, textSetOf, valueOf } from "../../../review/values";
import {
  access,
  exchangeOnline,
  manageAsApp,
  maskedSecret,
  unknownList,
  unknownText,
} from "./previews";

const signature = "4dabf18193072939515e22adb298388d";

test.each([
  ["a masked string", "[secret]"],
  ["a masked object", maskedSecret],
  [
    "a secret in plain",
    { [signature]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' },
  ],
  [
    "a secret output",
    { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", secret: true, value: "hunter2" },
  ],
])("%s is a secret and nothing else", (_, value) => {
  expect(valueOf(visibleValue(value))).toEqual({ state: "secret" });
});

test.each([
  unknownText,
  unknownList,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" },
])("%j is unknown", (value) => {
  expect(valueOf(visibleValue(value))).toEqual({ state: "unknown" });
});

test.each([undefined, null, ""])("%j is absent", (value) => {
  expect(valueOf(value)).toEqual({ state: "absent" });
});

test("inside a larger value, secrets are masked and unknown values named", () => {
  const engine = { b: [maskedSecret, unknownText], a: { __defaults: [], secret: "[secret]" } };
  const value = visibleValue(engine);
  expect(valueOf(value)).toEqual({
    state: "known",
    text: '{"a":{"secret":"[secret]"},"b":["[secret]","[unknown]"]}',
  });
});

test("of a state that was exported with its secrets every value is had in plain, wherever it is", () => {
  const secret = (plain: unknown) => ({
    [signature]: "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(plain),
  });
  const exported = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.jsonValue({ maxDepth: 1 }).map((plain) => ({ plain, state: plain })),
      tie("value").map((one) => {
        const { plain } = one as { plain: unknown };
        return { plain, state: secret(plain) };
      }),
      fc.array(tie("value"), { maxLength: 3 }).map((all) => {
        const parts = all as { plain: unknown; state: unknown }[];
        return { plain: parts.map((one) => one.plain), state: parts.map((one) => one.state) };
      }),
    ),
  })).value;
  fc.assert(
    fc.property(exported, (one) => {
      const { plain, state } = one as { plain: unknown; state: unknown };
      expect(JSON.stringify(plainValue(state))).toBe(JSON.stringify(plain));
    }),
  );
  expect(plainValue({ pfx: secret("hunter2"), list: [secret({ name: "a" })] })).toEqual({
    pfx: "hunter2",
    list: [{ name: "a" }],
  });
  const encrypted = { [signature]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" };
  expect(plainValue({ pfx: encrypted, name: "a" })).toEqual({ name: "a" });
});

test("a secret in plain never reaches a text, wherever it is", () => {
  const plain = { [signature]: "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' };
  const placed = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constant(plain),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(placed, (value) => {
      expect(JSON.stringify(valueOf(visibleValue(value)))).not.toContain("hunter2");
    }),
  );
});

test("order of keys and the bridge's defaults do not make a difference", () => {
  expect(sameValue({ a: 1, b: 2 }, { __defaults: ["x"], b: 2, a: 1 })).toBe(true);
  expect(sameValue({ a: 1 }, { a: 2 })).toBe(false);
  expect(sameValue(undefined, "")).toBe(true);
  expect(sameValue(undefined, false)).toBe(false);
});

describe("sets", () => {
  test("a difference is what one has and the other has not, whatever the order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.uniqueArray(fc.string()), (a, b) => {
        const { added, removed } = setDifference(new Set(a), new Set(b));
        const kept = a.filter((one) => !removed.includes(one));
        expect(new Set([...kept, ...added])).toEqual(new Set(b));
        expect(added.some((one) => a.includes(one))).toBe(false);
        expect(removed.some((one) => b.includes(one))).toBe(false);
      }),
    );
  });

  test("elements, or the whole, may be unknown", () => {
    expect(textSetOf(["a", unknownValue])).toEqual({ known: new Set(["a"]), partlyUnknown: true });
    expect(textSetOf(unknownValue)).toEqual({ known: new Set(), partlyUnknown: true });
    expect(textSetOf(undefined)).toEqual({ known: new Set(), partlyUnknown: false });
  });
});

describe("requested permissions", () => {
  const change = { operation: "update", urn: "urn", type: "t", before: {}, after: {}, step: {} };
  const compare = (before: unknown, after: unknown) =>
    compareRequested(
      requestedPermissions(visibleValue(before)),
      requestedPermissions(visibleValue(after)),
      change as unknown as Parameters<typeof compareRequested>[2],
      undefined,
    );
  const accesses = fc.uniqueArray(
    fc.record({
      resourceAppId: fc.uuid(),
      resourceAccesses: fc.uniqueArray(
        fc.record({ id: fc.uuid(), type: fc.constantFrom("Role", "Scope") }),
        { maxLength: 4 },
      ),
    }),
    { maxLength: 4, selector: (one) => one.resourceAppId },
  );

  test("another order is not a change", () => {
    fc.assert(
      fc.property(accesses, (list) => {
        const shuffled = [...list]
          .reverse()
          .map((one) => ({ ...one, resourceAccesses: [...one.resourceAccesses].reverse() }));
        expect(compare(list, shuffled)).toEqual([]);
      }),
    );
  });

  test("every permission that comes is added once, and every one that goes is removed once", () => {
    const idsOf = (list: { resourceAccesses: { id: string }[] }[]) =>
      list.flatMap((one) => one.resourceAccesses);
    fc.assert(
      fc.property(accesses, accesses, (before, after) => {
        const changes = compare(before, after);
        expect(changes.filter(({ action }) => action === "add")).toHaveLength(idsOf(after).length);
        expect(changes.filter(({ action }) => action === "remove")).toHaveLength(
          idsOf(before).length,
        );
      }),
    );
  });

  test("case, a resource named twice and unknown ids", () => {
    const upper = access(exchangeOnline.toUpperCase(), manageAsApp.toUpperCase());
    expect(compare([access(exchangeOnline, manageAsApp)], [upper, upper])).toEqual([]);
    for (const open of [unknownList, [unknownText], [access(exchangeOnline, unknownText)]]) {
      expect(compare([], open)).toMatchObject([{ risk: "high", after: { state: "unknown" } }]);
    }
  });
});
