/**
 * The attributes that make Windows put a key into a CSP are, byte for byte, those that OpenSSL
 * writes for `-keyex -CSP`, which is the form known to work.
 *
 * Not proven here: what Windows does with them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createPfx } from "../../components/pkcs12/createPfx";
import { describeWithTool, findOpenssl } from "../support/externalTools";
import { encryptions, makeIssued, type Material } from "../unit/pkcs12/samples";
import { PfxFolder } from "./pfxFiles";
import { keyBagOf, keyInfoOf, objectIdsOf } from "../unit/pkcs12/bags";
import { run } from "./readers/contract";

const folder = new PfxFolder();
const password = "attribute-comparison-2026";
const friendlyName = "contoso.org 2026-11";
const cspName = "Microsoft Enhanced RSA and AES Cryptographic Provider";
let material: Material;

beforeAll(() => {
  material = makeIssued();
});
afterAll(() => {
  folder.remove();
});

describeWithTool("OpenSSL", findOpenssl(), ({ command }) => {
  describe.each(encryptions)("%s", (encryption) => {
    let ours: Buffer;
    let theirs: Buffer;

    beforeAll(() => {
      ours = createPfx({ ...material, password, friendlyName, encryption });
      theirs = opensslExport(command, encryption);
    });

    test("the attributes of the key bag are the same bytes", () => {
      const [own, reference] = [keyBagOf(ours), keyBagOf(theirs)];
      // The order in a set means nothing.
      expect(own.attributes.toSorted()).toEqual(reference.attributes.toSorted());
      expect(own.attributes).toHaveLength(3);
    });

    test("the private key with its attributes is the same bytes", () => {
      const [own, reference] = [keyInfoOf(ours, password), keyInfoOf(theirs, password)];
      // Compared outside of expect, whose message would print the key.
      expect(own.equals(reference)).toBe(true);
      const keyUsage = Buffer.from("a00d300b0603551d0f310403020410", "hex");
      expect(own.subarray(-keyUsage.length).toString("hex")).toBe(keyUsage.toString("hex"));
    });

    test("all contents, algorithms and attributes have the same object identifiers", () => {
      expect(objectIdsOf(ours)).toEqual(objectIdsOf(theirs));
    });
  });
});

/** What OpenSSL writes from the same inputs. */
function opensslExport(command: string, encryption: string): Buffer {
  const { folder: root, passwordPath } = folder.write(Buffer.alloc(0), password);
  const [key, certificate, out] = ["key", "own", "out"].map((name) =>
    join(root, `${encryption}-${name}`),
  ) as [string, string, string];
  writeFileSync(key, material.privateKeyPem, { mode: 0o600 });
  writeFileSync(certificate, material.certificatePem);
  const tripleDes = "PBE-SHA1-3DES";
  run(command, [
    ...["pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", out],
    ...["-keyex", "-CSP", cspName, "-name", friendlyName, "-passout", `file:${passwordPath}`],
    ...(encryption === "legacy"
      ? ["-keypbe", tripleDes, "-certpbe", tripleDes, "-macalg", "sha1"]
      : []),
  ]);
  return readFileSync(out);
}
