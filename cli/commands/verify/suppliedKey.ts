import { type KeyObject, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { KeyReadError, readKey } from "../../../components/material/readKey";
import { PfxReadError } from "../../../components/pkcs12/readError";
import { type PfxContent, readPfx } from "../../../components/pkcs12/readPfx";
import { pipelineSecrets } from "../../../access/variables";
import type { Generation } from "../../../access/verify/target";
import { readCertificate } from "../../../components/certificateFacts";
import type { CertificateOutput } from "../../../components/outputs";
import { exitCodes, Failure, UsageFailure } from "../../../system/failure";
import { type Environment, unreplacedVariable } from "../../../system/environment";
import { systemReason } from "../../../system/systemErrors";

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
  const password = passwordIn(pipelineSecrets.pfxPassword, environment);
  const opened = openSuppliedPfx(path, await readKeyFile("--pfx", path), password ?? "");
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
    pfx: {
      content: opened.file.toString("base64"),
      password: password ?? "",
      keyProvider: opened.keyProvider ?? "",
    },
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
  const key = openKey(
    path,
    await readKeyFile("--key", path),
    passwordIn(keyPasswordVariable, environment),
  );
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

function passwordIn(variable: string, environment: Environment): string | undefined {
  const fault = unreplacedVariable(variable, environment);
  if (fault !== undefined) {
    throw new UsageFailure(fault);
  }
  return environment[variable];
}

function openSuppliedPfx(path: string, content: Buffer, password: string): PfxContent {
  try {
    return readPfx(content, password);
  } catch (error) {
    if (!(error instanceof PfxReadError)) {
      throw error;
    }
    const variable = pipelineSecrets.pfxPassword;
    const { rule, remedy } = error;
    throw new UsageFailure(
      error.problem === "password" && password === ""
        ? `--pfx "${path}" ${rule} ${variable} is not set.`
        : `--pfx "${path}" ${rule.replace(/(?:this|the) password/, `the password in ${variable}`)} ${remedy}`,
    );
  }
}

function openKey(path: string, content: Buffer, password: string | undefined): KeyObject {
  try {
    return readKey(content, password);
  } catch (error) {
    if (error instanceof KeyReadError) {
      const [rule, remedy] =
        error.problem === "password"
          ? [
              password === undefined
                ? "is encrypted."
                : `does not open with the password in ${keyPasswordVariable}.`,
              `Set ${keyPasswordVariable} to the password of the key.`,
            ]
          : [error.rule, error.remedy];
      throw new UsageFailure(`--key "${path}" ${rule} ${remedy}`);
    }
    throw error;
  }
}

async function readKeyFile(option: string, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageFailure(
      `${option} "${path}" ${systemReason(error, "read")}. Name the file that the job uses.`,
    );
  }
}
