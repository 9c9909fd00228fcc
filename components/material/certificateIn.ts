import { decodedText } from "../../system/decodedText";
import { certificatesInPkcs7, type DerKind, derKindOf, elementsIn } from "./derKinds";
import {
  exportPublic,
  type Refusal,
  refusalOfText,
  namesPrivateKey,
  treatAsExposed,
} from "./textKinds";
import { namedValuesIn, unwrapText, withoutTags } from "./wrappings";

/** The text is not a certificate that may be used. The message never repeats the text. */
export class CertificateMaterialError extends Error {
  override readonly name = "CertificateMaterialError";

  constructor(
    readonly rule: string,
    readonly remedy: string,
  ) {
    super(`${rule} ${remedy}`);
  }
}

/** What was found in a text: certificates, what is wrong with each other part, or both. */
interface Found {
  readonly certificates: Buffer[];
  readonly refusals: Refusal[];
  readonly key: boolean;
}

const emptyFile: Found = { certificates: [], refusals: [], key: false };

/**
 * The one certificate in a text, in whatever wrapping people have it: PEM with any text around it,
 * under any label of a certificate or PKCS #7, the base64 of a `.cer`, `.p7b` or PEM file, base64url,
 * hexadecimal, bytes of a program, escaped line breaks, quotes, line numbers, a mail, a comparison, a byte
 * order mark, HTML, XML, a URL, JSON, YAML.
 *
 * @returns Its DER.
 * @throws {CertificateMaterialError} If a private key is in the text, or not exactly one certificate;
 *   the message says what the text is.
 * @see https://www.rfc-editor.org/rfc/rfc7468
 */
export function certificateIn(text: string): Buffer {
  const { certificates, refusals, key } = foundIn(text, 0);
  const [certificate, ...others] = certificates;
  if (key) {
    throw new CertificateMaterialError(
      "contains a private key, which must never come near the stack.",
      treatAsExposed,
    );
  }
  if (others.length > 0) {
    throw new CertificateMaterialError(
      `contains ${certificates.length} certificates.`,
      "Keep the application's own certificate and leave the chain out: Microsoft Entra ID does not use it.",
    );
  }
  const [fatal] = refusals.filter(([rule]) => certificate === undefined || rule.includes(".pfx"));
  if (certificate === undefined || fatal !== undefined) {
    throw new CertificateMaterialError(...(fatal ?? refusalOfText(text)));
  }
  return certificate;
}

/** How often one wrapping may be within another: base64 of base64 of UTF-16 PEM. */
const deepest = 3;

function foundIn(wrapped: string, depth: number): Found {
  const tagged = unwrapText(wrapped);
  if (namesPrivateKey(tagged)) {
    return { ...emptyFile, key: true };
  }
  const text = withoutTags(tagged);
  const blocks = [...text.matchAll(pemBlock)];
  const outside = text.replace(pemBlock, "\n\n");
  if (blocks.length > 0) {
    return mergeFound([
      ...blocks.map(([, label = "", body = ""]) => findInBlock(label.trim().toUpperCase(), body)),
      // What stands beside the blocks is of no matter, unless it is a key that has lost its label.
      { ...emptyFile, key: bytesBeside(outside).some((bytes) => findInBytes(bytes, deepest).key) },
    ]);
  }
  const halves = [/^-{2,}BEGIN ([A-Z0-9 ]+)-{2,}/im, /^-{2,}END ([A-Z0-9 ]+)-{2,}/im];
  const [begins, ends] = halves.map((half) => half.test(text));
  if (begins || ends) {
    const has = begins ? "a BEGIN line without its END line" : "an END line without its BEGIN line";
    const rule = `is not whole: it has ${has}.`;
    const remedy = "Give the whole text of the file, from -----BEGIN to -----END.";
    const [bytes] = bytesBeside(text.replace(/^-+[A-Z0-9 ]+-+/gim, "\n\n"));
    return {
      ...emptyFile,
      refusals: [[rule, remedy]],
      key: bytes ? findInBytes(bytes, deepest).key : false,
    };
  }
  const bytes = bytesOf(text);
  if (bytes !== undefined) {
    return findInBytes(bytes, depth, refusalOfText(text));
  }
  const named = depth < deepest ? namedValuesIn(text).map((one) => foundIn(one, depth + 1)) : [];
  const holding = named.filter(({ certificates, key }) => key || certificates.length > 0);
  return holding.length > 0
    ? mergeFound(holding)
    : { ...emptyFile, refusals: [refusalOfText(tagged)] };
}

const pemBlock =
  /-{2,}[ \t]*BEGIN ([A-Z0-9 ]+?)[ \t]*-{2,}([\s\S]*?)-{2,}[ \t]*END [A-Z0-9 ]+?[ \t]*-{2,}/gi;

/** The bytes that a text spells in base64, base64url or hexadecimal. */
function bytesOf(text: string): Buffer | undefined {
  const hexadecimal = text.replace(/0x|\\x|[\s:,;@(){}[\]]+/gi, "");
  if (/^(?:30|3[13]|2d|fffe|efbbbf)[0-9a-f]{78,}$/i.test(hexadecimal)) {
    return Buffer.from(hexadecimal, "hex");
  }
  const base64 = text.replace(/^data:[^,]*,|\s+/g, "").replace(/\\\//g, "/");
  return /^[A-Za-z0-9+/_-]{40,}={0,2}$/.test(base64) && base64.replace(/=+$/, "").length % 4 !== 1
    ? Buffer.from(base64, base64.includes("-") || base64.includes("_") ? "base64url" : "base64")
    : undefined;
}

/** Every run of lines of base64. */
function bytesBeside(text: string): Buffer[] {
  return [...text.matchAll(/(?:^[ \t]*[A-Za-z0-9+/_-]{16,}={0,2}[ \t]*$\s?)+/gm)].flatMap(
    ([run]) => bytesOf(run) ?? [],
  );
}

function findInBlock(label: string, body: string): Found {
  // Headers, as RFC 1421 has them, stand between the label and the base64.
  const bytes = bytesOf(body.replace(/^[\w-]+:.*$/gm, "")) ?? bytesBetween(body);
  if (bytes === undefined) {
    return { ...emptyFile, refusals: [label.startsWith("PGP ") ? pgpBlock : damagedBlock] };
  }
  const found = findInBytes(bytes, deepest);
  // Behind a trusted certificate OpenSSL writes what it is trusted for.
  const [own, ...more] = label === "TRUSTED CERTIFICATE" ? elementsIn(bytes).elements : [];
  return own !== undefined && more.length === 1 && !found.key
    ? findInBytes(own.raw, deepest)
    : found;
}

/** The bytes of a block whose lines have something of an editor, a program or a comparison around them. */
function bytesBetween(body: string): Buffer | undefined {
  const lines = body.split("\n").filter((line) => line.trim() !== "");
  const isAdded = lines.every((line) => line.startsWith("+"));
  const bare = isAdded ? lines.map((line) => line.slice(1)).join("\n") : body;
  const runs = bare.match(/[A-Za-z0-9+/_-]{2,}={1,2}|[A-Za-z0-9+/_-]{4,}/g) ?? [];
  const bytes = bytesOf(runs.join(""));
  return bytes?.[0] === 0x30 ? bytes : undefined;
}

const damagedBlock: Refusal = [
  "is not a certificate that can be read: its PEM block is damaged.",
  exportPublic,
];

const pgpBlock: Refusal = ["is of PGP, and not a certificate of X.509.", exportPublic];

/** What each other kind is, and what to give in its place. */
const certificateRefusals: Readonly<
  Record<Exclude<DerKind, "certificate" | "private key" | "other">, Refusal>
> = {
  pfx: [
    "is a .pfx file, which holds a private key that must never come near the stack.",
    exportPublic,
  ],
  pkcs7: ["is a PKCS #7 container without a certificate.", exportPublic],
  request: [
    "is a certificate request (CSR), not a certificate.",
    "Give the certificate that the authority issued for it.",
  ],
  "revocation list": ["is a revocation list, not a certificate.", exportPublic],
  "public key": ["is a public key without its certificate.", exportPublic],
};

function findInBytes(bytes: Buffer, depth: number, otherwise?: Refusal): Found {
  if (isKeyInAnotherForm(bytes)) {
    return { ...emptyFile, key: true };
  }
  const { elements, rest } = elementsIn(bytes);
  const [first] = elements;
  const kind = first && derKindOf(first);
  if (first === undefined || kind === undefined || kind === "other") {
    const text = decodedText(bytes);
    if (depth < deepest && /^[\s\x20-\x7e\u00a0-\ufffc]*$/.test(text)) {
      return foundIn(text, depth + 1);
    }
    return {
      ...emptyFile,
      refusals: [otherwise ?? ["is not a certificate.", exportPublic]],
    };
  }
  const found = elements.map((element): Found => {
    const one = derKindOf(element);
    if (one === "private key") {
      return { ...emptyFile, key: true };
    }
    if (element.truncated && one !== "pfx") {
      const rule = "is not whole: the end of it is missing.";
      return { ...emptyFile, refusals: [[rule, "Give the whole content of the file."]] };
    }
    if (one === "certificate") {
      return { ...emptyFile, certificates: [element.raw] };
    }
    const inside = one === "pkcs7" ? certificatesInPkcs7(element) : [];
    return inside.length > 0
      ? { ...emptyFile, certificates: inside }
      : { ...emptyFile, refusals: one === "other" ? [moreInIt] : [certificateRefusals[one]] };
  });
  const whole = mergeFound(found);
  return rest.length > 0 || whole.refusals.length > 0
    ? { ...whole, certificates: [], refusals: [...whole.refusals, moreInIt] }
    : whole;
}

const moreInIt: Refusal = [
  "has more in it than one certificate.",
  `${exportPublic} If a key was among it, treat it as exposed.`,
];

/** The magic numbers of OpenSSH keys, of `.pvk` files and of a CSP's private key blob. */
function isKeyInAnotherForm(bytes: Buffer): boolean {
  const start = bytes.subarray(0, 16).toString("latin1");
  return (
    start.startsWith("openssh-key-v1\0") ||
    start.startsWith("\x1e\xf1\xb5\xb0") ||
    /^\x07\x02\0\0[\s\S]{4}RSA2/.test(start)
  );
}

function mergeFound(all: readonly Found[]): Found {
  return {
    certificates: all.flatMap(({ certificates }) => certificates),
    refusals: all.flatMap((one) => one.refusals),
    key: all.some(({ key }) => key),
  };
}
