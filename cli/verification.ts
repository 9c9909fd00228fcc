import type { Endpoints } from "../microsoft/endpoints";
import { readPfx } from "../components/pkcs12/readPfx";
import type { VerifyInput } from "../access/verify/target";
import { pemOf } from "../components/certificateFacts";
import { isVaultSource } from "../components/validation/vaultCertificate";
import { vaultAssertion } from "../microsoft/keyVault/sign";
import { clouds } from "../components/catalog/clouds";
import type { StackOutputs } from "../components/outputs";
import { UsageFailure } from "../system/failure";

/**
 * What a verification needs, from the outputs of a stack.
 *
 * @param generation Name of the only generation to verify; all whose key the stack, or a vault, has by
 *   default.
 * @param allowNone Whether a stack without a fitting key is an empty list and not an error.
 * @throws {UsageFailure} If the stack has no key of its own.
 */
export function verifyInputOf(
  outputs: StackOutputs,
  endpoints: Endpoints,
  generation?: string,
  allowNone = false,
): VerifyInput {
  const generations = generationsOf(outputs, endpoints).filter(
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
    declared: {
      permissions: outputs.permissions.map(({ value }) => value),
      directoryRoles: outputs.directoryRoles.map(({ templateId }) => templateId),
    },
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

/**
 * The live generations, those that the last update has registered, whose key the stack has, or a vault
 * that signs for it.
 */
function generationsOf(
  { certificates, pfxGenerations, tenantId, applicationId }: StackOutputs,
  { authority }: Endpoints,
): VerifyInput["generations"] {
  return certificates.flatMap((one): VerifyInput["generations"] => {
    const { name, active, notBefore, notAfter, vault, source } = one;
    if (vault !== undefined && isVaultSource(source)) {
      const certificate = { notBefore, notAfter, certificatePem: pemOf(one.cer) };
      const tokenUrl = `${authority}/${tenantId}/oauth2/v2.0/token`;
      const about = { certificatePem: certificate.certificatePem, applicationId, tokenUrl };
      const { host } = new URL(vault.key);
      const signedAssertion = () => vaultAssertion({ source, key: vault.key }, about);
      return [{ name, active, certificate, host, signedAssertion }];
    }
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
