import { type CertificateOutput, readOutputs, type StackOutputs } from "../../components/outputs";
import { connectOutput, connectRecipes } from "../connect/recipes";
import { vaultCredentialOf } from "../connect/vaultTokens";
import { ExportError } from "./exportError";

/** The private key of a generation. */
export type ExportedKey = StackOutputs["pfxGenerations"][string];

/** What a stack provides, read from its outputs and narrowed to one generation. */
export interface StackAccess extends Readonly<
  Omit<
    StackOutputs,
    "outputsVersion" | "federatedCredentials" | "pfx" | "pfxPassword" | "pfxGenerations"
  >
> {
  /** Name of the stack. */
  readonly stack: string;
  /** The generation to export; a stack with only federated credentials has none. */
  readonly certificate?: CertificateOutput | undefined;
  /** Its key; absent where the certificate was supplied. */
  readonly key?: ExportedKey | undefined;
}

/**
 * Reads the outputs of a stack.
 *
 * @param outputs The outputs by name, secrets in plain.
 * @param generation Name of the generation to export; the active one by default.
 * @throws {OutputsError} If the outputs cannot be read.
 * @throws {ExportError} If the stack has no such generation.
 */
export function readStackAccess(
  stack: string,
  outputs: Readonly<Record<string, unknown>>,
  generation?: string,
): StackAccess {
  const { pfxGenerations, connect, ...read } = readOutputs(outputs, stack);
  // Secrets stay behind: only the key that is asked for goes on.
  const { outputsVersion: _version, pfx: _pfx, pfxPassword: _password, ...rest } = read;
  const selected = selectGeneration(stack, rest.certificates, generation);
  return {
    ...rest,
    stack,
    connect: selected === undefined ? connect : connectWith(selected, connect, rest),
    certificate: selected,
    key: selected && pfxGenerations[selected.name],
  };
}

/** The stack's scripts, those by certificate written for the generation that is exported. */
function connectWith(
  selected: CertificateOutput,
  connect: StackAccess["connect"],
  target: Pick<StackAccess, "cloud" | "applicationId" | "organization" | "tenantId" | "workloads">,
): StackAccess["connect"] {
  const { thumbprint, name } = selected;
  const certificate = { thumbprint, generation: name, vault: vaultCredentialOf(selected) };
  const own = connectOutput(connectRecipes({ ...target, certificate, federated: false }));
  return Object.fromEntries(
    target.workloads.map((workload) => [workload, { ...connect[workload], ...own[workload] }]),
  );
}

function selectGeneration(
  stack: string,
  certificates: readonly CertificateOutput[],
  generation: string | undefined,
): CertificateOutput | undefined {
  const wanted = (one: CertificateOutput) =>
    generation === undefined ? one.active : one.name === generation;
  const found = certificates.find(wanted);
  if (found !== undefined || (generation === undefined && certificates.length === 0)) {
    return found;
  }
  const names = certificates.map(({ name }) => name).join(", ");
  const there =
    names === "" ? "It has no certificates, only federated credentials." : `It has: ${names}.`;
  throw generation === undefined
    ? new ExportError(
        `The stack "${stack}" has no active generation. Name one with --generation. ${there}`,
      )
    : new ExportError(
        `--generation "${generation}" is not a generation of the stack "${stack}". ${there}`,
        "usage",
      );
}

/** The generation to export, for formats that are nothing without one. */
export function requireCertificate(access: StackAccess): CertificateOutput {
  if (access.certificate === undefined) {
    throw new ExportError(
      `The stack "${access.stack}" has no certificate: its jobs sign in with federated credentials and need no secret. Export with --format json, env or powershell.`,
    );
  }
  return access.certificate;
}

/** The key of the generation to export, for formats that hand it over. */
export function requireKey(access: StackAccess): ExportedKey {
  const { name, generated, vault } = requireCertificate(access);
  if (vault !== undefined) {
    throw new ExportError(
      `There is nothing to export: the private key of the generation "${name}" is in ${new URL(vault.key).host} and never was in the stack "${access.stack}". Jobs have it sign there: \`apponly pipeline --stack ${access.stack} --kind KIND --credential key-vault\`. Export what is public with --format json, env, powershell or cer, without --include-secrets.`,
    );
  }
  if (access.key === undefined) {
    throw new ExportError(
      generated
        ? `The stack "${access.stack}" has no .pfx of the generation "${name}". Update it: apponly up --stack ${access.stack}`
        : `The certificate of the generation "${name}" was supplied, so its private key never was in the stack "${access.stack}". Hand the key over from where it was made; export what is public with --format json, env, powershell or cer, without --include-secrets; or choose a generated one with --generation.`,
    );
  }
  return access.key;
}

/**
 * The secrets of an access that an export may hand over: none where the stack has only
 * federated credentials.
 *
 * @throws {ExportError} If the certificate was supplied.
 */
export function optionalKey(access: StackAccess): ExportedKey | undefined {
  return access.certificate === undefined ? undefined : requireKey(access);
}
