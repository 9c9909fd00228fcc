import { sign } from "node:crypto";
import forge from "node-forge";
import { rsaKey } from "./keys";

/** A key pair with its self-signed certificate. Made when a test runs: no key is ever committed. */
export interface MadeCertificate {
  certificatePem: string;
  privateKeyPem: string;
}

/** What a certificate is to be like. */
export interface CertificateWish {
  commonName: string;
  /** @default now, less a minute */
  notBefore?: Date;
  /** @default in a year */
  notAfter?: Date;
  /** @default 2048 */
  keyBits?: number;
  /** As node-forge takes them. @default none */
  extensions?: object[];
}

/** Makes a self-signed RSA certificate. */
export function makeCertificate(wish: CertificateWish): MadeCertificate {
  const privateKeyPem = rsaKey(wish.keyBits).export({ type: "pkcs1", format: "pem" }).toString();
  const key = forge.pki.privateKeyFromPem(privateKeyPem);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
  certificate.serialNumber = `01${forge.util.bytesToHex(forge.random.getBytesSync(8))}`;
  certificate.validity.notBefore = wish.notBefore ?? new Date(Date.now() - 60_000);
  certificate.validity.notAfter = wish.notAfter ?? new Date(Date.now() + 365 * 86_400_000);
  const subject = [{ name: "commonName", value: wish.commonName }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions(wish.extensions ?? []);
  signByNode(certificate, privateKeyPem);
  return { certificatePem: forge.pki.certificateToPem(certificate), privateKeyPem };
}

/** Signs a certificate. Node computes the signature, for which node-forge takes seconds. */
export function signByNode(certificate: forge.pki.Certificate, signingKeyPem: string): void {
  const signer = {
    sign: () => {
      // Set by node-forge just before it asks for the signature; its types leave the field out.
      const { tbsCertificate } = certificate as unknown as { tbsCertificate: forge.asn1.Asn1 };
      const signed = forge.asn1.toDer(tbsCertificate).getBytes();
      return sign("sha256", Buffer.from(signed, "latin1"), signingKeyPem).toString("latin1");
    },
  };
  certificate.sign(signer as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create());
}
