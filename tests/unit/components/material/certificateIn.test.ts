/**
 * Certificates as people have them: every wrapping is accepted or named for what it is, a key is
 * noticed in each of its forms, and nothing else is called one.
 * Not proven here: that Entra accepts what is read.
 */
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import forge from "node-forge";

import { readCertificate } from "../../../../components/certificateFacts";
import { CertificateMaterialError } from "../../../../components/material/certificateIn";
import { createPfx } from "../../../../components/pkcs12/createPfx";
import { makeCertificate } from "../../../support/certificates";

const made = makeCertificate({ commonName: "contoso.org" });
const other = makeCertificate({ commonName: "Contoso CA" });
const { raw: der } = new X509Certificate(made.certificatePem);
const pem = made.certificatePem.replaceAll("\r\n", "\n");
const cer = der.toString("base64");
const key = createPrivateKey(made.privateKeyPem);
const pkcs8 = key.export({ type: "pkcs8", format: "der" });

/** PKCS #7 with these certificates, as `openssl crl2pkcs7 -nocrl` and the Windows wizard write it. */
function pkcs7Of(...pems: string[]): { pem: string; base64: string } {
  const container = forge.pkcs7.createSignedData();
  pems.forEach((one) => container.addCertificate(one));
  const der = forge.asn1.toDer(container.toAsn1()).getBytes();
  return { pem: forge.pkcs7.messageToPem(container), base64: forge.util.encode64(der) };
}

function requestPem(): string {
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.certificateFromPem(pem).publicKey;
  request.setSubject([{ name: "commonName", value: "contoso.org" }]);
  // What it is does not depend on who signed it, and node-forge takes seconds to sign.
  const signer = { sign: () => "\0".repeat(256) } as unknown as forge.pki.rsa.PrivateKey;
  request.sign(signer, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request);
}

/** What `openssl x509 -text` prints in front of the PEM text. */
const description = `Certificate:
    Data:
        Version: 3 (0x2)
        Serial Number: 4660 (0x1234)
        Issuer: CN = contoso.org
            RSA Public-Key: (2048 bit)
                Modulus:
                    00:c4:51:77:0b:1f:aa:5e:7b:e9:84:53:31:04:1d:
`;

/** Behind the certificate OpenSSL writes what it is trusted for: here, clientAuth. */
const trustedPem = `-----BEGIN TRUSTED CERTIFICATE-----
${Buffer.concat([der, Buffer.from("300c300a06082b06010505070302", "hex")]).toString("base64")}
-----END TRUSTED CERTIFICATE-----`;

const pfx = createPfx({
  certificatePem: pem,
  privateKeyPem: made.privateKeyPem,
  password: "a password of this test",
  encryption: "modern",
}).toString("base64");

const label = (name: string) => pem.replaceAll("CERTIFICATE", name);
const numbered = (before: string, after: string) =>
  pem.replace(/^/gm, () => `${before}${(line += 1)}${after}`);
let line = 0;
const bytesAs = (prefix: string, between: string) =>
  [...der].map((byte) => prefix + byte.toString(16).padStart(2, "0")).join(between);
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");

test.each<[string, () => string]>([
  ["PEM", () => pem],
  ["PEM with CRLF", () => pem.replaceAll("\n", "\r\n")],
  ["PEM with the line ends of an old Mac", () => pem.replaceAll("\n", "\r")],
  ["PEM in one line, as a folded YAML text is", () => pem.replaceAll("\n", " ")],
  ["PEM without any line end", () => pem.replaceAll("\n", "")],
  ["PEM with a byte order mark", () => `\uFEFF${pem}`],
  ["PEM with escaped line ends", () => pem.replaceAll("\n", "\\n")],
  ["PEM with PowerShell's escaped line ends", () => pem.replaceAll("\n", "`r`n")],
  ["PEM in quotes", () => JSON.stringify(pem)],
  ["PEM with line ends that were escaped twice", () => pem.replaceAll("\n", "\\\\n")],
  ["PEM in RTF", () => pem.replaceAll("\n", "\\par\n")],
  ["PEM as a mail writes it", () => pem.replaceAll("=", "=3D").replace(/.{60}(?=.)/g, "$&=\r\n")],
  ["PEM with the line numbers of cat -n", () => numbered("     ", "\t")],
  ["PEM with the line numbers of an editor", () => numbered("", ": ")],
  ["PEM in comments of a program", () => pem.replace(/^/gm, "// ")],
  ["PEM in texts that a program joins", () => pem.replace(/^.+$/gm, '"$&\\n" +')],
  ["PEM as a list of lines", () => JSON.stringify(pem.split("\n"), undefined, 2)],
  ["PEM out of a comparison", () => pem.replace(/^(?=.)/gm, "+")],
  ["the bytes as C writes them", () => bytesAs("0x", ", ")],
  ["the bytes as PowerShell writes them", () => `[byte[]]@(${bytesAs("0x", ",")})`.slice(8)],
  ["the bytes as Python writes them", () => bytesAs("\\x", "")],
  ["PEM that is indented", () => pem.replace(/^/gm, "    ")],
  ["PEM that was quoted in a mail", () => pem.replace(/^/gm, "> ")],
  ["PEM with dashes that a word processor made", () => pem.replaceAll("-----", "–––––")],
  ["PEM with blanks that do not break", () => pem.replaceAll(" ", "\u00A0")],
  [
    "PEM in lower-case labels",
    () =>
      pem
        .replaceAll("BEGIN CERTIFICATE", "begin certificate")
        .replaceAll("END CERTIFICATE", "end certificate"),
  ],
  ["PEM read as UTF-8 though it was UTF-16", () => utf16(pem).toString("latin1").slice(2)],
  ["PEM behind the text of openssl x509 -text", () => description + pem],
  [
    "PEM with bag attributes",
    () =>
      `Bag Attributes\n    friendlyName: ExO private key 2026\n    localKeyID: 01\nsubject=CN = contoso.org\n${pem}`,
  ],
  [
    "PEM with the words PRIVATE KEY in the text around it",
    () => `# the private key is in the vault: PRIVATE KEY\n${pem}`,
  ],
  [
    "PEM beside its public key",
    () => `${pem}${createPublicKey(key).export({ type: "spki", format: "pem" }) as string}`,
  ],
  ["TRUSTED CERTIFICATE", () => trustedPem],
  ["X509 CERTIFICATE", () => label("X509 CERTIFICATE")],
  ["another label of a certificate", () => label("TRUSTED CERTIFICATE")],
  ["PKCS #7 in PEM", () => pkcs7Of(pem).pem],
  ["PKCS #7 in base64", () => pkcs7Of(pem).base64],
  ["base64 of the .cer", () => cer],
  ["base64 of the .cer in lines of 76", () => cer.replace(/.{76}/g, "$&\r\n")],
  ["base64 without its padding", () => cer.replace(/=+$/, "")],
  ["base64url", () => der.toString("base64url")],
  ["base64 in quotes", () => `'${cer}'`],
  ["base64 with a JSON escape", () => cer.replaceAll("/", "\\/")],
  ["a data URL", () => `data:application/x-x509-ca-cert;base64,${cer}`],
  ["base64 of PEM", () => Buffer.from(pem).toString("base64")],
  ["base64 of PEM with a byte order mark", () => Buffer.from(`\uFEFF${pem}`).toString("base64")],
  ["base64 of PEM in UTF-16", () => utf16(pem).toString("base64")],
  ["base64 of the base64", () => Buffer.from(cer).toString("base64")],
  [
    "base64 with a line end behind the bytes",
    () => Buffer.concat([der, Buffer.from("\r\n")]).toString("base64"),
  ],
  ["hexadecimal", () => der.toString("hex")],
  [
    "hexadecimal in upper case with colons",
    () =>
      der
        .toString("hex")
        .toUpperCase()
        .replace(/..(?=.)/g, "$&:"),
  ],
  ["hexadecimal as a database prints it", () => `0x${der.toString("hex")}`],
  ["PEM in a header of a proxy", () => encodeURIComponent(pem)],
  ["PEM in a form", () => encodeURIComponent(pem).replaceAll("%20", "+")],
  ["base64 in a URL", () => encodeURIComponent(cer)],
  ["PEM in HTML", () => `<pre>${pem.replaceAll("\n", "<br/>\n")}</pre>`],
  ["PEM in an attribute of XML", () => pem.replaceAll("\n", "&#xA;")],
  [
    "base64 in SAML metadata",
    () => `<ds:X509Data><ds:X509Certificate>${cer}</ds:X509Certificate></ds:X509Data>`,
  ],
  ["a JSON web key with its certificate", () => JSON.stringify({ kty: "RSA", x5c: [cer] })],
  ["what the Azure CLI shows", () => JSON.stringify({ id: "https://x", cer, kid: "y" }, null, 2)],
  ["a secret of Kubernetes", () => `data:\n  tls.crt: ${Buffer.from(pem).toString("base64")}\n`],
  ["a variable", () => `export CERTIFICATE="${cer}"`],
  ["PEM in YAML", () => `source: |\n  ${pem.replaceAll("\n", "\n  ")}`],
  ["hexadecimal of PEM", () => Buffer.from(pem).toString("hex")],
])("%s is the certificate", (_what, make) => {
  expect(readCertificate(make()).cer).toBe(cer);
});

/** Rule and remedy of the refusal of a text. */
function refusal(text: string): string {
  try {
    readCertificate(text);
  } catch (error) {
    expect(error).toBeInstanceOf(CertificateMaterialError);
    return (error as Error).message;
  }
  return "accepted";
}

test.each<[string, () => string, RegExp]>([
  ["a request in PEM", () => requestPem(), /^is a certificate request \(CSR\)/],
  [
    "a request in base64",
    () => forge.util.encode64(forge.pem.decode(requestPem())[0]?.body ?? ""),
    /^is a certificate request \(CSR\)/,
  ],
  [
    "a request under the old label",
    () => requestPem().replaceAll("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"),
    /^is a certificate request/,
  ],
  [
    "a public key",
    () => createPublicKey(key).export({ type: "spki", format: "pem" }) as string,
    /^is a public key without its certificate/,
  ],
  [
    "a public key of PKCS #1",
    () => createPublicKey(key).export({ type: "pkcs1", format: "pem" }) as string,
    /^is a public key/,
  ],
  [
    "a public JSON web key",
    () => JSON.stringify(createPublicKey(key).export({ format: "jwk" })),
    /^is a public key/,
  ],
  [
    "an OpenSSH public key",
    () => "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 megan@contoso",
    /^is an OpenSSH public key/,
  ],
  [
    "a container without certificates",
    () =>
      Buffer.from("30150906092a864886f70d010702".replace("0906", "0609"), "hex")
        .toString("base64")
        .padEnd(44, "A"),
    /^is not|^is a PKCS|^has more/,
  ],
  ["a .pfx in base64", () => pfx, /^is a \.pfx file/],
  ["a path", () => "./certificates/own.pem", /^is a path or the name of a file\. Give the content/],
  ["a path of Windows", () => "C:\\Users\\Megan Bowen\\own.cer", /^is a path/],
  ["a path of a share", () => "\\\\files\\pki\\own.cer", /^is a path/],
  ["a file name", () => "own.cer", /^is a path/],
  ["a file name with blanks", () => "ExO automation 2026.pem", /^is a path/],
  ["a file URL", () => "file:///etc/ssl/own.pem", /^is a path/],
  ["a file for curl", () => "@own.pem", /^is a path/],
  [
    "a certificate store",
    () => "Cert:\\CurrentUser\\My\\0123456789ABCDEF0123456789ABCDEF01234567",
    /^is a place in a certificate store/,
  ],
  ["a Key Vault", () => "https://contoso.vault.azure.net/certificates/exo/1234", /^is a URL/],
  ["a thumbprint", () => "0123456789abcdef0123456789ABCDEF01234567", /^is a thumbprint/],
  [
    "a thumbprint with blanks",
    () => "01 23 45 67 89 ab cd ef 01 23 45 67 89 ab cd ef 01 23 45 67",
    /^is a thumbprint/,
  ],
  [
    "a thumbprint of SHA-256 with colons",
    () => Array<string>(32).fill("AB").join(":"),
    /^is a thumbprint/,
  ],
  ["a key id", () => "8d9b0e6f-9d1c-4d52-a4f0-6f9cf4a4d0b1", /^is an id/],
  ["a placeholder of a shell", () => "$(cat own.pem)", /^is a placeholder/],
  ["a placeholder of a workflow", () => "${{ secrets.CERTIFICATE }}", /^is a placeholder/],
  ["a placeholder of a page", () => "<the certificate of the job>", /^is a placeholder/],
  [
    "a reference to Key Vault",
    () => "@Microsoft.KeyVault(SecretUri=https://a)",
    /^is a placeholder/,
  ],
  ["a subject", () => "CN=contoso.org, O=Contoso", /^is the subject of a certificate/],
  [
    "a key of PGP",
    () =>
      "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----",
    /^is of PGP/,
  ],
  ["a token", () => `eyJhbGciOiJSUzI1NiJ9.${"a".repeat(50)}.${"b".repeat(50)}`, /^is a token/],
  ["decimal bytes", () => [...der].join("\n"), /^is a list of byte values/],
  ["decimal bytes as JSON", () => JSON.stringify([...der]), /^is a list of byte values/],
  ["a buffer of Node as JSON", () => JSON.stringify(der), /^is a list of byte values/],
  [
    "a hexadecimal dump",
    () =>
      "0000  30 82 03 0d 30 82 01 f5  a0 03 02 01 02 02 09\n0010  30 82 03 0d 30 82 01 f5  a0 03 02 01 02 02 09",
    /^is a hexadecimal dump/,
  ],
  ["only the description", () => description, /^is a description of a certificate/],
  ["PEM without its END line", () => pem.slice(0, 600), /^is not whole: it has a BEGIN line/],
  ["PEM without its BEGIN line", () => pem.slice(40), /^is not whole: it has an END line/],
  [
    "PEM that lost a line",
    () =>
      pem
        .split("\n")
        .filter((_, at) => at !== 7)
        .join("\n"),
    /^is not (?:whole|a certificate)/,
  ],
  ["base64 that was cut off", () => cer.slice(0, 400), /^is not whole: the end of it is missing/],
  ["a chain", () => pem + other.certificatePem, /^contains 2 certificates/],
  ["a chain in PKCS #7", () => pkcs7Of(pem, other.certificatePem).pem, /^contains 2 certificates/],
  [
    "two certificates in base64",
    () => Buffer.concat([der, new X509Certificate(other.certificatePem).raw]).toString("base64"),
    /^contains 2 certificates/,
  ],
  ["nothing", () => " \n", /^is not a certificate: it is empty/],
])("%s is named for what it is", (_what, make, wanted) => {
  const said = refusal(make());
  expect(said).toMatch(wanted);
  if (!said.includes(".pfx")) {
    expect(said).not.toMatch(/exposed|private key/);
  }
});

const keyPem = (type: "pkcs1" | "pkcs8") => key.export({ type, format: "pem" }).toString();

test.each<[string, () => string]>([
  ["PKCS #8", () => keyPem("pkcs8")],
  ["behind a certificate", () => pem + keyPem("pkcs1")],
  ["with escaped line ends", () => keyPem("pkcs8").replaceAll("\n", "\\n")],
  [
    "as C writes its bytes",
    () => [...pkcs8].map((byte) => `0x${byte.toString(16).padStart(2, "0")}`).join(", "),
  ],
  ["with a byte order mark", () => `\uFEFF${keyPem("pkcs8")}`],
  ["whose lines were indented", () => keyPem("pkcs8").replace(/^/gm, "  ")],
  ["with dashes that a word processor made", () => keyPem("pkcs8").replaceAll("-----", "———")],
  ["cut off behind its first line", () => keyPem("pkcs8").slice(0, 90)],
  ["in base64 of PEM", () => Buffer.from(keyPem("pkcs8")).toString("base64")],
  [
    "in base64 of PEM with its certificate",
    () => Buffer.from(pem + keyPem("pkcs8")).toString("base64"),
  ],
  ["in base64 of PEM in UTF-16", () => utf16(keyPem("pkcs8")).toString("base64")],
  ["in hexadecimal", () => pkcs8.toString("hex")],
  ["in base64url", () => pkcs8.toString("base64url")],
  ["in base64 that was cut off", () => pkcs8.toString("base64").slice(0, 500)],
  [
    "under the label of a certificate",
    () => `-----BEGIN CERTIFICATE-----\n${pkcs8.toString("base64")}\n-----END CERTIFICATE-----`,
  ],
  [
    "without label beside a certificate",
    () => `${pem}\n${pkcs8.toString("base64").replace(/.{64}/g, "$&\n")}\n`,
  ],
  ["behind the bytes of a certificate", () => Buffer.concat([der, pkcs8]).toString("base64")],
  ["in a URL", () => encodeURIComponent(keyPem("pkcs8"))],
  ["in HTML", () => keyPem("pkcs8").replaceAll("\n", "<br>")],
  [
    "beside its certificate in a secret of Kubernetes",
    () =>
      [pem, keyPem("pkcs8")]
        .map((text, at) => `  tls.${["crt", "key"][at]}: ${Buffer.from(text).toString("base64")}`)
        .join("\n"),
  ],
  ["in JSON", () => JSON.stringify({ cer, key: pkcs8.toString("base64") })],
  ["in a JSON web key", () => JSON.stringify(key.export({ format: "jwk" }))],
  [
    "in .NET's XML",
    () => "<RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent><D>AQAB</D></RSAKeyValue>",
  ],
  [
    "of OpenSSH without its label",
    () => Buffer.from(`openssh-key-v1\0${"x".repeat(80)}`).toString("base64"),
  ],
  ["of PuTTY", () => "PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\nPrivate-Lines: 14\nAAAA"],
])("a private key is noticed: %s", (_what, make) => {
  expect(refusal(make())).toMatch(/^contains a private key.* Treat the key as exposed/);
});

test.each([
  ["a friendly name", "friendlyName: -- private key of ExO --\n"],
  ["a comment", "# openssl rsa -in PRIVATE KEY; never paste a PRIVATE KEY here\n"],
  ["a PuTTY file's name", "# made from PuTTY-User-Key-File-3: see vault\n"],
])("%s that speaks of a key is none", (_what, around) => {
  expect(readCertificate(around + pem).cer).toBe(cer);
});
