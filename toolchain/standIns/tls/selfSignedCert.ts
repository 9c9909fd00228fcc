import { createPublicKey, randomBytes, sign } from "node:crypto";
import type forgeModule from "node-forge";
import { refuseOtherThan, type Schema } from "../../pluginProtocol/schema";
import {
  nestedProperties,
  type Properties,
  text,
  type Value,
  withoutBookkeeping,
} from "../../pluginProtocol/values";
import { extendedUsages, extensionsOf, keyUsages, subjectFields } from "./certificateParts";

const forceNew = true;

/** @see https://registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/self_signed_cert */
export const selfSignedCertSchema: Schema = {
  allowedUses: {
    type: "list",
    required: true,
    forceNew,
    refuse: refuseOtherThan(...[...Object.keys(keyUsages), ...Object.keys(extendedUsages)].sort()),
  },
  certPem: { type: "text", outputOnly: true },
  dnsNames: { type: "list", forceNew },
  earlyRenewalHours: { type: "number", default: 0, refuse: refuseNegative },
  ipAddresses: { type: "list", forceNew },
  isCaCertificate: { type: "flag", forceNew, default: false },
  keyAlgorithm: { type: "text", outputOnly: true },
  maxPathLength: { type: "number", forceNew, computed: true },
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
    },
  },
  uris: { type: "list", forceNew },
  validityEndTime: { type: "text", outputOnly: true },
  validityPeriodHours: { type: "number", required: true, forceNew, refuse: refuseNegative },
  validityStartTime: { type: "text", outputOnly: true },
};

function refuseNegative(value: Value): string | undefined {
  return typeof value === "number" && value >= 0
    ? undefined
    : `value must be at least 0, got: ${String(value)}`;
}

/** Makes a self-signed certificate. */
export function createSelfSignedCert(
  inputs: Properties,
  now: Date,
): { id: string; state: Properties } {
  // Loaded here: most runs of the plugin make no certificate.
  // oxlint-disable-next-line typescript/no-require-imports
  const forge = require("node-forge") as typeof forgeModule;
  const key = text(inputs, "privateKeyPem");
  const spki = createPublicKey(key).export({ type: "spki", format: "pem" }).toString();
  const certificate = forge.pki.createCertificate();
  const serial = randomBytes(16);
  // Positive, and without a leading zero that would make it shorter.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const end = new Date(now.getTime() + Number(inputs.validityPeriodHours) * 3_600_000);
  const wholeSecond = (date: Date) => new Date(Math.floor(date.getTime() / 1000) * 1000);
  certificate.publicKey = forge.pki.publicKeyFromPem(spki);
  certificate.serialNumber = serial.toString("hex");
  certificate.validity = { notBefore: wholeSecond(now), notAfter: wholeSecond(end) };
  const subject = subjectFields(forge, nestedProperties(inputs, "subject"));
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions(extensionsOf(inputs));
  const signer: Pick<forgeModule.pki.rsa.PrivateKey, "sign"> = {
    // By Node: the arithmetic of node-forge takes longer than the rest of an update's work here.
    sign: () => {
      const { tbsCertificate } = certificate as unknown as {
        tbsCertificate: forgeModule.asn1.Asn1;
      };
      const signed = Buffer.from(forge.asn1.toDer(tbsCertificate).getBytes(), "latin1");
      return sign("sha256", signed, key).toString("latin1");
    },
  };
  certificate.sign(signer as forgeModule.pki.rsa.PrivateKey, forge.md.sha256.create());
  const id = BigInt(`0x${serial.toString("hex")}`).toString();
  const state = {
    ...(withoutBookkeeping(inputs) as Properties),
    id,
    certPem: forge.pki.certificateToPem(certificate).replace(/\r\n/g, "\n"),
    keyAlgorithm: "RSA",
    validityEndTime: localTime(end),
    validityStartTime: localTime(now),
  };
  return { id, state: { ...state, readyForRenewal: isReadyForRenewal(state, inputs, now) } };
}

/**
 * RFC 3339 with the fraction of the second and the local offset, as Go writes it: text that Graph
 * would read back otherwise, so that who passes it on as a date gets a change at every preview.
 */
export function localTime(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const shifted = new Date(date.getTime() + minutes * 60_000).toISOString().replace(/\.?0*Z$/, "");
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
