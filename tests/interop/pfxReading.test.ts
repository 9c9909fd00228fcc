/**
 * Opening `.pfx` files that OpenSSL writes: every encryption and digest that it, Windows and Java use
 * or used, and passwords with any character.
 * Not proven here: files of Windows and of macOS themselves.
 */
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PfxReadError } from "../../components/pkcs12/readError";
import { readPfx } from "../../components/pkcs12/readPfx";
import { makeCertificate } from "../support/certificates";
import { describeWithTool, findOpenssl } from "../support/externalTools";

describeWithTool("OpenSSL", findOpenssl(), ({ command }) => {
  const folder = mkdtempSync(join(tmpdir(), "apponly-pfx-"));
  const [made, issuer] = ["contoso.org", "Contoso CA"].map((commonName) =>
    makeCertificate({ commonName }),
  ) as [ReturnType<typeof makeCertificate>, ReturnType<typeof makeCertificate>];
  writeFileSync(join(folder, "own.pem"), made.certificatePem);
  writeFileSync(join(folder, "own.key"), made.privateKeyPem, { mode: 0o600 });
  writeFileSync(join(folder, "chain.pem"), issuer.certificatePem);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const openssl = (line: string, more: readonly string[] = []) =>
    execFileSync(command, [...line.split(" "), ...more], {
      cwd: folder,
      stdio: ["ignore", "pipe", "ignore"],
    });

  function written(options: string, password = "a password of this test"): Buffer {
    const line = `pkcs12 -export -in own.pem -inkey own.key -out own.pfx ${options}`.trim();
    openssl(line, ["-passout", `pass:${password}`]);
    return readFileSync(join(folder, "own.pfx"));
  }

  const fingerprint = new X509Certificate(made.certificatePem).fingerprint256;
  const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256;

  test.each([
    ["AES-256 and SHA-256, the default", ""],
    ["AES-128", "-keypbe AES-128-CBC -certpbe AES-128-CBC"],
    ["AES-192", "-keypbe AES-192-CBC -certpbe AES-192-CBC"],
    [
      "3DES and SHA-1, that of Windows",
      "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
    ],
    ["3DES of two keys", "-keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-2DES -macalg sha1"],
    ["RC2 of 40 bits, that of old files", "-legacy"],
    ["RC2 of 128 bits", "-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-128"],
    ["3DES within PBES2", "-keypbe DES-EDE3-CBC -certpbe DES-EDE3-CBC"],
    ["SHA-224", "-macalg sha224"],
    ["SHA-384", "-macalg sha384"],
    ["SHA-512", "-macalg sha512"],
    ["no digest", "-nomac"],
    ["no encryption", "-keypbe NONE -certpbe NONE"],
    ["only the key encrypted", "-certpbe NONE"],
    ["a single round", "-iter 1"],
    ["many rounds", "-iter 300000"],
    ["its issuer", "-certfile chain.pem"],
  ])("with %s", (_what, options) => {
    for (const password of ["a password of this test", "Grüße€1"]) {
      const opened = readPfx(written(options, password), password);
      expect(fingerprintOf(opened.certificatePem)).toBe(fingerprint);
      expect(opened.privateKeyPem).toBe(made.privateKeyPem);
      expect(opened.keyProvider).toBeUndefined();
    }
  });

  test.each([
    "Grüße€1",
    "пароль",
    "密码",
    "🚀 rocket",
    "a\"b'c\\d$e`f",
    " leading",
    "x".repeat(200),
    "",
  ])("with the password %j, in PBES2 and in the older derivation", (password) => {
    for (const options of ["", "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1"]) {
      const opened = readPfx(written(options, password), password);
      expect(fingerprintOf(opened.certificatePem)).toBe(fingerprint);
      if (password !== "") {
        expect(() => readPfx(written(options, password), `${password}x`)).toThrow(
          "does not open with this password",
        );
      }
    }
  });

  test("names the provider that the file wants its key in", () => {
    const name = "Microsoft Software Key Storage Provider";
    openssl("pkcs12 -export -in own.pem -inkey own.key -out own.pfx -passout pass:x -CSP", [name]);
    expect(readPfx(readFileSync(join(folder, "own.pfx")), "x").keyProvider).toBe(name);
  });

  /** Problem and message of a file that cannot be used. */
  function problemOf(file: Buffer, password = "a password of this test"): string {
    try {
      readPfx(file, password);
    } catch (error) {
      expect(error).toBeInstanceOf(PfxReadError);
      return (error as PfxReadError).message;
    }
    return "opened";
  }

  test.each<[string, () => [file: Buffer, password?: string], string]>([
    [
      "has no key",
      () => {
        openssl("pkcs12 -export -nokeys -in own.pem -out own.pfx -passout pass:x");
        return [readFileSync(join(folder, "own.pfx")), "x"];
      },
      "holds no private key, only a certificate.",
    ],
    [
      "has a key without certificate",
      () => {
        openssl("pkcs12 -export -nocerts -inkey own.key -out own.pfx -passout pass:x");
        return [readFileSync(join(folder, "own.pfx")), "x"];
      },
      "holds a private key without a certificate.",
    ],
    [
      "has a key on a curve",
      () => {
        openssl(
          "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x -keyout ec.key -out ec.pem",
        );
        openssl("pkcs12 -export -in ec.pem -inkey ec.key -out ec.pfx -passout pass:x");
        return [readFileSync(join(folder, "ec.pfx")), "x"];
      },
      "holds a key of type ec; Exchange accepts RSA only.",
    ],
    [
      "has RC4",
      () => [written("-legacy -keypbe PBE-SHA1-RC4-128 -certpbe PBE-SHA1-RC4-128")],
      "is encrypted by RC4, which is not supported.",
    ],
    ["has another password", () => [written("", "x"), "y"], "does not open with this password."],
    ["needs one", () => [written("", "x"), ""], "needs a password."],
    [
      "has a line end behind its password",
      () => [written("", "x"), "x\r\n"],
      "opens with the password without the line end behind it.",
    ],
    [
      "has blanks around its password",
      () => [written("", "x"), " x "],
      "opens with the password without the blanks around it.",
    ],
    [
      "has quotes around its password",
      () => [written("", "x"), '"x"'],
      "opens with the password without the quotes around it.",
    ],
    [
      "has a mark in front of its password",
      () => [written("", "x"), "\uFEFFx"],
      "opens with the password without the",
    ],
    [
      "has its password decomposed",
      () => [written("", "\u00fc"), "u\u0308"],
      "opens with the password with its accents composed (NFC).",
    ],
    ["is cut off", () => [written("").subarray(0, 900)], "is not whole: the end of it is missing."],
    ["is empty", () => [Buffer.alloc(0)], "is empty."],
    [
      "is a certificate",
      () => [new X509Certificate(made.certificatePem).raw],
      "is a certificate, not a .pfx.",
    ],
    [
      "is a certificate in PEM",
      () => [Buffer.from(made.certificatePem)],
      "is PEM text (CERTIFICATE), not a .pfx.",
    ],
    [
      "is a key in PEM",
      () => [Buffer.from(made.privateKeyPem)],
      "is PEM text (RSA PRIVATE KEY), not a .pfx.",
    ],
    [
      "is a Java keystore",
      () => [Buffer.from("feedfeed00000002", "hex")],
      "is a Java keystore (JKS), not a .pfx.",
    ],
    [
      "is a web page",
      () => [Buffer.from("<!doctype html><title>Sign in</title>")],
      "is a web page, not a .pfx.",
    ],
    [
      "was copied as text, of UTF-8",
      () => [Buffer.from(written("").toString("utf8"))],
      "begins like a .pfx and is damaged behind its beginning.",
    ],
    ["is something else", () => [Buffer.from("hello, world!")], "is another file, not a .pfx."],
  ])("each reason why a file cannot be used is told apart: it %s", (_what, make, wanted) => {
    const said = problemOf(...make());
    expect(said).toContain(wanted);
    expect(said).not.toContain("this test");
  });

  test.each<[string, (file: Buffer) => Buffer | string]>([
    ["base64", (file) => file.toString("base64")],
    ["base64 in a file", (file) => Buffer.from(file.toString("base64"))],
    [
      "base64 in lines, with a line end",
      (file) => Buffer.from(file.toString("base64").replace(/.{64}/g, "$&\r\n")),
    ],
    [
      "base64 as Windows PowerShell writes it",
      (file) => Buffer.from(`\uFEFF${file.toString("base64")}\r\n`, "utf16le"),
    ],
    ["base64 of the base64", (file) => Buffer.from(file.toString("base64")).toString("base64")],
    ["hexadecimal", (file) => file.toString("hex")],
    ["hexadecimal of a database", (file) => Buffer.from(`0x${file.toString("hex").toUpperCase()}`)],
    ["base64url", (file) => file.toString("base64url")],
    [
      "certutil -encode",
      (file) =>
        Buffer.from(`-----BEGIN PKCS12-----\n${file.toString("base64")}\n-----END PKCS12-----\n`),
    ],
  ])("a file in %s is opened too", (_what, wrap) => {
    const opened = readPfx(wrap(written("")), "a password of this test");
    expect(fingerprintOf(opened.certificatePem)).toBe(fingerprint);
  });
});
