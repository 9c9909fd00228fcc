/** What the writer refuses, with its reason, and that no message repeats any material. */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { inspect } from "node:util";
import fc from "fast-check";
import { createPfx } from "../../../components/pkcs12/createPfx";
import { derivePfxPassword } from "../../../components/pkcs12/password";
import { PfxInputError } from "../../../components/pkcs12/inputError";
import { friendlyNameFor, type PfxOptions } from "../../../components/pkcs12/options";
import { isSubject, parseSubject } from "../../../components/subject";
import { makeCertificate, type MadeCertificate } from "../../support/certificates";
import { rsaKey } from "../../support/keys";
import { makeIssued, type Material } from "./samples";

let made: MadeCertificate;
let issued: Material;
let good: PfxOptions;

beforeAll(() => {
  made = makeCertificate({ commonName: "contoso.org" });
  issued = makeIssued();
  good = { ...made, password: "long enough 2026", encryption: "legacy" };
});

function refusal(changes: Partial<PfxOptions>): PfxInputError {
  try {
    createPfx({ ...good, ...changes });
  } catch (error) {
    if (error instanceof PfxInputError) {
      return error;
    }
    throw error;
  }
  throw new Error("The options were accepted.");
}

function pkcs8(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

test("what all the others are changed from is accepted", () => {
  expect(createPfx(good).length).toBeGreaterThan(2000);
});

describe("keys that no CSP can hold or no workload accepts", () => {
  const kinds: [string, () => string, string][] = [
    ["RSA 1024", () => rsa(1024), "is an RSA key of 1024 bits, not one of 2048, 3072, 4096"],
    ["RSA 2056", () => rsa(2056), "is an RSA key of 2056 bits, not one of 2048, 3072, 4096"],
    [
      "RSA-PSS",
      () => pkcs8(generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).privateKey),
      "is a key of type rsa-pss, not RSA",
    ],
    ["EC, PKCS #8", () => pkcs8(ec()), "is a key of type ec, not RSA"],
    [
      "EC, SEC1",
      () => ec().export({ type: "sec1", format: "pem" }).toString(),
      'is in the form "EC PRIVATE KEY"',
    ],
    [
      "Ed25519",
      () => pkcs8(generateKeyPairSync("ed25519").privateKey),
      "is a key of type ed25519, not RSA",
    ],
    [
      "DSA",
      () =>
        pkcs8(generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 }).privateKey),
      "is a key of type dsa, not RSA",
    ],
  ];
  test.each(kinds)("a key of the kind %s is refused", (_name, make, rule) => {
    const error = refusal({ privateKeyPem: make() });
    expect(error.message).toBe(
      `privateKeyPem: ${rule}. Use an RSA key of 2048, 3072 or 4096 bits.`,
    );
  });

  test("the password derivation refuses the same keys", () => {
    expect(() => derivePfxPassword(pkcs8(ec()), "2026-11")).toThrow(
      "privateKeyPem: is a key of type ec, not RSA.",
    );
  });
});

describe("texts that are not one private key", () => {
  test("an encrypted key is refused", () => {
    const options = { format: "pem", cipher: "aes-256-cbc", passphrase: "p" } as const;
    const privateKey = rsaKey();
    const pkcs8 = privateKey.export({ type: "pkcs8", ...options }).toString();
    const pkcs1 = privateKey.export({ type: "pkcs1", ...options }).toString();
    for (const privateKeyPem of [pkcs8, pkcs1]) {
      expect(refusal({ privateKeyPem }).message).toBe(
        "privateKeyPem: is encrypted with a passphrase. Decrypt it first.",
      );
    }
  });

  test("a certificate, nothing, two keys and a key without its end are refused", () => {
    const half = made.privateKeyPem.slice(0, made.privateKeyPem.length / 2);
    expect(refusal({ privateKeyPem: made.certificatePem }).rule).toBe(
      "is a PEM block of another kind",
    );
    expect(refusal({ privateKeyPem: "" }).rule).toBe("has no PEM block");
    expect(refusal({ privateKeyPem: made.privateKeyPem + issued.privateKeyPem }).rule).toBe(
      "has 2 PEM blocks",
    );
    expect(refusal({ privateKeyPem: half }).rule).toBe("is a PEM block without its end line");
  });

  test("no message repeats any of a damaged key, in the error, its stack or its cause", () => {
    const lines = made.privateKeyPem.trim().split("\n");
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: lines.length - 2 }),
        fc.constantFrom("drop", "cut", "sign", "swap"),
        (line, how) => {
          const body = lines[line] ?? "";
          const changed = {
            drop: [],
            cut: [body.slice(0, body.length / 2)],
            sign: [`${body.slice(0, 10)}!${body.slice(11)}`],
            swap: [[...body].reverse().join("")],
          }[how] as string[];
          const privateKeyPem = lines.toSpliced(line, 1, ...changed).join("\n");
          expectNoMaterial(refusal({ privateKeyPem }), privateKeyPem);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("a key of which one number was changed is refused, though it still matches its certificate", () => {
    const jwk = createPrivateKey(made.privateKeyPem).export({ format: "jwk" });
    const part = fc.constantFrom("d", "p", "q", "dp", "dq", "qi");
    fc.assert(
      fc.property(part, fc.nat({ max: 120 }), fc.nat({ max: 7 }), (name, position, bit) => {
        const bytes = Buffer.from(jwk[name] as string, "base64url");
        bytes.writeUInt8(bytes.readUInt8(position) ^ (1 << bit), position);
        const changed = { ...jwk, [name]: bytes.toString("base64url") };
        const privateKeyPem = pkcs8(createPrivateKey({ key: changed, format: "jwk" }));
        expect(refusal({ privateKeyPem }).message).toBe(
          "privateKeyPem: is a damaged RSA key: its numbers do not fit together. Pass the key as it was made.",
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe("certificates", () => {
  test("a certificate of another key is refused", () => {
    expect(refusal({ certificatePem: issued.certificatePem }).message).toBe(
      "certificatePem: does not belong to privateKeyPem: their public keys differ. Pass the key that the certificate was made with.",
    );
  });

  test("a key in place of a certificate is refused and not repeated", () => {
    const error = refusal({ certificatePem: made.privateKeyPem });
    expect(error.rule).toBe("is a PEM block of another kind");
    expectNoMaterial(error, made.privateKeyPem);
  });

  test("a damaged certificate is refused", () => {
    const certificatePem = made.certificatePem.replace(/\n[^\n]{64}\r?\n/, "\nAAAA\n");
    expect(refusal({ certificatePem }).rule).toBe("is not a certificate that can be parsed");
  });

  test("a certificate with its issuers is refused, because only its own is used", () => {
    const { certificatePem } = issued;
    const rule = refusal({ ...issued, certificatePem: certificatePem + made.certificatePem }).rule;
    expect(rule).toBe("has 2 PEM blocks");
  });
});

describe("passwords", () => {
  const unusable: [string, string, string][] = [
    ["empty", "", "is empty"],
    ["129 characters", "p".repeat(129), "is longer than 128 characters"],
    ["not ASCII", "pa\u00df-secret-part", "contains a character outside printable ASCII"],
    ["a line feed", "secret-part\n", "contains a character outside printable ASCII"],
    ["a zero byte", "secret-part\0more", "contains a character outside printable ASCII"],
    ["emoji", "secret-part \u{1F511}", "contains a character outside printable ASCII"],
  ];
  test.each(unusable)("a password with this fault is refused: %s", (_name, password, rule) => {
    const error = refusal({ password });
    expect(error.message).toBe(
      `password: ${rule}; readers of .pfx files disagree on such passwords. Use 1 to 128 printable ASCII characters, or derivePfxPassword.`,
    );
    expect(inspect(error)).not.toContain("secret-part");
  });

  test("a password with any character that is not printable ASCII is refused, wherever it stands", () => {
    const foreign = fc
      .integer({ min: 0, max: 0xffff })
      .filter((code) => code < 0x20 || code > 0x7e)
      .map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(foreign, fc.nat({ max: 8 }), (character, position) => {
        const password = `${"abcdefgh".slice(0, position)}${character}${"abcdefgh".slice(position)}`;
        expect(refusal({ password }).option).toBe("password");
      }),
      { numRuns: 300 },
    );
  });
});

describe("names and encryptions", () => {
  test.each([
    ["empty", ""],
    ["too long", "n".repeat(256)],
    ["a control character", "contoso\n.org"],
    ["half a surrogate pair", "contoso\ud83d"],
    ["outside the basic plane", "contoso \u{1F511}"],
  ])("a friendly name that is %s is refused", (_name, friendlyName) => {
    expect(refusal({ friendlyName }).option).toBe("friendlyName");
  });

  test("an unknown encryption is refused", () => {
    const encryption = "rc2" as unknown as PfxOptions["encryption"];
    expect(refusal({ encryption }).message).toBe(
      'encryption: "rc2" is not one of modern, legacy. Use modern, or legacy for Windows Server 2016 and older.',
    );
  });
});

function rsa(modulusLength: number): string {
  return pkcs8(rsaKey(modulusLength));
}

function ec() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
}

/** Fails if any run of 12 characters of the body of a PEM text is in what an error shows. */
function expectNoMaterial(error: Error, text: string): void {
  const shown = inspect(error, { depth: 10, showHidden: true });
  const body = text.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
  const starts = Array.from({ length: Math.floor((body.length - 8) / 4) }, (_, at) => at * 4);
  expect(starts.some((start) => shown.includes(body.slice(start, start + 12)))).toBe(false);
}

describe("a subject that the configuration accepts", () => {
  const nameOf = (subject: string) => {
    const parsed = parseSubject(subject);
    return isSubject(parsed) ? friendlyNameFor(`${parsed.commonName} 2026-11`) : undefined;
  };

  test.each([
    ["CN=exo 🚀", "exo 2026-11"],
    ["CN=🚀", "2026-11"],
    ["CN=München", "München 2026-11"],
    ["contoso.org", "contoso.org 2026-11"],
  ])("%s names its file so that it can be written", (subject, friendlyName) => {
    expect(nameOf(subject)).toBe(friendlyName);
    expect(createPfx({ ...good, friendlyName }).length).toBeGreaterThan(2000);
  });

  test("never ends in a name that the file refuses", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 70 }), (text) => {
        const friendlyName = nameOf(`CN="${text.replace(/["\\]/g, "\\$&")}"`);
        expect(friendlyName === undefined || isWritable(friendlyName)).toBe(true);
      }),
    );
  });
});

/** Whether the writer's own check of the name lets it through: the key is read after it. */
function isWritable(friendlyName: string): boolean {
  return refusal({ friendlyName, privateKeyPem: "" }).option !== "friendlyName";
}
