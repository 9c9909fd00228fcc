import { pemOf } from "../../components/certificateFacts";
import { requireCertificate, requireKey, type StackAccess } from "./stackAccess";

/** Encodings of a certificate file: the bytes, or their base64 between two lines. */
export const cerEncodings = ["der", "pem"] as const;

/** One of {@link cerEncodings}. */
export type CerEncoding = (typeof cerEncodings)[number];

/**
 * The public certificate as the content of a `.cer` file. Windows, Microsoft Entra ID and OpenSSL 3
 * read either encoding.
 *
 * @throws {ExportError} If the stack has no certificate.
 */
export function cerFile(access: StackAccess, encoding: CerEncoding): Buffer {
  const { cer } = requireCertificate(access);
  return encoding === "der" ? Buffer.from(cer, "base64") : Buffer.from(pemOf(cer));
}

/**
 * The bytes of the `.pfx`.
 *
 * @throws {ExportError} If the stack has no certificate, or it was supplied.
 */
export function pfxContent(access: StackAccess): Buffer {
  return Buffer.from(requireKey(access).pfx, "base64");
}
