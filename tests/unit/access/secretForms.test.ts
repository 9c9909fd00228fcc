/** The search that the journeys rely on: a secret is found however it is written. */
import { createPrivateKey } from "node:crypto";
import { makeCertificate } from "../../support/certificates";
import { secretsIn, secretsOfGeneration } from "../../support/secretForms";

const { privateKeyPem } = makeCertificate({ commonName: "contoso.org" });
const key = createPrivateKey(privateKeyPem);
const der = key.export({ type: "pkcs8", format: "der" });
const password = "K-password_of-this+test/alone-0123456789abc";
const pfx = Buffer.from(Array.from({ length: 300 }, (_, i) => (i * 37 + 11) % 256));
const secrets = secretsOfGeneration(privateKeyPem, pfx.toString("base64"), password);
const numbers = ["coefficient", "exponent", "otherExponent", "otherPrime", "ownExponent", "prime"];

const findSecrets = (text: string) => secretsIn(text, secrets).sort();

test.each<[string, string]>([
  ["PEM", key.export({ type: "pkcs8", format: "pem" }).toString()],
  ["PEM of PKCS #1", key.export({ type: "pkcs1", format: "pem" }).toString()],
  ["PEM with Windows line ends", privateKeyPem.replace(/\n/g, "\r\n")],
  ["PEM in JSON", JSON.stringify({ key: privateKeyPem })],
  ["PEM in a percent-encoded form", new URLSearchParams({ key: privateKeyPem }).toString()],
  ["base64 of PEM", Buffer.from(privateKeyPem).toString("base64")],
  ["DER in base64", der.toString("base64")],
  ["DER in base64url", der.toString("base64url")],
  ["DER in base64 with escaped slashes", der.toString("base64").replaceAll("/", "\\/")],
  ["DER in hexadecimal", der.toString("hex")],
  ["DER in hexadecimal, upper case", der.toString("hex").toUpperCase()],
  ["DER in hexadecimal with colons", der.toString("hex").replace(/..(?=.)/g, "$&:")],
  [
    "DER as percent-encoded bytes",
    [...der].map((b) => `%${b.toString(16).padStart(2, "0")}`).join(""),
  ],
  ["DER as a buffer in JSON", JSON.stringify(der)],
  ["DER as it is", der.toString("latin1")],
  ["base64 in UTF-16", Buffer.from(der.toString("base64"), "utf16le").toString("latin1")],
  [
    "base64 in UTF-16, big-endian",
    Buffer.from(der.toString("base64"), "utf16le").swap16().toString("latin1"),
  ],
])("a key as %s", (_form, text) => {
  expect(findSecrets(`before: ${text} after`)).toEqual(numbers);
});

test("a JSON web key", () => {
  expect(findSecrets(JSON.stringify(key.export({ format: "jwk" })))).toEqual(numbers);
});

test.each<[string, string]>([
  ["as it is", password],
  ["in base64", Buffer.from(`user:${password}`).toString("base64")],
  ["in UTF-16", Buffer.from(password, "utf16le").toString("latin1")],
  ["in base64 of UTF-16", Buffer.from(password).toString("base64")],
  ["percent-encoded", encodeURIComponent(password)],
])("a password %s", (_form, text) => {
  expect(findSecrets(`password=${text};`)).toEqual(["password"]);
});

test("a .pfx is found in every form of text", () => {
  for (const text of [pfx.toString("base64"), pfx.toString("hex"), pfx.toString("latin1")]) {
    expect(findSecrets(text)).toEqual(["pfx"]);
  }
});

test("nothing is found in what is public", () => {
  const { certificatePem } = makeCertificate({ commonName: "contoso.org" });
  expect(findSecrets(`${certificatePem}${JSON.stringify({ privateKey: "[secret]" })}`)).toEqual([]);
});
