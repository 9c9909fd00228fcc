/**
 * What is looked at in a project's file and in settings is what the engine reads there: YAML that
 * Go's parser takes for something else is refused. What each text means to the engine is what
 * `pulumi config --json` of 3.259.0 says of it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { providerSettingsIn } from "../../../operations/providerSettings";
import { configurationIn, readPulumiFile } from "../../../operations/pulumiYaml";

const read = (text: string) => configurationIn(readPulumiFile("Pulumi.dev.yaml", text));

const host = "azuread:metadataHost";

test.each([
  ["as people write it", `config:\n  ${host}: evil.example\n`],
  ["by an older form of the key", "config:\n  azuread:config:metadataHost: evil.example\n"],
  ["merged into the configuration", `config:\n  <<: { "${host}": evil.example }\n`],
  ["by an alias of the key", `x: &k ${host}\nconfig:\n  ? *k\n  : evil.example\n`],
  ["by an alias of the value", `x: &v evil.example\nconfig:\n  ${host}: *v\n`],
  ["by an alias of all", `x: &all { "${host}": evil.example }\nconfig: *all\n`],
  ["as JSON", `{"config":{"azuread:metadata\\u0048ost":"evil.example"}}`],
])("a host %s is seen, and no credential is sent to it", async (_way, text) => {
  expect(read(text)).toEqual({ [host]: "evil.example" });
  await expect(settingsOf(text)).rejects.toThrow("azuread:metadataHost in the stack's settings");
});

test.each([
  ["an encrypted one", `config:\n  ${host}:\n    secure: AAABAA==\n`],
  ["a list", `config:\n  ${host}: [evil.example]\n`],
  ["a number, which is an address", `config:\n  ${host}: 3232235521\n`],
  ["one of the project, as a value", `config:\n  ${host}: { value: evil.example }\n`],
])("a host that cannot be judged as text is refused: %s", async (_way, text) => {
  await expect(settingsOf(text)).rejects.toThrow("azuread:metadataHost in the stack's settings");
});

test.each([
  ["a tag on a key", `config:\n  ? !!binary YXp1cmVhZDptZXRhZGF0YUhvc3Q=\n  : evil.example\n`],
  ["a tag on a key", `config:\n  !!str <<: { "${host}": evil.example }\n`],
  ["a tag on a key", `config:\n  !!merge <<: { "${host}": evil.example }\n`],
  ["binary data", `config:\n  ${host}: !!binary ZXZpbC5leGFtcGxl\n`],
  ["binary data", `config:\n  ${host}: !<tag:yaml.org,2002:binary> ZXZpbC5leGFtcGxl\n`],
  ['the key "<<" in quotes', `"<<":\n  config:\n    ${host}: evil.example\n`],
  ['the key "<<" in quotes', `"\\x3c<": { config: { "${host}": evil.example } }\n`],
  ['the key "<<" at its top', `<<: [{ config: { "${host}": evil.example } }]\n`],
  ['the key "<<" at its top', "x: &x\n  environment: [evil]\n<<: *x\n"],
  ['the key "config" in other letters', `{"Config": {"${host}": "evil.example"}}`],
  ['the key "environment" in other letters', "ENVIRONMENT: [evil]\n"],
  ['the key "secretsprovider" in other letters', '{"secret\u017fprovider": "awskms://evil"}'],
  ['the key "encryptedkey" in other letters', '{"encrypted\u212Aey": "x"}'],
  ["a list or a set of keys", `config:\n  ? ["${host}"]\n  : evil.example\n`],
])("what parsers read in different ways is refused: %s", (_what, text) => {
  expect(() => read(text)).toThrow(
    /^Pulumi\.dev\.yaml has .*, which programs read in different ways/,
  );
});

test.each([
  ["twice the same key", `config: {}\nconfig:\n  ${host}: evil.example\n`],
  ["two documents", `config: {}\n---\nconfig:\n  ${host}: evil.example\n`],
])("what the engine may read another half of is not valid: %s", (_what, text) => {
  expect(() => read(text)).toThrow("Pulumi.dev.yaml is not valid YAML: ");
});

test("generations that share keys by anchors are read as before", () => {
  const text =
    "config:\n  apponly:certificates:\n    - &one { name: a }\n    - { <<: *one, name: b }\n";
  expect(read(text)).toEqual({ "apponly:certificates": [{ name: "a" }, { name: "b" }] });
});

/** What the file configures for the azuread provider. */
async function settingsOf(text: string) {
  const folder = mkdtempSync(join(tmpdir(), "apponly-yaml-"));
  try {
    writeFileSync(join(folder, "Pulumi.dev.yaml"), text);
    return await providerSettingsIn([join(folder, "Pulumi.dev.yaml")], {});
  } finally {
    rmSync(folder, { recursive: true });
  }
}
