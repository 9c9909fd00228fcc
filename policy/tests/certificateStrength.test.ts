/** Keys and certificates are real ones, made for the tests. */
import { X509Certificate } from "node:crypto";
import { makeCertificate } from "../../tests/support/certificates";
import { hoursOf } from "../rules/certificateSources";
import { certificateStrength as rule } from "../rules/certificateStrength";
import { types } from "../rules/types";
import { type Declared, judge, unknown } from "./support/judge";
import { certificate, firstPreview, key, selfSigned, withOne } from "./support/stacks";

const make = (keyBits: number, days: number) => {
  const notBefore = new Date("2026-11-01T00:00:00Z");
  const notAfter = new Date(notBefore.getTime() + days * 86_400_000);
  return makeCertificate({ commonName: "contoso.org", keyBits, notBefore, notAfter })
    .certificatePem;
};

const sound = make(2048, 365);
const weak = make(1024, 365);
const old = make(2048, 731);

const supplied = (value: string, inputs: Record<string, unknown> = {}): Declared => ({
  ...certificate({ value, startDate: undefined, endDate: undefined, ...inputs }),
  on: {},
});

test("a key and a certificate that the stack makes pass before they exist", async () => {
  expect(await judge(rule, firstPreview())).toEqual({ before: [], end: [] });
  const unset = [key({ rsaBits: undefined }), selfSigned({ validityPeriodHours: 730 * 24 })];
  expect(await judge(rule, unset)).toEqual({ before: [], end: [] });
});

test.each([
  [key({ rsaBits: 1024 }), "key: The key has 1024 bits, fewer than 2048."],
  [
    key({ algorithm: "ED25519", rsaBits: undefined }),
    "key: The key is of the type ED25519; Exchange Online PowerShell signs in only with RSA keys.",
  ],
  [
    selfSigned({ validityPeriodHours: 730 * 24 + 1 }),
    "self-signed: The certificate is valid for 731 days, longer than 730.",
  ],
  [
    { type: types.locallySignedCert, name: "signed", inputs: { validityPeriodHours: 87_600 } },
    "signed: The certificate is valid for 3650 days, longer than 730.",
  ],
])("what the stack makes is judged where it is declared (%#)", async (one, message) => {
  const { before } = await judge(rule, withOne(one));
  expect(before).toEqual([message]);
});

test("a supplied certificate is read, whatever its encoding", async () => {
  const der = new X509Certificate(sound).raw;
  for (const [value, encoding] of [
    [sound, "pem"],
    [der.toString("base64"), "base64"],
    [der.toString("hex"), "hex"],
  ] as const) {
    expect(await judge(rule, [supplied(value, { encoding })])).toEqual({ before: [], end: [] });
  }
  expect((await judge(rule, [supplied(weak)])).before).toEqual([
    "credential: The key has 1024 bits, fewer than 2048.",
  ]);
  expect((await judge(rule, [supplied(old)])).before).toEqual([
    "credential: The certificate is valid for 731 days, longer than 730.",
  ]);
});

test("a credential that is not a certificate is a violation", async () => {
  expect((await judge(rule, [supplied("a text")])).before).toEqual([
    "credential: The credential's value is not a certificate.",
  ]);
  expect((await judge(rule, [supplied("c2VjcmV0", { type: "Symmetric" })])).before).toEqual([
    "credential: The credential is a symmetric key, not a certificate.",
  ]);
});

test("a certificate of a service principal is judged too", async () => {
  const one = { ...supplied(weak), type: types.servicePrincipalCertificate };
  expect((await judge(rule, [one])).before).toHaveLength(1);
});

test("values that are unknown are violations, not warnings", async () => {
  expect((await judge(rule, [key({ rsaBits: unknown.number })])).before).toEqual([
    "key: The type and size of the key cannot be seen at preview.",
  ]);
  expect((await judge(rule, [selfSigned({ validityPeriodHours: unknown.number })])).before).toEqual(
    ["self-signed: How long the certificate is valid cannot be seen at preview."],
  );
  // Nothing of the stack makes it, so there is nothing to judge it by.
  expect(await judge(rule, [{ ...certificate(), on: {} }])).toEqual({
    before: [],
    end: [
      "credential: Which certificate it is, only the update decides. It cannot be seen at preview, so it does not pass.",
    ],
  });
});

test("the validity of a credential whose certificate is unknown counts as far as it is known", async () => {
  const dated = {
    ...certificate({ startDate: "2026-11-01T00:00:00Z", endDate: "2036-11-01T00:00:00Z" }),
    on: {},
  };
  expect((await judge(rule, [dated])).before).toEqual([
    "credential: The certificate is valid for 3653 days, longer than 730.",
  ]);
  const relative = {
    ...certificate({ startDate: undefined, endDate: undefined, endDateRelative: "87600h" }),
    on: {},
  };
  expect((await judge(rule, [relative])).before).toEqual([
    "credential: The certificate is valid for 3650 days, longer than 730.",
  ]);
  expect(hoursOf("1h30m")).toBe(1.5);
  expect(hoursOf("a year")).toBeUndefined();
});

test("key size and validity can be configured", async () => {
  const stack = [key(), selfSigned()];
  const settings = { minimumKeyBits: 3072, longestValidityDays: 180 };
  expect((await judge(rule, stack, settings)).before).toEqual([
    "key: The key has 2048 bits, fewer than 3072.",
    "self-signed: The certificate is valid for 365 days, longer than 180.",
  ]);
  expect((await judge(rule, [supplied(sound)], settings)).before).toHaveLength(2);
});

test("a message never repeats the certificate", async () => {
  const { before } = await judge(rule, [supplied(weak)]);
  expect(before.join()).not.toContain("BEGIN");
  expect(before.join()).not.toContain(weak.split("\n")[1]);
});
