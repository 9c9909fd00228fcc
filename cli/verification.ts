import type { OutputMap } from "@pulumi/pulumi/automation";
import type { Endpoints } from "../microsoft/endpoints";
import { readPfx } from "../components/pkcs12/readPfx";
import type { Generation, VerifyInput } from "../access/verify/target";
import { type Cloud, clouds, isCloudName } from "../components/catalog/clouds";
import { isWorkload } from "../components/catalog/workloads";
import type { CertificateOutput } from "../components/outputs";
import { outputValue } from "../operations/stack";
import { Failure, UsageFailure } from "../system/failure";

/**
 * What a verification needs, from the outputs of a stack.
 *
 * @param only Name of the one generation to verify; all whose key the stack has by default.
 * @param allowNone Whether a stack without a fitting key is an empty list and not an error.
 * @throws {Failure} If the stack has not been updated yet, or has no key of its own.
 */
export function verifyInputOf(
  outputs: OutputMap,
  endpoints: Endpoints,
  only?: string,
  allowNone = false,
): VerifyInput {
  const text = (name: string) => {
    const value = outputValue<string>(outputs, name);
    if (value === undefined) {
      throw new Failure(`The stack has no output "${name}". Run an update first: \`pulumi up\`.`);
    }
    return value;
  };
  const generations = generationsOf(outputs).filter(
    ({ name }) => only === undefined || name === only,
  );
  if (generations.length === 0 && !allowNone) {
    throw new UsageFailure(
      only === undefined
        ? "The stack holds no private key, so it cannot sign in itself. Verify where the key is."
        : `The stack holds no key of a generation "${only}".`,
    );
  }
  return {
    endpoints,
    cloud: cloudOf(outputs),
    tenantId: text("tenantId"),
    applicationId: text("applicationId"),
    organization: text("organization"),
    workloads: (outputValue<string[]>(outputs, "workloads") ?? []).filter(isWorkload),
    generations,
  };
}

/** The cloud of a stack, from its outputs. */
export function cloudOf(outputs: OutputMap): Cloud {
  const name = outputValue<string>(outputs, "cloud");
  if (!isCloudName(name)) {
    throw new Failure(
      "The stack has no output that names its cloud. Run an update first: `pulumi up`.",
    );
  }
  return clouds[name];
}

/** The live generations: those that the last update has registered. */
export function certificatesOf(outputs: OutputMap): CertificateOutput[] {
  return outputValue<CertificateOutput[]>(outputs, "certificates") ?? [];
}

function generationsOf(outputs: OutputMap): Generation[] {
  const files =
    outputValue<Record<string, { pfx: string; password: string }>>(outputs, "pfxGenerations") ?? {};
  return certificatesOf(outputs).flatMap(({ name, active, notBefore, notAfter }) => {
    const file = files[name];
    if (file === undefined) {
      return [];
    }
    const { certificatePem, privateKeyPem } = readPfx(file.pfx, file.password);
    const certificate = { notBefore, notAfter, certificatePem };
    const pfx = { content: file.pfx, password: file.password };
    return [{ name, active, certificate, privateKeyPem, pfx }];
  });
}
