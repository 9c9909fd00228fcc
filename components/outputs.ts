import { z } from "zod";
import { Failure } from "../system/failure";
import { isPlainLine, isPlainText } from "../system/visibleText";
import { cloudNames } from "./catalog/clouds";
import { vaultSources } from "./catalog/vaults";
import { workloads } from "./catalog/workloads";

/**
 * Raised whenever an output is renamed, removed or changes its meaning. New ones may come: they are
 * optional here, because a stack whose last update was by an older version does not have them.
 */
export const outputsVersion = 1;

/** Text of which nothing is hidden, as the configuration has it: it goes into logs and pipelines. */
const line = z.string().refine(isPlainLine);
const lines = z.string().refine(isPlainText);

/** One generation as pipelines and reviewers see it: all of it is public. */
const certificateOutput = z.object({
  /** Name of the generation. */
  name: line,
  /** SHA-1 thumbprint, 40 upper-case hexadecimal digits. */
  thumbprint: line,
  /** SHA-256 thumbprint, 64 upper-case hexadecimal digits. */
  thumbprintSha256: line,
  subject: line,
  /** First instant of validity, `YYYY-MM-DDTHH:MM:SSZ`. */
  notBefore: line,
  /** Last instant of validity, `YYYY-MM-DDTHH:MM:SSZ`. */
  notAfter: line,
  /** Whether pipelines receive this generation. */
  active: z.boolean(),
  /** Whether the stack made the key; otherwise the certificate was supplied. */
  generated: z.boolean(),
  /**
   * Where its key was made: `generated` by the stack, `key-vault` or `managed-hsm`, or elsewhere
   * (`supplied`). Absent where an older version updated the stack.
   */
  source: z.enum(["generated", "supplied", ...vaultSources]).optional(),
  /** The key, where it is in a vault of Azure's. */
  vault: z
    .object({
      /** Identifier of its version, `https://NAME.SUFFIX/keys/NAME/VERSION`. */
      key: line,
      /** Whether it may be fetched. */
      exportable: z.boolean(),
    })
    .optional(),
  /** Content of a `.cer` file, base64. */
  cer: line,
});

/** A federated credential of the application: a token of `issuer` for `subject` is exchanged. */
const federatedCredentialOutput = z.object({
  name: line,
  issuer: line,
  subject: line,
  audience: line,
});

/** The stack outputs: the contract with pipelines, described in docs/reference.md. */
export const outputsShape = z.object({
  outputsVersion: z.literal(outputsVersion),
  tenantId: line,
  /** Initial domain of the tenant. */
  organization: line,
  cloud: z.enum(cloudNames),
  applicationId: line,
  applicationObjectId: line,
  servicePrincipalObjectId: line,
  workloads: z.array(z.enum(workloads)),
  permissions: z.array(
    z.object({
      resource: line,
      resourceAppId: line,
      value: line,
      appRoleId: line,
    }),
  ),
  directoryRoles: z.array(z.object({ name: line, templateId: line })),
  /** Roles of Exchange Online's own; absent where there are none. */
  exchangeRoles: z
    .array(
      z.object({
        role: line,
        /** Cmdlets that stay, with their parameters where not all do; absent: all. */
        cmdlets: z.array(z.object({ name: line, parameters: z.array(line).optional() })).optional(),
        /** Recipients on which it may write, in OPATH; absent: all. */
        recipientFilter: line.optional(),
      }),
    )
    .optional(),
  /** Role groups of Security & Compliance; absent where there are none. */
  complianceRoleGroups: z
    .array(z.object({ name: line, roles: z.array(line).optional() }))
    .optional(),
  certificates: z.array(certificateOutput),
  /** Absent where an older version updated the stack: see {@link federatedCredentialsOf}. */
  federatedCredentials: z.array(federatedCredentialOutput).optional(),
  /** The active generation's `.pfx`, base64, secret; absent for a certificate that was supplied. */
  pfx: line.optional(),
  pfxPassword: line.optional(),
  /** Every generated generation's `.pfx` and password, for verification before it is activated. */
  pfxGenerations: z.record(line, z.object({ pfx: line, password: line })),
  /** PowerShell by workload and by the way to hand the credential over. */
  connect: z.record(line, z.record(line, lines)),
});

/** What {@link outputsShape} describes. */
export type StackOutputs = z.infer<typeof outputsShape>;

const publicOutputsShape = outputsShape.omit({
  pfx: true,
  pfxPassword: true,
  pfxGenerations: true,
});

/** {@link StackOutputs} without those that are secret. */
export type PublicOutputs = z.infer<typeof publicOutputsShape>;

/** One generation of {@link StackOutputs}. */
export type CertificateOutput = z.infer<typeof certificateOutput>;

/** One federated credential of {@link StackOutputs}. */
export type FederatedCredentialOutput = z.infer<typeof federatedCredentialOutput>;

/** The outputs of a stack cannot be read; the message names them and never repeats a value. */
export class OutputsError extends Failure {}

/**
 * Reads the outputs of a stack.
 *
 * @param values The outputs by name, secrets in plain.
 * @param stack Name of the stack, for what errors say.
 * @throws {OutputsError} If the stack has not been updated yet, or what it has cannot be read.
 * @example readOutputs(outputValues(await stack.outputs()), "contoso").tenantId
 */
export function readOutputs(
  values: Readonly<Record<string, unknown>>,
  stack: string,
): StackOutputs {
  const outputs = readIfUpdated(values, stack, outputsShape);
  if (outputs === undefined) {
    throw new OutputsError(
      `The stack "${stack}" has no outputs yet. Run an update first: ${updateCommand(stack)}`,
    );
  }
  return outputs;
}

/**
 * The outputs that are not secret, for who needs no key and can do without: `undefined` where the stack
 * has not been updated yet.
 *
 * @param values The outputs by name; those that are secret may be absent.
 * @throws {OutputsError} If what the stack has cannot be read.
 */
export function readPublicOutputs(
  values: Readonly<Record<string, unknown>>,
  stack: string,
): PublicOutputs | undefined {
  return readIfUpdated(values, stack, publicOutputsShape);
}

function readIfUpdated<Outputs>(
  values: Readonly<Record<string, unknown>>,
  stack: string,
  shape: z.ZodType<Outputs>,
): Outputs | undefined {
  const version = values.outputsVersion;
  if (Object.keys(values).length === 0) {
    return undefined;
  }
  if (typeof version === "number" && version > outputsVersion) {
    throw new OutputsError(
      `The outputs of the stack "${stack}" have version ${version}; this command reads version ${outputsVersion}. Update apponly to the version that updated the stack.`,
    );
  }
  const read = shape.safeParse(values);
  if (!read.success) {
    // Only the paths: values may be secret.
    const paths = [...new Set(read.error.issues.map(({ path }) => path.map(String).join(".")))];
    throw new OutputsError(
      `The stack "${stack}" lacks outputs, or they have another form: ${paths.join(", ")}. Update it: ${updateCommand(stack)}`,
    );
  }
  return read.data;
}

/**
 * The federated credentials of a stack.
 *
 * @throws {OutputsError} If an older version, which did not name them, updated the stack last.
 */
export function federatedCredentialsOf(
  { federatedCredentials }: Pick<StackOutputs, "federatedCredentials">,
  stack: string,
): FederatedCredentialOutput[] {
  if (federatedCredentials === undefined) {
    throw new OutputsError(
      `The stack "${stack}" was last updated by a version of apponly whose outputs do not name the federated credentials. Update it: ${updateCommand(stack)}`,
    );
  }
  return federatedCredentials;
}

function updateCommand(stack: string): string {
  return `apponly up --stack ${stack}`;
}
