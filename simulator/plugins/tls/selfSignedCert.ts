import { createPrivateKey, randomBytes } from "node:crypto";
import type forgeModule from "node-forge";
import type { Schema } from "../protocol/schema";
import { nested, type Properties, text, texts, withoutBookkeeping } from "../protocol/values";

const forceNew = true;

/** @see https://registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/self_signed_cert */
export const selfSignedCertSchema: Schema = {
  allowedUses: { type: "list", required: true, forceNew },
  certPem: { type: "text", outputOnly: true },
  dnsNames: { type: "list", forceNew },
  earlyRenewalHours: { type: "number", default: 0 },
  ipAddresses: { type: "list", forceNew },
  isCaCertificate: { type: "flag", forceNew, default: false },
  keyAlgorithm: { type: "text", outputOnly: true },
  maxPathLength: { type: "number", forceNew },
  privateKeyPem: { type: "text", required: true, forceNew },
  readyForRenewal: { type: "flag", outputOnly: true },
  setAuthorityKeyId: { type: "flag", forceNew, default: false },
  setSubjectKeyId: { type: "flag", forceNew, default: false },
  subject: {
    type: "object",
    forceNew,
    fields: {
      commonName: { type: "text" },
      country: { type: "text" },
      emailAddress: { type: "text" },
      locality: { type: "text" },
      organization: { type: "text" },
      organizationalUnit: { type: "text" },
      postalCode: { type: "text" },
      province: { type: "text" },
      serialNumber: { type: "text" },
      streetAddresses: { type: "list" },
    },
  },
  uris: { type: "list", forceNew },
  validityEndTime: { type: "text", outputOnly: true },
  validityPeriodHours: { type: "number", required: true, forceNew },
  validityStartTime: { type: "text", outputOnly: true },
};

/** Bits of the key usage extension and ids of the extended one, by the provider's names. */
const keyUsages: Record<string, string> = {
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
const extendedUsages: Record<string, string> = {
  any_extended: "2.5.29.37.0",
  server_auth: "serverAuth",
  client_auth: "clientAuth",
  code_signing: "codeSigning",
  email_protection: "emailProtection",
  timestamping: "timeStamping",
};
const subjectNames: Record<string, string> = {
  country: "countryName",
  organization: "organizationName",
  organizationalUnit: "organizationalUnitName",
  locality: "localityName",
  province: "stateOrProvinceName",
  commonName: "commonName",
  emailAddress: "emailAddress",
  serialNumber: "serialNumber",
};

/** Makes a self-signed certificate. */
export function createSelfSignedCert(
  inputs: Properties,
  now: Date,
): { id: string; state: Properties } {
  // Loaded here: most runs of the plugin make no certificate.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const forge = require("node-forge") as typeof forgeModule;
  const pem = createPrivateKey(text(inputs, "privateKeyPem"))
    .export({ type: "pkcs1", format: "pem" })
    .toString();
  const key = forge.pki.privateKeyFromPem(pem);
  const certificate = forge.pki.createCertificate();
  const serial = randomBytes(16);
  // Positive, and without a leading zero that would make it shorter.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const start = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const end = new Date(start.getTime() + Number(inputs.validityPeriodHours) * 3_600_000);
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = serial.toString("hex");
  certificate.validity = { notBefore: start, notAfter: end };
  const subject = subjectOf(nested(inputs, "subject"));
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions(extensionsOf(inputs));
  certificate.sign(key, forge.md.sha256.create());
  return {
    id: BigInt(`0x${serial.toString("hex")}`).toString(),
    state: {
      ...(withoutBookkeeping(inputs) as Properties),
      certPem: forge.pki.certificateToPem(certificate).replace(/\r\n/g, "\n"),
      keyAlgorithm: "RSA",
      readyForRenewal: false,
      validityEndTime: localTime(end),
      validityStartTime: localTime(start),
    },
  };
}

function subjectOf(subject: Properties): forgeModule.pki.CertificateField[] {
  return Object.entries(subjectNames)
    .filter(([key]) => text(subject, key) !== "")
    .map(([key, name]) => ({ name, value: text(subject, key) }));
}

function extensionsOf(inputs: Properties): object[] {
  const uses = texts(inputs, "allowedUses");
  const chosen = (names: Record<string, string>) =>
    uses.flatMap((use) => (names[use] === undefined ? [] : [[names[use], true] as const]));
  const extended = chosen(extendedUsages);
  const names = [
    ...texts(inputs, "dnsNames").map((value) => ({ type: 2, value })),
    ...texts(inputs, "uris").map((value) => ({ type: 6, value })),
    ...texts(inputs, "ipAddresses").map((ip) => ({ type: 7, ip })),
  ];
  return [
    { name: "keyUsage", critical: true, ...Object.fromEntries(chosen(keyUsages)) },
    ...(extended.length > 0 ? [{ name: "extKeyUsage", ...Object.fromEntries(extended) }] : []),
    { name: "basicConstraints", critical: true, cA: inputs.isCaCertificate === true },
    ...(inputs.setSubjectKeyId === true || inputs.isCaCertificate === true
      ? [{ name: "subjectKeyIdentifier" }]
      : []),
    ...(inputs.setAuthorityKeyId === true
      ? [{ name: "authorityKeyIdentifier", keyIdentifier: true }]
      : []),
    ...(names.length > 0 ? [{ name: "subjectAltName", altNames: names }] : []),
  ];
}

/** RFC 3339 with the local offset, as Go writes it. */
export function localTime(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const shifted = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  if (minutes === 0) {
    return `${shifted}Z`;
  }
  const pad = (value: number) => String(value).padStart(2, "0");
  const size = Math.abs(minutes);
  return `${shifted}${minutes < 0 ? "-" : "+"}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** Whether a certificate has to be renewed: from so many hours before its end. */
export function isReadyForRenewal(state: Properties, inputs: Properties, now: Date): boolean {
  const end = new Date(text(state, "validityEndTime")).getTime();
  const early = Number(inputs.earlyRenewalHours ?? 0) * 3_600_000;
  return Number.isFinite(end) && now.getTime() >= end - early;
}
