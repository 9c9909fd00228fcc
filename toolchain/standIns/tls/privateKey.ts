import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { refuseOtherThan, type Schema } from "../../pluginProtocol/schema";
import { type Properties, withoutBookkeeping } from "../../pluginProtocol/values";

/** @see https://registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/private_key */
export const privateKeySchema: Schema = {
  algorithm: { type: "text", required: true, forceNew: true, refuse: refuseOtherThanRsa },
  ecdsaCurve: {
    type: "text",
    forceNew: true,
    default: "P224",
    refuse: refuseOtherThan("P224", "P256", "P384", "P521"),
  },
  privateKeyOpenssh: { type: "text", outputOnly: true },
  privateKeyPem: { type: "text", outputOnly: true },
  privateKeyPemPkcs8: { type: "text", outputOnly: true },
  publicKeyFingerprintMd5: { type: "text", outputOnly: true },
  publicKeyFingerprintSha256: { type: "text", outputOnly: true },
  publicKeyOpenssh: { type: "text", outputOnly: true },
  publicKeyPem: { type: "text", outputOnly: true },
  rsaBits: { type: "number", forceNew: true, default: 2048 },
};

function refuseOtherThanRsa(value: unknown): string | undefined {
  return value === "RSA"
    ? undefined
    : `The stand-in for the tls plugin makes only RSA keys, got ${String(value)}. Install the official plugin for others.`;
}

/** Makes an RSA key of a size in bits. */
export type MakePrivateKey = (bits: number) => KeyObject;

/** Makes a new one. */
export const makePrivateKey: MakePrivateKey = (modulusLength) =>
  generateKeyPairSync("rsa", { modulusLength }).privateKey;

/** Makes a key and writes it in every form the official plugin gives. */
export function createPrivateKey(
  inputs: Properties,
  makeKey: MakePrivateKey,
): { id: string; state: Properties } {
  const privateKey = makeKey(inputs.rsaBits as number);
  const publicKey = createPublicKey(privateKey);
  const spki = publicKey.export({ type: "spki", format: "der" });
  const ssh = sshPublicKey(publicKey);
  const id = createHash("sha1").update(spki).digest("hex");
  const state = {
    ...(withoutBookkeeping(inputs) as Properties),
    id,
    privateKeyOpenssh: sshPrivateKey(privateKey, ssh),
    privateKeyPem: privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
    privateKeyPemPkcs8: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKeyFingerprintMd5: createHash("md5").update(ssh).digest("hex").match(/../g)?.join(":"),
    publicKeyFingerprintSha256: `SHA256:${createHash("sha256").update(ssh).digest("base64").replace(/=+$/, "")}`,
    publicKeyOpenssh: `ssh-rsa ${ssh.toString("base64")}\n`,
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
  return { id, state };
}

const length = (size: number) => {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(size);
  return buffer;
};
const string = (value: Buffer | string) => {
  const bytes = Buffer.from(value as Buffer);
  return Buffer.concat([length(bytes.length), bytes]);
};
/** A multiple precision integer: a leading zero keeps it positive. */
const integer = (base64url: string | undefined) => {
  const bytes = Buffer.from(base64url ?? "", "base64url");
  return string((bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes);
};

/** @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6 */
function sshPublicKey(key: KeyObject): Buffer {
  const { e, n } = key.export({ format: "jwk" });
  return Buffer.concat([string("ssh-rsa"), integer(e), integer(n)]);
}

/** @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key */
function sshPrivateKey(key: KeyObject, publicKey: Buffer): string {
  const { d, e, n, p, q, qi } = key.export({ format: "jwk" });
  const check = randomBytes(4);
  const secret = Buffer.concat([
    check,
    check,
    string("ssh-rsa"),
    ...[n, e, d, qi, p, q].map(integer),
    string(""),
  ]);
  const padding = Buffer.from([1, 2, 3, 4, 5, 6, 7]).subarray(0, (8 - (secret.length % 8)) % 8);
  const body = Buffer.concat([
    Buffer.from("openssh-key-v1\0"),
    ...["none", "none", ""].map(string),
    length(1),
    string(publicKey),
    string(Buffer.concat([secret, padding])),
  ]).toString("base64");
  const lines = body.match(/.{1,64}/g)?.join("\n") ?? "";
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`;
}
