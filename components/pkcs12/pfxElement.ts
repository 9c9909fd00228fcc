import { decodedText } from "../../system/decodedText";
import { derKindOf } from "../material/derKinds";
import { type DerElement, readElement } from "../material/derReader";
import { PfxReadError } from "./readError";

const exportPfx =
  "Name a .pfx or .p12 file with key and certificate: openssl pkcs12 -export -in own.pem -inkey own.key -out own.pfx.";

/**
 * The outermost element of a `.pfx`, of which people have the file, or its base64 or hexadecimal as
 * variables, secret stores and databases keep it.
 *
 * @throws {PfxReadError} If it is empty, something else, or cut off.
 */
export function pfxElement(pfx: string | Buffer): DerElement {
  const bytes = typeof pfx === "string" ? bytesIn(pfx) : pfx;
  for (let at = 0, content = bytes; content !== undefined && at < 3; at++) {
    if (content.length === 0) {
      throw new PfxReadError("empty", "is empty.", exportPfx);
    }
    const element = readElement(content);
    if (element !== undefined && derKindOf(element) === "pfx") {
      if (element.truncated) {
        throw new PfxReadError(
          "truncated",
          "is not whole: the end of it is missing.",
          "Copy it again, as binary.",
        );
      }
      return element;
    }
    const inside = bytesIn(decodedText(content));
    if (inside === undefined && isDamaged(content)) {
      throw new PfxReadError(
        "truncated",
        "begins like a .pfx and is damaged behind its beginning.",
        "Copy it again, as binary: as text its bytes become others.",
      );
    }
    if (inside === undefined) {
      throw new PfxReadError("not-a-pfx", `${fileKind(content)}, not a .pfx.`, exportPfx);
    }
    content = inside;
  }
  throw new PfxReadError("not-a-pfx", "is not a .pfx.", exportPfx);
}

/** Whether bytes begin with a long sequence, as a `.pfx` does, of which the content cannot be read. */
function isDamaged(bytes: Buffer): boolean {
  const element = readElement(bytes);
  const kind = element && derKindOf(element);
  return bytes[0] === 0x30 && bytes.length > 500 && (kind === undefined || kind === "other");
}

function bytesIn(text: string): Buffer | undefined {
  const hexadecimal = text.replace(/^\s*0x|[\s\uFEFF:]+/gi, "");
  if (/^3082[0-9a-f]{100,}$/i.test(hexadecimal)) {
    return Buffer.from(hexadecimal, "hex");
  }
  const base64 = text
    .replace(/-----(?:BEGIN|END) (?:PKCS12|PFX)-----/g, "")
    .replace(/^data:[^,]*,|[\s\uFEFF"']+/g, "");
  return /^[A-Za-z0-9+/_-]*={0,2}$/.test(base64) && !base64.includes("-----")
    ? Buffer.from(base64, base64.includes("-") || base64.includes("_") ? "base64url" : "base64")
    : undefined;
}

/** What people take for a `.pfx`. */
function fileKind(bytes: Buffer): string {
  const element = readElement(bytes);
  const kind = element && derKindOf(element);
  if (kind !== undefined && kind !== "other" && kind !== "pfx") {
    return kind === "pkcs7" ? "is a PKCS #7 container" : `is a ${kind}`;
  }
  const [, label] = /-----BEGIN ([A-Z0-9 ]{1,40})-----/.exec(decodedText(bytes)) ?? [];
  if (label !== undefined) {
    return `is PEM text (${label})`;
  }
  const start = bytes.subarray(0, 4).toString("hex");
  const magic: Readonly<Record<string, string>> = {
    feedfeed: "is a Java keystore (JKS)",
    "504b0304": "is a zip archive",
  };
  return (
    magic[start] ??
    (/^\s*</.test(bytes.subarray(0, 64).toString()) ? "is a web page" : "is another file")
  );
}
