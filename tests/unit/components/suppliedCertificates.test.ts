/**
 * Certificates that are supplied: which are accepted, and that a key pasted by mistake is refused and
 * never repeated.
 */
import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { createPfx } from "../../../components/pkcs12/createPfx";
import { parseCertificates } from "../../../components/validation/certificates";
import { readCertificate } from "../../../components/certificateFacts";
import { type CertificateWish, makeCertificate } from "../../support/certificates";
import { faultsFor } from "../../support/configuration";
import { makeIssued } from "../pkcs12/samples";

/** Self-signed with a key on the curve P-256; the key was thrown away. */
const ellipticCertificate = `-----BEGIN CERTIFICATE-----
MIIBlDCCATmgAwIBAgIUAgHxbiZ65MtN1mcTNcqhRXXnp4kwCgYIKoZIzj0EAwIw
HzEdMBsGA1UEAwwUZWxsaXB0aWMuY29udG9zby5vcmcwHhcNMjYxMTI1MDEwNzEx
WhcNMzYxMTIyMDEwNzExWjAfMR0wGwYDVQQDDBRlbGxpcHRpYy5jb250b3NvLm9y
ZzBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMxOm10o/qbieA0lm+rB/eIuBVEN
ZDE9oNldMvVAaWTPLSF7zlhBMxrsVLpIyjgq2h7c0KymKAoYWVDNZeJzOfijUzBR
MB0GA1UdDgQWBBS8e5kz5Yn12+V+FCuO4oShDprrMzAfBgNVHSMEGDAWgBS8e5kz
5Yn12+V+FCuO4oShDprrMzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kA
MEYCIQC/XRAfL2RUH+tmvFDntfKv1p8M7eisqCPlydUyNQcp4AIhAKclpVwnTXBF
aJegtLHhlsF3Zc9lTaLkcjxCfLaiVynl
-----END CERTIFICATE-----
`;

describe("certificates that are supplied", () => {
  const supplied = (source: string) => faultsFor({ certificates: [{ name: "own", source }] });
  const made = (wish: Partial<CertificateWish>) => {
    const { certificatePem } = makeCertificate({
      commonName: "contoso.org",
      notBefore: new Date("2026-11-01T00:00:00Z"),
      notAfter: new Date("2027-11-01T00:00:00Z"),
      ...wish,
    });
    return { pem: certificatePem, thumbprint: readCertificate(certificatePem).thumbprint };
  };

  test("are accepted as PEM and as the base64 of a .cer", () => {
    const { pem } = made({});
    expect(supplied(pem)).toEqual([]);
    expect(supplied(readCertificate(pem).cer)).toEqual([]);
  });

  test.each([
    [
      "expired",
      { notAfter: new Date("2026-11-24T00:00:00Z") },
      "expired at 2026-11-24T00:00:00Z. Supply a certificate that is valid, or remove the generation.",
    ],
    [
      "not yet valid",
      { notBefore: new Date("2026-12-01T00:00:00Z") },
      "is not valid before 2026-12-01T00:00:00Z. Wait until then, or supply a certificate that is valid now.",
    ],
    [
      "too small",
      { keyBits: 1024 },
      "has an RSA key of 1024 bits, fewer than 2048. Request a certificate with an RSA key of 2048 bits or more.",
    ],
  ])("%s is refused with the thumbprint and the remedy", (_what, wish, rule) => {
    const { pem, thumbprint } = made(wish);
    expect(supplied(pem)).toEqual([
      ` - apponly:certificates[0].source "thumbprint ${thumbprint}" ${rule}`,
    ]);
  });

  test.each([
    ["valid in the second in which it begins", "2026-11-01T00:00:00.250Z", []],
    ["not valid a millisecond before", "2026-10-31T23:59:59.999Z", ["is not valid before"]],
    ["not valid in the second in which it ends", "2027-11-01T00:00:00.250Z", ["expired at"]],
  ])("one is %s", (_what, now, rules) => {
    const generations = [{ name: "own", source: made({}).pem }];
    const { faults } = parseCertificates(generations, "own", new Date(now));
    expect(faults.map(({ rule }) => rule)).toEqual(
      rules.map((rule) => expect.stringContaining(rule) as string),
    );
  });

  test("with their chain are refused, because only the application's own is registered", () => {
    const chain = [made({}).pem, made({ commonName: "Contoso CA" }).pem].join("");
    expect(supplied(chain)).toEqual([
      " - apponly:certificates[0].source contains 2 certificates. Keep the application's own certificate and leave the chain out: Microsoft Entra ID does not use it.",
    ]);
  });

  test("of an authority are accepted as those that are self-signed", () => {
    const source = makeIssued().certificatePem;
    const { faults } = parseCertificates([{ name: "own", source }], undefined, new Date());
    expect(faults).toEqual([]);
  });

  test("with another key than RSA are refused", () => {
    expect(supplied(ellipticCertificate)).toEqual([
      expect.stringMatching(
        /source "thumbprint [0-9A-F]{40}" has a key of type ec; Exchange accepts RSA only\. Request a certificate with an RSA key of 2048 bits or more\.$/,
      ),
    ]);
  });

  test("a private key that was pasted by mistake is refused and not repeated", () => {
    const { privateKeyPem } = makeCertificate({ commonName: "contoso.org" });
    const [line, ...rest] = supplied(privateKeyPem);
    expect(rest).toEqual([]);
    expect(line).toContain("contains a private key, which must never come near the stack.");
    expect(line).not.toContain(privateKeyPem.split("\n")[1]);
  });

  const { privateKeyPem } = makeCertificate({ commonName: "contoso.org" });
  const key = createPrivateKey(privateKeyPem);
  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const pem = (type: "pkcs1" | "pkcs8", more: object = {}) =>
    key.export({ type, format: "pem", ...more }).toString();
  const base64 = (type: "pkcs1" | "pkcs8", more: object = {}) =>
    key.export({ type, format: "der", ...more }).toString("base64");
  const encrypted = { cipher: "aes-256-cbc", passphrase: "secret" };
  const relabelled = (label: string) => pem("pkcs8").replaceAll("PRIVATE KEY", label);
  const pfx = () => {
    const { certificatePem, privateKeyPem: own } = makeCertificate({ commonName: "contoso.org" });
    const password = "a password of this test";
    const options = { certificatePem, privateKeyPem: own, password, encryption: "modern" } as const;
    return createPfx(options).toString("base64");
  };

  test.each<[string, () => string]>([
    ["PKCS #8", () => pem("pkcs8")],
    ["PKCS #1", () => pem("pkcs1")],
    ["encrypted PKCS #8", () => pem("pkcs8", encrypted)],
    ["SEC 1", () => elliptic.export({ type: "sec1", format: "pem" }).toString()],
    ["OpenSSH", () => relabelled("OPENSSH PRIVATE KEY")],
    ["PGP", () => relabelled("PGP PRIVATE KEY BLOCK")],
    ["PuTTY", () => `PuTTY-User-Key-File-3: ssh-rsa\n${base64("pkcs8")}`],
    ["PKCS #8 in base64", () => base64("pkcs8")],
    ["PKCS #1 in base64", () => base64("pkcs1")],
    ["encrypted PKCS #8 in base64", () => base64("pkcs8", encrypted)],
    ["SEC 1 in base64", () => elliptic.export({ type: "sec1", format: "der" }).toString("base64")],
    ["a certificate with its key", () => `${made({}).pem}${pem("pkcs8")}`],
    [
      "a certificate with its key in base64",
      () =>
        Buffer.concat([
          Buffer.from(readCertificate(made({}).pem).cer, "base64"),
          key.export({ type: "pkcs8", format: "der" }),
        ]).toString("base64"),
    ],
    ["a .pfx in base64", pfx],
    ["a .pfx in base64, in lines", () => pfx().replace(/.{64}/g, "$&\n")],
    ["a JSON web key", () => JSON.stringify(key.export({ format: "jwk" }))],
  ])("that are not a certificate but a key are refused and not repeated: %s", (what, make) => {
    const material = make();
    const lines = supplied(material);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(
      what.startsWith("a .pfx")
        ? /source is a \.pfx file, which holds a private key/
        : /private key, which must never come near the stack\. .*Treat the key as exposed/,
    );
    expect(repeats(lines.join(), material)).toEqual([]);
  });

  test("wherever in the configuration a key is pasted, no error repeats it", () => {
    const forms = [pem("pkcs8"), pem("pkcs1", encrypted), base64("pkcs8"), pfx()];
    const hexadecimal = Buffer.from(base64("pkcs1"), "base64").toString("hex");
    const places: ((material: string) => Record<string, unknown>)[] = [
      (material) => ({ certificates: material }),
      (material) => ({ certificates: [{ name: "own", source: [material] }] }),
      (material) => ({ certificates: [{ name: "own", source: { pfx: material } }] }),
      (material) => ({ certificates: [{ name: material, subject: "contoso.org" }] }),
      (material) => ({ certificates: [{ name: "own", subject: material }] }),
      (material) => ({ activeCertificate: material }),
      (material) => ({ displayName: material }),
      (material) => ({ redirectUri: material }),
      (material) => ({ federatedCredentials: [{ name: "job", issuer: material, subject: "x" }] }),
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...forms, hexadecimal),
        fc.constantFrom(...places),
        fc.nat({ max: 200 }),
        (material, place, start) => {
          const pasted = material.slice(start);
          const lines = faultsFor(place(pasted));
          expect(lines.length).toBeGreaterThan(0);
          expect(repeats(lines.join(), pasted)).toEqual([]);
        },
      ),
    );
  });

  test("an error repeats no part of whatever else was pasted", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 300 }), (text) => {
        fc.pre(text.trim() !== "generated");
        const [line = ""] = supplied(text);
        expect(line).toMatch(
          /source (is not a certificate|contains|is an? |is the subject|has more)/,
        );
        expect(repeats(line, text)).toEqual([]);
      }),
    );
  });

  test("are refused where one is given twice, in whatever wrapping", () => {
    const { pem, thumbprint } = made({});
    const certificates = [
      { name: "a", source: pem },
      { name: "b", source: made({}).pem },
      { name: "c", source: readCertificate(pem).cer },
    ];
    expect(faultsFor({ certificates, activeCertificate: "a" })).toEqual([
      ` - apponly:certificates[2].source "thumbprint ${thumbprint}" is the certificate of certificates[0]. Remove one of the two, or supply the new certificate.`,
    ]);
  });

  test("are read with a byte order mark in front", () => {
    expect(supplied(`\uFEFF${made({}).pem}`)).toEqual([]);
  });

  test("have no subject, lifetime or key of their own", () => {
    expect(
      faultsFor({ certificates: [{ name: "own", source: made({}).pem, subject: "contoso.org" }] }),
    ).toEqual([
      ' - apponly:certificates[0].subject "contoso.org" has no meaning for a supplied certificate: it says so itself. Remove it.',
    ]);
  });
});

/** Pieces of twelve characters of the material, labels aside, that a text has. */
function repeats(text: string, material: string): string[] {
  const body = material.replace(/-----[A-Z0-9 ]+-----|PuTTY[^\n]*/g, "").replace(/\s/g, "");
  const joined = text.replace(/\\n|\s/g, "");
  return Array.from({ length: Math.max(0, body.length - 11) }, (_, at) =>
    body.slice(at, at + 12),
  ).filter((piece) => joined.includes(piece));
}
