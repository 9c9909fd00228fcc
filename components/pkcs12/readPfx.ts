import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { childrenOf, type DerElement, derTags, objectIdOf, octetsOf } from "../material/derReader";
import { decrypt, macFits, type PasswordBytes, passwordsFor } from "./decryption";
import { objectIds } from "./objectIds";
import { pfxElement } from "./pfxElement";
import { PfxReadError, unsupportedPfx } from "./readError";

/** The key and certificate of a `.pfx`, as PEM. */
export interface PfxContent {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
  /** The Windows provider that the file wants its key in; absent where it names none. */
  readonly keyProvider?: string;
  /** The file itself, out of whatever it was wrapped in. */
  readonly file: Buffer;
}

/**
 * Opens a `.pfx` of any common writer: OpenSSL, Windows, Java, NSS, macOS, node-forge. Of a chain,
 * the certificate of the key is taken, wherever it stands.
 *
 * @param pfx The file, or its base64, once or twice.
 * @throws {PfxReadError} Says which of the reasons it is; the message repeats neither file nor
 *   password.
 * @see https://www.rfc-editor.org/rfc/rfc7292
 */
export function readPfx(pfx: string | Buffer, password: string): PfxContent {
  const file = pfxElement(pfx);
  const passwords = passwordsFor(password);
  const content = openSafes(file, passwords);
  if (content === undefined) {
    const meant = variantsOf(password).find(
      ([, other]) => openSafes(file, passwordsFor(other)) !== undefined,
    );
    throw meant !== undefined
      ? new PfxReadError(
          "password",
          `opens with the password ${meant[0]}.`,
          "Hand the password over without what is too much.",
        )
      : password === ""
        ? new PfxReadError("password", "needs a password.", "Hand its password over.")
        : new PfxReadError(
            "password",
            "does not open with this password.",
            "Check the password, and that the file is the one it belongs to.",
          );
  }
  return { ...pairOf(content), file: file.raw };
}

/** What is often wrong with a password that was copied or read from a file. */
function variantsOf(password: string): [how: string, password: string][] {
  const variants: [string, string][] = [
    ["without the line end behind it", password.replace(/[\r\n]+$/, "")],
    ["without the blanks around it", password.trim()],
    ["without the quotes around it", password.trim().replace(/^(["'])(.*)\1$/s, "$2")],
    ["without the byte order mark in front of it", password.replace(/^\uFEFF/, "")],
    ["with its accents composed (NFC)", password.normalize("NFC")],
    ["with its accents decomposed (NFD)", password.normalize("NFD")],
  ];
  return variants.filter(([, other]) => other !== password);
}

/** What the bags of a file hold. */
interface Content {
  readonly keys: { readonly pkcs8: Buffer; readonly provider?: string | undefined }[];
  readonly certificates: Buffer[];
}

/** The content of a file; `undefined` where the password does not fit. */
function openSafes(file: DerElement, passwords: PasswordBytes): Content | undefined {
  const [, authenticated, mac] = childrenOf(file);
  const safe = authenticated && explicitOctets(authenticated);
  if (safe === undefined) {
    throw unsupportedPfx("is protected by a signature instead of a password");
  }
  const fitting = mac === undefined ? passwords : macFits(mac, safe, passwords);
  if (fitting === undefined) {
    return undefined;
  }
  const content: Content = { keys: [], certificates: [] };
  for (const part of childrenOf(childrenOf({ content: safe })[0] ?? { content: safe })) {
    const bags = bagsOf(part, fitting);
    if (bags === undefined || !collect(bags, fitting, content)) {
      return undefined;
    }
  }
  return content;
}

/** The octets of a ContentInfo of plain data. */
function explicitOctets(info: DerElement): Buffer | undefined {
  const [type, explicit] = childrenOf(info);
  const octets = explicit && childrenOf(explicit)[0];
  return objectIdOf(type) === objectIds.data && octets ? octetsOf(octets) : undefined;
}

function bagsOf(part: DerElement, passwords: PasswordBytes): Buffer | undefined {
  const [type, explicit] = childrenOf(part);
  if (objectIdOf(type) === objectIds.data) {
    return explicitOctets(part);
  }
  if (objectIdOf(type) !== objectIds.encryptedData || explicit === undefined) {
    throw unsupportedPfx("is encrypted for a recipient instead of with a password");
  }
  const info = childrenOf(childrenOf(explicit)[0] ?? part)[1];
  const [, algorithm, encrypted] = info ? childrenOf(info) : [];
  return algorithm && encrypted ? decrypt(algorithm, octetsOf(encrypted), passwords) : undefined;
}

const bagTypes = "1.2.840.113549.1.12.10.1.";
const plainKeyBag = `${bagTypes}1`;
const safeContentsBag = `${bagTypes}6`;

/** @returns Whether everything that is encrypted opened. */
function collect(safeContents: Buffer, passwords: PasswordBytes, into: Content): boolean {
  const bags = childrenOf(childrenOf({ content: safeContents })[0] ?? { content: safeContents });
  return bags.every((bag) => {
    const [type, explicit, attributes] = childrenOf(bag);
    const value = explicit && childrenOf(explicit)[0];
    if (value === undefined) {
      return true;
    }
    switch (objectIdOf(type)) {
      case plainKeyBag:
        into.keys.push({ pkcs8: value.raw, provider: providerIn(attributes) });
        return true;
      case objectIds.pkcs8ShroudedKeyBag: {
        const [algorithm, encrypted] = childrenOf(value);
        const pkcs8 = algorithm && encrypted && decrypt(algorithm, octetsOf(encrypted), passwords);
        if (pkcs8 !== undefined) {
          into.keys.push({ pkcs8, provider: providerIn(attributes) });
        }
        return pkcs8 !== undefined;
      }
      case objectIds.certBag: {
        const [kind, wrapped] = childrenOf(value);
        const octets = wrapped && childrenOf(wrapped)[0];
        if (objectIdOf(kind) === objectIds.x509Certificate && octets !== undefined) {
          into.certificates.push(octetsOf(octets));
        }
        return true;
      }
      case safeContentsBag:
        return collect(value.raw, passwords, into);
      default:
        return true;
    }
  });
}

/** The name of the Windows provider among the attributes of a bag. */
function providerIn(attributes: DerElement | undefined): string | undefined {
  const named = (attributes ? childrenOf(attributes) : []).find(
    (attribute) => objectIdOf(childrenOf(attribute)[0]) === objectIds.keyProviderName,
  );
  const value = named && childrenOf(childrenOf(named)[1] ?? named)[0];
  return value?.tag === derTags.bmpString
    ? Buffer.from(value.content).swap16().toString("utf16le")
    : undefined;
}

function pairOf({ keys, certificates }: Content): Omit<PfxContent, "file"> {
  const [opened] = keys.map(({ pkcs8 }) => keyIn(pkcs8));
  if (keys.length === 0) {
    throw new PfxReadError(
      "no-key",
      `holds no private key, only ${certificates.length === 1 ? "a certificate" : `${certificates.length} certificates`}.`,
      "Export it with its private key: in Windows, mark the key as exportable and choose to export it.",
    );
  }
  const parsed = certificates.flatMap((der) => certificateInBag(der) ?? []);
  for (const { pkcs8, provider } of keys) {
    const key = keyIn(pkcs8);
    const own = key && parsed.find((certificate) => certificate.checkPrivateKey(key));
    if (key?.asymmetricKeyType === "rsa" && own !== undefined) {
      return {
        privateKeyPem: key.export({ type: "pkcs1", format: "pem" }).toString(),
        certificatePem: own.toString(),
        ...(provider === undefined ? {} : { keyProvider: provider }),
      };
    }
  }
  if (opened !== undefined && opened.asymmetricKeyType !== "rsa") {
    throw new PfxReadError(
      "key-type",
      `holds a key of type ${opened.asymmetricKeyType ?? "unknown"}; Exchange accepts RSA only.`,
      "Request a certificate with an RSA key of 2048 bits or more.",
    );
  }
  throw new PfxReadError(
    "no-certificate",
    certificates.length === 0
      ? "holds a private key without a certificate."
      : "holds a private key and no certificate of that key.",
    "Export key and certificate together: openssl pkcs12 -export -in own.pem -inkey own.key -out own.pfx.",
  );
}

function keyIn(pkcs8: Buffer): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  } catch {
    return undefined;
  }
}

function certificateInBag(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}
