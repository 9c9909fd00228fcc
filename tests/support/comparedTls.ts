import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import forge from "node-forge";
import type { PluginClient, PluginDiff, PluginProperties } from "./pluginClient";

/** What a tls plugin makes and decides, in a form that two plugins can be compared in. */
export interface ComparedTls {
  key: Record<string, unknown>;
  certificates: Record<string, Record<string, unknown>>;
  /** By what is changed. */
  diffs: Record<string, PluginDiff>;
  /** Inputs that are refused, by what is wrong with them. */
  refused: Record<string, boolean>;
}

const keyToken = "tls:index/privateKey:PrivateKey";
const certificateToken = "tls:index/selfSignedCert:SelfSignedCert";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Asks a plugin for keys, certificates, differences and refusals. */
export async function comparedTls(plugin: PluginClient): Promise<ComparedTls> {
  const keyInputs = { algorithm: "RSA", rsaBits: 2048 };
  const key = await plugin.create(keyToken, keyInputs);
  const inputs = {
    privateKeyPem: key.properties.privateKeyPem,
    subject: { commonName: "contoso.org" },
    dnsNames: ["contoso.org"],
    validityPeriodHours: 8760,
    allowedUses: ["digital_signature", "key_encipherment"],
  };
  const certificate = await plugin.create(certificateToken, inputs);
  const ended = { ...certificate.properties, validityEndTime: "2020-01-01T00:00:00Z" };
  const diffKey = (changed: PluginProperties) =>
    plugin.diff(keyToken, key.id, key.properties, keyInputs, changed);
  const diffCertificate = (changed: PluginProperties, state = certificate.properties) =>
    plugin.diff(certificateToken, certificate.id, state, inputs, { ...inputs, ...changed });
  const withoutNames: PluginProperties = { ...inputs };
  delete withoutNames.dnsNames;
  const refuses = async (token: string, wrong: PluginProperties) =>
    (await plugin.check(token, wrong)).length > 0;
  return {
    key: {
      ...describeKey(key),
      preview: describePreview(await plugin.preview(keyToken, { algorithm: "RSA" })),
    },
    certificates: {
      example: {
        ...describeCertificate(certificate),
        preview: describePreview(
          await plugin.preview(certificateToken, { ...inputs, privateKeyPem: unknown }),
        ),
      },
      "every attribute": describeCertificate(
        await plugin.create(certificateToken, {
          ...inputs,
          subject: {
            commonName: "Zürich *",
            organization: "Contoso & Söhne",
            organizationalUnit: "Messaging",
            locality: "Zürich",
            province: "ZH",
            country: "CH",
            postalCode: "8001",
            serialNumber: "7",
            emailAddress: "ann@contoso.org",
          },
          uris: ["https://contoso.org"],
          ipAddresses: ["127.0.0.1"],
          earlyRenewalHours: 8761,
        }),
      ),
      authority: describeCertificate(
        await plugin.create(certificateToken, {
          ...inputs,
          isCaCertificate: true,
          setSubjectKeyId: true,
          setAuthorityKeyId: true,
          maxPathLength: 1,
          allowedUses: ["cert_signing", "client_auth", "server_auth"],
        }),
      ),
    },
    diffs: {
      "key: nothing": await diffKey(keyInputs),
      "key: default left out": await diffKey({ algorithm: "RSA" }),
      "key: more bits": await diffKey({ algorithm: "RSA", rsaBits: 3072 }),
      nothing: await diffCertificate({}),
      "another key": await diffCertificate({ privateKeyPem: unknown }),
      "another name": await diffCertificate({ subject: { commonName: "fabrikam.org" } }),
      "a further attribute": await diffCertificate({
        subject: { commonName: "contoso.org", organization: "Contoso" },
      }),
      "a further DNS name": await diffCertificate({ dnsNames: ["contoso.org", "fabrikam.org"] }),
      "no DNS name": await plugin.diff(
        certificateToken,
        certificate.id,
        certificate.properties,
        inputs,
        withoutNames,
      ),
      "another lifetime": await diffCertificate({ validityPeriodHours: 2400 }),
      "uses in another order": await diffCertificate({
        allowedUses: ["key_encipherment", "digital_signature"],
      }),
      "earlier renewal": await diffCertificate({ earlyRenewalHours: 10 }),
      "renewal that is due": await diffCertificate({ earlyRenewalHours: 8761 }),
      expired: await diffCertificate({}, ended),
      "was ready": await diffCertificate({}, { ...certificate.properties, readyForRenewal: true }),
    },
    refused: {
      "no algorithm": await refuses(keyToken, {}),
      "unknown algorithm": await refuses(keyToken, { algorithm: "DSA" }),
      "no certificate inputs": await refuses(certificateToken, {}),
      "unknown use": await refuses(certificateToken, { ...inputs, allowedUses: ["signing"] }),
      "negative lifetime": await refuses(certificateToken, { ...inputs, validityPeriodHours: -1 }),
      "no lifetime": await refuses(certificateToken, { ...inputs, validityPeriodHours: 0 }),
      "negative renewal": await refuses(certificateToken, { ...inputs, earlyRenewalHours: -1 }),
      nothing: await refuses(certificateToken, inputs),
    },
  };
}

type Made = { id: string; properties: PluginProperties };

function describeKey({ id, properties }: Made): Record<string, unknown> {
  const text = (name: string) => String(properties[name]);
  const publicKey = createPublicKey(text("privateKeyPem"));
  const ssh = Buffer.from(text("publicKeyOpenssh").split(" ")[1] ?? "", "base64");
  const md5 = createHash("md5").update(ssh).digest("hex").match(/../g)?.join(":");
  const sha256 = createHash("sha256").update(ssh).digest("base64").replace(/=+$/, "");
  return {
    properties: Object.keys(properties).sort(),
    idIs: {
      property: properties.id === id,
      "SHA-1 of the public key":
        createHash("sha1")
          .update(publicKey.export({ type: "spki", format: "der" }))
          .digest("hex") === id,
    },
    forms: Object.fromEntries(
      ["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh", "publicKeyPem"].map((name) => [
        name,
        formOfPem(text(name)),
      ]),
    ),
    publicKeyOpenssh: text("publicKeyOpenssh").replace(/[A-Za-z0-9+/=]{100,}/, "(base64)"),
    fingerprints: {
      md5: properties.publicKeyFingerprintMd5 === md5,
      sha256: properties.publicKeyFingerprintSha256 === `SHA256:${sha256}`,
    },
    sameKey: ["privateKeyPemPkcs8", "publicKeyPem"].map((name) =>
      createPublicKey(text(name)).equals(publicKey),
    ),
  };
}

/** First and last line, the lines' length, and what ends the text. */
function formOfPem(pem: string): string[] {
  const lines = pem.split("\n");
  return [
    lines[0] ?? "",
    String(lines[1]?.length),
    lines.at(-2) ?? "",
    JSON.stringify(lines.at(-1)),
  ];
}

function describeCertificate({ id, properties }: Made): Record<string, unknown> {
  const pem = String(properties.certPem);
  const { notBefore, notAfter, serialNumber, subject, issuer, extensions } = partsOf(pem);
  const time = (name: string) => String(properties[name]);
  return {
    properties: Object.keys(properties).sort(),
    form: formOfPem(pem),
    idIsSerial: [properties.id, BigInt(`0x${serialNumber}`).toString()].every((one) => one === id),
    subject,
    selfIssued: issuer === subject,
    extensions,
    days: (notAfter.getTime() - notBefore.getTime()) / 86_400_000,
    // A fraction that happens to be zero is left out, which is too rare to matter.
    times: [time("validityStartTime"), time("validityEndTime")].map((text) =>
      text
        .replace(/\.\d+/, ".(fraction)")
        .replace(/\d/g, "0")
        .replace(/Z|[+-]00:00$/, "(zone)"),
    ),
    timesFit: [
      Math.floor(Date.parse(time("validityStartTime")) / 1000) * 1000 === notBefore.getTime(),
      Math.floor(Date.parse(time("validityEndTime")) / 1000) * 1000 === notAfter.getTime(),
    ],
    readyForRenewal: properties.readyForRenewal,
    keyAlgorithm: properties.keyAlgorithm,
  };
}

/** Names and extensions as DER, in hexadecimal; the key ids depend on the key and are left out. */
function partsOf(pem: string): {
  notBefore: Date;
  notAfter: Date;
  serialNumber: string;
  subject: string;
  issuer: string;
  extensions: string[];
} {
  const { raw, validFromDate, validToDate, serialNumber } = new X509Certificate(pem);
  const hex = (node: forge.asn1.Asn1 | undefined) =>
    node === undefined ? "" : forge.asn1.toDer(node).toHex();
  const inside = (node: forge.asn1.Asn1 | undefined) =>
    Array.isArray(node?.value) ? node.value : [];
  const [body] = inside(forge.asn1.fromDer(raw.toString("binary")));
  const fields = inside(body);
  return {
    notBefore: validFromDate,
    notAfter: validToDate,
    serialNumber,
    issuer: hex(fields[3]),
    subject: hex(fields[5]),
    extensions: inside(inside(fields[7])[0])
      .map(hex)
      .map((text) => text.replace(/(?<=^30..0603551d(0e|23)).*$/, "(depends on the key)")),
  };
}

/** What is known of a resource before it is made, and the names of what is not. */
function describePreview(properties: PluginProperties): Record<string, unknown> {
  const entries = Object.entries(properties).filter(([name]) => name !== "id");
  return Object.fromEntries(
    entries
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => [name, value === unknown ? "(unknown)" : value]),
  );
}
