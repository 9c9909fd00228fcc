import { spawnSync } from "node:child_process";
import { createPublicKey, type KeyObject, verify, X509Certificate } from "node:crypto";
import forge from "node-forge";

/** What a reader found in a `.pfx`. */
export interface PfxContent {
  /**
   * The private key as PKCS #1 DER from a reader that hands it over; otherwise the public key (SPKI,
   * DER) of a private key that the reader has signed with.
   */
  key: { given: Buffer } | { proven: Buffer };
  /** The certificate of the key. */
  certificate: Buffer;
  /** Other certificates in any order; `untold` from a reader that does not show them. */
  others: Buffer[] | typeof untold;
  /** The name of the entry; `untold` from a reader that does not show it. */
  friendlyName: string | undefined | typeof untold;
}

/** Marks what a reader never shows, as opposed to what it should have found and did not. */
export const untold = Symbol("untold");

/** Reads one file with one program that is not ours. */
export interface PfxReader {
  /** @throws {RefusedError} If the program refuses the file or the password. */
  read(file: PfxFile): Promise<PfxContent> | PfxContent;
  /** Ends what the reader keeps running. */
  close?(): void;
}

/** A `.pfx` on disk with a file that holds its password, in a folder of its own. */
export interface PfxFile {
  folder: string;
  path: string;
  bytes: Buffer;
  passwordPath: string;
  password: string;
}

/**
 * The program said no. Anything else that goes wrong, such as a crash or a time-out, is another
 * error, so that a broken tool cannot pass for one that refuses.
 */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** Runs a program; its answer if it succeeds, a {@link RefusedError} if it exits with a failure. */
export function run(command: string, args: string[]): string {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    timeout: 60_000,
    maxBuffer: 16 * 1024 * 1024,
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  if (error !== undefined || status === null) {
    throw new Error(`${command} did not end by itself: ${error?.message ?? signal ?? "unknown"}`);
  }
  if (status !== 0) {
    // Some tools print what they read on standard output; only the complaint goes into the error.
    throw new RefusedError(`${command} ended with ${status}: ${stderr.slice(0, 300)}`);
  }
  return stdout;
}

/** The certificates in a text, DER, in order. */
export function certificatesIn(text: string): Buffer[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block).raw);
}

/**
 * The public key of a signed certificate request, after its signature was checked: proof that
 * whoever wrote the request holds the private key.
 */
export function keyOfRequest(pem: string): Buffer {
  // NSS prints an introduction, and Java calls the block NEW CERTIFICATE REQUEST.
  const block = /-----BEGIN (NEW )?CERTIFICATE REQUEST-----[\s\S]*REQUEST-----/.exec(pem)?.[0];
  if (block === undefined) {
    throw new Error("The program printed no certificate request.");
  }
  const request = forge.pki.certificationRequestFromPem(block.replaceAll("NEW ", ""), true);
  const { publicKey: key, certificationRequestInfo: signed, signature } = request;
  if (key === null || signed === null) {
    throw new Error("The certificate request has no public key.");
  }
  const publicKey = createPublicKey(forge.pki.publicKeyToPem(key));
  // By Node: node-forge takes a hundred times as long.
  const { algorithm } = request.md as unknown as { algorithm: string };
  const bytes = bytesOfLatin1(forge.asn1.toDer(signed).getBytes());
  if (!verify(algorithm, bytes, publicKey, bytesOfLatin1(signature as string))) {
    throw new Error("The signature of the certificate request does not match its key.");
  }
  return spki(publicKey);
}

function bytesOfLatin1(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** SubjectPublicKeyInfo, DER. */
export function spki(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}
