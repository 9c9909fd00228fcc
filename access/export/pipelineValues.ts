import { pipelineSecrets, pipelineVariables } from "../variables";
import { optionalKey, type StackAccess } from "./stackAccess";

/** A name under which a pipeline finds a value, and the value. */
export interface PipelineValue {
  readonly name: string;
  readonly value: string;
}

/** What a pipeline may show, in a fixed order; certificate entries only where there is one. */
export function variablesOf(access: StackAccess): PipelineValue[] {
  const { certificate } = access;
  return [
    { name: pipelineVariables.tenantId, value: access.tenantId },
    { name: pipelineVariables.organization, value: access.organization },
    { name: pipelineVariables.cloud, value: access.cloud },
    { name: pipelineVariables.applicationId, value: access.applicationId },
    ...(certificate === undefined
      ? []
      : [
          { name: pipelineVariables.thumbprint, value: certificate.thumbprint },
          { name: pipelineVariables.notAfter, value: certificate.notAfter },
        ]),
  ];
}

/**
 * What a pipeline has to keep secret: nothing where the stack has only federated credentials.
 *
 * @throws {ExportError} If the certificate was supplied, so that the stack has no key to hand over.
 */
export function secretsOf(access: StackAccess): PipelineValue[] {
  const key = optionalKey(access);
  return key === undefined
    ? []
    : [
        { name: pipelineSecrets.pfx, value: key.pfx },
        { name: pipelineSecrets.pfxPassword, value: key.password },
      ];
}
