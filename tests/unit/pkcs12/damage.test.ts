/**
 * Wrong passwords, files cut short and flipped bits, against Node's own reader: many more cases than
 * tests/interop can afford with programs that take a second each.
 */
import tls from "node:tls";
import fc from "fast-check";
import { createPfx } from "../../../components/pkcs12/createPfx";
import { derivePfxPassword } from "../../../components/pkcs12/password";
import { layoutOf } from "./layout";
import { encryptions, makeIssued, type Material, passwords } from "./samples";

let material: Material;
let password: string;

beforeAll(() => {
  material = makeIssued();
  password = derivePfxPassword(material.privateKeyPem, "2026-11");
});

describe.each(encryptions)("%s", (encryption) => {
  let pfx: Buffer;

  beforeAll(() => {
    pfx = createPfx({ ...material, password, encryption, friendlyName: "contoso.org" });
  });

  test("the file opens with its password", () => {
    expect(opens(pfx, password)).toBe(true);
  });

  test("the file stays shut for any other password", () => {
    const near = fc.nat({ max: password.length - 1 }).map((position) => {
      const other = password[position] === "x" ? "y" : "x";
      return `${password.slice(0, position)}${other}${password.slice(position + 1)}`;
    });
    const cut = fc.nat({ max: password.length - 1 }).map((length) => password.slice(0, length));
    fc.assert(
      fc.property(fc.oneof(near, cut, passwords()), (wrong) => {
        expect(opens(pfx, wrong)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("the file stays shut when cut short anywhere", () => {
    fc.assert(
      fc.property(fc.nat({ max: pfx.length - 1 }), (length) => {
        expect(opens(pfx.subarray(0, length), password)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test("the file stays shut after one flipped bit in what the MAC covers, or in the MAC", () => {
    const { authenticatedSafe, macDigest, macSalt } = layoutOf(pfx);
    const positions = fc
      .constantFrom(authenticatedSafe, macDigest, macSalt)
      .chain(({ start, end }) => fc.integer({ min: start, max: end - 1 }));
    fc.assert(
      fc.property(positions, fc.nat({ max: 7 }), (position, bit) => {
        const damaged = Buffer.from(pfx);
        damaged.writeUInt8(damaged.readUInt8(position) ^ (1 << bit), position);
        expect(opens(damaged, password)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  test("the MAC and the salts cover nearly the whole file", () => {
    // What is left is the outermost framing: lengths, version and object identifiers.
    expect(layoutOf(pfx).framing.length).toBeLessThan(80);
  });
});

function opens(pfx: Buffer, passphrase: string): boolean {
  try {
    tls.createSecureContext({ pfx, passphrase });
    return true;
  } catch {
    return false;
  }
}
