import * as azuread from "@pulumi/azuread";
import * as pulumi from "@pulumi/pulumi";
import { isWorkload, workloads } from "./catalog/workloads";
import { permissionsFor } from "./catalog/permissions";
import { rolesInOrder } from "./catalog/directoryRoles";
import type { Configuration } from "./configuration/parse";
import type { ExchangeAppOnly } from "./exchangeAppOnly";

/** Raised whenever an output is renamed, removed or changes its meaning. */
export const outputsVersion = 1;

/** One generation as pipelines and reviewers see it: all of it is public. */
export interface CertificateOutput {
  /** Name of the generation. */
  name: string;
  /** SHA-1 thumbprint, 40 upper-case hexadecimal digits. */
  thumbprint: string;
  /** SHA-256 thumbprint, 64 upper-case hexadecimal digits. */
  thumbprintSha256: string;
  subject: string;
  /** First instant of validity, `YYYY-MM-DDTHH:MM:SSZ`. */
  notBefore: string;
  /** Last instant of validity, `YYYY-MM-DDTHH:MM:SSZ`. */
  notAfter: string;
  /** Whether pipelines receive this generation. */
  active: boolean;
  /** Whether the stack made the key; otherwise the certificate was brought. */
  generated: boolean;
  /** Content of a `.cer` file, base64. */
  cer: string;
}

/** The stack outputs: the contract with pipelines, described in docs/reference.md. */
export interface StackOutputs {
  outputsVersion: number;
  tenantId: pulumi.Output<string>;
  organization: pulumi.Output<string>;
  cloud: string;
  applicationId: pulumi.Output<string>;
  applicationObjectId: pulumi.Output<string>;
  servicePrincipalObjectId: pulumi.Output<string>;
  workloads: string[];
  permissions: { resource: string; resourceAppId: string; value: string; appRoleId: string }[];
  directoryRoles: { name: string; templateId: string }[];
  certificates: pulumi.Output<CertificateOutput>[];
  pfx?: pulumi.Output<string>;
  pfxPassword?: pulumi.Output<string>;
  /** Every generated generation's `.pfx` and password, for verification before it is activated. */
  pfxGenerations: pulumi.Output<Record<string, { pfx: string; password: string }>>;
}

/** The outputs of a stack, save the connect commands. */
export function stackOutputs(configuration: Configuration, access: ExchangeAppOnly): StackOutputs {
  const { access: args, cloud } = configuration;
  const active = access.certificates[access.activeCertificate ?? ""];
  const generated = Object.entries(access.certificates).filter(([, one]) => one.generated);
  return {
    outputsVersion,
    tenantId: azuread.getClientConfigOutput({ parent: access }).tenantId,
    organization: organizationOf(configuration, access),
    cloud: cloud.name,
    applicationId: access.applicationId,
    applicationObjectId: access.applicationObjectId,
    servicePrincipalObjectId: access.servicePrincipalObjectId,
    workloads: workloads.filter((workload) => args.workloads.includes(workload)),
    permissions: permissionsFor(args.workloads.filter(isWorkload)).map(
      ({ resourceName, resourceAppId, value, appRoleId }) => ({
        resource: resourceName,
        resourceAppId,
        value,
        appRoleId,
      }),
    ),
    directoryRoles: rolesInOrder(args.directoryRoles).map(({ name, templateId }) => ({
      name,
      templateId,
    })),
    certificates: Object.entries(access.certificates).map(([name, credential]) =>
      pulumi.output({
        name,
        thumbprint: credential.thumbprint,
        thumbprintSha256: credential.thumbprintSha256,
        subject: credential.subject,
        notBefore: credential.notBefore,
        notAfter: credential.notAfter,
        active: name === access.activeCertificate,
        generated: credential.generated,
        cer: credential.cer,
      }),
    ),
    ...(active?.generated ? { pfx: active.pfx, pfxPassword: active.pfxPassword } : {}),
    // Secret as a whole: a map of secrets alone would be listed as a plain output.
    pfxGenerations: pulumi.secret(
      Object.fromEntries(
        generated.map(([name, one]) => [name, { pfx: one.pfx, password: one.pfxPassword }]),
      ),
    ),
  };
}

/** The initial domain: configured, or asked of the tenant, because it cannot be derived. */
function organizationOf(
  configuration: Configuration,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (configuration.organization !== undefined) {
    return pulumi.output(configuration.organization);
  }
  const { domains } = azuread.getDomainsOutput({ onlyInitial: true }, { parent });
  return domains.apply((all) => {
    const initial = all[0];
    if (initial === undefined) {
      throw new Error(
        "The tenant names no initial domain. Grant the deployer Domain.Read.All, or set apponly:organization to the tenant's .onmicrosoft.com domain.",
      );
    }
    return initial.domainName;
  });
}
