import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { readPfx } from "../../../components/pkcs12/readPfx";
import { pipelineSecrets } from "../../../access/variables";
import type { Generation } from "../../../access/verify/target";
import { readCertificate } from "../../../components/certificateFacts";
import type { CertificateOutput } from "../../../components/outputs";
import { exitCodes, Failure, UsageFailure } from "../../../system/failure";

type Environment = Readonly<Record<string, string | undefined>>;

/** Variable with the password of a file given with `--key`. */
const keyPasswordVariable = "APPONLY_KEY_PASSWORD";

/**
 * The generation whose key is in a `.pfx`. Its password is in `APPONLY_PFX_PASSWORD`; without the
 * variable the file is opened without a password.
 *
 * @throws {UsageFailure} If the file cannot be read or opened; no message repeats a secret.
 */
export async function generationFromPfx(
  path: string,
  environment: Environment,
  certificates: readonly CertificateOutput[],
): Promise<Generation> {
  const content = (await read("--pfx", path)).toString("base64");
  const password = environment[pipelineSecrets.pfxPassword];
  let opened;
  try {
    opened = readPfx(content, password ?? "");
  } catch {
    throw new UsageFailure(
      `--pfx "${path}" cannot be opened as a .pfx with an RSA key and its certificate: ${
        password === undefined
          ? `${pipelineSecrets.pfxPassword} is not set, and without a password it does not open.`
          : `the password in ${pipelineSecrets.pfxPassword} does not fit, or the file is another.`
      }`,
    );
  }
  const facts = readCertificate(opened.certificatePem);
  const known = certificates.find(({ thumbprint }) => thumbprint === facts.thumbprint);
  return {
    name: known?.name ?? basename(path),
    active: known?.active ?? false,
    certificate: {
      notBefore: facts.notBefore,
      notAfter: facts.notAfter,
      certificatePem: opened.certificatePem,
    },
    privateKeyPem: opened.privateKeyPem,
    pfx: { content, password: password ?? "" },
  };
}

/**
 * The generation whose key is in a PEM file. The certificate is the stack's own. The password of an
 * encrypted key is in `APPONLY_KEY_PASSWORD`.
 *
 * @throws {UsageFailure} If the file cannot be read, or its key fits no certificate of the stack.
 */
export async function generationFromKey(
  path: string,
  environment: Environment,
  certificates: readonly CertificateOutput[],
): Promise<Generation> {
  const key = openKey(path, await read("--key", path), environment[keyPasswordVariable]);
  const known = certificates.find(({ cer }) =>
    new X509Certificate(Buffer.from(cer, "base64")).checkPrivateKey(key),
  );
  if (known === undefined) {
    const names = certificates.map(({ name, thumbprint }) => `${name} (${thumbprint})`).join(", ");
    throw new Failure(
      `--key "${path}" is the key of none of the stack's certificates: ${names || "it has none"}. Hand over the key of one of them.`,
      exitCodes.verification,
    );
  }
  return {
    name: known.name,
    active: known.active,
    certificate: {
      notBefore: known.notBefore,
      notAfter: known.notAfter,
      certificatePem: readCertificate(known.cer).pem,
    },
    privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function openKey(path: string, content: Buffer, password: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: content, format: "pem", passphrase: password });
  } catch {
    throw new UsageFailure(
      `--key "${path}" is not a private key in PEM that opens ${
        password === undefined
          ? "without a password"
          : `with the password in ${keyPasswordVariable}`
      }. An encrypted key needs its password in ${keyPasswordVariable}.`,
    );
  }
}

async function read(option: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code = "unreadable" } = error as NodeJS.ErrnoException;
    throw new UsageFailure(
      `${option} "${path}" cannot be read (${code}). Name the file that the job uses.`,
    );
  }
}
