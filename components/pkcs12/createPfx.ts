import {
  type Asn1,
  encode,
  integer,
  objectId,
  octetString,
  sequence,
  tagged,
  taggedOctets,
} from "./der";
import { readOwnCertificate, readPrivateKey } from "./keyMaterial";
import { objectIds } from "./objectIds";
import { checkEncryption, checkFriendlyName, type PfxOptions } from "./options";
import { checkPassword } from "./password";
import { type Encrypted, protectionFor } from "./protection";
import { certificateBag, keyBag, type Pairing, privateKeyInfo } from "./safeBags";
import { saltSource } from "./salts";

/**
 * Writes a `.pfx` (PKCS #12) with one RSA key and its certificate. The issuers stay out: Microsoft
 * Entra ID does not use them.
 *
 * The same options give the same bytes, so a stack that computes the file at every preview shows no
 * change. The key names a CSP and is marked for key exchange, so Windows imports it in the form
 * that Exchange Online PowerShell needs on Windows PowerShell 5.1; other systems pass over both.
 *
 * @returns The DER bytes of the file.
 * @throws {PfxInputError} If an option cannot be used; the message repeats no secret.
 * @example
 * createPfx({
 *   privateKeyPem,
 *   certificatePem,
 *   password: derivePfxPassword(privateKeyPem, "2026-11"),
 *   friendlyName: "contoso.org 2026-11",
 *   encryption: PfxEncryption.Modern,
 *   saltSeed: "2026-11",
 * });
 * @see https://www.rfc-editor.org/rfc/rfc7292
 * @see https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
 */
export function createPfx(options: PfxOptions): Buffer {
  const { password, friendlyName, encryption, saltSeed = "" } = options;
  checkEncryption(encryption);
  checkPassword(password);
  if (friendlyName !== undefined) {
    checkFriendlyName(friendlyName);
  }
  const { key, pkcs1 } = readPrivateKey(options.privateKeyPem);
  const { own, thumbprint } = readOwnCertificate(key, options.certificatePem);

  const salt = saltSource(pkcs1, saltSeed, [
    encryption,
    password,
    // An absent name and the number of parts are told apart by what the parts are framed with.
    ...(friendlyName === undefined ? ["no name"] : ["name", friendlyName]),
    own,
  ]);
  const protection = protectionFor(encryption, password, salt);
  const pairing: Pairing = { localKeyId: thumbprint, friendlyName };

  const certificates = sequence(certificateBag(own, pairing));
  const keys = sequence(keyBag(protection.encrypt(privateKeyInfo(pkcs1), "key"), pairing));
  const authenticatedSafe = encode(
    sequence(
      encryptedContent(protection.encrypt(encode(certificates), "certificates")),
      // The bag inside is encrypted already; encrypting its container again adds nothing, and
      // readers find the attributes of the key in the clear, as in files of Windows and OpenSSL.
      plainContent(encode(keys)),
    ),
  );
  return encode(
    sequence(
      integer(3),
      plainContent(authenticatedSafe),
      protection.authenticate(authenticatedSafe),
    ),
  );
}

function plainContent(bytes: Buffer): Asn1 {
  return sequence(objectId(objectIds.data), tagged(0, octetString(bytes)));
}

function encryptedContent({ algorithm, bytes }: Encrypted): Asn1 {
  const info = sequence(objectId(objectIds.data), algorithm, taggedOctets(0, bytes));
  return sequence(objectId(objectIds.encryptedData), tagged(0, sequence(integer(0), info)));
}
