import { z } from "zod";
import { cloudNames, type CloudName } from "../../components/catalog/clouds";
import { isWorkload, type Workload } from "../../components/catalog/workloads";
import { connectOutput, connectRecipes } from "../connect/recipes";
import { ExportError } from "./exportError";

const certificate = z.object({
  name: z.string(),
  thumbprint: z.string(),
  thumbprintSha256: z.string(),
  subject: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  active: z.boolean(),
  generated: z.boolean(),
  cer: z.string(),
});

const outputsShape = z.object({
  tenantId: z.string(),
  organization: z.string(),
  cloud: z.enum(cloudNames),
  applicationId: z.string(),
  applicationObjectId: z.string(),
  servicePrincipalObjectId: z.string(),
  workloads: z.array(z.string().refine(isWorkload)),
  permissions: z.array(
    z.object({
      resource: z.string(),
      resourceAppId: z.string(),
      value: z.string(),
      appRoleId: z.string(),
    }),
  ),
  directoryRoles: z.array(z.object({ name: z.string(), templateId: z.string() })),
  certificates: z.array(certificate),
  pfxGenerations: z.record(z.string(), z.object({ pfx: z.string(), password: z.string() })),
  connect: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});

/** The version of the stack outputs that this code reads. */
const knownVersion = 1;

/** One generation, as the stack outputs describe it. */
export type ExportedCertificate = z.infer<typeof certificate>;

/** The private key of a generation. */
export interface ExportedKey {
  /** The `.pfx`, base64 on one line. */
  readonly pfx: string;
  readonly password: string;
}

/** What a stack provides, read from its outputs and narrowed to one generation. */
export interface StackAccess {
  /** Name of the stack. */
  readonly stack: string;
  readonly tenantId: string;
  readonly organization: string;
  readonly cloud: CloudName;
  readonly applicationId: string;
  readonly applicationObjectId: string;
  readonly servicePrincipalObjectId: string;
  readonly workloads: readonly Workload[];
  readonly permissions: z.infer<typeof outputsShape>["permissions"];
  readonly directoryRoles: z.infer<typeof outputsShape>["directoryRoles"];
  /** Every generation. */
  readonly certificates: readonly ExportedCertificate[];
  /** PowerShell by workload and by the way to hand the credential over, for this generation. */
  readonly connect: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The generation to export; a stack with federated credentials alone has none. */
  readonly certificate?: ExportedCertificate;
  /** Its key; absent where the certificate was brought. */
  readonly key?: ExportedKey;
}

/**
 * Reads the outputs of a stack.
 *
 * @param outputs The outputs by name, secrets in plain.
 * @param generation Name of the generation to export; the active one by default.
 * @throws {ExportError} If the stack was not updated yet, its outputs are of another version, or it
 * has no such generation.
 */
export function readStackAccess(
  stack: string,
  outputs: Readonly<Record<string, unknown>>,
  generation?: string,
): StackAccess {
  const { outputsVersion } = outputs;
  if (outputsVersion === undefined) {
    throw new ExportError(
      `The stack "${stack}" has no outputs yet. Run an update first: pulumi up --stack ${stack}.`,
    );
  }
  if (outputsVersion !== knownVersion) {
    throw new ExportError(
      `The outputs of the stack "${stack}" have version ${JSON.stringify(outputsVersion)}; this command reads version ${knownVersion}. Use the version of apponly that updated the stack.`,
    );
  }
  const read = outputsShape.safeParse(outputs);
  if (!read.success) {
    // The paths alone: values may be secret.
    const paths = [...new Set(read.error.issues.map(({ path }) => path.map(String).join(".")))];
    throw new ExportError(
      `The stack "${stack}" lacks outputs, or they have another form: ${paths.join(", ")}. Update it: pulumi up --stack ${stack}.`,
    );
  }
  const { pfxGenerations, connect, ...rest } = read.data;
  const selected = selectGeneration(stack, rest.certificates, generation);
  const key = selected && pfxGenerations[selected.name];
  return {
    stack,
    ...rest,
    connect: selected === undefined ? connect : connectWith(selected, connect, rest),
    ...(selected === undefined ? {} : { certificate: selected }),
    ...(key === undefined ? {} : { key }),
  };
}

/** The stack's scripts, those by certificate written for the generation that is exported. */
function connectWith(
  { thumbprint, name }: ExportedCertificate,
  connect: z.infer<typeof outputsShape>["connect"],
  target: Pick<StackAccess, "cloud" | "applicationId" | "organization" | "tenantId"> & {
    readonly workloads: readonly Workload[];
  },
): StackAccess["connect"] {
  const certificate = { thumbprint, generation: name };
  const own = connectOutput(connectRecipes({ ...target, certificate, federated: false }));
  return Object.fromEntries(
    target.workloads.map((workload) => [workload, { ...connect[workload], ...own[workload] }]),
  );
}

function selectGeneration(
  stack: string,
  certificates: readonly ExportedCertificate[],
  generation: string | undefined,
): ExportedCertificate | undefined {
  const wanted = (one: ExportedCertificate) =>
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
        `--generation "${generation}" is no generation of the stack "${stack}". ${there}`,
        "usage",
      );
}

/** The generation to export, for formats that are nothing without one. */
export function requireCertificate(access: StackAccess): ExportedCertificate {
  if (access.certificate === undefined) {
    throw new ExportError(
      `The stack "${access.stack}" has no certificate: its jobs sign in with federated credentials and need no secret. Export with --format json, env or powershell.`,
    );
  }
  return access.certificate;
}

/** The key of the generation to export, for formats that hand it over. */
export function requireKey(access: StackAccess): ExportedKey {
  const { name, generated } = requireCertificate(access);
  if (access.key === undefined) {
    throw new ExportError(
      generated
        ? `The stack "${access.stack}" has no .pfx of the generation "${name}". Update it: pulumi up --stack ${access.stack}.`
        : `The certificate of the generation "${name}" was brought, so its private key never was in the stack "${access.stack}". Hand the key over from where it was made; export what is public with --format json, env, powershell or cer, without --include-secrets; or choose a generated one with --generation.`,
    );
  }
  return access.key;
}

/**
 * The secrets of an access that an export may hand over: none where the stack has federated
 * credentials alone.
 *
 * @throws {ExportError} If the certificate was brought.
 */
export function optionalKey(access: StackAccess): ExportedKey | undefined {
  return access.certificate === undefined ? undefined : requireKey(access);
}
