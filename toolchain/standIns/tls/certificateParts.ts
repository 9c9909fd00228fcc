import type forgeModule from "node-forge";
import { type Properties, text, texts } from "../../pluginProtocol/values";

/** Bits of the key usage extension and ids of the extended one, by the provider's names. */
export const keyUsages: Record<string, string> = {
  digital_signature: "digitalSignature",
  content_commitment: "nonRepudiation",
  key_encipherment: "keyEncipherment",
  data_encipherment: "dataEncipherment",
  key_agreement: "keyAgreement",
  cert_signing: "keyCertSign",
  crl_signing: "cRLSign",
  encipher_only: "encipherOnly",
  decipher_only: "decipherOnly",
};
/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12 */
export const extendedUsages: Record<string, string> = {
  any_extended: "2.5.29.37.0",
  server_auth: "serverAuth",
  client_auth: "clientAuth",
  code_signing: "codeSigning",
  email_protection: "emailProtection",
  timestamping: "timeStamping",
  ocsp_signing: "1.3.6.1.5.5.7.3.9",
};

/** Object ids of a subject's attributes, in the order in which the provider writes them. */
const subjectAttributes: readonly (readonly [key: string, objectId: string])[] = [
  ["country", "2.5.4.6"],
  ["province", "2.5.4.8"],
  ["locality", "2.5.4.7"],
  ["postalCode", "2.5.4.17"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "1.2.840.113549.1.9.1"],
];

/** The attributes of a certificate's subject, each in the kind of string that Go writes. */
export function subjectFields(
  forge: typeof forgeModule,
  subject: Properties,
): forgeModule.pki.CertificateField[] {
  const { IA5STRING, PRINTABLESTRING, UTF8 } = forge.asn1.Type as unknown as Record<
    "IA5STRING" | "PRINTABLESTRING" | "UTF8",
    forgeModule.asn1.Class
  >;
  const kindOf = (key: string, value: string) => {
    if (key === "emailAddress") {
      return IA5STRING;
    }
    return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? PRINTABLESTRING : UTF8;
  };
  return subjectAttributes.flatMap(([key, type]) => {
    const value = text(subject, key);
    return value === "" ? [] : [{ type, value, valueTagClass: kindOf(key, value) }];
  });
}

/** The extensions, in the order in which Go writes them. */
export function extensionsOf(inputs: Properties): object[] {
  const uses = texts(inputs, "allowedUses");
  const chosen = (names: Record<string, string>) =>
    uses.flatMap((use) => (names[use] === undefined ? [] : [[names[use], true] as const]));
  const usage = chosen(keyUsages);
  const extended = chosen(extendedUsages);
  const authority = inputs.isCaCertificate === true;
  const names = [
    ...texts(inputs, "dnsNames").map((value) => ({ type: 2, value })),
    ...texts(inputs, "ipAddresses").map((ip) => ({ type: 7, ip })),
    ...texts(inputs, "uris").map((value) => ({ type: 6, value })),
  ];
  return [
    ...(usage.length > 0
      ? [{ name: "keyUsage", critical: true, ...Object.fromEntries(usage) }]
      : []),
    ...(extended.length > 0 ? [{ name: "extKeyUsage", ...Object.fromEntries(extended) }] : []),
    {
      name: "basicConstraints",
      critical: true,
      cA: authority,
      ...(authority && typeof inputs.maxPathLength === "number" && inputs.maxPathLength > 0
        ? { pathLenConstraint: inputs.maxPathLength }
        : {}),
    },
    ...(inputs.setSubjectKeyId === true || authority ? [{ name: "subjectKeyIdentifier" }] : []),
    ...(inputs.setAuthorityKeyId === true
      ? [{ name: "authorityKeyIdentifier", keyIdentifier: true }]
      : []),
    ...(names.length > 0 ? [{ name: "subjectAltName", altNames: names }] : []),
  ];
}
