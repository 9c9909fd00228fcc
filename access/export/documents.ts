import { type PipelineValue, secretsOf, variablesOf } from "./pipelineValues";
import { optionalKey, requireCertificate, requireKey, type StackAccess } from "./stackAccess";
import { jsonText } from "../../system/visibleText";
import type { ExportDocument } from "./documentShape";
import { literal } from "../connect/literal";
import { ExportError } from "./exportError";
import { createPrivateKey } from "node:crypto";
import { pemOf } from "../../components/certificateFacts";
import { readPfx } from "../../components/pkcs12/readPfx";
import { useOneOf } from "../../system/didYouMean";

/** Characters that shells, dotenv readers and `docker --env-file` all take as they are. */
const bare = /^[A-Za-z0-9_.,:@%/+=-]+$/;

/**
 * One value for the right side of `NAME=`.
 *
 * A value of harmless characters stands bare, which every reader takes alike. Anything else stands
 * in single quotes, as a POSIX shell reads it letter for letter; dotenv readers agree unless the
 * value has a single quote itself. `docker --env-file` knows no quotes: see {@link needsQuotes}.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 * @see https://docs.docker.com/reference/cli/docker/container/run/#env
 */
function quoteValue(value: string): string {
  return needsQuotes(value) ? `'${value.replaceAll("'", String.raw`'\''`)}'` : value;
}

/** Whether a value can only be written in quotes, which `docker --env-file` would keep. */
function needsQuotes(value: string): boolean {
  return value !== "" && !bare.test(value);
}

/** The lines of an env file: `NAME=value`, in order, with a final line feed. */
export function envLines(values: readonly PipelineValue[]): string {
  return values.map(({ name, value }) => `${name}=${quoteValue(value)}\n`).join("");
}

/**
 * An env file for `set -a; . FILE`, dotenv readers and `docker run --env-file`.
 *
 * @throws {ExportError} If secrets are wanted of a supplied certificate.
 */
export function envDocument(access: StackAccess, includeSecrets: boolean): string {
  return envLines([...variablesOf(access), ...(includeSecrets ? secretsOf(access) : [])]);
}

/** Raised whenever a property is renamed, removed or changes its meaning. */
const exportVersion = 1;

/**
 * The stack's access as a document, described by `export.schema.json` beside this file.
 *
 * @throws {ExportError} If secrets are wanted of a supplied certificate.
 */
export function accessDocument(access: StackAccess, includeSecrets: boolean): ExportDocument {
  const { certificate } = access;
  const key = includeSecrets ? optionalKey(access) : undefined;
  return {
    version: exportVersion,
    stack: access.stack,
    tenantId: access.tenantId,
    organization: access.organization,
    cloud: access.cloud,
    applicationId: access.applicationId,
    applicationObjectId: access.applicationObjectId,
    servicePrincipalObjectId: access.servicePrincipalObjectId,
    workloads: access.workloads,
    permissions: access.permissions,
    directoryRoles: access.directoryRoles,
    certificates: access.certificates,
    generation: certificate?.name,
    connect: access.connect,
    secrets: key && { pfx: key.pfx, pfxPassword: key.password },
  };
}

/** The same as text: the same stack gives the same. */
export function jsonDocument(access: StackAccess, includeSecrets: boolean): string {
  return `${jsonText(accessDocument(access, includeSecrets))}\n`;
}

/** Methods that are tried in turn where none is asked for: those that need no further file first. */
const preferred = ["certificate-object", "access-token"];

/**
 * A script that sets the variables of the stack and then runs its connect script, one per workload.
 *
 * @param method How the credential is handed over, a name in the output `connect`.
 * @throws {ExportError} If the stack has no such method, or secrets are wanted of a certificate
 * that was supplied.
 */
export function powershellDocument(
  access: StackAccess,
  includeSecrets: boolean,
  method = preferred.find((one) => methodsOf(access).includes(one)),
): string {
  const methods = methodsOf(access);
  if (method === undefined || !methods.includes(method)) {
    throw new ExportError(
      `--method "${method ?? ""}" is not a way in which the stack "${access.stack}" connects. ${useOneOf(method ?? "", methods)}`,
      "usage",
    );
  }
  const values = [...variablesOf(access), ...(includeSecrets ? secretsOf(access) : [])];
  return [
    `# App-only access of the stack ${access.stack}.`,
    ...(includeSecrets ? ["# Contains secrets: whoever reads this file has the access."] : []),
    ...values.map(({ name, value }) => `$env:${name} = ${literal(value)}`),
    ...access.workloads.flatMap((workload) => ["", access.connect[workload]?.[method] ?? ""]),
  ].join("\n");
}

/** The methods that every workload of the stack has. */
function methodsOf({ connect, workloads }: StackAccess): string[] {
  const [first = "", ...others] = workloads;
  return Object.keys(connect[first] ?? {}).filter((method) =>
    others.every((workload) => connect[workload]?.[method] !== undefined),
  );
}

/** Encodings of a certificate file: the bytes, or their base64 between two lines. */
export const cerEncodings = ["der", "pem"] as const;

/** One of {@link cerEncodings}. */
export type CerEncoding = (typeof cerEncodings)[number];

/**
 * The public certificate as the content of a `.cer` file. Windows, Microsoft Entra ID and OpenSSL 3
 * read either encoding.
 *
 * @throws {ExportError} If the stack has no certificate.
 */
export function cerFile(access: StackAccess, encoding: CerEncoding): Buffer {
  const { cer } = requireCertificate(access);
  return encoding === "der" ? Buffer.from(cer, "base64") : Buffer.from(pemOf(cer));
}

/**
 * The bytes of the `.pfx`.
 *
 * @throws {ExportError} If the stack has no certificate, or it was supplied.
 */
export function pfxContent(access: StackAccess): Buffer {
  return Buffer.from(requireKey(access).pfx, "base64");
}

/**
 * The private key as PKCS #8 in PEM.
 *
 * @param passphrase Encrypts it (PBES2, AES-256); without one it is in the clear.
 * @throws {ExportError} If the stack has no certificate, or it was supplied.
 * @see https://www.rfc-editor.org/rfc/rfc5958
 */
export function privateKeyPem(access: StackAccess, passphrase?: string): string {
  const { pfx, password } = requireKey(access);
  const protection = passphrase === undefined ? {} : { cipher: "aes-256-cbc", passphrase };
  const key = createPrivateKey(readPfx(pfx, password).privateKeyPem);
  return key.export({ type: "pkcs8", format: "pem", ...protection }).toString();
}

/**
 * The key and behind it its certificate, in one PEM file: for Azure CLI and the libraries of Go and
 * others, which open no `.pfx`, or none without old ciphers.
 *
 * @param encrypted Whether the password of the generation's `.pfx` encrypts the key.
 * @throws {ExportError} If the stack has no certificate, or it was supplied.
 * @see https://learn.microsoft.com/cli/azure/authenticate-azure-cli-service-principal
 */
export function pemFile(access: StackAccess, encrypted: boolean): string {
  const key = privateKeyPem(access, encrypted ? requireKey(access).password : undefined);
  return `${key}${cerFile(access, "pem").toString()}`;
}
