import { isGuid } from "../../system/guid";

/** What a text is that was given in place of a certificate, and what to do about it. */
export type Refusal = readonly [rule: string, remedy: string];

/** The way to a file that may be given. */
export const exportPublic = "Export only the public certificate, as a .cer or PEM file.";

/** Said only where the text does hold a private key. */
export const treatAsExposed = `${exportPublic} Treat the key as exposed if it was committed or pasted elsewhere.`;

/**
 * Marks by which a text holds a private key, whatever else it holds: labels of PEM, also of
 * OpenSSH and PGP, and the forms of PuTTY, JSON web keys and .NET. Words beside them, in a name for example, are none.
 */
const keyMarks: readonly RegExp[] = [
  /[-\u2010-\u2015]{2,}\s*BEGIN[A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?\s*[-\u2010-\u2015]{2,}/i,
  /^\s*PuTTY-User-Key-File-\d+:/im,
  /^\s*Private-Lines:\s*\d/im,
  /"kty"\s*:[^{}]*"(?:d|k)"\s*:\s*"|"(?:d|k)"\s*:\s*"[^{}]*"kty"\s*:/,
  /<RSAKeyValue>[\s\S]*<(?:D|P|Q|DP|DQ|InverseQ)>/i,
];

/** Whether a text says of itself that it holds a private key. */
export function namesPrivateKey(text: string): boolean {
  return keyMarks.some((mark) => mark.test(text));
}

const pasteContent = "Give the content of the certificate's file, not where it is.";

/** Texts that people give in place of a certificate, in the order in which they are tried. */
const textForms: readonly [RegExp, ...Refusal][] = [
  [/^$/, "is not a certificate: it is empty.", exportPublic],
  [
    /^Cert:[\\/]|^(?:LocalMachine|CurrentUser)[\\/]/i,
    "is a place in a certificate store.",
    pasteContent,
  ],
  [
    /^https?:\/\//i,
    "is a URL, also where that of a certificate in Azure Key Vault.",
    `${pasteContent} From Key Vault: az keyvault certificate download --encoding PEM`,
  ],
  [/^ssh-(?:rsa|ed25519|dss) |^ecdsa-sha2-/, "is an OpenSSH public key.", exportPublic],
  [/"kty"\s*:|<RSAKeyValue>/, "is a public key without its certificate.", exportPublic],
  [
    /^(?:\$\{?\{?|\$\(|%\w+%|\{\{|<%|#\{|@Microsoft\.KeyVault\()|^<[^<>]{1,80}>$/i,
    "is a placeholder that nothing has filled in.",
    "Set the value to the certificate itself.",
  ],
  [
    /^(?:subject[ =:]+)?(?:CN|OU?|DC|C|E)[ ]*=[^=]{1,64}(?:,|$)/i,
    "is the subject of a certificate, which names it and does not hold it.",
    exportPublic,
  ],
  [/^eyJ[\w-]+\.[\w-]*\.?/, "is a token.", exportPublic],
  [
    /^(?:sha(?:1|256)[: =])?\s*(?:[0-9a-f]{40}|[0-9a-f]{64}|(?:[0-9a-f]{2}[: ]){19}(?:(?:[0-9a-f]{2}[: ]){12})?[0-9a-f]{2})$/i,
    "is a thumbprint, which names a certificate and does not hold it.",
    exportPublic,
  ],
  [
    /^[^\d]{0,40}(?:\d{1,3}[,;\s]\s*){20,}\d{1,3}\D{0,10}$/,
    "is a list of byte values.",
    "Give them as base64, in PowerShell: [Convert]::ToBase64String($certificate.RawData).",
  ],
  [
    /^(?:[0-9a-f]{4,8}:?[ \t]+(?:[0-9a-f]{2,4}[ \t]+){8,})/im,
    "is a hexadecimal dump with offsets.",
    "Give the base64 of the .cer file.",
  ],
  [
    /^(?:Certificate:\s|\s*Data:\s*Version:)/,
    "is a description of a certificate, as openssl x509 -text prints it.",
    "Give the PEM text, which openssl x509 -in FILE prints.",
  ],
  [
    // A path, or a name with the ending of such a file.
    /^(?:file:|@|~?[\\/.]|[a-z]:[\\/])\S*[^\n]*$|^[^\n]*\.(?:pem|cer|crt|der|p7b|p7c|pfx|p12|key|csr|txt|ya?ml)$/i,
    "is a path or the name of a file.",
    pasteContent,
  ],
];

/** What a text without readable bytes is. */
export function refusalOfText(text: string): Refusal {
  const trimmed = text.trim();
  if (isGuid(trimmed)) {
    return ["is an id, of a key or an object, and not a certificate.", exportPublic];
  }
  const form = textForms.find(([pattern]) => pattern.test(trimmed));
  return form === undefined ? ["is not a certificate.", exportPublic] : [form[1], form[2]];
}
