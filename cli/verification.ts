import type { Endpoints } from "../microsoft/endpoints";
import { readPfx } from "../components/pkcs12/readPfx";
import type { Generation, VerifyInput } from "../access/verify/target";
import { clouds } from "../components/catalog/clouds";
import type { StackOutputs } from "../components/outputs";
import { UsageFailure } from "../system/failure";

/**
 * What a verification needs, from the outputs of a stack.
 *
 * @param generation Name of the only generation to verify; all whose key the stack has by default.
 * @param allowNone Whether a stack without a fitting key is an empty list and not an error.
 * @throws {UsageFailure} If the stack has no key of its own.
 */
export function verifyInputOf(
  outputs: StackOutputs,
  endpoints: Endpoints,
  generation?: string,
  allowNone = false,
): VerifyInput {
  const generations = generationsOf(outputs).filter(
    ({ name }) => generation === undefined || name === generation,
  );
  if (generations.length === 0 && !allowNone) {
    throw new UsageFailure(
      generation === undefined
        ? "The stack holds no private key, so it cannot sign in itself. Verify where the key is."
        : `The stack holds no key of a generation "${generation}".`,
    );
  }
  const { tenantId, applicationId, organization, workloads } = outputs;
  const cloud = clouds[outputs.cloud];
  return {
    endpoints,
    cloud,
    tenantId,
    applicationId,
    organization,
    workloads,
    ownCmdlets: ownCmdletsOf(outputs),
    generations,
  };
}

/** What roles of the workloads' own have to give, where the stack grants such. */
function ownCmdletsOf({ exchangeRoles, complianceRoleGroups }: StackOutputs) {
  return {
    ...(exchangeRoles === undefined
      ? {}
      : { exchange: exchangeRoles.flatMap(({ cmdlets = [] }) => cmdlets) }),
    ...(complianceRoleGroups === undefined ? {} : { compliance: [] }),
  };
}

/** The live generations, those that the last update has registered, whose key the stack has. */
function generationsOf({ certificates, pfxGenerations }: StackOutputs): Generation[] {
  return certificates.flatMap(({ name, active, notBefore, notAfter }) => {
    const file = pfxGenerations[name];
    if (file === undefined) {
      return [];
    }
    const { certificatePem, privateKeyPem } = readPfx(file.pfx, file.password);
    const certificate = { notBefore, notAfter, certificatePem };
    const pfx = { content: file.pfx, password: file.password };
    return [{ name, active, certificate, privateKeyPem, pfx }];
  });
}
